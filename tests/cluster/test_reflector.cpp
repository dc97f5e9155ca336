// SPDX-License-Identifier: GPL-3.0-or-later
// Each rule of list+watch against a scripted server with a clock that stands still. The numbers are those of the rules
// of client-go's Reflector as the project collected them: R1 streamed lists … R18 synthesized deletes.
#include "FakeRenderer.h"
#include "ScriptedTransport.h"
#include "cluster/Reflector.h"
#include "cluster/ReflectorFeed.h"
#include "cluster/RowStore.h"

#include <QtTest/QTest>

using namespace Qt::StringLiterals;
using namespace wk;
using namespace wk::cluster;
using namespace wk::test;
using Phase = ReflectorStatus::Phase;
using Content = std::map<QString, QString>; // key -> "uid value"

namespace {

class Recorder final : public ReflectorSink
{
public:
    void listBegan(bool initial) override
    {
        ++lists;
        store.beginList(initial && store.size() == 0);
    }
    void listed(Decoded&& object) override { store.listed(std::move(object)); }
    void listEnded() override { store.commitList(); }
    void listFailed() override { store.abandonList(); }
    void changed(WatchEvent::Type type, Decoded&& object) override
    {
        type == WatchEvent::Type::Deleted ? store.remove(object) : store.upsert(std::move(object));
    }
    void statusChanged() override { ++statuses; }

    [[nodiscard]] Content content() const
    {
        Content c;
        store.forEach([&](const QString& key, const table::RowPtr& row) {
            c[key] = row->id + u' ' + std::get<QString>(row->cells[1]);
        });
        return c;
    }

    QStringList changes;
    int lists = 0;
    int statuses = 0;
    RowStore store{[this](const table::RowPtr& before, const table::RowPtr& after) {
        changes += before && after ? u"~"_s + after->name : after ? u"+"_s + after->name : u"-"_s + before->name;
    }};
};

struct Bench
{
    explicit Bench(Reflector::Options options = {}, bool bookmarks = true)
    {
        renderer->bookmarks = bookmarks;
        ResourceKind kind;
        kind.version = u"v1"_s;
        kind.resource = u"pods"_s;
        reflector = std::make_unique<Reflector>(
            kind, QString(), renderer, server, clock, [this] { return random; }, options, sink);
        reflector->start();
    }
    ~Bench()
    {
        reflector.reset();
        QCoreApplication::sendPostedEvents();
    }

    /// Lists "a" at version 10 and opens the watch.
    ScriptedTransport::CallPtr follow()
    {
        server.take()->answer(200, "text/list", "a ua 9 1\nend 10\n");
        auto watch = server.take();
        watch->head(200, "text/watch");
        return watch;
    }
    void pass(qint64 ms)
    {
        clock.advance(ms);
        QCoreApplication::sendPostedEvents();
    }
    [[nodiscard]] const ReflectorStatus& status() const { return reflector->status(); }
    [[nodiscard]] Content content() const { return sink.content(); }

    ScriptedTransport server;
    ManualClock clock;
    double random = 0.5;
    Recorder sink;
    std::shared_ptr<FakeRenderer> renderer = std::make_shared<FakeRenderer>();
    std::unique_ptr<Reflector> reflector;
};

} // namespace

class ReflectorTest : public QObject
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
    void r16_unknownEventsAreSkipped()
    {
        Bench b;
        const auto watch = b.follow();
        watch->data("LATER x y z\nMODIFIED a ua 12 2\n");
        QCOMPARE(b.content(), (Content{{u"a"_s, u"ua 2"_s}}));
        QVERIFY(b.status().isLive());
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

    // ---- everything at once
    void randomHistoryEndsInTheServersState_data()
    {
        QTest::addColumn<int>("seed");
        for (int seed = 0; seed < 60; ++seed)
            QTest::newRow(qPrintable(QString::number(seed))) << seed;
    }
    void randomHistoryEndsInTheServersState();
    void pendingRowsBringAFollowerToTheSameState();
};

namespace {

/// A server with a history, for random walks.
struct ModelServer
{
    struct Event
    {
        int version;
        QByteArray line;
    };
    Content content;
    std::map<QString, QByteArray> uids;
    std::vector<Event> events;
    int version = 10;
    int oldest = 10;
    int nextUid = 0;

    void step(QRandomGenerator& random)
    {
        const QString key = u"k%1"_s.arg(random.bounded(12));
        const QByteArray k = key.toUtf8();
        ++version;
        const QByteArray v = QByteArray::number(version);
        const auto line = [&](const char* type) { return QByteArray(type) + ' ' + k + ' ' + uids[key] + ' ' + v; };
        if (!content.contains(key)) {
            uids[key] = "u" + QByteArray::number(nextUid++);
            events.push_back({version, line("ADDED") + " " + v + "\n"});
            content[key] = QString::fromUtf8(uids[key] + ' ' + v);
        } else if (random.bounded(3) == 0) {
            events.push_back({version, line("DELETED") + " x\n"});
            content.erase(key);
        } else {
            events.push_back({version, line("MODIFIED") + " " + v + "\n"});
            content[key] = QString::fromUtf8(uids[key] + ' ' + v);
        }
    }
    [[nodiscard]] QByteArray list() const
    {
        QByteArray body;
        for (const auto& [key, value] : content)
            body += key.toUtf8() + ' ' + value.section(u' ', 0, 0).toUtf8() + " 1 " + value.section(u' ', 1).toUtf8() +
                    '\n';
        return body + "end " + QByteArray::number(version) + '\n';
    }
};

} // namespace

