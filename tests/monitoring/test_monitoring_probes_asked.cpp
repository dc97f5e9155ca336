// SPDX-License-Identifier: GPL-3.0-or-later
#include "ProbeBench.h"
#include "monitoring/probes/ProbeRunner.h"
#include "net/HttpTransport.h"

using namespace wk;
using namespace wk::test;

class TestMonitoringProbesAsked : public QObject
{
    Q_OBJECT

private slots:
    void http_data();
    void http();
    void httpBroken_data();
    void httpBroken();
    void slow();
    void late();
    void httpsVerdicts();
    void throughTheCluster_data();
    void throughTheCluster();
    void withoutACluster();
    void givenUp();
    void runner();
};

void TestMonitoringProbesAsked::http_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<int>("expect");
    QTest::addColumn<QString>("word");
    QTest::addColumn<bool>("up");
    QTest::addColumn<QString>("says"); ///< after the address
    const QByteArray ok = R"({"status":"ok"})";
    QTest::newRow("200") << 200 << ok << 0 << QString() << true << QString();
    QTest::newRow("204") << 204 << QByteArray() << 0 << QString() << true << QString();
    QTest::newRow("302") << 302 << QByteArray() << 0 << QString() << true << QString();
    QTest::newRow("401") << 401 << QByteArray() << 0 << QString() << false << u" answers 401."_s;
    QTest::newRow("404") << 404 << QByteArray("<html>Not found</html>") << 0 << QString() << false
                         << u" answers 404."_s;
    QTest::newRow("500") << 500 << QByteArray("no\ndatabase") << 0 << QString() << false
                         << u" answers 500. It says “no database”."_s;
    QTest::newRow("503") << 503 << QByteArray("draining") << 0 << QString() << false
                         << u" answers 503. It says “draining”."_s;
    QTest::newRow("200 expected") << 200 << ok << 200 << QString() << true << QString();
    QTest::newRow("418 expected") << 418 << ok << 418 << QString() << true << QString();
    QTest::newRow("other expected") << 204 << QByteArray() << 200 << QString() << false
                                    << u" answers 204 and should answer 200."_s;
    QTest::newRow("word") << 200 << ok << 0 << u"\"ok\""_s << true << QString();
    QTest::newRow("no word") << 200 << ok << 0 << u"ready"_s << false
                             << u" answers 200, but without the word “ready”."_s;
    QTest::newRow("large") << 200 << QByteArray(3 << 20, 'x') << 0 << QString() << true << QString();
}

void TestMonitoringProbesAsked::http()
{
    QFETCH(int, status);
    QFETCH(QByteArray, body);
    QFETCH(int, expect);
    QFETCH(QString, word);
    QFETCH(bool, up);
    QFETCH(QString, says);
    TestServer server([&](QTcpSocket* socket, const Received&) {
        if (status == 204)
            socket->write("HTTP/1.1 204 X\r\n\r\n");
        else
            TestServer::answer(socket, status, body);
    });
    ProbeSpec spec = specOf(Kind::Http, server.url());
    spec.url.setPath(u"/health/ready"_s);
    spec.url.setQuery(u"full=1"_s);
    if (expect)
        spec.expect = expect;
    spec.word = word;
    Asked asked;
    const ProbeResult result = asked.ask(spec);
    QCOMPARE(result.verdict, up ? Verdict::Up : Verdict::Down);
    QCOMPARE(result.httpStatus, status);
    QCOMPARE(sentence(result), says.isEmpty() ? QString() : u"127.0.0.1:%1"_s.arg(server.serverPort()) + says);
    QCOMPARE(server.received().size(), 1);
    QCOMPARE(server.received().front().verb, "GET");
    QCOMPARE(server.received().front().target, "/health/ready?full=1");
    if (!hasCurl())
        return;
    const Curl told = curl(spec.url);
    QCOMPARE(told.status, status);
    if (!expect && word.isEmpty())
        QCOMPARE(told.up(), up);
}

void TestMonitoringProbesAsked::httpBroken_data()
{
    QTest::addColumn<QByteArray>("answer");
    QTest::addColumn<int>("end");
    QTest::addColumn<QString>("says");
    const auto row = [](const char* name, const QByteArray& answer, RawServer::End end, const char* says) {
        QTest::newRow(name) << answer << int(end) << QString::fromUtf8(says);
    };
    row("closed", {}, RawServer::End::Close, "% closed the connection without an answer.");
    row("reset", {}, RawServer::End::Reset, "% closed the connection without an answer.");
    row("redis", "-ERR unknown command 'GET'\r\n", RawServer::End::Close, "");
    row("cut off", "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{", RawServer::End::Close,
        "The answer of % was cut off before its end.");
}

