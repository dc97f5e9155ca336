// SPDX-License-Identifier: GPL-3.0-or-later
#include "ConnectionFixture.h"

using namespace Qt::StringLiterals;
using namespace wk;
using namespace wk::cluster;
using namespace wk::test;
using State = table::Freshness::State;
using Phase = ConnectionState::Phase;

/// Whether a connection is alive, and what it says of it.
class ConnectionStateTest : public QObject
{
    Q_OBJECT

private slots:
    void versionFirstThenTheList();
    void unreachableServerIsToldOnceAndTriedAgain();
    void refusedCredentialIsTriedSeldom();
    void deadNetworkIsShownWithinFiveSeconds();
    void lateHeartbeatBehindALargeListIsNoLoss();
    void cutIsShownAtOnceAndEndsWithTheServersReturn();
    void serverThatIsNotReadyIsNotLive();
    void sleepReconnectsEverything();
    void callsAreAnsweredOrCancelled();
};

void ConnectionStateTest::versionFirstThenTheList()
{
    Bench b;
    b.beating = false;
    b.worker->openTable(1, kindOf("namespaces"), {});
    QCOMPARE(b.tables[1].freshness.state, State::Loading);
    QCOMPARE(b.server->calls.size(), 1u);
    QCOMPARE(int(b.state.phase), int(Phase::Connecting));
    b.beat();
    QCOMPARE(int(b.state.phase), int(Phase::Live));
    QCOMPARE(b.state.serverVersion, u"v1.20.2"_s);
    QCOMPARE(b.state.userName, u"ann"_s);
    const auto call = b.server->takePath("/api/v1/namespaces");
    QVERIFY(call);
    call->answer(200, json, list({object("a", 1), object("b", 2)}, 10));
    b.server->takePath("/api/v1/namespaces", true)->head(200, json);
    b.pass(100);
    QCOMPARE(b.tables[1].rows.size(), 2u);
    QCOMPARE(b.tables[1].freshness.state, State::Live);
    QCOMPARE(b.tables[1].states, (QList<State>{State::Loading, State::Live}));
    QCOMPARE(b.counters.objects.load(), 2);
}

