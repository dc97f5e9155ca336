// SPDX-License-Identifier: GPL-3.0-or-later
#include "MonitoringBench.h"
#include "RealPrometheus.h"
#include "monitoring/prometheus/DataProbe.h"
#include "support/Process.h"

#include <QtCore/QDateTime>

using namespace wk;
using namespace wk::test;
using namespace Qt::StringLiterals;

namespace {

using Step = DataFinding::Step;
using Verdict = DataFinding::Verdict;

/// What was found first that does not hold; the last that holds where all does.
const DataFinding& causeOf(const DataFindings& found)
{
    const auto it = std::ranges::find(found.steps, Verdict::Fails, &DataFinding::verdict);
    return it == found.steps.end() ? found.steps.back() : *it;
}

/// Series that have each label, and none with both.
QByteArray pairs(qint64 endS)
{
    QByteArray out = "# TYPE demo_pair gauge\n";
    for (const QByteArray labels : {R"({a="1",b="1"})", R"({a="2",b="2"})"})
        for (qint64 at = endS - 600; at <= endS; at += 60)
            out += "demo_pair" + labels + " 1 " + QByteArray::number(at) + '\n';
    return out;
}

} // namespace

/// Why there is no data: by a server that fails in each way, and by a real one whose series are known.
class TestDataProbe : public QObject
{
    Q_OBJECT
private slots:
    void serverFails_data();
    void serverFails();
    void nothingListens();
    void takenBack();
    void real_data();
    void real();
    void fromATerminal();

private:
    [[nodiscard]] DataFindings explain(PrometheusServer& server, const QString& query, const TimeRange& range)
    {
        std::optional<DataFindings> found;
        DataProbe probe(server);
        probe.ask(query, range, [&](const DataFindings& all) { found = all; });
        if (!QTest::qWaitFor([&] { return found.has_value(); }, 60'000))
            return {{{Step::Reachable, Verdict::Unknown, u"no answer"_s, {}}}};
        return *found;
    }
    [[nodiscard]] bool haveReal();

    SystemClock m_clock;
    std::unique_ptr<RealPrometheus> m_real;
    std::unique_ptr<PrometheusServer> m_server;
    qint64 m_endS = 0;
};

void TestDataProbe::serverFails_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<Step>("step");
    QTest::newRow("starting") << 503 << QByteArray("starting") << Step::Reachable;
    QTest::newRow("who asks") << 401 << QByteArray("no") << Step::Authorised;
    QTest::newRow("not allowed") << 403 << QByteArray("no") << Step::Authorised;
    QTest::newRow("another path") << 404 << QByteArray("404 page not found") << Step::Path;
    QTest::newRow("a page") << 200 << QByteArray("<html><title>Welcome</title></html>") << Step::Path;
    QTest::newRow("another API") << 200 << QByteArray("{\"hello\":1}") << Step::Path;
}

void TestDataProbe::serverFails()
{
    QFETCH(int, status);
    QFETCH(QByteArray, body);
    QFETCH(Step, step);
    Bench b([&](QTcpSocket* socket, const Received&) { TestServer::answer(socket, status, body, json); });
    b.start();
    const DataFindings found = explain(*b.prometheus, u"up"_s, {0, 0});
    QCOMPARE(causeOf(found).step, step);
    QCOMPARE(causeOf(found).verdict, Verdict::Fails);
    QVERIFY(!found.text().isEmpty() && !found.holds());
    // What comes before it holds, and nothing is asked after it.
    QCOMPARE(found.steps.size(), std::size_t(step) + 1);
    QCOMPARE(b.server.received().size(), 1);
}

void TestDataProbe::nothingListens()
{
    Bench b([](QTcpSocket*, const Received&) {});
    b.address.url = QUrl(u"http://127.0.0.1:%1"_s.arg(closedPort()));
    b.start();
    const DataFindings found = explain(*b.prometheus, u"up"_s, {0, 0});
    QCOMPARE(causeOf(found).step, Step::Reachable);
    QVERIFY2(found.text().contains(u"nothing listens there"_s) && !found.text().contains(u"kubeconfig"_s) &&
                 !found.text().contains(u"API server"_s),
             qPrintable(found.text()));
}

void TestDataProbe::takenBack()
{
    QList<QPointer<QTcpSocket>> open;
    Bench b([&](QTcpSocket* socket, const Received&) { open << socket; });
    b.start();
    int called = 0;
    {
        DataProbe probe(*b.prometheus);
        probe.ask(u"up"_s, {0, 0}, [&](const DataFindings&) { ++called; });
        QTRY_COMPARE_WITH_TIMEOUT(open.size(), 1, 30'000);
        QVERIFY(probe.isAsking());
    }
    QTRY_VERIFY_WITH_TIMEOUT(!open.front() || open.front()->state() != QAbstractSocket::ConnectedState, 30'000);
    QCOMPARE(b.prometheus->running() + b.prometheus->waiting(), 0);
    QCOMPARE(called, 0);
}

bool TestDataProbe::haveReal()
{
    if (m_server)
        return true;
    m_endS = QDateTime::currentSecsSinceEpoch() / 60 * 60 - 7'200;
    m_real = std::make_unique<RealPrometheus>();
    QByteArray history = demoHistory(m_endS);
    history.insert(history.lastIndexOf("# EOF"), pairs(m_endS));
    if (!m_real->start(history))
        return false;
    ServerAddress address;
    address.url = m_real->url();
    m_server = std::make_unique<PrometheusServer>(address, m_clock);
    return true;
}

void TestDataProbe::real_data()
{
    QTest::addColumn<int>("laterS"); ///< after the end of the history
    QTest::addColumn<Step>("step");
    QTest::addColumn<QString>("says");
    const auto row = [](const char* query, Step step, const char* says, int laterS = 0) {
        QTest::newRow(query) << laterS << step << QString::fromUtf8(says);
    };
    row("demo_request_total", Step::Metric,
        "The server has no metric “demo_request_total”; is “demo_requests_total” meant?");
    row("xyzzy_of_nobody", Step::Metric, "The server has no metric “xyzzy_of_nobody”. Is what exposes it");
    row("demo_requests_total{pod=\"p9\"}", Step::Labels,
        "No series of demo_requests_total has pod=\"p9\"; there it is “p0”, “p1”, “p2”.");
    row("sum(rate(demo_requests_total{job=\"api\",zone=\"a\"}[5m]))", Step::Labels,
        "No series of demo_requests_total has a label “zone”.");
    row("demo_pair{a=\"1\",b=\"2\"}", Step::Labels, "no series has them all: demo_pair{a=\"1\",b=\"2\"}");
    row("{job=\"nobody\"}", Step::Labels, "No series fits {job=\"nobody\"}.");
    row("demo_requests_total offset 10m", Step::Metric, "has no sample of it in this time", 3'600);
    row("rate(demo_requests_total[10s])", Step::Window, "has a single sample within 10s, and a change needs two");
    row("demo_requests_total > 1e12", Step::Query, "none of them meets the comparison");
    row("absent(demo_requests_total)", Step::Query, "answers only where something is absent");
    row("demo_requests_total * on(a) demo_pair", Step::Query, "on(…) or ignoring(…)");
    row("sum(", Step::Understood, "does not understand the query");
}

void TestDataProbe::real()
{
    QFETCH(int, laterS);
    QFETCH(Step, step);
    QFETCH(QString, says);
    if (const QString why = RealPrometheus::missing(); !why.isEmpty())
        QSKIP(qPrintable(why));
    QVERIFY2(haveReal(), qPrintable(m_real->error()));
    const QString query = QString::fromUtf8(QTest::currentDataTag());
    const qint64 to = (m_endS + laterS) * 1000;
    const DataFindings found = explain(*m_server, query, {to - 600'000, to});
    QCOMPARE(causeOf(found).step, step);
    QVERIFY2(found.text().contains(says), qPrintable(found.text()));
    QCOMPARE(found.steps.front().verdict, Verdict::Holds);
    // What is right says so.
    const DataFindings good = explain(*m_server, u"sum(demo_requests_total)"_s, {m_endS * 1000, m_endS * 1000});
    QVERIFY(good.holds());
    QVERIFY2(good.text().contains(u"of one series"_s), qPrintable(good.text()));
}

void TestDataProbe::fromATerminal()
{
    if (const QString why = RealPrometheus::missing(); !why.isEmpty())
        QSKIP(qPrintable(why));
    QVERIFY2(haveReal(), qPrintable(m_real->error()));
    const Ran ran = run(program(u"watchkeeperctl"_s), {u"query"_s, m_real->url().toString(), u"--time"_s,
                                                       QString::number(m_endS), u"demo_requests_total{pod=\"p9\"}"_s});
    QCOMPARE(ran.code, 0);
    for (const char* line : {"reachable? yes", "authorised? yes", "path? yes", "understood? yes", "metric? yes",
                             "labels? no: No series of demo_requests_total has pod=\"p9\""})
        QVERIFY2(ran.err.contains(line), ran.err.constData());
}

QTEST_GUILESS_MAIN(TestDataProbe)
#include "test_data_probe.moc"
