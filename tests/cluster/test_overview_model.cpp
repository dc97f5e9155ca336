// SPDX-License-Identifier: GPL-3.0-or-later
#include "cluster/KindCatalog.h"
#include "cluster/tallies/HealthTally.h"
#include "cluster/tallies/Overview.h"
#include "cluster/tallies/SpaceSource.h"

#include <QtTest/QtTest>

using namespace wk;
using namespace wk::cluster;
using namespace Qt::StringLiterals;
using table::Batch;
using table::Cell;
using table::Freshness;
using table::Health;
using table::RowPtr;

namespace {

/// A table made by hand; batches go through it as a connection would send them.
class HandTable final : public table::TableSource
{
public:
    explicit HandTable(table::Columns columns) : m_columns(std::move(columns)) {}
    table::Columns columns() const override { return m_columns; }
    std::vector<RowPtr> rows() const override
    {
        std::vector<RowPtr> all;
        for (const auto& [id, row] : m_rows)
            all.push_back(row);
        return all;
    }
    Freshness freshness() const override { return m_freshness; }
    void setState(Freshness::State state)
    {
        m_freshness.state = state;
        emit freshnessChanged();
    }
    void apply(const Batch& batch)
    {
        if (batch.reset)
            m_rows.clear();
        for (const QString& id : batch.removed)
            m_rows.erase(id);
        for (const RowPtr& row : batch.upserts)
            m_rows[row->id] = row;
        emit changed(batch);
    }
    void put(RowPtr row) { apply({.reset = false, .upserts = {std::move(row)}, .removed = {}}); }
    void remove(const QString& id) { apply({.reset = false, .upserts = {}, .removed = {id}}); }

private:
    table::Columns m_columns;
    std::map<QString, RowPtr> m_rows;
    Freshness m_freshness{.state = Freshness::State::Live, .error = std::nullopt};
};

using K = table::Column::Kind;
const table::Columns readyColumns{{u"name"_s, u"Name"_s, K::Text, false, {}, false},
                                  {u"ready"_s, u"Ready"_s, K::Ratio, false, {}, false}};
const table::Columns daemonColumns{{u"desired"_s, u"Desired"_s, K::Number, false, {}, false},
                                   {u"ready"_s, u"Ready"_s, K::Number, false, {}, false}};
const table::Columns eventColumns{
    {u"last-seen"_s, u"Last Seen"_s, K::Age, false, {}, false}, {u"type"_s, u"Type"_s, K::Text, false, {}, false},
    {u"reason"_s, u"Reason"_s, K::Text, false, {}, false},      {u"object"_s, u"Object"_s, K::Text, false, {}, false},
    {u"message"_s, u"Message"_s, K::Text, false, {}, false},    {u"count"_s, u"Count"_s, K::Number, true, {}, false}};

RowPtr row(const QString& id, const QString& space, const QString& name, Health health, const QString& reason,
           std::vector<Cell> cells = {})
{
    auto r = std::make_shared<table::Row>();
    r->id = id;
    r->space = space;
    r->name = name;
    r->health = health;
    r->reason = reason;
    r->cells = std::move(cells);
    return r;
}

RowPtr deployment(const QString& id, const QString& name, int ready, int wanted)
{
    return row(id, u"shop"_s, name, ready < wanted ? Health::Warning : Health::Good,
               ready < wanted ? u"%1 of %2 replicas are ready"_s.arg(ready).arg(wanted) : QString(),
               {name, table::Ratio{ready, wanted}});
}

RowPtr happening(const QString& id, const QString& object, const QString& reason, qint64 lastMs, qint64 count,
                 const QString& type = u"Warning"_s)
{
    return row(id, u"shop"_s, id, Health::None, {},
               {table::Instant{lastMs}, type, reason, object, u"message of "_s + id, count});
}

struct World
{
    std::shared_ptr<HandTable> pods = std::make_shared<HandTable>(readyColumns),
                               nodes = std::make_shared<HandTable>(readyColumns),
                               events = std::make_shared<HandTable>(eventColumns),
                               deployments = std::make_shared<HandTable>(readyColumns),
                               sets = std::make_shared<HandTable>(readyColumns),
                               daemons = std::make_shared<HandTable>(daemonColumns);
    std::shared_ptr<ManualClock> clock = std::make_shared<ManualClock>();
    OverviewSpec spec{
        .spaces = {u"shop"_s},
        .services = {
            {u"Checkout"_s, {{u"Deployment"_s, u"shop"_s, u"checkout"_s}}},
            {u"Search"_s, {{u"Deployment"_s, u"shop"_s, u"search"_s}, {u"StatefulSet"_s, u"shop"_s, u"index"_s}}},
            {u"Agent"_s, {{u"DaemonSet"_s, u"shop"_s, u"agent"_s}}}}};
    OverviewSources sources() const { return {pods, nodes, events, deployments, sets, daemons}; }
    std::unique_ptr<Overview> make() const { return std::make_unique<Overview>(spec, sources(), clock); }
};

} // namespace

