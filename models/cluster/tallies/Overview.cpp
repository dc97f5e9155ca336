// SPDX-License-Identifier: GPL-3.0-or-later
#include "cluster/tallies/Overview.h"

#include <QtCore/QCoreApplication>

namespace wk::cluster {

using namespace Qt::StringLiterals;
using table::Health;

namespace {

/// Worse first; what nobody knows ranks below trouble that is known.
int severity(Health health)
{
    switch (health) {
    case Health::Bad: return 4;
    case Health::Warning: return 3;
    case Health::Unknown: return 2;
    case Health::Info: return 1;
    default: return 0;
    }
}

bool worse(const TroubleItem& a, const TroubleItem& b)
{
    return std::tuple(-severity(a.health), a.space, a.name) < std::tuple(-severity(b.health), b.space, b.name);
}

QString workloadKey(QStringView kind, QStringView space, QStringView name)
{
    return kind.toString() + u'/' + space.toString() + u'/' + name.toString();
}

/// The cell of that column where it holds a T, else null.
template <typename T>
const T* cellAt(const table::Row& row, int column)
{
    return column >= 0 && column < int(row.cells.size()) ? std::get_if<T>(&row.cells[size_t(column)]) : nullptr;
}

qint64 numberAt(const table::Row& row, int column)
{
    const auto* number = cellAt<qint64>(row, column);
    return number ? *number : 0;
}

QString textAt(const table::Row& row, int column)
{
    const auto* text = cellAt<QString>(row, column);
    return text ? *text : QString();
}

qint64 instantAt(const table::Row& row, int column)
{
    const auto* instant = cellAt<table::Instant>(row, column);
    return instant ? instant->ms : 0;
}

/// Ready and wanted replicas: a "ready" ratio where the kind has one (deployments, stateful sets), else the two counts
/// that kubectl prints for daemon sets.
std::pair<qint32, qint32> replicas(const table::Row& row, const table::Columns& columns)
{
    const int ready = table::indexOfColumn(columns, u"ready");
    if (const auto* ratio = cellAt<table::Ratio>(row, ready))
        return {ratio->value, ratio->of};
    return {qint32(numberAt(row, ready)), qint32(numberAt(row, table::indexOfColumn(columns, u"desired")))};
}

} // namespace

/// Keeps what one table contributes: which rows (by id) count, and how to take them back.
class Overview::Follower
{
public:
    using Upsert = std::function<void(const table::Row&)>;
    using Remove = std::function<void(const QString& id)>;
    using Clear = std::function<void()>;

    Follower(Overview* owner, std::shared_ptr<table::TableSource> source, Clear clear, Upsert upsert, Remove remove)
        : m_source(std::move(source)), m_clear(std::move(clear)), m_upsert(std::move(upsert)),
          m_remove(std::move(remove))
    {
        QObject::connect(m_source.get(), &table::TableSource::changed, owner, [this, owner](const table::Batch& batch) {
            apply(batch);
            owner->announce();
        });
        QObject::connect(m_source.get(), &table::TableSource::freshnessChanged, owner, &Overview::freshnessChanged);
        apply({.reset = true, .upserts = m_source->rows(), .removed = {}});
    }

private:
    void apply(const table::Batch& batch)
    {
        if (batch.reset)
            m_clear();
        for (const QString& id : batch.removed)
            m_remove(id);
        for (const table::RowPtr& row : batch.upserts)
            m_upsert(*row);
    }

