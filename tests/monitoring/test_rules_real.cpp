// SPDX-License-Identifier: GPL-3.0-or-later
#include "Platforms.h"
#include "RealPrometheus.h"
#include "monitoring/AlertRules.h"
#include "monitoring/DashboardPlan.h"
#include "monitoring/Kpi.h"
#include "monitoring/RuleCoverage.h"

#include <QtNetwork/QtNetwork>

using namespace wk;
using namespace wk::monitoring;
using namespace wk::test;
using namespace Qt::StringLiterals;

/// The rules of a platform on a real Prometheus, which prints them in its own way, and its dashboards asked there.
class TestRulesReal : public QObject
{
    Q_OBJECT

private slots:
    void theServersOwnRules_data() { addPlatforms(); }
    void theServersOwnRules()
    {
        if (const QString reason = RealPrometheus::missing(); !reason.isEmpty())
            QSKIP(qPrintable(reason));
        QFETCH(QString, name);
        const auto platform = builtinPlatform(name);
        const MetricCatalog catalog = builtinCatalog();
        const RuleFile plan = rulesOf(*platform, catalog);
        RealPrometheus server;
        QVERIFY2(server.start(demoHistory(QDateTime::currentSecsSinceEpoch()), rulesYaml(plan).toUtf8()),
                 qPrintable(server.error()));

        const auto groups = readRules(get(server.url(), u"/api/v1/rules"_s, {}));
        QVERIFY2(groups, qPrintable(groups ? QString() : groups.error().text()));
        QCOMPARE(groups->size(), plan.groups.size());
        const RuleCoverage coverage = coverageOf(plan, *groups);
        for (const RuleCover& cover : coverage.covers)
            QVERIFY2(cover.state == RuleCover::State::Covered, qPrintable(cover.rule + u": "_s + cover.words));
        QVERIFY(coverage.leftOver.empty());
        QCOMPARE(coverage.thresholds().first, coverage.thresholds().second);

        // By the expressions alone, as if somebody else had written them.
        std::vector<RuleGroup> foreign = *groups;
        for (RuleGroup& group : foreign) {
            for (Rule& rule : group.rules)
                rule.labels.clear();
        }
        for (const RuleCover& cover : coverageOf(plan, foreign).covers)
            QVERIFY2(cover.state == RuleCover::State::Covered, qPrintable(cover.alert + u": "_s + cover.words));

        // One threshold less in the file.
        platform::Platform less = *platform;
        const QString deleted = less.alerts.back().name;
        less.alerts.pop_back();
        const RuleCoverage rest = coverageOf(rulesOf(less, catalog), *groups);
        QVERIFY(!rest.leftOver.empty());
        for (const RuleLeftOver& left : rest.leftOver)
            QCOMPARE(left.threshold, deleted);

        QStringList queries;
        const MetricCatalog known = catalog.with(*platform);
        for (const platform::Dashboard& dashboard : platform->dashboards) {
            for (const PanelPlan& panel : planOf(dashboard, *platform, known).panels) {
                for (const PanelQuery& query : panel.queries)
                    queries << query.promql;
            }
        }
        for (const KpiPlan& kpi : kpisOf(*platform, known, u"30d"_s)) {
            if (!kpi.promql.isEmpty())
                queries << kpi.promql;
        }
        QVERIFY(queries.size() > 10);
        for (const QString& query : queries) {
            const QByteArray answer = get(server.url(), u"/api/v1/query"_s, query);
            QVERIFY2(answer.startsWith("{\"status\":\"success\""),
                     qPrintable(query + u"\n"_s + QString::fromUtf8(answer)));
        }
    }

private:
    QByteArray get(QUrl url, const QString& path, const QString& query)
    {
        url.setPath(path);
        QByteArray form;
        if (!query.isEmpty())
            form = "query=" + QUrl::toPercentEncoding(query);
        QNetworkRequest request(url);
        request.setHeader(QNetworkRequest::ContentTypeHeader, u"application/x-www-form-urlencoded"_s);
        const std::unique_ptr<QNetworkReply> reply(form.isEmpty() ? m_network.get(request)
                                                                  : m_network.post(request, form));
        if (!QTest::qWaitFor([&] { return reply->isFinished(); }, 60'000))
            return "no answer";
        return reply->readAll();
    }

    QNetworkAccessManager m_network;
};

QTEST_GUILESS_MAIN(TestRulesReal)
#include "test_rules_real.moc"
