// SPDX-License-Identifier: GPL-3.0-or-later
#include "ProbeBench.h"
#include "support/PostgresServer.h"

using namespace wk;
using namespace wk::test;

/// What a real PostgreSQL answers, and that it does not mind.
class TestMonitoringProbesReal : public QObject
{
    Q_OBJECT

private slots:
    void postgres();
};

void TestMonitoringProbesReal::postgres()
{
    PostgresServer server;
    if (const auto started = server.start(); !started) {
        if (started.error().kind == Error::Kind::NotFound)
            QSKIP(qPrintable(started.error().text()));
        QFAIL(qPrintable(started.error().text()));
    }
    const ProbeSpec spec = tcpSpec(Kind::PostgreSql, server.port());
    const QString before = server.log();
    Asked plain;
    QCOMPARE(plain.ask(spec).answer, u"speaks PostgreSQL, without TLS"_s);
    QCOMPARE(plain.result->verdict, Verdict::Up);
    // Nothing else that asks comes as far, and what is no PostgreSQL client is noted by the server.
    Asked redis;
    ProbeSpec wrong = spec;
    wrong.kind = Kind::Redis;
    QCOMPARE(redis.ask(wrong).verdict, Verdict::Down);
    QVERIFY(QTest::qWaitFor([&] { return server.log().size() > before.size(); }, 60'000));
    const QString noted = server.log().mid(before.size());
    QVERIFY2(noted.count(u"LOG:"_s) + noted.count(u"FATAL:"_s) == 1 && noted.contains(u"startup packet"_s),
             qPrintable(noted));

    Pki pki;
    if (pki.works()) {
        const Issued certificate = pki.issue({});
        server.put(u"server.crt"_s, certificate.certificate);
        server.put(u"server.key"_s, certificate.key);
        const auto configured = server.configure("ssl = on\n");
        QVERIFY2(configured, configured ? "" : qPrintable(configured.error().text()));
        Asked encrypted;
        QCOMPARE(encrypted.ask(spec).answer, u"speaks PostgreSQL, takes TLS"_s);
    }
    server.stop();
    Asked stopped;
    QCOMPARE(stopped.ask(spec).verdict, Verdict::Down);
    QVERIFY2(sentence(*stopped.result).contains(u"refuse"_s), qPrintable(sentence(*stopped.result)));
}

QTEST_GUILESS_MAIN(TestMonitoringProbesReal)
#include "test_monitoring_probes_real.moc"
