// SPDX-License-Identifier: GPL-3.0-or-later
#include "ConnectionFixture.h"

using namespace Qt::StringLiterals;
using namespace wk;
using namespace wk::cluster;
using namespace wk::test;
using State = table::Freshness::State;
using Phase = ConnectionState::Phase;

/// What a connection brings into its tables, and which kinds there are.
class ConnectionTablesTest : public QObject
{
    Q_OBJECT

private slots:
    void batchesAreBoundedWhileTheGuiIsBehind();
    void firstRowsComeEarly();
    void singleListComesInOneBatch();
    void versionThatIsNotServedIsReplacedAfterDiscovery();
    void kindThatIsNotServedSaysSo();
    void forbiddenClusterIsReadBySpace();
    void forbiddenEverywhereSaysSo();
    void theWholeIsAskedForAgain();
    void versionsAreToldWhereTheyAreFollowed();
    void usageJoinsTheRows();
    void missingGroupKeepsItsKinds();
};

void ConnectionTablesTest::batchesAreBoundedWhileTheGuiIsBehind()
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

void ConnectionTablesTest::firstRowsComeEarly()
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

void ConnectionTablesTest::singleListComesInOneBatch()
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

void ConnectionTablesTest::versionThatIsNotServedIsReplacedAfterDiscovery()
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

void ConnectionTablesTest::kindThatIsNotServedSaysSo()
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

void ConnectionTablesTest::forbiddenClusterIsReadBySpace()
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

void ConnectionTablesTest::forbiddenEverywhereSaysSo()
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

// A server that has just started forbids what it allows a moment later: the table must not stay with a part of it.
void ConnectionTablesTest::theWholeIsAskedForAgain()
{
    Bench b;
    b.worker->openTable(1, kindOf("configmaps", "v1", "", true), {});
    b.beat();
    b.noDiscovery();
    b.server->takePath("/api/v1/configmaps")->refuse(403, "Forbidden");
    b.pass(0);
    b.server->takePath("/api/v1/namespaces")->refuse(403, "Forbidden");
    b.pass(0);
    b.server->takePath("/api/v1/namespaces/home/configmaps")->refuse(403, "Forbidden");
    b.pass(0);
    QCOMPARE(b.tables[1].freshness.state, State::Unavailable);
    const auto question = [&b] {
        for (int i = 0; i < 800; ++i) {
            if (const auto home = b.server->takePath("/api/v1/namespaces/home/configmaps"))
                home->refuse(403, "Forbidden");
            if (const auto whole = b.server->takePath("/api/v1/configmaps"))
                return whole;
            b.pass(500);
        }
        return decltype(b.server->takePath("")){};
    };
    const auto refused = question();
    QVERIFY(refused);
    QVERIFY(refused->request.query.contains("limit=1"));
    refused->refuse(403, "Forbidden");
    const auto allowed = question();
    QVERIFY(allowed);
    allowed->answer(200, json, list({object("a", 1)}, 5));
    b.pass(0);
    const auto whole = b.server->takePath("/api/v1/configmaps");
    QVERIFY(whole);
    whole->answer(200, json, list({object("a", 1), object("b", 2)}, 7));
    b.pass(300);
    QCOMPARE(b.tables[1].rows.size(), 2u);
    QCOMPARE(b.tables[1].freshness.state, State::Live);
    QVERIFY(!b.tables[1].freshness.error);
}

// A row that stays the same is no news for a table; the version of its object is for whoever looks closer.
void ConnectionTablesTest::versionsAreToldWhereTheyAreFollowed()
{
    Bench b;
    const auto watch = follow(b);
    b.pass(100);
    watch->data(told("MODIFIED", object("a", 11)));
    b.pass(100);
    QVERIFY(b.tables[1].versions.isEmpty());
    b.worker->followVersions(1);
    const int before = b.tables[1].batches;
    for (int version = 12; version < 20; ++version)
        watch->data(told("MODIFIED", object("a", version)));
    watch->data(told("DELETED", object("b", 20)));
    b.pass(100);
    QCOMPARE(b.tables[1].versions, (QStringList{u"u-a=19"_s})); // once for all that came meanwhile
    b.tables[1].versions.clear();
    watch->data(told("MODIFIED", object("a", 21)));
    b.pass(100);
    QCOMPARE(b.tables[1].versions, (QStringList{u"u-a=21"_s}));
    QVERIFY(b.tables[1].batches <= before + 1); // the removal at most
}

void ConnectionTablesTest::usageJoinsTheRows()
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
    const auto usage = UsageCells(b.tables[1].columns.first(qsizetype(plain))).columns();
    QCOMPARE(b.tables[1].columns.size(), qsizetype(plain) + usage.size());
    QCOMPARE(b.tables[1].rows.at(u"u2"_s)->cells.size(), size_t(b.tables[1].columns.size()));
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

void ConnectionTablesTest::missingGroupKeepsItsKinds()
{
    Bench b;
    b.beat();
    discover(b, batchGroup, {{"/apis/batch/v1", batchV1}, {"/apis/batch/v1beta1", batchBeta}});
    QCOMPARE(b.kinds.size(), 4);
    b.pass(61'000);
    discover(b, batchGroup, {{"/apis/batch/v1", QByteArray()}, {"/apis/batch/v1beta1", batchBeta}});
    QCOMPARE(b.kinds.size(), 4);
}

QTEST_GUILESS_MAIN(ConnectionTablesTest)
#include "test_connection_tables.moc"
