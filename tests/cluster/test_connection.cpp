// SPDX-License-Identifier: GPL-3.0-or-later
// A whole connection against a scripted server, with a clock that stands still.
#include "ScriptedTransport.h"
#include "cluster/ConnectionWorker.h"
#include "cluster/Decoder.h"

#include <QtTest/QTest>

using namespace Qt::StringLiterals;
using namespace wk;
using namespace wk::cluster;
using namespace wk::test;
using State = table::Freshness::State;
using Phase = ConnectionState::Phase;

namespace {

QByteArray object(const char* name, int version, const char* phase = "Active", const char* space = nullptr)
{
    QByteArray o = QByteArray("{\"kind\":\"Namespace\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"") + name +
                   "\",\"uid\":\"u-" + (space ? space : "") + name + "\",";
    if (space)
        o += QByteArray("\"namespace\":\"") + space + "\",";
    return o + "\"resourceVersion\":\"" + QByteArray::number(version) +
           "\",\"creationTimestamp\":\"2026-01-01T00:00:00Z\"},\"status\":{\"phase\":\"" + phase + "\"}}";
}

QByteArray list(const QByteArrayList& items, int version)
{
    return "{\"kind\":\"NamespaceList\",\"apiVersion\":\"v1\",\"metadata\":{\"resourceVersion\":\"" +
           QByteArray::number(version) + "\"},\"items\":[" + items.join(',') + "]}";
}

QByteArray told(const char* type, const QByteArray& o)
{
    return QByteArray("{\"type\":\"") + type + "\",\"object\":" + o + "}\n";
}

constexpr auto json = "application/json";
constexpr auto version20 = "{\"major\":\"1\",\"minor\":\"20\",\"gitVersion\":\"v1.20.2\"}";
constexpr auto notServed = "404 page not found";

ResourceKind kindOf(const char* resource, const char* version = "v1", const char* group = "", bool namespaced = false)
{
    ResourceKind k;
    k.group = QString::fromUtf8(group);
    k.version = QString::fromUtf8(version);
    k.resource = QString::fromUtf8(resource);
    k.namespaced = namespaced;
    return k;
}

/// Stands still until told; its wall clock can jump, as after sleep.
class JumpingClock final : public Clock
{
public:
    qint64 nowMs() const override { return m_inner.nowMs() + jumpedMs; }
    qint64 monotonicMs() const override { return m_inner.monotonicMs(); }
    std::shared_ptr<void> after(QObject* context, qint64 delayMs, std::function<void()> f) override
    {
        return m_inner.after(context, delayMs, std::move(f));
    }
    void advance(qint64 ms) { m_inner.advance(ms); }
    qint64 jumpedMs = 0;

private:
    ManualClock m_inner;
};

struct Bench
{
    explicit Bench(ClusterConnection::Options options = {})
    {
        auto transport = std::make_unique<ScriptedTransport>();
        server = transport.get();
        platform::ResolvedContext context;
        context.server = QUrl(u"https://server:6443"_s);
        context.userName = u"ann"_s;
        context.space = u"home"_s;
        options.random = [] { return 0.5; };
        ConnectionWorker::Services services{std::move(transport), clock, counters, [this] { ++drops; }};
        worker = std::make_unique<ConnectionWorker>(
            ConnectionWorker::Setup{context, options}, std::move(services),
            ConnectionWorker::Outbox{[this](ConnectionState s) { state = std::move(s); },
                                     [this](QList<ResourceKind> k) { kinds = std::move(k); },
                                     [this](quint64 id, TableUpdate u) { apply(id, std::move(u)); }});
        worker->start();
    }

    void apply(quint64 id, TableUpdate&& update)
    {
        Table& t = tables[id];
        if (update.columns)
            t.columns = *update.columns;
        if (update.batch) {
            ++t.batches;
            QVERIFY2(!t.owed, "a second batch before the first was acknowledged");
            t.owed = true;
            if (update.batch->reset)
                t.rows.clear();
            for (const QString& gone : update.batch->removed)
                t.rows.erase(gone);
            for (const auto& row : update.batch->upserts) {
                QCOMPARE(qsizetype(row->cells.size()),
                         t.columns.isEmpty() ? qsizetype(row->cells.size()) : t.columns.size());
                t.rows[row->id] = row;
            }
        }
        if (update.freshness) {
            if (t.states.isEmpty() || t.states.last() != update.freshness->state)
                t.states += update.freshness->state;
            t.freshness = *update.freshness;
        }
        if (update.kind)
            t.kind = *update.kind;
    }

    /// Lets time pass in steps, acknowledging batches.
    void pass(qint64 ms)
    {
        do {
            const qint64 step = std::min<qint64>(ms, 50);
            clock.advance(step);
            QCoreApplication::sendPostedEvents();
            if (acknowledging) {
                for (auto& [id, t] : tables) {
                    if (std::exchange(t.owed, false))
                        worker->acknowledge(id);
                }
            }
            ms -= step;
            if (beating)
                beat();
        } while (ms > 0);
    }
    void beat()
    {
        for (const char* path : {"/version", "/readyz"}) {
            while (const auto call = server->takePath(path))
                call->answer(200, json, version20);
        }
    }
    void noDiscovery()
    {
        for (const char* path : {"/api", "/apis"}) {
            if (const auto call = server->takePath(path))
                call->refuse(500, "InternalError");
        }
    }

    struct Table
    {
        std::map<QString, table::RowPtr> rows;
        table::Columns columns;
        table::Freshness freshness;
        QList<State> states;
        ResourceKind kind;
        int batches = 0;
        bool owed = false;
    };
    JumpingClock clock;
    ConnectionCounters counters;
    ScriptedTransport* server = nullptr;
    ConnectionState state;
    QList<ResourceKind> kinds;
    std::map<quint64, Table> tables;
    bool beating = true;
    bool acknowledging = true;
    int drops = 0;
    std::unique_ptr<ConnectionWorker> worker;
};

} // namespace

class ConnectionTest : public QObject
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
    void batchesAreBoundedWhileTheGuiIsBehind();
    void firstRowsComeEarly();
    void singleListComesInOneBatch();
    void versionThatIsNotServedIsReplacedAfterDiscovery();
    void kindThatIsNotServedSaysSo();
    void forbiddenClusterIsReadBySpace();
    void forbiddenEverywhereSaysSo();
    void usageJoinsTheRows();
    void missingGroupKeepsItsKinds();
    void callsAreAnsweredOrCancelled();
};

