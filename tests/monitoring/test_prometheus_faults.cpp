// SPDX-License-Identifier: GPL-3.0-or-later
#include "MonitoringBench.h"
#include "NativeHistogram.h"
#include "PromtoolWords.h"
#include "RealPrometheus.h"

#include <QtCore/QDateTime>

using namespace wk;
using namespace wk::test;
using namespace Qt::StringLiterals;

namespace {

constexpr int manySeries = 10'000;
constexpr int longest = 60'000;
const std::vector<qint64> buckets{3, 0, 5, 2};
constexpr double sum = 41.5;

/// So many series, two samples each.
QByteArray manyHistory(qint64 endS)
{
    QByteArray out = "# TYPE demo_many gauge\n";
    for (int i = 0; i < manySeries; ++i)
        for (const qint64 at : {endS - 60, endS})
            out += "demo_many{pod=\"p" + QByteArray::number(i) + "\"} " + QByteArray::number(i) + ".5 " +
                   QByteArray::number(at) + '\n';
    return out + "# EOF\n";
}

} // namespace

/// What a real Prometheus does that is not everyday: series that end, native histograms, very many of them, and its own
/// end. Values are promtool's.
class TestPrometheusFaults : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase();
    void nativeHistograms();
    void staleMarkers();
    void tenThousandSeries();
    void stoppedAndBack();

private:
    [[nodiscard]] Result<AnswerPtr>
    wait(const std::function<PrometheusServer::FlightPtr(PrometheusServer::Then<AnswerPtr>)>& ask)
    {
        std::optional<Result<AnswerPtr>> result;
        const auto flight = ask([&](Result<AnswerPtr> answer) { result = std::move(answer); });
        if (!QTest::qWaitFor([&] { return result.has_value(); }, longest))
            return fail(Error::Kind::Network, u"no answer"_s);
        return *result;
    }
    [[nodiscard]] Result<AnswerPtr> now(const QString& query, std::optional<qint64> atS = {})
    {
        return wait([&](auto then) {
            return m_server->instant({query, atS ? std::optional(*atS * 1000) : std::nullopt}, Priority::Now, then);
        });
    }
    /// Until nothing more can come of that moment: what a test waits for without an event loop (promtool) makes its
    /// targets late, and a scrape may take a second.
    void settle(qint64 atS) const
    {
        (void)QTest::qWaitFor([atS] { return QDateTime::currentSecsSinceEpoch() > atS + 1; }, longest);
    }
    [[nodiscard]] bool has(const QString& query)
    {
        const auto answer = now(query);
        return answer && (*answer)->points() > 0;
    }
    [[nodiscard]] QStringList promtoolAt(const QString& query, qint64 atS) const
    {
        return instantLines(
            m_real.promtool({u"query"_s, u"instant"_s, u"--time=%1"_s.arg(atS), m_real.url().toString(), query}));
    }

    bool m_shown = true;
    int m_scrapes = 0;
    std::unique_ptr<TestServer> m_target, m_histogram;
    RealPrometheus m_real;
    SystemClock m_clock;
    std::unique_ptr<PrometheusServer> m_server;
    qint64 m_endS = 0;
};

void TestPrometheusFaults::initTestCase()
{
    if (const QString why = RealPrometheus::missing(); !why.isEmpty())
        QSKIP(qPrintable(why));
    m_target = std::make_unique<TestServer>([this](QTcpSocket* socket, const Received&) {
        ++m_scrapes;
        TestServer::answer(socket, 200, m_shown ? "demo_here 7\ndemo_always 1\n" : "demo_always 1\n",
                           "Content-Type: text/plain; version=0.0.4\r\n");
    });
    m_histogram = std::make_unique<TestServer>([](QTcpSocket* socket, const Received&) {
        TestServer::answer(socket, 200, nativeHistogramScrape("demo_native", buckets, sum),
                           "Content-Type: application/vnd.google.protobuf; "
                           "proto=io.prometheus.client.MetricFamily; encoding=delimited\r\n");
    });
    m_real.scrape(u"comes_and_goes"_s, QUrl(m_target->url().toString() + u"/metrics"_s));
    m_real.scrape(u"native"_s, QUrl(m_histogram->url().toString() + u"/metrics"_s));
    m_endS = QDateTime::currentSecsSinceEpoch() / 60 * 60 - 7'200;
    QVERIFY2(m_real.start(manyHistory(m_endS), {}, {u"--enable-feature=native-histograms"_s}),
             qPrintable(m_real.error()));
    ServerAddress address;
    address.url = m_real.url();
    m_server = std::make_unique<PrometheusServer>(address, m_clock);
}