void TestMonitoringProbesAsked::httpBroken()
{
    QFETCH(QByteArray, answer);
    QFETCH(int, end);
    QFETCH(QString, says);
    RawServer server(answer, RawServer::End(end));
    const QUrl url(u"http://127.0.0.1:%1/health"_s.arg(server.serverPort()));
    Asked asked;
    const ProbeResult result = asked.ask(specOf(Kind::Http, url));
    QCOMPARE(result.verdict, Verdict::Down);
    QVERIFY2(sentence(result).endsWith(u'.'), qPrintable(sentence(result)));
    if (!says.isEmpty())
        QCOMPARE(sentence(result), says.replace(u'%', u"127.0.0.1:%1"_s.arg(server.serverPort())));
    if (hasCurl())
        QVERIFY(!curl(url).up());
}

void TestMonitoringProbesAsked::slow()
{
    Asked asked;
    TestServer server([&](QTcpSocket* socket, const Received&) {
        asked.clock.advance(1'500);
        TestServer::answer(socket, 200, "ok");
    });
    ProbeSpec spec = specOf(Kind::Http, server.url());
    const qint64 began = asked.clock.nowMs();
    const ProbeResult result = asked.ask(spec);
    QCOMPARE(result.verdict, Verdict::Slow);
    QCOMPARE(result.latencyMs, 1'500);
    QCOMPARE(result.atMs, began);
    Asked patient;
    spec.slowMs = 1'501;
    QCOMPARE(patient.ask(spec).verdict, Verdict::Up);
}

void TestMonitoringProbesAsked::late()
{
    // One takes the connection and is silent, one begins and does not end.
    for (const bool begins : {false, true}) {
        bool there = false;
        TestServer server([&](QTcpSocket* socket, const Received&) {
            there = true;
            if (begins)
                TestServer::beginChunked(socket);
        });
        Asked asked;
        ProbeSpec spec = specOf(Kind::Http, server.url());
        spec.timeoutMs = 5'000;
        asked.begin(spec);
        QVERIFY(QTest::qWaitFor([&] { return there; }, 60'000));
        asked.clock.advance(4'999);
        QVERIFY(!asked.result);
        QVERIFY(QTest::qWaitFor([&] {
            asked.clock.advance(50);
            return asked.result.has_value();
        }));
        QCOMPARE(asked.result->verdict, Verdict::Down);
        QVERIFY2(sentence(*asked.result).contains(u"127.0.0.1:%1"_s.arg(server.serverPort())) &&
                     sentence(*asked.result).contains(u"5 s"_s),
                 qPrintable(sentence(*asked.result)));
    }
}

void TestMonitoringProbesAsked::httpsVerdicts()
{
    Pki pki;
    Pki other(u"Other Authority"_s);
    if (!pki.works() || !other.works())
        QSKIP(qPrintable(pki.problem() + other.problem()));
    QTemporaryDir dir;
    QFile file(dir.filePath(u"ca.pem"_s));
    QVERIFY(file.open(QIODevice::WriteOnly) && file.write(pki.authority()) > 0);
    file.close();
    struct Case
    {
        Issued certificate;
        bool up;
    };
    Pki::Wish expired;
    expired.expired = true;
    Pki::Wish wrongName;
    wrongName.hosts = u"DNS:shop.example"_s;
    const Case cases[] = {{pki.issue({}), true},
                          {pki.issue(expired), false},
                          {pki.issue(wrongName), false},
                          {other.issue({}), false},
                          {selfSigned(), false}};
    for (const Case& one : cases) {
        TestServer server([](QTcpSocket* socket, const Received&) { TestServer::answer(socket, 200, "ok"); });
        server.useTls(one.certificate);
        Asked asked;
        asked.way.caPem = pki.authority();
        const ProbeResult result = asked.ask(specOf(Kind::Http, server.url()));
        QCOMPARE(result.verdict, one.up ? Verdict::Up : Verdict::Down);
        QCOMPARE(sentence(result).isEmpty(), one.up);
        if (hasCurl())
            QCOMPARE(curl(server.url(), file.fileName()).up(), one.up);
    }
}

void TestMonitoringProbesAsked::throughTheCluster_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<Verdict>("verdict");
    QTest::addColumn<QString>("says");
    const auto status = [](const QByteArray& message) {
        return R"({"kind":"Status","apiVersion":"v1","status":"Failure","message":")" + message + R"("})";
    };
    QTest::newRow("up") << 200 << QByteArray("ok") << Verdict::Up << QString();
    QTest::newRow("its own 503") << 503 << QByteArray("no database") << Verdict::Down
                                 << u"auth-service:8081 in tchat answers 503. It says “no database”."_s;
    QTest::newRow("its own 404") << 404 << QByteArray("404 page not found") << Verdict::Down
                                 << u"auth-service:8081 in tchat answers 404. It says “404 page not found”."_s;
    QTest::newRow("no endpoints") << 503 << status("no endpoints available for service \\\"auth-service\\\"")
                                  << Verdict::Down
                                  << u"The cluster cannot reach auth-service:8081 in tchat: no endpoints available for "
                                     "service \"auth-service\"."_s;
    QTest::newRow("not allowed") << 403 << status("services \\\"auth-service\\\" is forbidden") << Verdict::Unasked
                                 << u"The cluster does not let you reach auth-service:8081 in tchat: services "
                                    "\"auth-service\" is forbidden."_s;
    QTest::newRow("no such service") << 404 << status("services \\\"auth-service\\\" not found") << Verdict::Unasked
                                     << u"The cluster cannot reach auth-service:8081 in tchat: services "
                                        "\"auth-service\" not found."_s;
    QTest::newRow("away") << 0 << QByteArray() << Verdict::Unasked << QString();
}

void TestMonitoringProbesAsked::throughTheCluster()
{
    QFETCH(int, status);
    QFETCH(QByteArray, body);
    QFETCH(Verdict, verdict);
    QFETCH(QString, says);
    TestServer server([&](QTcpSocket* socket, const Received&) {
        if (status)
            TestServer::answer(socket, status, body);
        else
            socket->abort();
    });
    Asked asked;
    net::HttpOptions options;
    options.base = server.url();
    net::HttpTransport api(options, asked.clock);
    asked.way.cluster = [&](const net::Request& request, net::Handlers handlers) {
        return api.open(request, std::move(handlers));
    };
    ProbeSpec spec = specOf(Kind::Http, QUrl(u"http://auth-service:8081/health/ready?x=1"_s));
    spec.space = u"tchat"_s;
    spec.inside = u"auth-service"_s;
    const ProbeResult result = asked.ask(spec);
    QCOMPARE(result.verdict, verdict);
    if (!says.isEmpty() || verdict == Verdict::Up)
        QCOMPARE(sentence(result), says);
    QCOMPARE(server.received().front().target,
             "/api/v1/namespaces/tchat/services/http:auth-service:8081/proxy/health/ready?x=1");
    QCOMPARE(server.received().front().verb, "GET");
}

void TestMonitoringProbesAsked::withoutACluster()
{
    ProbeSpec spec = specOf(Kind::Http, QUrl(u"http://auth-service:8081/health"_s));
    spec.space = u"tchat"_s;
    spec.inside = u"auth-service"_s;
    Asked asked;
    QCOMPARE(asked.ask(spec).verdict, Verdict::Unasked);
    QCOMPARE(sentence(*asked.result),
             u"auth-service:8081 in tchat is inside the cluster, and there is no connection to it."_s);
}

void TestMonitoringProbesAsked::givenUp()
{
    for (const Kind kind : {Kind::Http, Kind::Redis}) {
        TestServer server([](QTcpSocket*, const Received&) {});
        ProbeSpec spec = specOf(kind, server.url());
        Asked asked;
        asked.begin(spec);
        QVERIFY(QTest::qWaitFor([&] { return server.connections() == 1; }, 60'000));
        asked.flight.reset();
        asked.clock.advance(60'000);
        QCoreApplication::processEvents();
        QVERIFY(!asked.result);
    }
}

void TestMonitoringProbesAsked::runner()
{
    // Ten probes, three at once: the server sees no more, keeps all waiting, and answers when it is let.
    QList<QTcpSocket*> waiting;
    TestServer server([&](QTcpSocket* socket, const Received&) { waiting << socket; });
    ManualClock clock;
    ProbeRunner::Options options;
    options.atOnce = 3;
    ProbeRunner runner(
        {}, clock, [] { return 0.5; }, options);
    QStringList recorded;
    connect(&runner, &ProbeRunner::recorded, this, [&](const QString& id) { recorded << id; });
    std::vector<ProbeSpec> probes;
    for (int i = 0; i < 10; ++i) {
        probes.push_back(specOf(Kind::Http, server.url()));
        probes.back().id = QString::number(i);
    }
    runner.setProbes(probes);
    QCOMPARE(runner.running(), 0);
    clock.advance(2'500);
    QCOMPARE(runner.running(), 3);
    qsizetype answered = 0;
    while (answered < 10) {
        const qsizetype open = qMin<qsizetype>(3, 10 - answered);
        QVERIFY(QTest::qWaitFor([&] { return waiting.size() == open; }, 60'000));
        QCOMPARE(runner.running(), open);
        TestServer::answer(waiting.takeFirst(), 200, "ok");
        ++answered;
        QVERIFY(QTest::qWaitFor([&] { return recorded.size() == answered; }, 60'000));
    }
    QCOMPARE(runner.running(), 0);
    for (const auto& entry : runner.book().entries())
        QCOMPARE(entry.state, ProbeBook::State::Up);
    // Each comes again in its turn; not while it is paused; out of turn when asked.
    clock.advance(29'999);
    QCOMPARE(runner.running(), 0);
    runner.setPaused(true);
    clock.advance(60'000);
    QCOMPARE(runner.running(), 0);
    runner.setPaused(false);
    QCOMPARE(runner.running(), 3);
    // Probes that go away take their questions with them.
    runner.setProbes({});
    QCOMPARE(runner.running(), 0);
    runner.setProbes({probes.front()});
    runner.askNow();
    QCOMPARE(runner.running(), 1);
    QVERIFY(QTest::qWaitFor([&] { return !waiting.isEmpty() && server.connections() >= 11; }, 60'000));
}

QTEST_GUILESS_MAIN(TestMonitoringProbesAsked)
#include "test_monitoring_probes_asked.moc"
