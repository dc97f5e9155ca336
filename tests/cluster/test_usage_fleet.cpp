// SPDX-License-Identifier: GPL-3.0-or-later
#include "cluster/KindCatalog.h"
#include "cluster/connection/ClusterConnection.h"
#include "cluster/tallies/UsageHistory.h"
#include "cluster/tallies/UsageTable.h"
#include "fleet/Fleet.h"
#include "platform/KubeConfig.h"
#include "table/Gauge.h"

#include <QtCore/QTemporaryDir>
#include <QtTest/QtTest>

using namespace Qt::StringLiterals;
using namespace wk;
using namespace wk::cluster;

/// Usage of the fleet, over TLS and metrics.k8s.io: what its workloads are known to request and may use is what the
/// tables say, and what is in use lies within it.
class TestUsageFleet : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void workloadsAddUpToWhatRuns();
    void nodesSayWhatIsLeft();
    void onePodIsFollowed();

private:
    [[nodiscard]] const fleet::Cluster& world() { return m_fleet->member(u"tchat"_s)->engine->cluster(); }
    [[nodiscard]] std::shared_ptr<LiveTable> open(const QString& kindId)
    {
        return m_connection->open(kindById(m_connection->kinds(), kindId));
    }
    /// What is wrong with the row of a workload; empty where it is right.
    [[nodiscard]] QString wrong(const UsageTable& table, const fleet::Workload& workload);

    QTemporaryDir m_dir;
    std::unique_ptr<fleet::Fleet> m_fleet;
    std::shared_ptr<ClusterConnection> m_connection;
};

namespace {

std::optional<qint64> numberOf(const UsageTable& table, const table::Row& row, QStringView column)
{
    const int at = table::indexOfColumn(table.columns(), column);
    const auto* number = at < 0 ? nullptr : std::get_if<qint64>(&row.cells[size_t(at)]);
    return number ? std::optional(*number) : std::nullopt;
}

} // namespace

void TestUsageFleet::initTestCase()
{
    fleet::Fleet::Options options;
    options.seed = 5;
    options.startMs = 1'795'428'000'000; // 2026-11-23T10:00:00Z, a Monday
    options.portBase = 0;
    options.stateDirectory = m_dir.filePath(u"fleet"_s);
    options.only = {u"tchat"_s};
    options.background = false;
    m_fleet = std::make_unique<fleet::Fleet>(options);
    const auto started = m_fleet->start();
    QVERIFY2(started.has_value(), started ? "" : qPrintable(started.error().text()));
    const auto config = platform::KubeConfig::loadFile(m_fleet->kubeconfigPath());
    QVERIFY(config.has_value());
    const auto context = config->resolve(u"tchat"_s);
    QVERIFY2(context.has_value(), context ? "" : qPrintable(context.error().text()));
    m_connection = std::make_shared<ClusterConnection>(*context);
    QTRY_VERIFY_WITH_TIMEOUT(m_connection->discovered(), 30'000);
}

QString TestUsageFleet::wrong(const UsageTable& table, const fleet::Workload& workload)
{
    const QString name = workload.spec.space + u'/' + workload.spec.name;
    qint64 pods = 0, request = 0, limit = 0;
    for (const qint64 id : workload.pods) {
        const fleet::Pod& pod = *world().pods.at(id);
        if (pod.phase == u"Succeeded" || pod.phase == u"Failed")
            continue;
        ++pods;
        for (const fleet::ContainerSpec& container : fleet::containersOf(world(), pod)) {
            request += container.cpuRequest;
            limit += qint64(container.memoryLimit) * 1024 * 1024;
        }
    }
    for (const table::RowPtr& row : table.rows()) {
        if (row->space != workload.spec.space || row->name != workload.spec.name)
            continue;
        const auto is = [&](QStringView column, qint64 expected) {
            const auto value = numberOf(table, *row, column);
            return value == expected
                       ? QString()
                       : u"%1: %2 is %3, not %4; "_s.arg(name, column.toString()).arg(value.value_or(-1)).arg(expected);
        };
        QString text = is(u"pods", pods) + is(u"cpu-request", request) + is(u"memory-limit", limit);
        const auto used = numberOf(table, *row, u"memory");
        if (!used || *used <= 0 || *used > limit)
            text += u"%1: uses %2 bytes of %3"_s.arg(name).arg(used.value_or(-1)).arg(limit);
        return text;
    }
    return pods == 0 ? QString() : name + u" is missing"_s;
}

void TestUsageFleet::workloadsAddUpToWhatRuns()
{
    const UsageTable table(UsageBy::Workload,
                           {open(u"pods"_s), open(u"replicasets.apps"_s), open(u"jobs.batch"_s), {}});
    QVERIFY(!world().workloads.empty());
    QString text = u"nothing yet"_s;
    const auto right = [&] {
        text.clear();
        for (const fleet::Workload& workload : world().workloads)
            text += wrong(table, workload);
        return text.isEmpty();
    };
    QTRY_VERIFY2_WITH_TIMEOUT(right(), qPrintable(text), 60'000);
    QVERIFY(!table.freshness().error);
}

void TestUsageFleet::nodesSayWhatIsLeft()
{
    const UsageTable table(UsageBy::Node, {open(u"pods"_s), {}, {}, open(u"nodes"_s)});
    const auto complete = [&] {
        const auto rows = table.rows();
        return rows.size() == world().nodes.size() && std::ranges::all_of(rows, [&](const table::RowPtr& row) {
                   return numberOf(table, *row, u"cpu") && numberOf(table, *row, u"cpu-allocatable");
               });
    };
    QTRY_VERIFY_WITH_TIMEOUT(complete(), 60'000);
    for (const table::RowPtr& row : table.rows()) {
        for (const QString& id : {u"cpu"_s, u"cpu-request"_s, u"memory"_s, u"memory-request"_s}) {
            const table::Gauge gauge = gaugeOf(table.columns(), table::indexOfColumn(table.columns(), id), *row);
            // The scheduler lets nothing request more than there is.
            QVERIFY2(gauge.isKnown() && gauge.fill <= 1, qPrintable(row->name + u' ' + id));
        }
    }
}

void TestUsageFleet::onePodIsFollowed()
{
    const auto view = std::make_shared<LiveClusterView>(m_connection);
    const auto pod = std::ranges::find_if(world().pods, [](const auto& entry) {
        return entry.second->workload >= 0 && entry.second->phase == u"Running";
    });
    QVERIFY(pod != world().pods.end());
    UsageHistory history(view, kindById(view->kinds(), u"pods"_s), pod->second->space, pod->second->name,
                         std::make_shared<SystemClock>());
    history.setActive(true);
    QTRY_VERIFY2_WITH_TIMEOUT(!history.samples().empty(), history.error() ? qPrintable(history.error()->text()) : "",
                              30'000);
    const UsageSample& sample = history.samples().front();
    QCOMPARE(sample.parts.size(), size_t(fleet::containersOf(world(), *pod->second).size()));
    for (const UsageSample::Part& part : sample.parts)
        QVERIFY2(part.bytes > 0, qPrintable(part.name));
}

QTEST_GUILESS_MAIN(TestUsageFleet)
#include "test_usage_fleet.moc"
