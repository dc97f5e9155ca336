// SPDX-License-Identifier: GPL-3.0-or-later
#include "ExampleHistory.h"
#include "Promtool.h"
#include "PromtoolWords.h"
#include "RealPrometheus.h"
#include "monitoring/objectives/ObjectiveFeed.h"
#include "monitoring/prometheus/ServerNames.h"
#include "support/Process.h"

#include <QtCore/QJsonDocument>
#include <QtCore/QJsonObject>

using namespace wk;
using namespace wk::monitoring;
using namespace wk::test;
using namespace Qt::StringLiterals;

namespace {

constexpr int historyMinutes = 90;
constexpr qint64 rangeStepS = 120;

} // namespace

/// Every question of every dashboard of every platform, asked of a real Prometheus: what we read is what promtool says.
/// And the same server asked from a terminal, and for the names that are proposed while one writes.
class TestQueryReal : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase();
    void dashboards_data() { addPlatforms(); }
    void dashboards();
    void fromATerminal();
    void mistakeFromATerminal();
    void namesAreProposed();
    void selectorsAreLookedUp();
    void objectivesFromATerminal();

private:
    [[nodiscard]] Result<AnswerPtr>
    wait(const std::function<PrometheusServer::FlightPtr(PrometheusServer::Then<AnswerPtr>)>& ask)
    {
        std::optional<Result<AnswerPtr>> result;
        const auto flight = ask([&](Result<AnswerPtr> answer) { result = std::move(answer); });
        if (!QTest::qWaitFor([&] { return result.has_value(); }, 60'000))
            return fail(Error::Kind::Network, u"no answer"_s);
        return *result;
    }
    [[nodiscard]] QString url() const { return m_real.url().toString(); }

    RealPrometheus m_real;
    SystemClock m_clock;
    std::unique_ptr<PrometheusServer> m_server;
    std::map<QString, std::shared_ptr<const platform::Platform>> m_platforms;
    qint64 m_endS = 0;
    QByteArray m_someSeries;
};

void TestQueryReal::initTestCase()
{
    if (const QString why = RealPrometheus::missing(); !why.isEmpty())
        QSKIP(qPrintable(why));
    m_endS = QDateTime::currentSecsSinceEpoch() / 60 * 60 - 300;
    ExampleHistory history;
    for (const QString& name : {u"streamgate"_s, u"social-live"_s, u"stratmaster"_s, u"tchat"_s}) {
        m_platforms[name] = builtinPlatform(name);
        QVERIFY(m_platforms[name]);
        history.add(*m_platforms[name], builtinCatalog().with(*m_platforms[name]));
    }
    QVERIFY(history.size() > 40);
    QVERIFY2(m_real.start(history.openMetrics(m_endS, historyMinutes)), qPrintable(m_real.error()));
    ServerAddress address;
    address.url = m_real.url();
    m_server = std::make_unique<PrometheusServer>(address, m_clock);
}

void TestQueryReal::dashboards()
{
    QFETCH(QString, name);
    const auto catalog = builtinCatalog().with(*m_platforms[name]);
    int asked = 0, answered = 0;
    for (const platform::Dashboard& dashboard : m_platforms[name]->dashboards) {
        for (const PanelPlan& panel : planOf(dashboard, *m_platforms[name], catalog).panels) {
            for (const PanelQuery& query : panel.queries) {
                const auto now = wait([&](auto then) {
                    return m_server->instant({query.promql, m_endS * 1000}, Priority::Now, std::move(then));
                });
                QVERIFY2(now, qPrintable(query.promql + u'\n' + (now ? QString() : now.error().text())));
                QCOMPARE(instantLines(**now),
                         instantLines(m_real.promtool(
                             {u"query"_s, u"instant"_s, u"--time=%1"_s.arg(m_endS), url(), query.promql})));
                const RangeQuery range{query.promql, (m_endS - 3'600) * 1000, m_endS * 1000, rangeStepS * 1000};
                const auto over = wait([&](auto then) {
                    return m_server->submit<AnswerPtr>(
                        Priority::Now,
                        [range](PrometheusClient& client, PrometheusClient::Then<AnswerPtr> done) {
                            return client.queryRange(range, std::move(done));
                        },
                        std::move(then));
                });
                QVERIFY2(over, qPrintable(query.promql));
                QCOMPARE(rangeLines(**over),
                         rangeLines(m_real.promtool({u"query"_s, u"range"_s, u"--start=%1"_s.arg(m_endS - 3'600),
                                                     u"--end=%1"_s.arg(m_endS), u"--step=%1s"_s.arg(rangeStepS), url(),
                                                     query.promql})));
                ++asked;
                answered += (*over)->points() > 0 ? 1 : 0;
            }
        }
    }
    QVERIFY2(asked >= 10, qPrintable(QString::number(asked)));
    // What has an example has an answer; a few metrics have none.
    QVERIFY2(answered * 4 >= asked * 3, qPrintable(u"%1 of %2 have figures"_s.arg(answered).arg(asked)));
}

void TestQueryReal::fromATerminal()
{
    const QString ctl = program(u"watchkeeperctl"_s), query = u"count({__name__=~\".+\"})"_s;
    const Ran now = run(ctl, {u"query"_s, url(), query, u"--time"_s, QString::number(m_endS), u"-o"_s, u"csv"_s});
    QVERIFY2(now.code == 0, now.err.constData());
    const QStringList lines = QString::fromUtf8(now.out).split(u"\r\n"_s, Qt::SkipEmptyParts);
    QCOMPARE(lines.value(0), u"time,value"_s);
    const QString theirs =
        QString::fromUtf8(m_real.promtool({u"query"_s, u"instant"_s, u"--time=%1"_s.arg(m_endS), url(), query}));
    QVERIFY2(theirs.contains(u" => %1 @"_s.arg(lines.value(1).section(u',', 1))), qPrintable(theirs));
    const Ran over = run(ctl, {u"query-range"_s, url(), u"vector(7)"_s, u"--from"_s, QString::number(m_endS - 600),
                               u"--to"_s, QString::number(m_endS), u"--step"_s, u"1m"_s, u"-o"_s, u"json"_s});
    QCOMPARE(over.code, 0);
    const QList<QByteArray> samples = over.out.trimmed().split('\n');
    QCOMPARE(samples.size(), 11);
    QCOMPARE(QJsonDocument::fromJson(samples.last()).object().value("value"_L1).toDouble(), 7.0);
    const Ran table = run(ctl, {u"query"_s, url(), u"vector(7)"_s});
    QVERIFY2(table.out.startsWith("VALUE\n7\n"), table.out.constData());
    QVERIFY2(table.err.contains("gives this address"), table.err.constData()); // who was asked, and why
}

void TestQueryReal::mistakeFromATerminal()
{
    const Ran wrong = run(program(u"watchkeeperctl"_s), {u"query"_s, url(), u"sum(rate(up[5m])"_s});
    QCOMPARE(wrong.code, 1);
    QVERIFY2(wrong.err.contains("  sum(rate(up[5m])\n") && wrong.err.contains("^\n"), wrong.err.constData());
    QCOMPARE(run(program(u"watchkeeperctl"_s), {u"query"_s, url(), u"up"_s, u"--time"_s, u"soon"_s}).code, 2);
    QCOMPARE(run(program(u"watchkeeperctl"_s), {u"query"_s, u"http://127.0.0.1:1"_s, u"up"_s}).code, 3);
}

void TestQueryReal::namesAreProposed()
{
    ServerNames names(*m_server, m_clock);
    const auto texts = [&](const QString& before) {
        QStringList out;
        for (const PromqlOffer& offer : offersAt(promqlSpotAt(before, before.size()), names))
            out << offer.text;
        return out;
    };
    QTRY_VERIFY_WITH_TIMEOUT(texts(u"sum(rate(http_requests_to"_s).contains(u"http_requests_total"_s), 30'000);
    QTRY_VERIFY_WITH_TIMEOUT(texts(u"http_requests_total{name"_s).contains(u"namespace"_s), 30'000);
    QTRY_VERIFY_WITH_TIMEOUT(texts(u"http_requests_total{namespace=\"str"_s).contains(u"streamgate"_s), 30'000);
}

void TestQueryReal::selectorsAreLookedUp()
{
    SeriesLookup lookup(*m_server);
    bool ended = false;
    // The server's own series are as of now; what the history holds has gone stale.
    QTRY_VERIFY_WITH_TIMEOUT(wait([&](auto then) {
                                 return m_server->instant({u"up"_s, std::nullopt}, Priority::Now, std::move(then));
                             })
                                     .value_or(AnswerPtr(std::make_shared<Answer>()))
                                     ->points() > 0,
                             30'000);
    lookup.ask({u"up"_s, u"up{job=\"nobody\"}"_s, u"prometheus_build_info"_s}, [&] { ended = true; });
    QTRY_VERIFY_WITH_TIMEOUT(ended, 30'000);
    const SeriesPresence presence = lookup.presence();
    QCOMPARE(presence(u"up"_s), std::optional(true));
    QCOMPARE(presence(u"up{job=\"nobody\"}"_s), std::optional(false));
    QVERIFY(!presence(u"down"_s));
}

void TestQueryReal::objectivesFromATerminal()
{
    QTemporaryDir directory;
    const QString file = directory.filePath(u"shop.yaml"_s);
    QVERIFY(write(file, uR"(name: shop
title: Shop
clusters: [{name: production, class: production}]
namespaces: [{name: shop, cluster: production}]
services:
  - {name: web, title: Web, kind: application, workloads: [{kind: Deployment, name: web}]}
monitoring: {prometheus: {url: "%1"}}
slos: [{name: error-rate, title: Error rate, metric: error rate, objective: "< 0.1 %"}]
kpis: [{name: latency, title: Latency, group: performance, metric: request latency, quantile: 95, target: "< 200 ms"}]
)"_s.arg(url())));
    const Ran ran = run(program(u"watchkeeperctl"_s), {u"slo"_s, file, u"-o"_s, u"json"_s});
    QVERIFY2(ran.code == 0, ran.err.constData());
    const QJsonObject all = QJsonDocument::fromJson(ran.out).object();
    QCOMPARE(all["objectives"_L1][0]["name"_L1].toString(), u"error-rate"_s);
    // Nothing of the shop was ever scraped: unknown, which is not the same as good.
    QCOMPARE(all["objectives"_L1][0]["standing"_L1].toString(), u"unknown"_s);
    QCOMPARE(all["targets"_L1][0]["standing"_L1].toString(), u"unknown"_s);
    QVERIFY(all["objectives"_L1][0]["queries"_L1].toArray().size() > 5);
    const Ran table = run(program(u"watchkeeperctl"_s), {u"slo"_s, file});
    QVERIFY2(table.out.startsWith("OBJECTIVE ") && table.out.contains("\nTARGET "), table.out.constData());
}

QTEST_GUILESS_MAIN(TestQueryReal)
#include "test_query_real.moc"
