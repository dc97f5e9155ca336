// SPDX-License-Identifier: GPL-3.0-or-later
#include "ProbeBench.h"

using namespace wk;
using namespace wk::test;

class TestMonitoringProbesSpoken : public QObject
{
    Q_OBJECT

private slots:
    void unreachable_data();
    void unreachable();
    void protocols_data();
    void protocols();
    void whatPostgresIsAsked();
    void certificates_data();
    void certificates();
};

void TestMonitoringProbesSpoken::unreachable_data()
{
    QTest::addColumn<Kind>("kind");
    for (const auto& [name, kind] : std::initializer_list<std::pair<const char*, Kind>>{{"http", Kind::Http},
                                                                                        {"tcp", Kind::Tcp},
                                                                                        {"postgres", Kind::PostgreSql},
                                                                                        {"redis", Kind::Redis},
                                                                                        {"tls", Kind::TlsExpiry}})
        QTest::newRow(name) << kind;
}

void TestMonitoringProbesSpoken::unreachable()
{
    QFETCH(Kind, kind);
    const auto spec = [&](quint16 port, const QString& host) {
        ProbeSpec out = tcpSpec(kind, port, host);
        if (kind == Kind::Http)
            out.url.setScheme(u"http"_s);
        return out;
    };
    const quint16 closed = closedPort();
    Asked refused;
    QCOMPARE(refused.ask(spec(closed, u"127.0.0.1"_s)).verdict, Verdict::Down);
    QVERIFY2(sentence(*refused.result).contains(u"127.0.0.1:%1"_s.arg(closed)), qPrintable(sentence(*refused.result)));
    QVERIFY2(sentence(*refused.result).contains(u"refuse"_s), qPrintable(sentence(*refused.result)));
    Asked nameless;
    QCOMPARE(nameless.ask(spec(80, u"no-such-host.invalid"_s)).verdict, Verdict::Down);
    QVERIFY2(sentence(*nameless.result).contains(u"no-such-host.invalid"_s), qPrintable(sentence(*nameless.result)));
    const BlackHole hole;
    Asked swallowed;
    ProbeSpec into = spec(hole.port(), u"127.0.0.1"_s);
    into.timeoutMs = 3'000;
    swallowed.begin(into);
    QVERIFY(QTest::qWaitFor([&] {
        swallowed.clock.advance(50);
        return swallowed.result.has_value();
    }));
    QCOMPARE(swallowed.result->verdict, Verdict::Down);
    QVERIFY2(sentence(*swallowed.result).contains(u"no connection after 3 s"_s),
             qPrintable(sentence(*swallowed.result)));
    if (kind != Kind::Http || !hasCurl())
        return;
    QCOMPARE(curl(spec(closed, u"127.0.0.1"_s).url).exitCode, 7);
    QCOMPARE(curl(spec(80, u"no-such-host.invalid"_s).url).exitCode, 6);
}

void TestMonitoringProbesSpoken::protocols_data()
{
    QTest::addColumn<Kind>("kind");
    QTest::addColumn<QByteArray>("answer");
    QTest::addColumn<bool>("closes");
    QTest::addColumn<Verdict>("verdict");
    QTest::addColumn<QString>("says"); ///< the answer of Up, the sentence of Down
    const auto row = [](const char* name, Kind kind, const QByteArray& answer, bool closes, Verdict verdict,
                        const char* says) {
        QTest::newRow(name) << kind << answer << closes << verdict << QString::fromUtf8(says);
    };
    constexpr auto pg = Kind::PostgreSql;
    row("pg with TLS", pg, "S", false, Verdict::Up, "speaks PostgreSQL, takes TLS");
    row("pg without TLS", pg, "N", false, Verdict::Up, "speaks PostgreSQL, without TLS");
    row("pg says N and goes", pg, "N", true, Verdict::Up, "speaks PostgreSQL, without TLS");
    row("pg cannot begin", pg, QByteArray("Ecould not fork new process\n\0", 29), true, Verdict::Down,
        "% refuses to serve: could not fork new process.");
    row("pg is HTTP", pg, "HTTP/1.1 400 Bad Request\r\n\r\n", true, Verdict::Down,
        "What % answers is not PostgreSQL: “HTTP/1.1 400 Bad Request”.");
    row("pg is silent", pg, {}, true, Verdict::Down,
        "% takes connections and closes them without an answer in PostgreSQL.");
    constexpr auto redis = Kind::Redis;
    row("redis", redis, "+PONG\r\n", false, Verdict::Up, "PONG");
    row("redis with a password", redis, "-NOAUTH Authentication required.\r\n", false, Verdict::Up,
        "answers, and wants a password");
    row("redis protected", redis, "-DENIED Redis is running in protected mode\r\n", true, Verdict::Up,
        "answers, and does not serve this machine");
    row("redis loads", redis, "-LOADING Redis is loading the dataset in memory\r\n", false, Verdict::Down,
        "% is still loading its data.");
    row("redis is full", redis, "-ERR max number of clients reached\r\n", true, Verdict::Down,
        "% refuses to serve: ERR max number of clients reached.");
    row("redis is HTTP", redis, "HTTP/1.1 400 Bad Request\r\n\r\n", true, Verdict::Down,
        "What % answers is not Redis: “HTTP/1.1 400 Bad Request”.");
    row("redis is silent", redis, {}, true, Verdict::Down,
        "% takes connections and closes them without an answer in Redis.");
    row("tcp", Kind::Tcp, {}, true, Verdict::Up, "takes connections");
}