void ConnectionStateTest::unreachableServerIsToldOnceAndTriedAgain()
{
    Bench b;
    b.beating = false;
    b.worker->openTable(1, kindOf("namespaces"), {});
    b.server->takePath("/version")->cut(u"connection refused"_s);
    QCOMPARE(int(b.state.phase), int(Phase::Failed));
    QCOMPARE(b.state.error->sentence, u"connection refused"_s);
    QCOMPARE(b.tables[1].freshness.state, State::Failed);
    QCOMPARE(b.tables[1].freshness.error->sentence, u"connection refused"_s);
    b.pass(1'500);
    b.beat();
    QCOMPARE(int(b.state.phase), int(Phase::Live));
    QVERIFY(b.server->takePath("/api/v1/namespaces"));
}

void ConnectionStateTest::refusedCredentialIsTriedSeldom()
{
    Bench b;
    b.beating = false;
    int tries = 0;
    for (int i = 0; i < 1200; ++i) { // ten minutes
        if (const auto call = b.server->takePath("/version")) {
            ++tries;
            call->refuse(401, "Unauthorized");
        }
        b.pass(500);
    }
    QVERIFY2(tries >= 3 && tries <= 10, qPrintable(QString::number(tries)));
    QCOMPARE(int(b.state.phase), int(Phase::Failed));
    QCOMPARE(int(b.state.error->kind), int(Error::Kind::Unauthorized));
    b.worker->reconnect(); // a person has logged in: at once
    QVERIFY(b.server->takePath("/version"));
}

void ConnectionStateTest::deadNetworkIsShownWithinFiveSeconds()
{
    Bench b;
    const auto watch = follow(b);
    b.pass(7'000); // some heartbeats
    QCOMPARE(b.tables[1].freshness.state, State::Live);
    QVERIFY(b.clock.nowMs() - b.tables[1].freshness.asOfMs < 2'000); // moves on with each heartbeat
    b.beating = false;                                               // packets vanish: no answer, no end
    const qint64 gone = b.clock.nowMs();
    while (b.tables[1].freshness.state != State::Stale && b.clock.nowMs() - gone < 10'000)
        b.pass(50);
    QVERIFY2(b.clock.nowMs() - gone <= 4'500, qPrintable(QString::number(b.clock.nowMs() - gone)));
    QCOMPARE(int(b.state.phase), int(Phase::Stale));
    QVERIFY(b.tables[1].freshness.asOfMs <= gone && b.tables[1].freshness.asOfMs > gone - 2'000);
    QCOMPARE(b.tables[1].rows.size(), 1u);
    QVERIFY(b.drops > 0); // pooled connections are as dead
    // The network is back. The old watch is a corpse: a new one goes on from its version.
    b.pass(20'000);
    QCOMPARE(b.tables[1].freshness.state, State::Stale);
    b.beating = true;
    watch->cut();
    const qint64 back = b.clock.nowMs();
    while (!b.tables[1].freshness.isLive() && b.clock.nowMs() - back < 40'000) {
        if (const auto again = b.server->takePath("/api/v1/namespaces", true)) {
            QCOMPARE(again->query("resourceVersion"), u"10"_s);
            again->head(200, json);
        }
        b.pass(50);
    }
    QVERIFY2(b.clock.nowMs() - back < 11'000, qPrintable(QString::number(b.clock.nowMs() - back)));
}

void ConnectionStateTest::lateHeartbeatBehindALargeListIsNoLoss()
{
    Bench b;
    const auto watch = follow(b);
    b.beating = false;
    for (int i = 0; i < 100; ++i) { // 10 s without an answer to /readyz, while older connections carry bytes
        watch->data(told("MODIFIED", object("a", 11 + i)));
        b.pass(100);
    }
    QCOMPARE(int(b.state.phase), int(Phase::Live));
    QCOMPARE(b.tables[1].freshness.state, State::Live);
    b.pass(4'000); // now nothing at all
    QVERIFY(!b.tables[1].freshness.isLive());
}

void ConnectionStateTest::cutIsShownAtOnceAndEndsWithTheServersReturn()
{
    Bench b;
    const auto watch = follow(b);
    b.pass(5'000);
    watch->cut(u"reset"_s);
    QCOMPARE(b.tables[1].freshness.state, State::Reconnecting);
    b.beating = false;
    for (int s = 0; s < 400; ++s) { // 20 s: everything is refused
        for (const auto& path : {"/version", "/readyz", "/api/v1/namespaces"}) {
            for (const bool isWatch : {false, true}) {
                while (const auto call = b.server->takePath(path, isWatch))
                    call->cut(u"refused"_s);
            }
        }
        b.pass(50);
        if (s == 100)
            QCOMPARE(b.tables[1].freshness.state, State::Stale);
    }
    QCOMPARE(b.tables[1].freshness.state, State::Stale);
    b.beating = true;
    qint64 waited = 0;
    for (; !b.tables[1].freshness.isLive() && waited < 60'000; waited += 50) {
        if (const auto again = b.server->takePath("/api/v1/namespaces", true))
            again->head(200, json);
        b.pass(50);
    }
    QVERIFY2(waited <= 8'000, qPrintable(QString::number(waited)));
}

void ConnectionStateTest::serverThatIsNotReadyIsNotLive()
{
    Bench b;
    const auto watch = follow(b);
    b.beating = false;
    for (int i = 0; i < 120; ++i) {
        b.pass(50);
        while (const auto call = b.server->takePath("/readyz"))
            call->answer(500, "text/plain", "[-]etcd failed");
        while (const auto call = b.server->takePath("/version"))
            call->answer(200, json, version20);
    }
    QVERIFY(!b.tables[1].freshness.isLive());
    QVERIFY(b.state.error && b.state.error->detail.contains(u"etcd"_s));
    b.beating = true;
    for (int i = 0; i < 120; ++i) {
        if (const auto again = b.server->takePath("/api/v1/namespaces", true))
            again->head(200, json);
        b.pass(50);
    }
    QCOMPARE(b.tables[1].freshness.state, State::Live);
}

void ConnectionStateTest::sleepReconnectsEverything()
{
    Bench b;
    const auto watch = follow(b);
    QCOMPARE(b.drops, 0);
    b.pass(5'000);
    b.clock.jumpedMs = 3'600'000; // an hour with the lid closed
    b.pass(2'000);
    QCOMPARE(b.drops, 1);
    QVERIFY(!b.tables[1].freshness.isLive());
    b.pass(600);
    QVERIFY(!watch->alive);
    const auto again = b.server->takePath("/api/v1/namespaces", true);
    QVERIFY(again);
    QCOMPARE(again->query("resourceVersion"), u"10"_s);
    again->head(200, json);
    b.pass(200);
    QCOMPARE(b.tables[1].freshness.state, State::Live);
}

void ConnectionStateTest::callsAreAnsweredOrCancelled()
{
    Bench b;
    b.beat();
    QStringList answers;
    const auto note = [&](const Result<QByteArray>& r) {
        answers += r ? QString::fromUtf8(*r) : errorKindName(r.error().kind);
    };
    b.worker->get("/a", "x=1", json, u"a"_s, note);
    b.worker->get("/b", {}, json, u"b"_s, note);
    b.worker->get("/c", {}, json, u"c"_s, note);
    b.worker->get("/d", {}, json, u"d"_s, note);
    b.server->takePath("/a")->answer(200, json, "yes");
    b.server->takePath("/b")->refuse(403, "Forbidden");
    b.server->takePath("/c")->cut();
    b.worker.reset();
    QCoreApplication::sendPostedEvents();
    QCOMPARE(answers, (QStringList{u"yes"_s, errorKindName(Error::Kind::Forbidden), errorKindName(Error::Kind::Network),
                                   errorKindName(Error::Kind::Cancelled)}));
}

QTEST_GUILESS_MAIN(ConnectionStateTest)
#include "test_connection_state.moc"