class TestOverviewModel : public QObject
{
    Q_OBJECT
private slots:
    void services();
    void podsOutsideTheNamespacesDoNotCount();
    void aWorkloadMadeAnewKeepsItsPlace();
    void warningsAreMerged();
    void freshnessIsTheWorst();
    void refusedTablesAreNamed();
    void changedComesOncePerTurn();
    void incrementalEqualsRecomputed_data();
    void incrementalEqualsRecomputed();
    void tallyFollowsBatches();
    void oneNamespaceOfATable();
    void kindsInGroups();
};

void TestOverviewModel::services()
{
    World w;
    const auto overview = w.make();
    auto s = overview->snapshot();
    QCOMPARE(s.services.size(), 3);
    QVERIFY(!s.services[0].workloads[0].found);
    QCOMPARE(s.services[0].health, Health::Unknown);
    QCOMPARE(s.workloads, 4);
    QCOMPARE(s.workloadsReady, 0);

    w.deployments->put(deployment(u"1"_s, u"checkout"_s, 2, 2));
    w.deployments->put(deployment(u"2"_s, u"search"_s, 1, 3));
    w.sets->put(row(u"3"_s, u"shop"_s, u"index"_s, Health::Good, {}, {u"index"_s, table::Ratio{1, 1}}));
    w.daemons->put(row(u"4"_s, u"shop"_s, u"agent"_s, Health::Good, {}, {qint64(5), qint64(5)}));
    s = overview->snapshot();
    QCOMPARE(s.services[0].health, Health::Good);
    QCOMPARE(s.services[1].health, Health::Warning);
    QCOMPARE(s.services[1].reason, u"1 of 3 replicas are ready"_s);
    QCOMPARE(s.services[2].workloads[0].ready, 5);
    QCOMPARE(s.services[2].workloads[0].wanted, 5);
    QCOMPARE(s.workloadsReady, 3);
    QCOMPARE(s.health, Health::Warning);
}

void TestOverviewModel::podsOutsideTheNamespacesDoNotCount()
{
    World w;
    const auto overview = w.make();
    w.pods->put(row(u"a"_s, u"shop"_s, u"a"_s, Health::Bad, u"OOMKilled"_s));
    w.pods->put(row(u"b"_s, u"other"_s, u"b"_s, Health::Bad, u"CrashLoopBackOff"_s));
    w.pods->put(row(u"c"_s, u"shop"_s, u"c"_s, Health::Good, {}));
    auto s = overview->snapshot();
    QCOMPARE(s.pods, 2);
    QCOMPARE(s.podsBad, 1);
    QCOMPARE(s.podTrouble.size(), 1);
    QCOMPARE(s.podTrouble[0].reason, u"OOMKilled"_s);
    w.pods->put(row(u"a"_s, u"shop"_s, u"a"_s, Health::Good, {}));
    QCOMPARE(overview->snapshot().podsBad, 0);
    w.pods->remove(u"c"_s);
    QCOMPARE(overview->snapshot().pods, 1);
}

void TestOverviewModel::aWorkloadMadeAnewKeepsItsPlace()
{
    World w;
    const auto overview = w.make();
    w.deployments->put(deployment(u"old"_s, u"checkout"_s, 0, 2));
    // The new one's row arrives before the old one's removal.
    w.deployments->put(deployment(u"new"_s, u"checkout"_s, 2, 2));
    w.deployments->remove(u"old"_s);
    const auto s = overview->snapshot();
    QVERIFY(s.services[0].workloads[0].found);
    QCOMPARE(s.services[0].workloads[0].ready, 2);
}

