// SPDX-License-Identifier: GPL-3.0-or-later
#include "../table/TableFixture.h"
#include "../widgets/FakeCluster.h"
#include "cluster/tallies/Usage.h"
#include "cluster/tallies/UsageHistory.h"
#include "cluster/tallies/UsageTable.h"
#include "table/Filter.h"

#include <QtTest/QtTest>

using namespace wk;
using namespace wk::cluster;
using namespace Qt::StringLiterals;
using table::Cell;
using table::Column;
using table::Columns;
using table::Row;
using table::RowPtr;
using table::fixture::HandSource;

/// Usage beside what it is measured against, and summed up by namespace, workload and node.
class TestUsage : public QObject
{
    Q_OBJECT

private slots:
    void cellsJoinWhatTheyAreMeasuredAgainst();
    void namespacesAddUp();
    void whatHasEndedReservesNothing();
    void workloadsAreWhoOwnsTheOwner();
    void anOwnerMayComeLate();
    void nodesShowWhatTheyHave();
    void withoutMetricsItSaysSo();
    void columnsComeWithTheFirstFigures();
    void equalsASumFromScratch();
    void rowsLeadOn();
    void oneObjectHasAPast();
    void samplesAreRead();
};

namespace {

using K = Column::Kind;

Column number(const QString& id, K kind) { return {id, id, kind, true, {}, true}; }

Columns podColumns(bool measured = true)
{
    Columns all{number(u"owner"_s, K::Text),           number(u"node"_s, K::Text),
                number(u"phase"_s, K::Text),           number(u"cpu-request"_s, K::MilliCpu),
                number(u"memory-request"_s, K::Bytes), number(u"cpu-limit"_s, K::MilliCpu),
                number(u"memory-limit"_s, K::Bytes)};
    if (measured)
        all += UsageCells(all).columns();
    return all;
}

struct Pod
{
    QString space, name;
    QString owner = {}, node = {};
    QString phase = u"Running"_s;
    std::optional<qint64> request = {}, limit = {}, use = {}; ///< CPU; of memory a thousand times as much
};

RowPtr make(const Pod& pod, bool measured = true)
{
    const auto cell = [](std::optional<qint64> value, qint64 times) { return value ? Cell(*value * times) : Cell(); };
    const auto text = [](const QString& value) { return value.isEmpty() ? Cell() : Cell(value); };
    auto row = std::make_shared<Row>();
    row->id = pod.space + u'/' + pod.name;
    row->space = pod.space;
    row->name = pod.name;
    row->cells = {text(pod.owner),         text(pod.node),     text(pod.phase),      cell(pod.request, 1),
                  cell(pod.request, 1000), cell(pod.limit, 1), cell(pod.limit, 1000)};
    if (measured) {
        const Usage::Value value{pod.use.value_or(0), pod.use.value_or(0) * 1000};
        UsageCells(podColumns(false)).append(*row, pod.use ? &value : nullptr);
    }
    return row;
}

RowPtr owned(const QString& space, const QString& name, const QString& owner)
{
    auto row = std::make_shared<Row>();
    row->id = space + u'/' + name;
    row->space = space;
    row->name = name;
    row->cells = {owner.isEmpty() ? Cell() : Cell(owner)};
    return row;
}

RowPtr node(const QString& name, qint64 allocatable, qint64 pods, std::optional<qint64> use)
{
    auto row = std::make_shared<Row>();
    row->id = u"uid-"_s + name;
    row->name = name;
    row->health = table::Health::Warning;
    row->reason = u"memory pressure"_s;
    row->cells = {Cell(allocatable), Cell(allocatable * 1000), Cell(pods)};
    const Usage::Value value{use.value_or(0), use.value_or(0) * 1000};
    UsageCells(Columns{number(u"cpu-allocatable"_s, K::MilliCpu), number(u"memory-allocatable"_s, K::Bytes)})
        .append(*row, use ? &value : nullptr);
    return row;
}

Columns nodeColumns()
{
    Columns all{number(u"cpu-allocatable"_s, K::MilliCpu), number(u"memory-allocatable"_s, K::Bytes),
                number(u"pods-allocatable"_s, K::Number)};
    return all + UsageCells(all).columns();
}

struct World
{
    std::shared_ptr<HandSource> pods = std::make_shared<HandSource>(podColumns());
    std::shared_ptr<HandSource> replicaSets = std::make_shared<HandSource>(Columns{number(u"owner"_s, K::Text)});
    std::shared_ptr<HandSource> jobs = std::make_shared<HandSource>(Columns{number(u"owner"_s, K::Text)});
    std::shared_ptr<HandSource> nodes = std::make_shared<HandSource>(nodeColumns());

