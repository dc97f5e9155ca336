// SPDX-License-Identifier: GPL-3.0-or-later
// How a Reflector watches, and how a watch ends: R7 to R13, R16.
#include "ReflectorFixture.h"

using namespace Qt::StringLiterals;
using namespace wk;
using namespace wk::cluster;
using namespace wk::test;
using Phase = ReflectorStatus::Phase;

class ReflectorWatchTest : public QObject
{
    Q_OBJECT
private slots:
    // ---- R7 to R9: watch, versions, bookmarks
    void r7_watchStartsAtTheListsVersionForFiveToTenMinutes()
    {
        for (const double random : {0.0, 0.999}) {
            Bench b;
            b.random = random;
            b.server.take()->answer(200, "text/list", "end 10\n");
            const auto watch = b.server.take();
            QCOMPARE(watch->query("resourceVersion"), u"10"_s);
            QCOMPARE(watch->query("allowWatchBookmarks"), u"true"_s);
            QVERIFY(!watch->has("resourceVersionMatch") && !watch->has("limit"));
            QCOMPARE(watch->query("timeoutSeconds"), random < 0.5 ? u"300"_s : u"599"_s);
            QVERIFY(watch->request.lane == net::Request::Lane::Stream);
            QVERIFY(watch->request.idleTimeoutMs > watch->query("timeoutSeconds").toInt() * 1000);
        }
    }
    void r7_noBookmarksWhereTheFormatHasNone()
    {
        Bench b({}, false);
        b.server.take()->answer(200, "text/list", "end 10\n");
        QVERIFY(!b.server.take()->has("allowWatchBookmarks"));
    }
    void r8_eachEventsVersionIsTheNextStart()
    {
        Bench b;
        const auto watch = b.follow();
        b.pass(2'000);
        watch->data("MODIFIED a ua 12 2\nADDED b ub 17 1\n");
        watch->end();
        QCOMPARE(b.server.take()->query("resourceVersion"), u"17"_s);
    }
    void r8_syntheticAddedEventsCarryNoPosition()
    {
        Bench b;
        b.server.take()->answer(200, "text/list", "end 0\n");
        const auto watch = b.server.take();
        watch->head(200, "text/watch");
        watch->data("ADDED b ub 50 1\nADDED a ua 20 1\n");
        QCOMPARE(b.reflector->resourceVersion(), u"0"_s);
        watch->data("MODIFIED a ua 51 2\n");
        QCOMPARE(b.reflector->resourceVersion(), u"51"_s);
        watch->data("ADDED c uc 52 2\n");
        QCOMPARE(b.reflector->resourceVersion(), u"52"_s);
    }
    void r9_bookmarkOnlyMovesTheVersion()
    {
        Bench b;
        const auto watch = b.follow();
        b.sink.changes.clear();
        watch->data("BOOKMARK 99\n");
        QCOMPARE(b.reflector->resourceVersion(), u"99"_s);
        QVERIFY(b.sink.changes.isEmpty());
        QCOMPARE(b.content().size(), 1u);
    }

    // ---- R10 to R13: how a watch ends
    void r10_httpGoneRelistsFromTheLastVersion()
    {
        Bench b;
        b.server.take()->answer(200, "text/list", "a ua 9 1\nend 10\n");
        b.server.take()->refuse(410, "Gone");
        QVERIFY(!b.status().isLive());
        QCOMPARE(b.status().error->kind, errorFromResponse(410, {}, {}, {}).kind);
        const auto list = b.server.take();
        QCOMPARE(list->query("resourceVersion"), u"10"_s);
        list->answer(200, "text/list", "a ua 9 1\nend 30\n");
        QVERIFY(b.status().isLive());
    }
    void r10_errorEventShowsThatRowsAreOld()
    {
        Bench b;
        const auto watch = b.follow();
        QVERIFY(b.status().isLive());
        watch->data("ERROR 410 Expired\nMODIFIED a ua 12 9\n"); // nothing counts after the error
        QVERIFY(!b.status().isLive());
        QCOMPARE(b.content(), (Content{{u"a"_s, u"ua 1"_s}}));
    }
    void r11_throttledWatchKeepsItsPositionAndWaits()
    {
        Bench b;
        b.server.take()->answer(200, "text/list", "end 10\n");
        b.server.take()->refuse(429, "TooManyRequests", "slow down", {{"Retry-After", "7"}});
        b.pass(6'900);
        QCOMPARE(b.server.waiting(), 0u);
        b.reflector->kick(); // the heartbeat must not shorten what the server asked for
        b.reflector->restart();
        b.pass(90);
        QCOMPARE(b.server.waiting(), 0u);
        b.pass(20);
        const auto again = b.server.take();
        QVERIFY(again->isWatch());
        QCOMPARE(again->query("resourceVersion"), u"10"_s);
        QCOMPARE(b.sink.lists, 1);
    }
    void r11_refusedConnectionKeepsItsPositionAndWaits()
    {
        Bench b;
        b.server.take()->answer(200, "text/list", "end 10\n");
        b.server.take()->cut(u"connection refused"_s);
        QCOMPARE(b.status().phase, Phase::Waiting);
        QVERIFY(!b.status().isLive());
        b.pass(1'300);
        const auto again = b.server.take();
        QVERIFY(again->isWatch());
        QCOMPARE(again->query("resourceVersion"), u"10"_s);
    }
    void r12_serverErrorsAreTriedAgain()
    {
        Bench b;
        b.server.take()->answer(200, "text/list", "end 10\n");
        b.server.take()->refuse(500, "InternalError");
        b.pass(1'300);
        const auto again = b.server.take();
        QVERIFY(again->isWatch());
        again->head(200, "text/watch");
        again->data("ERROR 500 InternalError\n");
        QVERIFY(!b.status().isLive());
        b.pass(2'500);
        QVERIFY(b.server.take()->isWatch());
        QCOMPARE(b.sink.lists, 1);
    }
    void r12_failedListIsTriedAgainAsItWas()
    {
        Bench b;
        b.server.take()->refuse(503, "ServiceUnavailable");
        QVERIFY(b.status().error && !b.status().synced);
        b.pass(1'300);
        QCOMPARE(b.server.take()->query("resourceVersion"), u"0"_s);
    }
    void r13_endOfStreamIsTheNormalPath()
    {
        Bench b;
        const auto watch = b.follow();
        b.pass(5'000);
        watch->end();
        QVERIFY(b.status().isLive());
        const auto again = b.server.take(); // at once
        QVERIFY(again->isWatch());
        QCOMPARE(again->query("resourceVersion"), u"10"_s);
        QCOMPARE(b.sink.lists, 1);
    }
    void r13_veryShortWatchBacksOff()
    {
        Bench b;
        const auto watch = b.follow();
        b.pass(500);
        watch->end();
        QCOMPARE(b.server.waiting(), 0u);
        QCOMPARE(b.status().phase, Phase::Waiting);
        b.pass(1'300);
        QVERIFY(b.server.take()->isWatch());
    }
    void r13_shortWatchWithEventsDoesNot()
    {
        Bench b;
        const auto watch = b.follow();
        watch->data("MODIFIED a ua 11 3\n");
        watch->end();
        QVERIFY(b.server.take()->isWatch());
    }
    void cutStreamGoesOnFromTheLastVersion()
    {
        Bench b;
        const auto watch = b.follow();
        watch->data("MODIFIED a ua 11 3\n");
        watch->cut();
        QVERIFY(!b.status().isLive());
        b.pass(1'300);
        const auto again = b.server.take();
        QCOMPARE(again->query("resourceVersion"), u"11"_s);
        QVERIFY(!b.status().isLive()); // not before it is answered
        again->head(200, "text/watch");
        QVERIFY(b.status().isLive());
    }
    void truncatedFrameIsNoEnd()
    {
        Bench b;
        const auto watch = b.follow();
        b.pass(2'000);
        watch->data("MODIFIED a ua 11 3\nMODIFIED a u");
        watch->end();
        QVERIFY(!b.status().isLive());
        QCOMPARE(int(b.status().error->kind), int(Error::Kind::Protocol));
        b.pass(1'300);
        QCOMPARE(b.server.take()->query("resourceVersion"), u"11"_s);
    }
    void garbledFrameReconnectsAndTwiceRelists()
    {
        Bench b;
        auto watch = b.follow();
        watch->data("MODIFIED a ua 11 3\nMODIFXXX\n");
        QVERIFY(!watch->alive || !b.status().isLive());
        QCOMPARE(int(b.status().error->kind), int(Error::Kind::Protocol));
        b.pass(1'300);
        watch = b.server.take();
        QVERIFY(watch->isWatch());
        QCOMPARE(watch->query("resourceVersion"), u"11"_s);
        watch->head(200, "text/watch");
        watch->data("\x01\x02\n");
        b.pass(3'000);
        const auto list = b.server.take();
        QVERIFY(!list->isWatch() && !list->has("resourceVersion"));
        list->answer(200, "text/list", "a ua 12 4\nend 15\n");
        QCOMPARE(b.content(), (Content{{u"a"_s, u"ua 4"_s}}));
    }
    void truncatedListIsNoList()
    {
        Bench b;
        b.server.take()->answer(200, "text/list", "a ua 9 1\n");
        QVERIFY(!b.status().synced);
        b.pass(1'300);
        b.server.take()->answer(200, "text/list", "b ub 9 1\nend 10\n");
        QVERIFY(b.status().synced);
        QCOMPARE(b.content(), (Content{{u"b"_s, u"ub 1"_s}})); // what the cut list had shown is gone
    }
    void unknownContentTypeIsAnError()
    {
        Bench b;
        b.server.take()->answer(200, "text/html", "<html>");
        QCOMPARE(int(b.status().error->kind), int(Error::Kind::Protocol));
        QVERIFY(!b.status().synced);
    }

    void r16_unknownEventsAreSkipped()
    {
        Bench b;
        const auto watch = b.follow();
        watch->data("LATER x y z\nMODIFIED a ua 12 2\n");
        QCOMPARE(b.content(), (Content{{u"a"_s, u"ua 2"_s}}));
        QVERIFY(b.status().isLive());
    }
};

QTEST_GUILESS_MAIN(ReflectorWatchTest)
#include "test_reflector_watch.moc"