void TestOverviewModel::warningsAreMerged()
{
    World w;
    const qint64 now = w.clock->nowMs();
    const auto overview = w.make();
    w.events->put(happening(u"e1"_s, u"pod/a"_s, u"BackOff"_s, now - 60'000, 3));
    w.events->put(happening(u"e2"_s, u"pod/a"_s, u"BackOff"_s, now - 30'000, 4));
    w.events->put(happening(u"e3"_s, u"pod/b"_s, u"Failed"_s, now - 10'000, 1));
    w.events->put(happening(u"e4"_s, u"pod/b"_s, u"Pulled"_s, now - 10'000, 1, u"Normal"_s));
    w.events->put(happening(u"e5"_s, u"pod/c"_s, u"BackOff"_s, now - 2 * Overview::eventWindowMs, 9));
    const auto s = overview->snapshot();
    QCOMPARE(s.warningEvents, 2);
    QCOMPARE(s.warnings[0].object, u"pod/b"_s);
    QCOMPARE(s.warnings[1].count, 7);
    QCOMPARE(s.warnings[1].message, u"message of e2"_s);
    w.clock->advance(Overview::eventWindowMs - 20'000);
    QCOMPARE(overview->snapshot().warningEvents, 1);
}

void TestOverviewModel::freshnessIsTheWorst()
{
    World w;
    const auto overview = w.make();
    QCOMPARE(overview->freshness().state, Freshness::State::Live);
    w.events->setState(Freshness::State::Stale);
    QCOMPARE(overview->freshness().state, Freshness::State::Stale);
    w.pods->setState(Freshness::State::Failed);
    QCOMPARE(overview->freshness().state, Freshness::State::Failed);
}

void TestOverviewModel::refusedTablesAreNamed()
{
    World w;
    const auto overview = w.make();
    w.events->setState(Freshness::State::Unavailable);
    QCOMPARE(overview->unavailable(), QStringList{u"events"_s});
    // What is refused does not make the rest look old.
    QCOMPARE(overview->freshness().state, Freshness::State::Live);
    for (const auto& table : {w.pods, w.nodes, w.deployments, w.sets, w.daemons})
        table->setState(Freshness::State::Unavailable);
    QCOMPARE(overview->freshness().state, Freshness::State::Unavailable);
}

void TestOverviewModel::changedComesOncePerTurn()
{
    World w;
    const auto overview = w.make();
    QSignalSpy spy(overview.get(), &Overview::changed);
    for (int i = 0; i < 50; ++i)
        w.pods->put(row(QString::number(i), u"shop"_s, u"p"_s, Health::Good, {}));
    QCOMPARE(spy.size(), 0);
    QCoreApplication::processEvents();
    QCOMPARE(spy.size(), 1);
}

void TestOverviewModel::incrementalEqualsRecomputed_data()
{
    QTest::addColumn<int>("seed");
    for (int seed = 1; seed <= 12; ++seed)
        QTest::addRow("seed %d", seed) << seed;
}

void TestOverviewModel::incrementalEqualsRecomputed()
{
    QFETCH(int, seed);
    QRandomGenerator random{quint32(seed)};
    World w;
    if (seed % 3 == 0)
        w.spec.services.clear();
    if (seed % 4 == 0)
        w.spec.spaces.clear();
    const auto overview = w.make();
    const QStringList names{u"checkout"_s, u"search"_s, u"index"_s, u"agent"_s, u"stray"_s};
    const QStringList spaces{u"shop"_s, u"other"_s};
    const auto health = [&] { return Health(random.bounded(6)); };
    const auto some = [&](const std::shared_ptr<HandTable>& table, auto make) {
        Batch batch;
        batch.reset = random.bounded(20) == 0;
        QSet<QString> used;
        for (int i = random.bounded(6); i > 0; --i) {
            const QString id = QString::number(random.bounded(30));
            if (used.contains(id))
                continue;
            used.insert(id);
            if (!batch.reset && random.bounded(3) == 0)
                batch.removed.push_back(id);
            else
                batch.upserts.push_back(make(id));
        }
        table->apply(batch);
    };
    for (int round = 0; round < 200; ++round) {
        const auto plain = [&](const QString& id) {
            return row(id, spaces[random.bounded(2)], u"n"_s + id, health(), u"r%1"_s.arg(random.bounded(3)));
        };
        // Two ids never share a namespace and a name, as on a server.
        const auto workload = [&](const QString& id) {
            const int n = id.toInt();
            return row(id, spaces[n / 5 % 2], n < 10 ? names[n % 5] : u"w"_s + id, health(), {},
                       {u"x"_s, table::Ratio{random.bounded(4), 3}});
        };
        some(w.pods, plain);
        some(w.nodes, plain);
        some(w.deployments, workload);
        some(w.sets, workload);
        some(w.daemons, [&](const QString& id) {
            const int n = id.toInt();
            return row(id, spaces[n / 5 % 2], n < 10 ? names[n % 5] : u"w"_s + id, health(), {},
                       {qint64(3), qint64(random.bounded(4))});
        });
        some(w.events, [&](const QString& id) {
            return happening(id, u"pod/%1"_s.arg(random.bounded(4)), u"R%1"_s.arg(random.bounded(3)),
                             w.clock->nowMs() - random.bounded(5'000'000), 1 + random.bounded(5),
                             random.bounded(2) ? u"Warning"_s : u"Normal"_s);
        });
        const auto incremental = overview->snapshot();
        const auto fresh = w.make()->snapshot();
        QVERIFY2(incremental == fresh, qPrintable(u"differs after round %1"_s.arg(round)));
    }
}

void TestOverviewModel::tallyFollowsBatches()
{
    auto table = std::make_shared<HandTable>(readyColumns);
    HealthTally tally(table);
    QSignalSpy spy(&tally, &HealthTally::changed);
    table->put(row(u"a"_s, {}, u"a"_s, Health::Bad, {}));
    table->put(row(u"b"_s, {}, u"b"_s, Health::Warning, {}));
    table->put(row(u"c"_s, {}, u"c"_s, Health::Good, {}));
    QCOMPARE(tally.count(), 3);
    QCOMPARE(tally.bad(), 1);
    QCOMPARE(tally.warning(), 1);
    QCOMPARE(spy.size(), 3);
    table->put(row(u"c"_s, {}, u"renamed"_s, Health::Good, {}));
    QCOMPARE(spy.size(), 3);
    table->put(row(u"a"_s, {}, u"a"_s, Health::Good, {}));
    table->remove(u"b"_s);
    QCOMPARE(tally.bad() + tally.warning(), 0);
    table->apply({.reset = true, .upserts = {row(u"z"_s, {}, u"z"_s, Health::Bad, {})}, .removed = {}});
    QCOMPARE(tally.count(), 1);
    QCOMPARE(tally.bad(), 1);
}

void TestOverviewModel::oneNamespaceOfATable()
{
    auto all = std::make_shared<HandTable>(readyColumns);
    all->put(row(u"a"_s, u"shop"_s, u"a"_s, Health::Good, {}));
    all->put(row(u"b"_s, u"other"_s, u"b"_s, Health::Good, {}));
    SpaceSource shop(all, u"shop"_s);
    QCOMPARE(shop.rows().size(), size_t(1));
    QSignalSpy spy(&shop, &table::TableSource::changed);
    all->put(row(u"c"_s, u"other"_s, u"c"_s, Health::Good, {}));
    QCOMPARE(spy.size(), 0);
    all->put(row(u"d"_s, u"shop"_s, u"d"_s, Health::Good, {}));
    QCOMPARE(spy.size(), 1);
    all->remove(u"a"_s);
    QCOMPARE(shop.rows().size(), size_t(1));
    QCOMPARE(shop.rows()[0]->id, u"d"_s);
}

void TestOverviewModel::kindsInGroups()
{
    const auto kind = [](const QString& group, const QString& resource, const QString& name,
                         QStringList verbs = {u"list"_s}) {
        ResourceKind k;
        k.group = group;
        k.version = u"v1"_s;
        k.resource = resource;
        k.kind = name;
        k.verbs = std::move(verbs);
        return k;
    };
    const auto groups =
        groupKinds({kind(u"shop.example.com"_s, u"orders"_s, u"Order"_s), kind({}, u"pods"_s, u"Pod"_s),
                    kind(u"apps"_s, u"deployments"_s, u"Deployment"_s), kind({}, u"nodes"_s, u"Node"_s),
                    kind({}, u"bindings"_s, u"Binding"_s, {u"create"_s}),
                    kind(u"events.k8s.io"_s, u"events"_s, u"Event"_s), kind({}, u"events"_s, u"Event"_s)});
    QCOMPARE(groups.size(), 4);
    QCOMPARE(groups[0].id, KindGroup::Id::Nodes);
    QCOMPARE(groups[1].kinds.size(), 2);
    QCOMPARE(groups[1].kinds[0].resource, u"pods"_s);
    QCOMPARE(groups[2].id, KindGroup::Id::Events);
    QCOMPARE(groups[2].kinds.size(), 1);
    QCOMPARE(groups[3].id, KindGroup::Id::Custom);
    QCOMPARE(kindTitle(groups[3].kinds[0]), u"Order"_s);
    QCOMPARE(kindTitle(groups[1].kinds[0]), u"Pods"_s);
}

QTEST_GUILESS_MAIN(TestOverviewModel)
#include "test_overview_model.moc"
