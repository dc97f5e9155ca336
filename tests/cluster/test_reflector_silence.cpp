// SPDX-License-Identifier: GPL-3.0-or-later
// How long a Reflector waits, and what it makes of silence and refusals: R14, R15, R17.
#include "ReflectorFixture.h"

using namespace Qt::StringLiterals;
using namespace wk;
using namespace wk::cluster;
using namespace wk::test;
using Phase = ReflectorStatus::Phase;

class ReflectorSilenceTest : public QObject
{
    Q_OBJECT
private slots:
    // ---- R14, R15: backoff, clocks
    void r14_backoffDoublesToItsCap()
    {
        ManualClock clock;
        Backoff b(clock, [] { return 0.0; });
        QList<qint64> waits;
        for (int i = 0; i < 8; ++i)
            waits += b.next();
        QCOMPARE(waits, (QList<qint64>{800, 1600, 3200, 6400, 12800, 15000, 15000, 15000}));
        Backoff high(clock, [] { return 0.9999; });
        for (int i = 0; i < 12; ++i)
            QVERIFY(high.next() <= 30'000);
        QVERIFY(high.next() > 29'000);
    }
    void r14_backoffIsForgottenAfterTwoMinutes()
    {
        ManualClock clock;
        Backoff b(clock, [] { return 0.0; });
        QCOMPARE(b.next(), 800);
        QCOMPARE(b.next(), 1600);
        clock.advance(1'600 + 120'001);
        QCOMPARE(b.next(), 800);
        QCOMPARE(b.next(5'000), 5'000);
    }
    void r15_watchThatIsNotAnsweredIsGivenUp()
    {
        Bench b;
        b.server.take()->answer(200, "text/list", "end 10\n");
        const auto watch = b.server.take();
        QVERIFY(b.status().isLive());
        b.pass(4'900);
        QVERIFY(b.status().isLive());
        b.pass(200);
        QVERIFY(!b.status().isLive());
        QVERIFY(!watch->alive);
        b.pass(2'000);
        QCOMPARE(b.server.take()->query("resourceVersion"), u"10"_s);
    }

    // ---- R17: dead peers
    void r17_quietStreamIsDoubledThenReplaced()
    {
        Bench b;
        const auto old = b.follow();
        b.pass(19'000);
        QCOMPARE(b.server.waiting(), 0u);
        b.pass(6'001);
        const auto probe = b.server.take();
        QVERIFY(probe->isWatch());
        QCOMPARE(probe->query("resourceVersion"), u"10"_s);
        QVERIFY(old->alive && b.status().isLive());
        probe->head(200, "text/watch");
        b.pass(0);
        QVERIFY(!old->alive && probe->alive && b.status().isLive());
        probe->data("MODIFIED a ua 11 2\n");
        QCOMPARE(b.content(), (Content{{u"a"_s, u"ua 2"_s}}));
    }
    void r17_busyStreamIsSuspectSooner()
    {
        Bench b;
        const auto watch = b.follow();
        for (int i = 0; i < 100; ++i) {
            b.pass(10);
            watch->data("MODIFIED a ua " + QByteArray::number(100 + i) + ' ' + QByteArray::number(i) + '\n');
        }
        QCOMPARE(b.server.waiting(), 0u);
        b.pass(2'500);
        QCOMPARE(b.server.waiting(), 1u);
        QCOMPARE(b.server.take()->query("resourceVersion"), u"199"_s);
    }
    void r17_streamThatSpeaksAgainIsKept()
    {
        Bench b;
        const auto old = b.follow();
        b.pass(25'100);
        const auto probe = b.server.take();
        old->data("MODIFIED a ua 11 2\n");
        b.pass(0);
        QVERIFY(old->alive && !probe->alive);
        QCOMPARE(b.content(), (Content{{u"a"_s, u"ua 2"_s}}));
    }
    void r17_probeWithoutAnswerMeansStale()
    {
        Bench b;
        const auto old = b.follow();
        const qint64 proof = b.clock.nowMs();
        b.pass(25'100);
        QVERIFY(b.server.take()->isWatch());
        b.pass(5'100);
        QVERIFY(!b.status().isLive() && b.status().silent);
        QCOMPARE(b.status().proofMs, proof); // rows are known up to there
        QVERIFY(!old->alive);
    }
    void r17_restartGoesOnFromTheLastVersion()
    {
        Bench b;
        const auto old = b.follow();
        old->data("MODIFIED a ua 11 2\n");
        b.reflector->restart();
        QVERIFY(!b.status().isLive());
        b.pass(500);
        QVERIFY(!old->alive);
        const auto again = b.server.take();
        QCOMPARE(again->query("resourceVersion"), u"11"_s);
        again->head(200, "text/watch");
        QVERIFY(b.status().isLive());
    }
    void kickEndsAWait()
    {
        Bench b;
        auto watch = b.follow();
        for (int i = 0; i < 8; ++i) { // far into the backoff
            watch->cut();
            for (int s = 0; s < 31 && b.server.waiting() == 0; ++s)
                b.pass(1'000);
            watch = b.server.take();
        }
        watch->cut();
        b.pass(1'000);
        QCOMPARE(b.server.waiting(), 0u);
        b.reflector->kick();
        b.pass(500);
        QVERIFY(b.server.take()->isWatch());
    }

    // ---- refusals
    void forbiddenIsSaidAndTriedNowAndThen()
    {
        Bench b;
        b.server.take()->refuse(403, "Forbidden");
        QCOMPARE(b.status().phase, Phase::Refused);
        b.pass(6'000);
        b.server.take()->refuse(403, "Forbidden");
        for (int i = 0; i < 6; ++i) {
            b.pass(66'000);
            b.server.take()->refuse(403, "Forbidden");
        }
        b.pass(66'000);
        b.server.take()->answer(200, "text/list", "a ua 1 1\nend 5\n");
        QVERIFY(b.status().isLive());
    }
    void forbiddenForAMomentIsNoVerdict()
    {
        // A server that has just started forbids until it has read its roles.
        Bench b;
        b.follow()->cut();
        b.pass(1'300);
        b.server.take()->refuse(403, "Forbidden");
        QCOMPARE(b.status().phase, Phase::Waiting);
        b.pass(3'000);
        const auto watch = b.server.take();
        watch->head(200, "text/watch");
        QVERIFY(b.status().isLive());
        QCOMPARE(b.content().size(), 1u);
    }
};

QTEST_GUILESS_MAIN(ReflectorSilenceTest)
#include "test_reflector_silence.moc"