void TestMonitoringProbesSpoken::protocols()
{
    QFETCH(Kind, kind);
    QFETCH(QByteArray, answer);
    QFETCH(bool, closes);
    QFETCH(Verdict, verdict);
    QFETCH(QString, says);
    RawServer server(answer, closes ? RawServer::End::Close : RawServer::End::Open);
    Asked asked;
    const ProbeResult result = asked.ask(tcpSpec(kind, server.serverPort()));
    QCOMPARE(result.verdict == Verdict::Up ? result.answer : sentence(result),
             says.replace(u'%', u"127.0.0.1:%1"_s.arg(server.serverPort())));
    QCOMPARE(result.verdict, verdict);
}

void TestMonitoringProbesSpoken::whatPostgresIsAsked()
{
    RawServer server("N", RawServer::End::Open);
    Asked asked;
    QCOMPARE(asked.ask(tcpSpec(Kind::PostgreSql, server.serverPort())).verdict, Verdict::Up);
    QCOMPARE(server.received.toHex(), "0000000804d2162f");
}

void TestMonitoringProbesSpoken::certificates_data()
{
    QTest::addColumn<QString>("which");
    QTest::addColumn<Verdict>("verdict");
    QTest::addColumn<bool>("trusted");
    QTest::addColumn<QString>("says"); ///< a part of the sentence
    QTest::newRow("good") << u"good"_s << Verdict::Up << true << QString();
    QTest::newRow("due") << u"due"_s << Verdict::Slow << true << u"(server) expires in 19 day(s)."_s;
    QTest::newRow("expired") << u"expired"_s << Verdict::Down << false << u"(server) expired on 2021-01-01"_s;
    QTest::newRow("untrusted") << u"untrusted"_s << Verdict::Down << false << u"which this machine does not trust"_s;
    QTest::newRow("self-signed") << u"alone"_s << Verdict::Down << false << u"which this machine does not trust"_s;
    QTest::newRow("other host") << u"other"_s << Verdict::Down << false << u"only for shop.example"_s;
    QTest::newRow("no TLS") << u"plain"_s << Verdict::Down << false << u"does not speak TLS"_s;
    QTest::newRow("over by our clock") << u"later"_s << Verdict::Down << true << u"(server) expired on"_s;
}

void TestMonitoringProbesSpoken::certificates()
{
    QFETCH(QString, which);
    QFETCH(Verdict, verdict);
    QFETCH(bool, trusted);
    QFETCH(QString, says);
    Pki pki;
    if (!pki.works())
        QSKIP(qPrintable(pki.problem()));
    TestServer server([](QTcpSocket*, const Received&) {});
    Pki::Wish wish;
    wish.expired = which == "expired"_L1;
    if (which == "other"_L1)
        wish.hosts = u"DNS:shop.example"_s;
    RawServer plain("HTTP/1.1 400 Bad Request\r\n\r\n", RawServer::End::Close);
    server.useTls(which == "alone"_L1 ? selfSigned() : pki.issue(wish));
    Asked asked;
    if (which != "untrusted"_L1)
        asked.way.caPem = pki.authority();
    if (which == "later"_L1)
        asked.clock.advance(30LL * 86'400'000);
    const quint16 port = which == "plain"_L1 ? plain.serverPort() : server.serverPort();
    ProbeSpec spec = tcpSpec(Kind::TlsExpiry, port);
    spec.warnDays = which == "due"_L1 ? 21 : 7;
    const ProbeResult result = asked.ask(spec);
    QVERIFY2(says.isEmpty() ? !result.error : sentence(result).contains(says), qPrintable(sentence(result)));
    QCOMPARE(result.verdict, verdict);
    QCOMPARE(result.trusted, trusted);
    QCOMPARE(result.expiresMs.has_value(), which != "plain"_L1);
    if (result.expiresMs && which != "expired"_L1 && which != "later"_L1)
        QVERIFY2(result.answer.startsWith(u"expires in "_s), qPrintable(result.answer));
    // Nothing is sent over a connection whose other end may be anybody.
    QCOMPARE(server.received().size(), 0);
}

QTEST_GUILESS_MAIN(TestMonitoringProbesSpoken)
#include "test_monitoring_probes_spoken.moc"