void ConnectionTest::versionFirstThenTheList()
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

void ConnectionTest::unreachableServerIsToldOnceAndTriedAgain()
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

void ConnectionTest::refusedCredentialIsTriedSeldom()
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

namespace {
/// A connection with one live table "namespaces" and its watch.
ScriptedTransport::CallPtr follow(Bench& b)
{
    b.worker->openTable(1, kindOf("namespaces"), {});
    b.beat();
    b.noDiscovery();
    b.server->takePath("/api/v1/namespaces")->answer(200, json, list({object("a", 1)}, 10));
    auto watch = b.server->takePath("/api/v1/namespaces", true);
    watch->head(200, json);
    b.pass(200);
    return watch;
}
} // namespace

void ConnectionTest::deadNetworkIsShownWithinFiveSeconds()
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

void ConnectionTest::lateHeartbeatBehindALargeListIsNoLoss()
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

void ConnectionTest::cutIsShownAtOnceAndEndsWithTheServersReturn()
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

void ConnectionTest::serverThatIsNotReadyIsNotLive()
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

void ConnectionTest::sleepReconnectsEverything()
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

void ConnectionTest::batchesAreBoundedWhileTheGuiIsBehind()
{
    Bench b;
    const auto watch = follow(b);
    b.acknowledging = false;
    const int before = b.tables[1].batches;
    for (int i = 0; i < 1000; ++i) {
        watch->data(told("MODIFIED", object("a", 11 + i, i % 2 ? "Active" : "Terminating")));
        watch->data(told("ADDED", object("x", 2000 + i)));
        watch->data(told("DELETED", object("x", 3000 + i)));
        if (i % 10 == 0)
            b.pass(50);
    }
    QCOMPARE(b.tables[1].batches, before + 1); // under way
    watch->data(told("ADDED", object("c", 5000)));
    b.acknowledging = true;
    b.pass(200);
    QCOMPARE(b.tables[1].batches, before + 2);
    QCOMPARE(b.tables[1].rows.size(), 2u);
    QCOMPARE(b.counters.events.load(), 3001);
}