void TestPrometheusFaults::nativeHistograms()
{
    QTRY_VERIFY_WITH_TIMEOUT(has(u"demo_native"_s), longest);
    const qint64 atS = QDateTime::currentSecsSinceEpoch() + 1;
    settle(atS);
    const auto whole = now(u"demo_native"_s, atS);
    QVERIFY(whole && (*whole)->series.size() == 1);
    // No line of figures, but a histogram with its buckets.
    const Series& series = (*whole)->series.front();
    QVERIFY(series.time.empty());
    const Histograms& histograms = series.histograms;
    QCOMPARE(histograms.count, std::vector<double>{10});
    QCOMPARE(histograms.sum, std::vector<double>{sum});
    QCOMPARE(histograms.inBucket, (std::vector<double>{3, 5, 2}));
    QCOMPARE(histograms.lower, (std::vector<double>{1, 4, 8}));
    QCOMPARE(histograms.upper, (std::vector<double>{2, 8, 16}));
    // Figures of it are promtool's.
    for (const auto& query :
         {u"histogram_count(demo_native)"_s, u"histogram_sum(demo_native)"_s, u"histogram_quantile(0.5, demo_native)"_s,
          u"histogram_quantile(0.99, demo_native)"_s, u"histogram_fraction(0, 8, demo_native)"_s}) {
        const auto answer = now(query, atS);
        QVERIFY2(answer, qPrintable(query));
        QCOMPARE(instantLines(**answer), promtoolAt(query, atS));
        QCOMPARE((*answer)->points(), std::size_t(1));
    }
    // Over a range it is histograms all the way.
    const RangeQuery range{u"demo_native"_s, (atS - 2) * 1000, atS * 1000, 1'000};
    const auto over = wait([&](auto then) {
        return m_server->submit<AnswerPtr>(
            Priority::Now,
            [range](PrometheusClient& client, auto done) { return client.queryRange(range, std::move(done)); },
            std::move(then));
    });
    QVERIFY(over && !(*over)->series.empty() && (*over)->series.front().time.empty());
    QVERIFY(!(*over)->series.front().histograms.time.empty());
}

/// A series that a target no longer gives ends at once (a stale marker), and not five minutes later.
void TestPrometheusFaults::staleMarkers()
{
    QTRY_VERIFY_WITH_TIMEOUT(has(u"demo_here offset 2s"_s), longest);
    const qint64 beganS = QDateTime::currentSecsSinceEpoch();
    m_shown = false;
    const int before = m_scrapes;
    QTRY_VERIFY_WITH_TIMEOUT(m_scrapes >= before + 4 && !has(u"demo_here"_s), longest);
    m_shown = true;
    QTRY_VERIFY_WITH_TIMEOUT(has(u"demo_here"_s), longest);
    const qint64 endedS = QDateTime::currentSecsSinceEpoch() + 1; // at whole seconds, and it is there by then
    settle(endedS);
    const RangeQuery range{u"demo_here"_s, (beganS - 1) * 1000, endedS * 1000, 1'000};
    const auto over = wait([&](auto then) {
        return m_server->submit<AnswerPtr>(
            Priority::Now,
            [range](PrometheusClient& client, auto done) { return client.queryRange(range, std::move(done)); },
            std::move(then));
    });
    QVERIFY(over && (*over)->series.size() == 1);
    QCOMPARE(rangeLines(**over), rangeLines(m_real.promtool({u"query"_s, u"range"_s, u"--start=%1"_s.arg(beganS - 1),
                                                             u"--end=%1"_s.arg(endedS), u"--step=1s"_s,
                                                             m_real.url().toString(), range.query})));
    const auto& time = (*over)->series.front().time;
    const auto gap = std::ranges::adjacent_find(time, [](qint64 a, qint64 b) { return b - a >= 2'000; });
    QVERIFY(gap != time.end());
}

void TestPrometheusFaults::tenThousandSeries()
{
    const auto answer = now(u"demo_many"_s, m_endS);
    QVERIFY2(answer, qPrintable(answer ? QString() : answer.error().text()));
    QCOMPARE((*answer)->series.size(), std::size_t(manySeries));
    QCOMPARE(instantLines(**answer), promtoolAt(u"demo_many"_s, m_endS));
    const auto chart = wait([&](auto then) {
        return m_server->chart({u"demo_many"_s, {(m_endS - 3'600) * 1000, m_endS * 1000}, 120}, Priority::Visible,
                               then);
    });
    QVERIFY(chart && (*chart)->series.size() == std::size_t(manySeries));
}

/// It ends with the connection open; what is asked then gets a sentence, and an answer once it is back.
void TestPrometheusFaults::stoppedAndBack()
{
    QVERIFY(has(u"vector(1)"_s));
    m_real.stop();
    const auto gone = now(u"vector(1)"_s);
    QVERIFY(!gone);
    QCOMPARE(gone.error().kind, Error::Kind::Network);
    QVERIFY2(gone.error().sentence.contains(m_real.url().authority()), qPrintable(gone.error().text()));
    for (const auto word : {"API server"_L1, "kubeconfig"_L1})
        QVERIFY2(!gone.error().text().contains(word), qPrintable(gone.error().text()));
    QVERIFY2(m_real.startAgain(), qPrintable(m_real.error()));
    QTRY_VERIFY_WITH_TIMEOUT(has(u"vector(1)"_s), longest);
    QCOMPARE(instantLines(**now(u"count(demo_many)"_s, m_endS)), promtoolAt(u"count(demo_many)"_s, m_endS));
}

QTEST_GUILESS_MAIN(TestPrometheusFaults)
#include "test_prometheus_faults.moc"
