// SPDX-License-Identifier: GPL-3.0-or-later
#include "PromtoolWords.h"
#include "RealPrometheus.h"
#include "monitoring/prometheus/PrometheusServer.h"
#include "monitoring/prometheus/ServerError.h"

#include <QtCore/QDateTime>
#include <QtTest/QTest>

using namespace wk;
using namespace wk::monitoring;
using namespace wk::test;
using namespace Qt::StringLiterals;

namespace {

constexpr auto rules =
    "groups:\n- name: demo\n  rules:\n"
    "  - {alert: AlwaysThere, expr: vector(1) == 1, labels: {severity: page}, annotations: {summary: It is there.}}\n"
    "  - {alert: Later, expr: vector(1) == 1, for: 1h}\n"
    "  - {record: 'job:demo', expr: 'sum by(job)(demo_requests_total)'}\n";

} // namespace

/// A real Prometheus: what it gives is what promtool says.
class TestMonitoringPrometheus : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void instant_data();
    void instant();
    void range_data();
    void range();
    void rangeInPieces();
    void badQueries();
    void facts();

private:
    [[nodiscard]] Result<AnswerPtr> ask(const QString& query, std::optional<qint64> time);
    template <typename T>
    [[nodiscard]] Result<T>
        factsOf(PrometheusServer::FlightPtr (PrometheusClient::*question)(PrometheusClient::Then<T>));

    RealPrometheus m_real;
    SystemClock m_clock;
    std::unique_ptr<PrometheusServer> m_server;
    qint64 m_endS = 0;
};

void TestMonitoringPrometheus::initTestCase()
{
    if (const QString why = RealPrometheus::missing(); !why.isEmpty())
        QSKIP(qPrintable(why));
    m_endS = QDateTime::currentSecsSinceEpoch() / 60 * 60 - 600;
    QVERIFY2(m_real.start(demoHistory(m_endS), rules), qPrintable(m_real.error()));
    ServerAddress address;
    address.url = m_real.url();
    m_server = std::make_unique<PrometheusServer>(address, m_clock);
}