void ConnectionTest::firstRowsComeEarly()
{
    Bench b;
    b.worker->openTable(1, kindOf("namespaces"), {});
    b.beat();
    const auto call = b.server->takePath("/api/v1/namespaces");
    const QByteArray body = list({object("a", 1), object("b", 2), object("c", 3)}, 10);
    call->head(200, json);
    call->data(body.first(body.indexOf("u-c") - 30));
    b.pass(100);
    QVERIFY(b.tables[1].rows.size() >= 1);
    QCOMPARE(b.tables[1].freshness.state, State::Loading);
    call->data(body.sliced(body.indexOf("u-c") - 30));
    call->end();
    b.pass(300);
    QCOMPARE(b.tables[1].rows.size(), 3u);
    QCOMPARE(b.tables[1].freshness.state, State::Live);
}

void ConnectionTest::singleListComesInOneBatch()
{
    ClusterConnection::Options options;
    options.watch = false;
    Bench b(options);
    b.worker->openTable(1, kindOf("namespaces"), {});
    b.beat();
    const auto call = b.server->takePath("/api/v1/namespaces");
    const QByteArray body = list({object("a", 1), object("b", 2), object("c", 3)}, 10);
    call->head(200, json);
    for (const char c : body) {
        call->data(QByteArray(1, c));
        b.pass(10);
    }
    QCOMPARE(b.tables[1].batches, 0);
    call->end();
    b.pass(0);
    QCOMPARE(b.tables[1].rows.size(), 3u);
    QCOMPARE(b.tables[1].freshness.state, State::Live);
    b.pass(60'000);
    QCOMPARE(b.server->calls.size(), 2u); // no heartbeat, no discovery
}

namespace {
void discover(Bench& b, const QByteArray& groups, const std::map<QByteArray, QByteArray>& resources)
{
    b.server->takePath("/api")->answer(200, json, R"({"kind":"APIVersions","versions":["v1"]})");
    b.server->takePath("/apis")->answer(200, json, "{\"kind\":\"APIGroupList\",\"groups\":[" + groups + "]}");
    b.server->takePath("/api/v1")->answer(200, json, R"({"resources":[
        {"name":"pods","namespaced":true,"kind":"Pod","verbs":["list","watch"]},
        {"name":"namespaces","namespaced":false,"kind":"Namespace","verbs":["list","watch"]}]})");
    for (const auto& [path, body] : resources) {
        const auto call = b.server->takePath(path);
        QVERIFY(call);
        body.isEmpty() ? call->refuse(503, "ServiceUnavailable") : call->answer(200, json, body);
    }
}
constexpr auto batchGroup =
    R"({"name":"batch","versions":[{"version":"v1"},{"version":"v1beta1"}],"preferredVersion":{"version":"v1"}})";
constexpr auto batchV1 = R"({"resources":[{"name":"jobs","namespaced":true,"kind":"Job","verbs":["list","watch"]}]})";
constexpr auto batchBeta =
    R"({"resources":[{"name":"cronjobs","namespaced":true,"kind":"CronJob","verbs":["list","watch"]}]})";
} // namespace

