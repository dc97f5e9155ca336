// SPDX-License-Identifier: GPL-3.0-or-later
#include "Platforms.h"
#include "RealPrometheus.h"
#include "monitoring/metrics/DashboardPlan.h"
#include "monitoring/objectives/Kpi.h"
#include "monitoring/objectives/SloReport.h"
#include "monitoring/rules/AlertRules.h"
#include "monitoring/rules/RuleCoverage.h"

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

    // Two hours of 10 requests a second, of which 2 % fail in the last half hour: 360 of 72,000. At 99 % that is half
    // of what two of 720 hours may cost; the last hour spends at just the allowed speed, the last minutes at twice
    // that.
    void anSloAgainstHistory()
    {
        if (const QString reason = RealPrometheus::missing(); !reason.isEmpty())
            QSKIP(qPrintable(reason));
        const qint64 endS = QDateTime::currentSecsSinceEpoch() / 300 * 300, beginS = endS - 7'200;
        QByteArray history = "# TYPE http_requests counter\n";
        for (const QByteArray status : {"200", "500"}) {
            for (int i = 0; i <= 480; ++i) {
                const int failed = std::max(i - 360, 0) * 3;
                history += "http_requests_total{namespace=\"shop\",pod=\"web-1-a\",status=\"" + status + "\"} " +
                           QByteArray::number(status == "500" ? failed : i * 150 - failed) + ' ' +
                           QByteArray::number(beginS + i * 15) + '\n';
            }
        }
        history += "# EOF\n";
        const auto shop = shopWith("slos: [{name: errors, title: Errors, metric: error rate, objective: \"< 1 %\"}]\n");
        const MetricCatalog catalog = builtinCatalog();
        RealPrometheus server;
        QVERIFY2(server.start(history), qPrintable(server.error()));

        const SloSpec spec = *specOf(shop->slos[0], *shop, catalog);
        const Period period{beginS * 1'000, beginS * 1'000 + thirtyDaysMs};
        const auto questions = questionsOf(spec, period, endS * 1'000);
        std::vector<std::optional<double>> answers;
        for (const SloQuestion& question : questions)
            answers.push_back(figure(get(server.url(), u"/api/v1/query"_s, question.promql, endS)));
        const SloReport report = reportOf(spec, period, endS * 1'000, questions, answers);
        const QString said = report.words.join(u'\n');
        QVERIFY2(std::abs(*report.status.good - 0.995) < 0.0001, qPrintable(said));
        QVERIFY2(std::abs(*report.status.remaining - (1 - 0.5 * 2 / 720)) < 0.00001, qPrintable(said));
        QVERIFY2(std::abs(report.status.total - 72'000) < 720, qPrintable(QString::number(report.status.total)));
        QCOMPARE(report.status.unknownMs(), 0);
        QVERIFY2(std::abs(*report.rate - 1) < 0.01 && std::abs(*report.burns[0].shortRate - 2) < 0.01,
                 qPrintable(said));
        QVERIFY(report.held.value_or(false) && report.burn != BurnState::Page);
        // Of a service that nobody has heard of, nothing is known, and nothing is said to be well.
        const auto other =
            shopWith("slos: [{name: errors, title: Errors, metric: error rate, objective: \"< 1 %\", service: db}]\n");
        const SloSpec unheard = *specOf(other->slos[0], *other, catalog);
        const auto asked = questionsOf(unheard, period, endS * 1'000);
        std::vector<std::optional<double>> nothing;
        for (const SloQuestion& question : asked)
            nothing.push_back(figure(get(server.url(), u"/api/v1/query"_s, question.promql, endS)));
        const SloReport unknown = reportOf(unheard, period, endS * 1'000, asked, nothing);
        QVERIFY(!unknown.held && unknown.burn == BurnState::Unknown);
    }

private:
    // The one value of an instant query's answer.
    static std::optional<double> figure(const QByteArray& answer)
    {
        const QJsonArray result = QJsonDocument::fromJson(answer)[u"data"_s][u"result"_s].toArray();
        if (result.size() != 1)
            return std::nullopt;
        return result[0][u"value"_s][1].toString().toDouble();
    }

    QByteArray get(QUrl url, const QString& path, const QString& query, qint64 timeS = 0)
    {
        url.setPath(path);
        QByteArray form;
        if (!query.isEmpty())
            form = "query=" + QUrl::toPercentEncoding(query);
        if (timeS > 0)
            form += "&time=" + QByteArray::number(timeS);
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