    std::unique_ptr<UsageTable> table(UsageBy by) const
    {
        return std::make_unique<UsageTable>(by, UsageTable::Sources{pods, replicaSets, jobs, nodes});
    }
};

/// "name: a=1 b=2" of the columns that are asked for, a line for each row, in order.
QStringList lines(const UsageTable& table, const QStringList& columns)
{
    QStringList out;
    for (const RowPtr& row : table.rows()) {
        QStringList parts;
        for (const QString& id : columns) {
            const int at = table::indexOfColumn(table.columns(), id);
            const Cell cell = at < 0 ? Cell(u"no column"_s) : row->cells.at(size_t(at));
            if (const auto* whole = std::get_if<qint64>(&cell))
                parts << QString::number(*whole);
            else if (const auto* real = std::get_if<double>(&cell))
                parts << QString::number(qRound64(*real)) + u'%';
            else if (const auto* ratio = std::get_if<table::Ratio>(&cell))
                parts << u"%1/%2"_s.arg(ratio->value).arg(ratio->of);
            else if (const auto* text = std::get_if<QString>(&cell))
                parts << *text;
            else
                parts << u"-"_s;
        }
        out << row->name + u": "_s + parts.join(u' ');
    }
    out.sort();
    return out;
}

const QStringList cpuColumns{u"pods"_s, u"cpu"_s, u"cpu-request"_s, u"cpu-limit"_s};

} // namespace