void ConnectionTest::versionThatIsNotServedIsReplacedAfterDiscovery()
{
    for (const bool watch : {true, false}) {
        ClusterConnection::Options options;
        options.watch = watch;
        Bench b(options);
        b.worker->openTable(1, kindOf("cronjobs", "v1", "batch", true), {});
        b.beat();
        b.server->takePath("/apis/batch/v1/cronjobs")->answer(404, "text/plain", notServed);
        b.pass(0);
        QCOMPARE(b.tables[1].freshness.state, State::Loading); // no verdict before discovery
        discover(b, batchGroup, {{"/apis/batch/v1", batchV1}, {"/apis/batch/v1beta1", batchBeta}});
        b.pass(0);
        QCOMPARE(b.tables[1].kind.version, u"v1beta1"_s);
        const auto call = b.server->takePath("/apis/batch/v1beta1/cronjobs");
        QVERIFY(call);
        call->answer(
            200, json,
            R"({"kind":"CronJobList","apiVersion":"batch/v1beta1","metadata":{"resourceVersion":"3"},"items":[]})");
        b.pass(100);
        QCOMPARE(b.tables[1].freshness.state, State::Live);
        QVERIFY(!b.tables[1].states.contains(State::Unavailable));
    }
}

void ConnectionTest::kindThatIsNotServedSaysSo()
{
    Bench b;
    b.worker->openTable(1, kindOf("widgets", "v1", "example.io"), {});
    b.worker->openTable(2, kindOf("namespaces"), {});
    b.beat();
    b.server->takePath("/apis/example.io/v1/widgets")->answer(404, "text/plain", notServed);
    discover(b, batchGroup, {{"/apis/batch/v1", batchV1}, {"/apis/batch/v1beta1", batchBeta}});
    b.server->takePath("/api/v1/namespaces")->answer(200, json, list({object("a", 1)}, 10));
    b.pass(200);
    QCOMPARE(b.tables[1].freshness.state, State::Unavailable);
    QCOMPARE(b.tables[1].freshness.error->httpStatus, 404);
    QCOMPARE(b.tables[2].freshness.state, State::Live); // disturbs no other
    QCOMPARE(b.kinds.size(), 4);
    b.pass(6'000); // the kind is installed meanwhile
    const auto again = b.server->takePath("/apis/example.io/v1/widgets");
    QVERIFY(again);
}

void ConnectionTest::forbiddenClusterIsReadBySpace()
{
    Bench b;
    b.worker->openTable(1, kindOf("configmaps", "v1", "", true), {});
    b.beat();
    b.noDiscovery();
    b.server->takePath("/api/v1/configmaps")->refuse(403, "Forbidden");
    b.pass(0);
    QCOMPARE(b.tables[1].freshness.state, State::Loading);
    const auto spaces = b.server->takePath("/api/v1/namespaces");
    QVERIFY(spaces);
    spaces->answer(200, json, list({object("x", 1), object("y", 2)}, 5));
    b.pass(0);
    const auto make = [](const char* space) {
        return QByteArray(
                   R"({"kind":"ConfigMapList","apiVersion":"v1","metadata":{"resourceVersion":"9"},"items":[{"metadata":{"name":"c","namespace":")") +
               space + R"(","uid":"u-)" + space + R"(","resourceVersion":"4"}}]})";
    };
    b.server->takePath("/api/v1/namespaces/x/configmaps")->answer(200, json, make("x"));
    b.server->takePath("/api/v1/namespaces/y/configmaps")->refuse(403, "Forbidden");
    b.pass(300);
    QCOMPARE(b.tables[1].rows.size(), 1u);
    QCOMPARE(b.tables[1].freshness.state, State::Live);
    QVERIFY(b.tables[1].freshness.error); // live, and not all there is
}

void ConnectionTest::forbiddenEverywhereSaysSo()
{
    Bench b;
    b.worker->openTable(1, kindOf("configmaps", "v1", "", true), {});
    b.beat();
    b.noDiscovery();
    b.server->takePath("/api/v1/configmaps")->refuse(403, "Forbidden");
    b.pass(0);
    b.server->takePath("/api/v1/namespaces")->refuse(403, "Forbidden");
    b.pass(0);
    const auto home = b.server->takePath("/api/v1/namespaces/home/configmaps"); // the context's own
    QVERIFY(home);
    home->refuse(403, "Forbidden");
    b.pass(0);
    QCOMPARE(b.tables[1].freshness.state, State::Unavailable);
    QCOMPARE(b.tables[1].freshness.error->httpStatus, 403);
    QCOMPARE(int(b.state.phase), int(Phase::Live));
    const auto states = b.tables[1].states;
    for (int i = 0; i < 400; ++i) { // asked again now and then, which is not to be seen
        if (const auto again = b.server->takePath("/api/v1/namespaces/home/configmaps"))
            i % 2 ? again->refuse(403, "Forbidden") : again->cut();
        b.pass(500);
    }
    QCOMPARE(b.tables[1].states, states);
    QCOMPARE(b.tables[1].freshness.error->httpStatus, 403);
}