    std::shared_ptr<table::TableSource> m_source;
    Clear m_clear;
    Upsert m_upsert;
    Remove m_remove;
};

Overview::Overview(OverviewSpec spec, OverviewSources sources, std::shared_ptr<Clock> clock, QObject* parent)
    : QObject(parent), m_spec(std::move(spec)), m_sources(std::move(sources)), m_clock(std::move(clock)),
      m_spaces(m_spec.spaces.cbegin(), m_spec.spaces.cend())
{
    followWorkloads(m_sources.deployments, u"Deployment"_s);
    followWorkloads(m_sources.statefulSets, u"StatefulSet"_s);
    followWorkloads(m_sources.daemonSets, u"DaemonSet"_s);

    const auto troubleFollower = [this](const std::shared_ptr<table::TableSource>& source, QSet<QString>& ids,
                                        QHash<QString, TroubleItem>& trouble, bool scoped) {
        if (!source)
            return;
        m_followers.push_back(std::make_unique<Follower>(
            this, source,
            [&ids, &trouble] {
                ids.clear();
                trouble.clear();
            },
            [this, &ids, &trouble, scoped](const table::Row& row) {
                if (scoped && !inScope(row.space)) {
                    ids.remove(row.id);
                    trouble.remove(row.id);
                    return;
                }
                ids.insert(row.id);
                if (severity(row.health) >= severity(Health::Unknown))
                    trouble.insert(row.id, {row.space, row.name, row.health, row.reason});
                else
                    trouble.remove(row.id);
            },
            [&ids, &trouble](const QString& id) {
                ids.remove(id);
                trouble.remove(id);
            }));
    };
    troubleFollower(m_sources.pods, m_pods, m_podTrouble, true);
    troubleFollower(m_sources.nodes, m_nodes, m_nodeTrouble, false);

    if (m_sources.events) {
        m_followers.push_back(std::make_unique<Follower>(
            this, m_sources.events, [this] { m_warnings.clear(); },
            [this](const table::Row& row) {
                const table::Columns columns = m_sources.events->columns();
                if (!inScope(row.space) || textAt(row, table::indexOfColumn(columns, u"type")) != u"Warning") {
                    m_warnings.remove(row.id);
                    return;
                }
                WarningItem item;
                item.space = row.space;
                item.object = textAt(row, table::indexOfColumn(columns, u"object"));
                item.reason = textAt(row, table::indexOfColumn(columns, u"reason"));
                item.message = textAt(row, table::indexOfColumn(columns, u"message"));
                item.count = std::max<qint64>(1, numberAt(row, table::indexOfColumn(columns, u"count")));
                item.lastMs = instantAt(row, table::indexOfColumn(columns, u"last-seen"));
                m_warnings.insert(row.id, item);
            },
            [this](const QString& id) { m_warnings.remove(id); }));
    }
}

Overview::~Overview() = default;

void Overview::followWorkloads(const std::shared_ptr<table::TableSource>& source, const QString& kind)
{
    if (!source)
        return;
    // Rows go by id, workloads by name: a workload deleted and made again under its name may arrive as the new one's
    // upsert before the old one's removal, which must not take the new one away.
    auto keys = std::make_shared<QHash<QString, QString>>();
    auto owners = std::make_shared<QHash<QString, QString>>();
    m_followers.push_back(std::make_unique<Follower>(
        this, source,
        [this, keys, owners] {
            for (const QString& key : std::as_const(*keys))
                m_workloads.remove(key);
            keys->clear();
            owners->clear();
        },
        [this, keys, owners, source, kind](const table::Row& row) {
            if (!inScope(row.space))
                return;
            const QString key = workloadKey(kind, row.space, row.name);
            keys->insert(row.id, key);
            owners->insert(key, row.id);
            const auto [ready, wanted] = replicas(row, source->columns());
            m_workloads.insert(key, {row.health, row.reason, ready, wanted});
        },
        [this, keys, owners](const QString& id) {
            const QString key = keys->take(id);
            if (!key.isEmpty() && owners->value(key) == id) {
                owners->remove(key);
                m_workloads.remove(key);
            }
        }));
}

bool Overview::inScope(const QString& space) const { return m_spaces.isEmpty() || m_spaces.contains(space); }

void Overview::announce()
{
    if (m_announced)
        return;
    m_announced = true;
    QMetaObject::invokeMethod(
        this,
        [this] {
            m_announced = false;
            emit changed();
        },
        Qt::QueuedConnection);
}

WorkloadStatus Overview::statusOf(const WorkloadRef& ref) const
{
    WorkloadStatus status{.ref = ref, .reason = {}};
    const auto it = m_workloads.constFind(workloadKey(ref.kind, ref.space, ref.name));
    if (it != m_workloads.constEnd()) {
        status.found = true;
        status.ready = it->ready;
        status.wanted = it->wanted;
        status.health = it->health;
        status.reason = it->reason;
    } else {
        status.reason = QCoreApplication::translate("wk::cluster::Overview", "%1 %2 is not in namespace %3")
                            .arg(ref.kind, ref.name, ref.space);
    }
    return status;
}

void Overview::fillServices(OverviewSnapshot& snapshot) const
{
    QSet<QString> listed;
    for (const ServiceSpec& spec : m_spec.services) {
        ServiceStatus service;
        service.name = spec.name;
        service.health = spec.workloads.isEmpty() ? Health::None : Health::Good;
        for (const WorkloadRef& ref : spec.workloads) {
            WorkloadStatus status = statusOf(ref);
            listed.insert(workloadKey(ref.kind, ref.space, ref.name));
            if (severity(status.health) > severity(service.health)) {
                service.health = status.health;
                service.reason = status.reason;
            }
            service.workloads.append(std::move(status));
        }
        snapshot.services.append(std::move(service));
    }
    // A workload may stand under two services; it counts once.
    for (const QString& key : std::as_const(listed)) {
        const auto it = m_workloads.constFind(key);
        ++snapshot.workloads;
        if (it != m_workloads.constEnd() && it->ready >= it->wanted)
            ++snapshot.workloadsReady;
    }
    for (auto it = m_workloads.cbegin(); it != m_workloads.cend(); ++it) {
        if (listed.contains(it.key()))
            continue;
        if (m_spec.services.isEmpty()) {
            ++snapshot.workloads;
            snapshot.workloadsReady += it->ready >= it->wanted ? 1 : 0;
        }
        if (severity(it->health) < severity(Health::Unknown))
            continue;
        const QStringList parts = it.key().split(u'/');
        snapshot.unlisted.append({{parts[0], parts[1], parts[2]}, true, it->ready, it->wanted, it->health, it->reason});
    }
    std::sort(snapshot.unlisted.begin(), snapshot.unlisted.end(), [](const WorkloadStatus& a, const WorkloadStatus& b) {
        return std::tuple(-severity(a.health), a.ref.space, a.ref.name, a.ref.kind) <
               std::tuple(-severity(b.health), b.ref.space, b.ref.name, b.ref.kind);
    });
}

void Overview::fillTrouble(OverviewSnapshot& snapshot) const
{
    snapshot.pods = int(m_pods.size());
    snapshot.nodes = int(m_nodes.size());
    snapshot.nodesReady = snapshot.nodes;
    for (const TroubleItem& item : m_podTrouble) {
        snapshot.podsBad += item.health == Health::Bad ? 1 : 0;
        snapshot.podsWarning += item.health != Health::Bad ? 1 : 0;
        snapshot.podTrouble.append(item);
    }
    for (const TroubleItem& item : m_nodeTrouble) {
        // A node that is only cordoned or under pressure still runs what it has: it is in the list, and counts as
        // ready.
        snapshot.nodesReady -= item.health == Health::Warning ? 0 : 1;
        snapshot.nodeTrouble.append(item);
    }
    const auto keep = [](QList<TroubleItem>& items) {
        const auto middle = items.begin() + std::min<qsizetype>(maxItems, items.size());
        std::partial_sort(items.begin(), middle, items.end(), worse);
        items.erase(middle, items.end());
    };
    keep(snapshot.podTrouble);
    keep(snapshot.nodeTrouble);
}

void Overview::fillWarnings(OverviewSnapshot& snapshot) const
{
    const qint64 since = m_clock->nowMs() - eventWindowMs;
    QHash<QString, WarningItem> merged;
    for (const WarningItem& event : m_warnings) {
        if (event.lastMs < since)
            continue;
        WarningItem& item = merged[event.space + u'\n' + event.object + u'\n' + event.reason];
        const qint64 count = item.count + event.count;
        // The text decides between events of the same millisecond, so that the order of arrival does not show.
        if (item.count == 0 || std::tuple(event.lastMs, event.message) > std::tuple(item.lastMs, item.message))
            item = event;
        item.count = count;
    }
    snapshot.warningEvents = int(merged.size());
    snapshot.warnings = merged.values();
    std::sort(snapshot.warnings.begin(), snapshot.warnings.end(), [](const WarningItem& a, const WarningItem& b) {
        return std::tuple(-a.lastMs, a.space, a.object, a.reason) < std::tuple(-b.lastMs, b.space, b.object, b.reason);
    });
    snapshot.warnings.resize(std::min<qsizetype>(maxItems, snapshot.warnings.size()));
}

OverviewSnapshot Overview::snapshot() const
{
    OverviewSnapshot snapshot;
    fillServices(snapshot);
    fillTrouble(snapshot);
    fillWarnings(snapshot);
    Health worst = Health::Good;
    const auto consider = [&worst](Health health) {
        if (severity(health) > severity(worst))
            worst = health;
    };
    for (const ServiceStatus& service : snapshot.services)
        consider(service.health);
    for (const WorkloadStatus& workload : snapshot.unlisted)
        consider(workload.health);
    for (const TroubleItem& item : snapshot.podTrouble)
        consider(item.health);
    for (const TroubleItem& item : snapshot.nodeTrouble)
        consider(item.health);
    snapshot.health = worst;
    return snapshot;
}

table::Freshness Overview::freshness() const
{
    using State = table::Freshness::State;
    const auto rank = [](State state) {
        switch (state) {
        case State::Failed: return 5;
        case State::Stale: return 4;
        case State::Reconnecting: return 3;
        case State::Loading: return 2;
        case State::Idle: return 1;
        default: return 0;
        }
    };
    table::Freshness result;
    bool any = false;
    for (const auto& source : {m_sources.pods, m_sources.nodes, m_sources.deployments, m_sources.statefulSets,
                               m_sources.daemonSets, m_sources.events}) {
        if (!source)
            continue;
        const table::Freshness freshness = source->freshness();
        if (freshness.state == State::Unavailable && any)
            continue;
        if (!any || result.state == State::Unavailable || rank(freshness.state) > rank(result.state))
            result = freshness;
        any = true;
    }
    return result;
}

QStringList Overview::unavailable() const
{
    const auto tr = [](const char* text) { return QCoreApplication::translate("wk::cluster::Overview", text); };
    QStringList names;
    const auto check = [&](const std::shared_ptr<table::TableSource>& source, const char* name) {
        if (source && source->freshness().state == table::Freshness::State::Unavailable)
            names.append(tr(name));
    };
    check(m_sources.pods, QT_TRANSLATE_NOOP("wk::cluster::Overview", "pods"));
    check(m_sources.nodes, QT_TRANSLATE_NOOP("wk::cluster::Overview", "nodes"));
    check(m_sources.deployments, QT_TRANSLATE_NOOP("wk::cluster::Overview", "deployments"));
    check(m_sources.statefulSets, QT_TRANSLATE_NOOP("wk::cluster::Overview", "stateful sets"));
    check(m_sources.daemonSets, QT_TRANSLATE_NOOP("wk::cluster::Overview", "daemon sets"));
    check(m_sources.events, QT_TRANSLATE_NOOP("wk::cluster::Overview", "events"));
    return names;
}

} // namespace wk::cluster
