// SPDX-License-Identifier: GPL-3.0-or-later
// How a Reflector reads a whole list: R1 to R6, R18, and lists that nothing follows.
#include "ReflectorFixture.h"

using namespace Qt::StringLiterals;
using namespace wk;
using namespace wk::cluster;
using namespace wk::test;
using Phase = ReflectorStatus::Phase;

class ReflectorListTest : public QObject
{
    Q_OBJECT
private slots:
    // ---- R1 to R4: streamed lists (WatchList)
    void r1_streamedListAsksForInitialEvents()
    {
        Bench b({.watchList = true});
        const auto call = b.server.take();
        QVERIFY(call->isWatch());
        QCOMPARE(call->query("sendInitialEvents"), u"true"_s);
        QCOMPARE(call->query("resourceVersionMatch"), u"NotOlderThan"_s);
        QCOMPARE(call->query("allowWatchBookmarks"), u"true"_s);
        QCOMPARE(call->query("resourceVersion"), QString());
        QVERIFY(call->query("timeoutSeconds").toInt() >= 300);
    }
    void r2_streamedListCountsFromItsLastBookmarkOnTheSameStream()
    {
        Bench b({.watchList = true});
        const auto call = b.server.take();
        call->head(200, "text/watch");
        call->data("ADDED b ub 30 1\nADDED a ua 20 1\n");
        QCOMPARE(b.reflector->resourceVersion(), QString());
        QVERIFY(!b.status().synced);
        call->data("BOOKMARK 31 end\n");
        QVERIFY(b.status().synced && b.status().isLive());
        QCOMPARE(b.reflector->resourceVersion(), u"31"_s);
        call->data("DELETED a ua 32 1\n");
        QCOMPARE(b.content(), (Content{{u"b"_s, u"ub 1"_s}}));
        QCOMPARE(b.server.waiting(), 0u);
    }
    void r3_streamedListThatStallsFallsBack()
    {
        Bench b({.watchList = true});
        const auto call = b.server.take();
        call->head(200, "text/watch");
        call->data("ADDED a ua 20 1\n");
        b.pass(9'000);
        QCOMPARE(b.server.waiting(), 0u);
        b.pass(1'500);
        QVERIFY(!call->alive);
        QVERIFY(!b.server.take()->isWatch());
    }
    void r4_streamedListFallsBackOnAnyError_data()
    {
        QTest::addColumn<int>("status");
        for (const int status : {400, 403, 405, 415, 422, 429, 500, 0})
            QTest::newRow(qPrintable(QString::number(status))) << status;
    }
    void r4_streamedListFallsBackOnAnyError()
    {
        QFETCH(int, status);
        Bench b({.watchList = true});
        const auto call = b.server.take();
        status ? call->refuse(status, "Invalid") : call->cut();
        const auto list = b.server.take();
        QVERIFY(!list->isWatch());
        QCOMPARE(list->query("resourceVersion"), u"0"_s);
        list->answer(200, "text/list", "end 5\n");
        QVERIFY(!b.server.take()->has("sendInitialEvents"));
    }
    void r4_noStreamedListWhereTheFormatHasNoBookmarks()
    {
        Bench b({.watchList = true}, false);
        QVERIFY(!b.server.take()->isWatch());
    }

    // ---- R5, R6: lists
    void r5_firstListComesFromTheCacheWithoutALimit()
    {
        Bench b;
        const auto call = b.server.take();
        QCOMPARE(call->path(), QByteArray("/api/v1/pods"));
        QCOMPARE(call->request.query, QByteArray("resourceVersion=0"));
        QCOMPARE(call->request.headers.first().second, QByteArray("text/list"));
        QCOMPARE(b.status().phase, Phase::Listing);
    }
    void r5_relistNamesTheLastVersionWithoutALimit()
    {
        Bench b;
        const auto watch = b.follow();
        watch->data("MODIFIED a ua 11 2\nERROR 410 Expired\n");
        const auto list = b.server.take();
        QVERIFY(!list->isWatch());
        QCOMPARE(list->query("resourceVersion"), u"11"_s);
        QCOMPARE(list->query("resourceVersionMatch"), u"NotOlderThan"_s);
        QVERIFY(!list->has("limit"));
    }
    void r5_goneRelistAsksForTheNewest()
    {
        Bench b;
        b.follow()->data("ERROR 410 Expired\n");
        b.server.take()->refuse(410, "Expired");
        const auto list = b.server.take(); // at once
        QVERIFY(!list->has("resourceVersion") && !list->has("resourceVersionMatch"));
        QCOMPARE(list->query("limit"), u"500"_s);
        list->answer(200, "text/list", "end 20\n");
        QVERIFY(b.content().empty());
        QCOMPARE(b.server.take()->query("resourceVersion"), u"20"_s);
    }
    void r5_tooLargeVersionAsksForTheNewest_data()
    {
        QTest::addColumn<QByteArray>("details");
        QTest::addColumn<QByteArray>("message");
        QTest::newRow("cause") << QByteArray(R"({"causes":[{"reason":"ResourceVersionTooLarge"}]})") << QByteArray("x");
        QTest::newRow("text") << QByteArray("{}") << QByteArray("Too large resource version: 11, current: 3");
    }
    void r5_tooLargeVersionAsksForTheNewest()
    {
        QFETCH(QByteArray, details);
        QFETCH(QByteArray, message);
        Bench b;
        b.follow()->data("ERROR 410 Gone\n");
        b.server.take()->refuse(504, "Timeout", message, {}, details);
        QVERIFY(!b.server.take()->has("resourceVersion"));
    }
    void r6_pagesGoOnWithoutAVersion()
    {
        Bench b;
        b.follow()->data("ERROR 410 Expired\n");
        b.server.take()->refuse(410, "Expired");
        b.server.take()->answer(200, "text/list", "b ub 12 1\nend 20 more/1\n");
        const auto second = b.server.take();
        QCOMPARE(second->query("continue"), u"more/1"_s);
        QCOMPARE(second->query("limit"), u"500"_s);
        QVERIFY(!second->has("resourceVersion") && !second->has("resourceVersionMatch"));
        QCOMPARE(b.content(), (Content{{u"a"_s, u"ua 1"_s}})); // nobody sees half of it
        second->answer(200, "text/list", "end 20 more/2\n");   // an empty page that is not the last
        b.server.take()->answer(200, "text/list", "c uc 13 1\nend 20\n");
        QCOMPARE(b.content(), (Content{{u"b"_s, u"ub 1"_s}, {u"c"_s, u"uc 1"_s}}));
        QCOMPARE(b.server.take()->query("resourceVersion"), u"20"_s);
    }
    void r6_expiredPageBecomesOneWholeList()
    {
        Bench b;
        b.follow()->data("ERROR 410 Expired\n");
        b.server.take()->refuse(410, "Expired");
        b.server.take()->answer(200, "text/list", "b ub 12 1\nend 20 token\n");
        b.server.take()->refuse(410, "Expired");
        const auto whole = b.server.take();
        QVERIFY(!whole->has("limit") && !whole->has("continue") && !whole->has("resourceVersion"));
        whole->answer(200, "text/list", "d ud 12 1\nend 25\n");
        QCOMPARE(b.content(), (Content{{u"d"_s, u"ud 1"_s}}));
    }
    void r6_firstListThatComesInPagesIsReadToItsEnd()
    {
        Bench b;
        b.server.take()->answer(200, "text/list", "a ua 1 1\nend 5 next\n");
        QVERIFY(!b.status().synced);
        b.server.take()->answer(200, "text/list", "b ub 1 1\nend 5\n");
        QVERIFY(b.status().synced);
        QCOMPARE(b.content().size(), 2u);
    }
    void selectorsGoWithEveryRequest()
    {
        Bench b({.labelSelector = "app in (x,y)", .fieldSelector = "spec.nodeName=n"});
        const auto list = b.server.take();
        QCOMPARE(list->query("labelSelector"), u"app in (x,y)"_s);
        list->answer(200, "text/list", "end 5\n");
        const auto watch = b.server.take();
        QCOMPARE(watch->query("labelSelector"), u"app in (x,y)"_s);
        QCOMPARE(watch->query("fieldSelector"), u"spec.nodeName=n"_s);
    }

    // ---- R18: what is gone
    void r18_relistSynthesizesDeletes()
    {
        Bench b;
        const auto watch = b.follow();
        watch->data("ADDED b ub 11 1\nADDED c uc 12 1\nERROR 410 Expired\n");
        b.sink.changes.clear();
        b.server.take()->answer(200, "text/list", "a ua 9 1\nc uc 14 2\nd ud 15 1\nend 20\n");
        b.sink.changes.sort();
        QCOMPARE(b.sink.changes, (QStringList{u"+d"_s, u"-b"_s, u"~c"_s})); // and nothing of "a", which is as it was
    }
    void r18_anotherObjectOfTheSameNameIsDeleteAndAdd()
    {
        Bench b;
        const auto watch = b.follow();
        b.sink.changes.clear();
        watch->data("MODIFIED a other 11 1\n");
        QCOMPARE(b.sink.changes, (QStringList{u"-a"_s, u"+a"_s}));
        watch->data("DELETED a ua 12 1\n"); // late, of the first one
        QCOMPARE(b.content(), (Content{{u"a"_s, u"other 1"_s}}));
    }
    void unchangedObjectsAreNotTold()
    {
        Bench b;
        const auto watch = b.follow();
        b.sink.changes.clear();
        watch->data("MODIFIED a ua 11 1\n");
        QVERIFY(b.sink.changes.isEmpty());
        QCOMPARE(b.reflector->resourceVersion(), u"11"_s);
    }

    // ---- one list only
    void singleListIsTheNewestAndEnds()
    {
        Bench b({.watch = false});
        const auto list = b.server.take();
        QVERIFY(!list->has("resourceVersion") && !list->has("limit"));
        list->answer(200, "text/list", "a ua 1 1\nend 5\n");
        QCOMPARE(b.status().phase, Phase::Done);
        b.pass(600'000);
        QCOMPARE(b.server.waiting(), 0u);
    }
    void singleListMayComeFromTheCache()
    {
        Bench b({.watch = false, .mostRecent = false});
        const auto list = b.server.take();
        QVERIFY(list->has("resourceVersion") && !list->has("limit") && !list->has("resourceVersionMatch"));
        list->answer(200, "text/list", "a ua 1 1\nend 5\n");
        QCOMPARE(b.status().phase, Phase::Done);
    }
    void singleListFailsAtOnceButWaitsWhenAsked()
    {
        Bench b({.watch = false});
        b.server.take()->refuse(429, "TooManyRequests", "x", {{"Retry-After", "1"}});
        QCOMPARE(b.status().phase, Phase::Waiting);
        b.pass(2'000);
        b.server.take()->cut();
        QCOMPARE(b.status().phase, Phase::Failed);
        b.pass(600'000);
        QCOMPARE(b.server.waiting(), 0u);
    }
};

QTEST_GUILESS_MAIN(ReflectorListTest)
#include "test_reflector_list.moc"