void TestUsage::cellsJoinWhatTheyAreMeasuredAgainst()
{
    const Columns own = podColumns(false);
    const UsageCells cells(own);
    QStringList ids;
    for (const Column& column : cells.columns())
        ids << column.id;
    QCOMPARE(ids, (QStringList{u"cpu"_s, u"memory"_s, u"cpu-of-request"_s, u"cpu-of-limit"_s, u"memory-of-request"_s,
                               u"memory-of-limit"_s}));
    QCOMPARE(cells.columns()[0].against.size(), 2);
    QVERIFY(!cells.columns()[0].wide && cells.columns()[2].wide); // the shares are for those who ask for them
    const RowPtr both = make({.space = u"shop"_s, .name = u"a"_s, .request = 200, .limit = 400, .use = 100});
    QCOMPARE(both->cells.size(), size_t(own.size() + 6));
    const auto value = [&](const Row& row, const QString& id) {
        return row.cells.at(size_t(table::indexOfColumn(podColumns(), id)));
    };
    QVERIFY(value(*both, u"cpu"_s) == Cell(qint64(100)));
    QVERIFY(value(*both, u"memory"_s) == Cell(qint64(100'000)));
    QVERIFY(value(*both, u"cpu-of-request"_s) == Cell(50.0));
    QVERIFY(value(*both, u"memory-of-limit"_s) == Cell(25.0));
    const RowPtr unlimited = make({.space = u"shop"_s, .name = u"b"_s, .request = 200, .use = 100});
    QVERIFY(table::isEmpty(value(*unlimited, u"cpu-of-limit"_s)));
    const RowPtr unmeasured = make({.space = u"shop"_s, .name = u"c"_s, .request = 200});
    QCOMPARE(unmeasured->cells.size(), both->cells.size());
    QVERIFY(table::isEmpty(value(*unmeasured, u"cpu"_s)) && table::isEmpty(value(*unmeasured, u"cpu-of-request"_s)));
}

void TestUsage::namespacesAddUp()
{
    World w;
    w.pods->put({make({.space = u"shop"_s, .name = u"a"_s, .request = 200, .limit = 400, .use = 100}),
                 make({.space = u"shop"_s, .name = u"b"_s, .request = 100, .use = 50}),
                 make({.space = u"lab"_s, .name = u"c"_s})});
    const auto table = w.table(UsageBy::Namespace);
    QCOMPARE(lines(*table, cpuColumns), (QStringList{u"lab: 1 - 0 0"_s, u"shop: 2 150 300 400"_s}));
    QCOMPARE(lines(*table, {u"memory"_s, u"memory-of-request"_s, u"pods-without-memory-limit"_s}),
             (QStringList{u"lab: - - 1"_s, u"shop: 150000 50% 1"_s}));
    QSignalSpy changed(table.get(), &table::TableSource::changed);
    w.pods->put({make({.space = u"shop"_s, .name = u"b"_s, .request = 100, .use = 80})});
    QCOMPARE(lines(*table, cpuColumns).last(), u"shop: 2 180 300 400"_s);
    QCOMPARE(changed.size(), 1);
    QCOMPARE(changed.first().first().value<table::Batch>().upserts.size(), 1u); // the other namespace is no news
    w.pods->put({make({.space = u"shop"_s, .name = u"b"_s, .request = 100, .use = 80})});
    QCOMPARE(changed.size(), 1); // nothing changed
    w.pods->remove({u"lab/c"_s});
    QCOMPARE(changed.last().first().value<table::Batch>().removed, std::vector<QString>{u"lab"_s});
    QCOMPARE(lines(*table, cpuColumns), QStringList{u"shop: 2 180 300 400"_s});
}

void TestUsage::whatHasEndedReservesNothing()
{
    World w;
    const auto table = w.table(UsageBy::Namespace);
    w.pods->put({make({.space = u"shop"_s, .name = u"a"_s, .request = 200}),
                 make({.space = u"shop"_s, .name = u"b"_s, .phase = u"Failed"_s, .request = 100})});
    QCOMPARE(lines(*table, cpuColumns), QStringList{u"shop: 1 - 200 0"_s});
    w.pods->put({make({.space = u"shop"_s, .name = u"a"_s, .phase = u"Succeeded"_s, .request = 200})});
    QCOMPARE(table->rows().size(), 0u);
}

void TestUsage::workloadsAreWhoOwnsTheOwner()
{
    World w;
    w.replicaSets->put({owned(u"shop"_s, u"web-1"_s, u"Deployment/web"_s), owned(u"shop"_s, u"bare"_s, {})});
    w.jobs->put({owned(u"shop"_s, u"night-7"_s, u"CronJob/night"_s)});
    w.pods->put({make({.space = u"shop"_s, .name = u"web-1-x"_s, .owner = u"ReplicaSet/web-1"_s, .use = 1}),
                 make({.space = u"shop"_s, .name = u"web-1-y"_s, .owner = u"ReplicaSet/web-1"_s, .use = 2}),
                 make({.space = u"shop"_s, .name = u"bare-x"_s, .owner = u"ReplicaSet/bare"_s, .use = 4}),
                 make({.space = u"shop"_s, .name = u"night-7-x"_s, .owner = u"Job/night-7"_s, .use = 8}),
                 make({.space = u"shop"_s, .name = u"db-0"_s, .owner = u"StatefulSet/db"_s, .use = 16}),
                 make({.space = u"lab"_s, .name = u"alone"_s, .use = 32})});
    const auto table = w.table(UsageBy::Workload);
    QCOMPARE(lines(*table, {u"namespace"_s, u"kind"_s, u"pods"_s, u"cpu"_s}),
             (QStringList{u"alone: lab Pod 1 32"_s, u"bare: shop ReplicaSet 1 4"_s, u"db: shop StatefulSet 1 16"_s,
                          u"night: shop CronJob 1 8"_s, u"web: shop Deployment 2 3"_s}));
}

void TestUsage::anOwnerMayComeLate()
{
    World w;
    const auto table = w.table(UsageBy::Workload);
    w.pods->put({make({.space = u"shop"_s, .name = u"web-1-x"_s, .owner = u"ReplicaSet/web-1"_s, .use = 1}),
                 make({.space = u"shop"_s, .name = u"web-2-x"_s, .owner = u"ReplicaSet/web-2"_s, .use = 2})});
    QCOMPARE(lines(*table, {u"kind"_s, u"cpu"_s}), (QStringList{u"web-1: ReplicaSet 1"_s, u"web-2: ReplicaSet 2"_s}));
    QSignalSpy changed(table.get(), &table::TableSource::changed);
    w.replicaSets->put({owned(u"shop"_s, u"web-1"_s, u"Deployment/web"_s)});
    w.replicaSets->put({owned(u"shop"_s, u"web-2"_s, u"Deployment/web"_s)});
    QCOMPARE(lines(*table, {u"kind"_s, u"cpu"_s}), QStringList{u"web: Deployment 3"_s});
    QCOMPARE(changed.size(), 2);
    w.replicaSets->put({owned(u"shop"_s, u"web-2"_s, u"Deployment/web"_s)});
    QCOMPARE(changed.size(), 2);
    w.pods->remove({u"shop/web-1-x"_s});
    QCOMPARE(lines(*table, {u"kind"_s, u"cpu"_s}), QStringList{u"web: Deployment 2"_s});
}

void TestUsage::nodesShowWhatTheyHave()
{
    World w;
    w.nodes->put({node(u"n1"_s, 4000, 110, 1500), node(u"n2"_s, 2000, 30, std::nullopt)});
    w.pods->put(
        {make({.space = u"shop"_s, .name = u"a"_s, .node = u"n1"_s, .request = 3000, .limit = 5000, .use = 900}),
         make({.space = u"shop"_s, .name = u"b"_s, .phase = u"Pending"_s, .request = 500}), // on no node yet
         make({.space = u"shop"_s, .name = u"c"_s, .node = u"gone"_s, .request = 100, .use = 10})});
    const auto table = w.table(UsageBy::Node);
    const QStringList columns = cpuColumns + QStringList{u"cpu-allocatable"_s};
    // A node's own figure, not the sum of its pods: the kubelet runs there, too.
    QCOMPARE(lines(*table, columns),
             (QStringList{u"gone: 1/0 - 100 0 -"_s, u"n1: 1/110 1500 3000 5000 4000"_s, u"n2: 0/30 - 0 0 2000"_s}));
    const auto rows = table->rows();
    const auto n1 = std::ranges::find(rows, u"n1"_s, [](const RowPtr& row) { return row->name; });
    QVERIFY((*n1)->health == table::Health::Warning);
    QCOMPARE((*n1)->reason, u"memory pressure"_s);
    const Columns all = table->columns();
    QCOMPARE(all[table::indexOfColumn(all, u"cpu")].against.size(), 2);
    QCOMPARE(all[table::indexOfColumn(all, u"cpu-request")].against.size(), 1);
    w.nodes->remove({u"uid-n2"_s});
    w.pods->remove({u"shop/c"_s});
    QCOMPARE(table->rows().size(), 1u);
    w.nodes->reset({});
    QCOMPARE(lines(*table, columns), QStringList{u"n1: 1/0 - 3000 5000 -"_s}); // its pod still names it
}

void TestUsage::withoutMetricsItSaysSo()
{
    World w;
    w.pods = std::make_shared<HandSource>(podColumns(false));
    w.pods->put({make({.space = u"shop"_s, .name = u"a"_s, .request = 200}, false)});
    const auto table = w.table(UsageBy::Namespace);
    QCOMPARE(lines(*table, {u"pods"_s, u"cpu"_s, u"cpu-request"_s, u"cpu-of-request"_s}),
             QStringList{u"shop: 1 no column 200 no column"_s});
    QVERIFY(table->freshness().isLive());
    QVERIFY(table->freshness().error && table->freshness().error->sentence.contains(u"metrics.k8s.io"_s));
    QVERIFY(!World().table(UsageBy::Namespace)->freshness().error);
}

void TestUsage::columnsComeWithTheFirstFigures()
{
    World w;
    w.pods = std::make_shared<HandSource>(podColumns(false));
    w.pods->put({make({.space = u"shop"_s, .name = u"a"_s, .request = 200}, false)});
    const auto table = w.table(UsageBy::Namespace);
    QSignalSpy columns(table.get(), &table::TableSource::columnsChanged);
    w.pods->setColumns(podColumns(), {make({.space = u"shop"_s, .name = u"a"_s, .request = 200, .use = 50})});
    QCOMPARE(columns.size(), 1);
    QCOMPARE(lines(*table, cpuColumns), QStringList{u"shop: 1 50 200 0"_s});
    w.pods->setColumns(podColumns(false), {make({.space = u"shop"_s, .name = u"a"_s, .request = 200}, false)});
    QCOMPARE(columns.size(), 2);
    QCOMPARE(lines(*table, {u"cpu-request"_s}), QStringList{u"shop: 200"_s});
}

// Whatever comes in whatever order: the same as adding up what there is in the end.
void TestUsage::equalsASumFromScratch()
{
    QRandomGenerator random(20261122);
    World w;
    const std::array tables{w.table(UsageBy::Namespace), w.table(UsageBy::Workload), w.table(UsageBy::Node)};
    const auto maybe = [&](qint64 most) {
        return random.bounded(4) == 0 ? std::nullopt : std::optional<qint64>(random.bounded(int(most)));
    };
    for (int round = 0; round < 300; ++round) {
        const QString space = random.bounded(2) ? u"shop"_s : u"lab"_s;
        const QString set = u"web-%1"_s.arg(random.bounded(6));
        const QString nodeName = u"n%1"_s.arg(random.bounded(4));
        const QString podName = u"pod-%1"_s.arg(random.bounded(30));
        switch (random.bounded(8)) {
        case 0: w.pods->remove({space + u'/' + podName}); break;
        case 1: w.replicaSets->put({owned(space, set, random.bounded(3) ? u"Deployment/web"_s : QString())}); break;
        case 2: w.nodes->put({node(nodeName, 4000, 110, maybe(4000))}); break;
        case 3: w.nodes->remove({u"uid-"_s + nodeName}); break;
        case 4: {
            std::vector<RowPtr> all = w.pods->rows();
            if (!all.empty())
                all.pop_back();
            w.pods->reset(all);
            break;
        }
        default:
            w.pods->put({make({.space = space,
                               .name = podName,
                               .owner = random.bounded(3) ? u"ReplicaSet/"_s + set : QString(),
                               .node = random.bounded(4) ? nodeName : QString(),
                               .phase = random.bounded(5) ? u"Running"_s : u"Succeeded"_s,
                               .request = maybe(1000),
                               .limit = maybe(1000),
                               .use = maybe(1000)})});
        }
        if (round % 20 != 19)
            continue;
        for (int by = 0; by < 3; ++by) {
            const QStringList columns = cpuColumns + QStringList{u"memory-limit"_s, u"pods-without-cpu-limit"_s};
            QCOMPARE(lines(*tables[size_t(by)], columns), lines(*w.table(UsageBy(by)), columns));
        }
    }
}

void TestUsage::rowsLeadOn()
{
    World w;
    w.replicaSets->put({owned(u"shop"_s, u"web-1"_s, u"Deployment/web"_s)});
    w.pods->put({make({.space = u"shop"_s, .name = u"web-1-x"_s, .owner = u"ReplicaSet/web-1"_s, .node = u"n1"_s})});
    const auto target = [&](UsageBy by) {
        const auto table = w.table(by);
        return usageTarget(by, table->columns(), *table->rows().front(), builtInKinds());
    };
    QCOMPARE(target(UsageBy::Namespace),
             (ClusterTarget{.kindId = u"pods"_s, .space = u"shop"_s, .name = {}, .filter = {}}));
    QCOMPARE(target(UsageBy::Workload),
             (ClusterTarget{.kindId = u"deployments.apps"_s, .space = u"shop"_s, .name = u"web"_s, .filter = {}}));
    const ClusterTarget pods = target(UsageBy::Node);
    QCOMPARE(pods.kindId, u"pods"_s);
    const auto parsed = table::Filter::parse(podColumns(), pods.filter);
    QVERIFY(parsed.ok());
    QVERIFY(parsed.filter.matches(*make({.space = u"a"_s, .name = u"b"_s, .node = u"n1"_s}), 0));
    QVERIFY(!parsed.filter.matches(*make({.space = u"a"_s, .name = u"b"_s, .node = u"n10"_s}), 0));
    for (const ResourceKind& kind : usageKinds()) {
        QVERIFY(usageOf(kind));
        QVERIFY2(kindTitle(kind).startsWith(u"Usage by"_s), qPrintable(kindTitle(kind)));
    }
    QVERIFY(!usageOf(builtInKinds().first()));
    QCOMPARE(groupKinds(builtInKinds() + usageKinds())[2].id, KindGroup::Id::Usage);
}

namespace {

QByteArray podMetrics(const char* time, const char* cpu)
{
    return QByteArray(R"({"kind":"PodMetrics","metadata":{"name":"a","namespace":"shop"},"timestamp":")") + time +
           R"(","window":"15s","containers":[{"name":"api","usage":{"cpu":")" + cpu +
           R"(","memory":"2Mi"}},{"name":"proxy","usage":{"cpu":"5m","memory":"1Ki"}}]})";
}

} // namespace

void TestUsage::samplesAreRead()
{
    const auto pod = parseUsageSample(podMetrics("2026-11-22T04:00:00Z", "120m"));
    QVERIFY(pod);
    QCOMPARE(pod->atMs, 1'795'320'000'000);
    QCOMPARE(pod->parts.size(), 2u);
    QCOMPARE(pod->parts[0], (UsageSample::Part{u"api"_s, 120, 2 * 1024 * 1024}));
    const auto one = parseUsageSample(R"({"timestamp":"2026-11-22T04:00:00Z","usage":{"cpu":"2","memory":"1Gi"}})");
    QVERIFY(one);
    QCOMPARE(one->parts, std::vector{(UsageSample::Part{{}, 2000, 1 << 30})});
    for (const char* bad : {"", "{", "{}", "[]", R"({"timestamp":"soon"})"})
        QVERIFY2(!parseUsageSample(bad), bad);
}

void TestUsage::oneObjectHasAPast()
{
    auto cluster = std::make_shared<test::FakeCluster>();
    auto clock = std::make_shared<ManualClock>();
    const ResourceKind pods = kindById(builtInKinds(), u"pods"_s);
    QVERIFY(UsageHistory::metricsKind(*cluster, pods).resource.isEmpty());
    cluster->serveMetrics();
    QCOMPARE(UsageHistory::metricsKind(*cluster, pods).id(), u"pods.metrics.k8s.io"_s);
    QVERIFY(UsageHistory::metricsKind(*cluster, kindById(builtInKinds(), u"secrets"_s)).resource.isEmpty());
    UsageHistory history(cluster, pods, u"shop"_s, u"a"_s, clock);
    QSignalSpy changed(&history, &UsageHistory::changed);
    cluster->objects["a"] = podMetrics("2026-11-22T04:00:00Z", "120m");
    QCOMPARE(cluster->fetches, 0); // not before somebody looks
    history.setActive(true);
    QTRY_COMPARE(changed.size(), 1);
    QCOMPARE(history.samples().size(), 1u);
    clock->advance(UsageHistory::intervalMs);
    QTRY_COMPARE(changed.size(), 2);
    QCOMPARE(history.samples().size(), 1u); // not measured again since
    cluster->objects["a"] = podMetrics("2026-11-22T04:00:15Z", "130m");
    clock->advance(UsageHistory::intervalMs);
    QTRY_COMPARE(history.samples().size(), 2u);
    QCOMPARE(history.samples().back().parts[0].milliCpu, 130);
    cluster->objects.remove("a"); // metrics-server has forgotten it: what was measured stays
    clock->advance(UsageHistory::intervalMs);
    QTRY_VERIFY(history.error());
    QCOMPARE(history.samples().size(), 2u);
    cluster->objects["a"] = podMetrics("2026-11-22T04:01:00Z", "140m");
    clock->advance(UsageHistory::intervalMs);
    QTRY_VERIFY(!history.error());
    QCOMPARE(history.samples().size(), 3u);
    history.setActive(false);
    const int fetches = cluster->fetches;
    clock->advance(10 * UsageHistory::intervalMs);
    QCOMPARE(cluster->fetches, fetches);
    history.setActive(true);
    QTRY_COMPARE(cluster->fetches, fetches + 1);
    const QDateTime start = QDateTime::fromString(u"2026-11-22T05:00:00Z"_s, Qt::ISODate);
    for (int i = 0; i < 300; ++i) { // bounded
        cluster->objects["a"] = podMetrics(start.addSecs(15 * i).toString(Qt::ISODate).toUtf8().constData(), "150m");
        clock->advance(UsageHistory::intervalMs);
        QVERIFY(changed.wait());
    }
    QCOMPARE(history.samples().size(), UsageHistory::mostSamples);
    QCOMPARE(history.samples().back().atMs, start.addSecs(15 * 299).toMSecsSinceEpoch());
}

QTEST_GUILESS_MAIN(TestUsage)
#include "test_usage.moc"