void ConnectionTest::usageJoinsTheRows()
{
    Bench b;
    b.worker->openTable(1, kindOf("pods", "v1", "", true), {});
    b.beat();
    b.server->takePath("/api/v1/pods")
        ->answer(200, json, R"({"kind":"PodList","apiVersion":"v1","metadata":{"resourceVersion":"9"},"items":[
        {"metadata":{"name":"p","namespace":"x","uid":"u1","resourceVersion":"4"},"spec":{"containers":[{"name":"c"}]},"status":{"phase":"Running"}},
        {"metadata":{"name":"q","namespace":"x","uid":"u2","resourceVersion":"5"},"spec":{"containers":[{"name":"c"}]},"status":{"phase":"Running"}}]})");
    b.server->takePath("/api/v1/pods", true)->head(200, json);
    b.pass(300);
    const auto plain = b.tables[1].rows.at(u"u1"_s)->cells.size();
    discover(b,
             R"({"name":"metrics.k8s.io","versions":[{"version":"v1beta1"}],"preferredVersion":{"version":"v1beta1"}})",
             {{"/apis/metrics.k8s.io/v1beta1",
               R"({"resources":[{"name":"pods","namespaced":true,"kind":"PodMetrics","verbs":["get","list"]}]})"}});
    b.server->takePath("/apis/metrics.k8s.io/v1beta1/pods")->answer(200, json, R"({"items":[
        {"metadata":{"name":"p","namespace":"x"},"containers":[{"usage":{"cpu":"250m","memory":"1Mi"}}]}]})");
    b.pass(300);
    QCOMPARE(b.tables[1].columns.size(), qsizetype(plain + 2));
    const int cpu = table::indexOfColumn(b.tables[1].columns, u"cpu");
    QVERIFY(cpu >= 0 && b.tables[1].columns[cpu].extra);
    QCOMPARE(std::get<qint64>(b.tables[1].rows.at(u"u1"_s)->cells[size_t(cpu)]), 250);
    QVERIFY(table::isEmpty(b.tables[1].rows.at(u"u2"_s)->cells[size_t(cpu)]));
    const int batches = b.tables[1].batches;
    b.pass(15'500); // polled again; the other pod has figures now
    b.server->takePath("/apis/metrics.k8s.io/v1beta1/pods")->answer(200, json, R"({"items":[
        {"metadata":{"name":"p","namespace":"x"},"containers":[{"usage":{"cpu":"250m","memory":"1Mi"}}]},
        {"metadata":{"name":"q","namespace":"x"},"containers":[{"usage":{"cpu":"10m","memory":"2Mi"}}]}]})");
    b.pass(300);
    QCOMPARE(b.tables[1].batches, batches + 1);
    QCOMPARE(std::get<qint64>(b.tables[1].rows.at(u"u2"_s)->cells[size_t(cpu)]), 10);
}

void ConnectionTest::missingGroupKeepsItsKinds()
{
    Bench b;
    b.beat();
    discover(b, batchGroup, {{"/apis/batch/v1", batchV1}, {"/apis/batch/v1beta1", batchBeta}});
    QCOMPARE(b.kinds.size(), 4);
    b.pass(61'000);
    discover(b, batchGroup, {{"/apis/batch/v1", QByteArray()}, {"/apis/batch/v1beta1", batchBeta}});
    QCOMPARE(b.kinds.size(), 4);
}

void ConnectionTest::callsAreAnsweredOrCancelled()
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

QTEST_GUILESS_MAIN(ConnectionTest)
#include "test_connection.moc"