Result<AnswerPtr> TestMonitoringPrometheus::ask(const QString& query, std::optional<qint64> time)
{
    std::optional<Result<AnswerPtr>> result;
    const auto flight =
        m_server->instant({query, time}, Priority::Now, [&](Result<AnswerPtr> answer) { result = std::move(answer); });
    if (!QTest::qWaitFor([&] { return result.has_value(); }, 30'000))
        return fail(Error::Kind::Network, u"no answer"_s);
    return *result;
}

template <typename T>
Result<T>
TestMonitoringPrometheus::factsOf(PrometheusServer::FlightPtr (PrometheusClient::*question)(PrometheusClient::Then<T>))
{
    std::optional<Result<T>> result;
    const auto flight =
        m_server->facts<T>(Priority::Now, question, [&](Result<T> answer) { result = std::move(answer); });
    if (!QTest::qWaitFor([&] { return result.has_value(); }, 30'000))
        return fail(Error::Kind::Network, u"no answer"_s);
    return *result;
}

void TestMonitoringPrometheus::instant_data()
{
    QTest::addColumn<QString>("query");
    for (const char* query :
         {"demo_requests_total", "sum(rate(demo_requests_total[5m]))", "sum by(pod)(increase(demo_requests_total[1h]))",
          "histogram_quantile(0.95, sum by(le)(rate(demo_latency_bucket[5m])))", "demo_odd", "demo_odd * 0",
          "demo_requests_total offset 50m", "absent(nothing_of_that_name)", "nothing_of_that_name",
          "topk(2, demo_requests_total)", "resets(demo_requests_total[2h])", "1 / 3", "vector(1e30)"})
        QTest::newRow(query) << QString::fromLatin1(query);
}

void TestMonitoringPrometheus::instant()
{
    QFETCH(QString, query);
    const auto answer = ask(query, m_endS * 1000);
    QVERIFY2(answer, qPrintable(answer ? QString() : answer.error().text()));
    const QStringList ours = instantLines(**answer);
    const QByteArray theirs =
        m_real.promtool({u"query"_s, u"instant"_s, u"--time=%1"_s.arg(m_endS), m_real.url().toString(), query});
    QCOMPARE(ours, instantLines(theirs));
    QVERIFY(!ours.isEmpty() || query == u"nothing_of_that_name");
}

void TestMonitoringPrometheus::range_data()
{
    QTest::addColumn<QString>("query");
    for (const char* query : {"demo_requests_total", "sum by(pod)(rate(demo_requests_total[1m]))", "demo_odd",
                              "histogram_quantile(0.5, rate(demo_latency_bucket[5m]))", "demo_requests_total > 2000"})
        QTest::newRow(query) << QString::fromLatin1(query);
}

void TestMonitoringPrometheus::range()
{
    QFETCH(QString, query);
    // Two hours on 250 pixels: every 30 s.
    const TimeRange range{(m_endS - 7'000) * 1000, m_endS * 1000};
    std::optional<Result<AnswerPtr>> result;
    const auto flight = m_server->chart({query, range, 250, 15'000}, Priority::Visible,
                                        [&](Result<AnswerPtr> answer) { result = std::move(answer); });
    QTRY_VERIFY(result);
    QVERIFY2(*result, qPrintable(*result ? QString() : result->error().text()));
    for (const Series& series : (**result)->series)
        QVERIFY(series.time.size() <= 250);
    const TimeRange instants = aligned(range, 30'000);
    const QByteArray theirs =
        m_real.promtool({u"query"_s, u"range"_s, u"--start=%1"_s.arg(instants.from / 1000),
                         u"--end=%1"_s.arg(instants.to / 1000), u"--step=30s"_s, m_real.url().toString(), query});
    const QStringList expected = rangeLines(theirs);
    QVERIFY(expected.size() > 100);
    QCOMPARE(rangeLines(***result), expected);
}

void TestMonitoringPrometheus::rangeInPieces()
{
    // More points than a server gives at once, and then the same again from what is remembered.
    const TimeRange range{(m_endS - 30'000) * 1000, m_endS * 1000};
    for (int round = 0; round < 2; ++round) {
        std::optional<Result<AnswerPtr>> result;
        const auto flight =
            m_server->chart({u"demo_requests_total{pod=\"p0\"}"_s, range, 31'000, 1'000}, Priority::Visible,
                            [&](Result<AnswerPtr> answer) { result = std::move(answer); });
        QTRY_VERIFY(result);
        QVERIFY2(*result, qPrintable(*result ? QString() : result->error().text()));
        const quint64 sent = m_server->sent();
        QCOMPARE((**result)->series.size(), std::size_t(1));
        const auto& time = (**result)->series.front().time;
        QCOMPARE(time.back(), range.to);
        QCOMPARE(time.front(), (m_endS - demoSeconds) * 1000);
        QCOMPARE(time.size(), std::size_t(demoSeconds + 1));
        if (round == 1)
            QCOMPARE(m_server->sent(), sent);
    }
}

void TestMonitoringPrometheus::badQueries()
{
    const auto braces = ask(u"demo_requests_total{"_s, std::nullopt);
    QVERIFY(!braces);
    QCOMPARE(braces.error().kind, Error::Kind::BadInput);
    QVERIFY(queryPosition(braces.error().detail) == std::optional(QueryPosition{1, 21}));
    const auto lines = ask(u"sum(\n  rate(demo_requests_total)\n)"_s, std::nullopt);
    QVERIFY(queryPosition(lines.error().detail) == std::optional(QueryPosition{2, 8}));
    QCOMPARE(ask(u"demo_odd * on() demo_requests_total"_s, m_endS * 1000).error().kind, Error::Kind::BadInput);
}

void TestMonitoringPrometheus::facts()
{
    const auto build = factsOf<BuildInfo>(&PrometheusClient::buildInfo);
    QVERIFY(build && !build->version.isEmpty());
    // It scrapes itself every second.
    QTRY_VERIFY_WITH_TIMEOUT(!factsOf<Targets>(&PrometheusClient::targets)->active.empty() &&
                                 factsOf<Targets>(&PrometheusClient::targets)->active.front().health == u"up",
                             20'000);
    QCOMPARE(factsOf<Targets>(&PrometheusClient::targets)->active.front().intervalMs, 1'000);
    QTRY_VERIFY_WITH_TIMEOUT(factsOf<std::vector<Alert>>(&PrometheusClient::alerts)->size() == 2, 20'000);
    const auto groups = factsOf<std::vector<RuleGroup>>(&PrometheusClient::rules);
    QVERIFY(groups && groups->size() == 1);
    QStringList states;
    for (const Rule& rule : groups->front().rules)
        states << rule.name + u' ' + rule.state;
    QCOMPARE(states, QStringList({u"AlwaysThere firing"_s, u"Later pending"_s, u"job:demo "_s}));
    QCOMPARE(groups->front().rules[1].forMs, 3'600'000);
    const auto metadata = factsOf<MetadataMap>(&PrometheusClient::metadata);
    QVERIFY(metadata && metadata->contains(u"prometheus_build_info"_s));

    std::optional<Result<QStringList>> pods;
    const auto flight = m_server->submit<QStringList>(
        Priority::Now,
        [](PrometheusClient& client, PrometheusClient::Then<QStringList> then) {
            return client.labelValues(u"pod"_s, {{u"demo_requests_total"_s}, 0, 0}, std::move(then));
        },
        [&](Result<QStringList> answer) { pods = std::move(answer); });
    QTRY_VERIFY(pods);
    QCOMPARE(pods->value_or(QStringList()), QStringList({u"p0"_s, u"p1"_s, u"p2"_s}));
}

QTEST_GUILESS_MAIN(TestMonitoringPrometheus)
#include "test_monitoring_prometheus.moc"