void ReflectorTest::randomHistoryEndsInTheServersState()
{
    QFETCH(int, seed);
    QRandomGenerator random{quint32(seed)};
    ModelServer model;
    Bench b({.watchList = seed % 3 == 0});
    struct Open
    {
        ScriptedTransport::CallPtr call;
        int at;
        bool dead;
    };
    std::vector<Open> watches;
    const auto serve = [&](bool honest) {
        while (b.server.waiting()) {
            const auto call = b.server.take();
            if (!call->alive)
                continue;
            const int dice = honest ? 100 : random.bounded(100);
            const int from = call->query("resourceVersion").toInt();
            if (dice < 5) {
                call->cut();
            } else if (dice < 8) {
                call->refuse(429, "TooManyRequests");
            } else if (dice < 11) {
                call->refuse(500, "InternalError");
            } else if (dice < 13) {
                continue; // never answered
            } else if (!call->isWatch()) {
                if (dice < 18)
                    call->answer(200, "text/list", model.list().chopped(3));
                else if (from > 10 && dice < 25)
                    call->refuse(410, "Expired");
                else
                    call->answer(200, "text/list", model.list());
            } else if (call->has("sendInitialEvents")) {
                if (!honest && dice < 40) {
                    call->refuse(403, "Forbidden");
                    continue;
                }
                call->head(200, "text/watch");
                for (const QByteArray& line : model.list().split('\n')) {
                    if (!line.isEmpty() && !line.startsWith("end"))
                        call->data("ADDED " + line + '\n');
                }
                call->data("BOOKMARK " + QByteArray::number(model.version) + " end\n");
                watches.push_back({call, model.version, false});
            } else if (from < model.oldest) {
                call->refuse(410, "Expired");
            } else {
                call->head(200, "text/watch");
                watches.push_back({call, from, dice < 20});
            }
        }
    };
    const auto deliver = [&](bool honest) {
        for (auto& w : watches) {
            if (w.dead && !honest)
                continue; // half-open: neither events nor an end
            if (w.dead)
                continue;
            for (const auto& event : model.events) {
                if (event.version > w.at) {
                    w.at = event.version;
                    w.call->data(event.line);
                }
            }
            if (!honest && random.bounded(10) == 0)
                w.call->data("BOOKMARK " + QByteArray::number(w.at) + "\n");
        }
    };
    for (int step = 0; step < 300; ++step) {
        serve(false);
        model.step(random);
        if (random.bounded(2))
            deliver(false);
        const int dice = random.bounded(100);
        if (dice < 4 && !watches.empty())
            watches.back().call->cut();
        else if (dice < 8 && !watches.empty())
            watches.back().call->end();
        else if (dice < 10 && !watches.empty())
            watches.back().call->data("ERROR 410 Expired\n");
        else if (dice < 12 && !watches.empty())
            watches.back().call->data("gar\xff"
                                      "bage\n");
        else if (dice < 14)
            model.oldest = model.version;
        else if (dice < 16)
            b.reflector->kick();
        else if (dice < 18)
            b.reflector->restart();
        else if (dice < 20)
            b.reflector->verify();
        b.pass(random.bounded(3'000));
    }
    for (int i = 0; i < 80; ++i) { // the server is well again
        serve(true);
        deliver(true);
        b.pass(1'000);
    }
    QCOMPARE(b.content(), model.content);
    QVERIFY2(b.status().isLive(),
             qPrintable(b.status().error ? b.status().error->sentence : QString::number(int(b.status().phase))));
}

void ReflectorTest::pendingRowsBringAFollowerToTheSameState()
{
    QRandomGenerator random{7};
    RowStorePending pending;
    std::map<QString, table::RowPtr> follower;
    RowStore store([&](const table::RowPtr& before, const table::RowPtr& after) { pending.add(before, after); });
    for (int step = 0; step < 20'000; ++step) {
        const QByteArray key = "k" + QByteArray::number(random.bounded(20));
        const QList<QByteArray> words{key, key + QByteArray::number(random.bounded(2)), "1",
                                      QByteArray::number(random.bounded(3))};
        switch (random.bounded(6)) {
        case 0: store.remove(FakeRenderer::object(words)); break;
        case 1:
            if (random.bounded(20) == 0) {
                store.beginList(random.bounded(2));
                for (int i = 0; i < 10; ++i) {
                    const QByteArray k = "k" + QByteArray::number(random.bounded(20));
                    store.listed(FakeRenderer::object({k, k + "0", "1", "9"}));
                }
                random.bounded(3) ? store.commitList() : store.abandonList();
            }
            break;
        default: store.upsert(FakeRenderer::object(words));
        }
        if (random.bounded(7) == 0) {
            const table::Batch batch = pending.take();
            QVERIFY(!batch.reset);
            for (const QString& id : batch.removed)
                QVERIFY2(follower.erase(id) == 1, "removes what the follower never had");
            for (const auto& row : batch.upserts)
                follower[row->id] = row;
            QCOMPARE(follower.size(), store.size());
            store.forEach([&](const QString&, const table::RowPtr& row) {
                QVERIFY(follower.contains(row->id));
                QVERIFY(follower[row->id]->sameContent(*row));
            });
        }
    }
}

QTEST_GUILESS_MAIN(ReflectorTest)
#include "test_reflector.moc"
