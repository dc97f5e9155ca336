// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/Clock.h"
#include "table/TableSource.h"

#include <QtCore/QHash>
#include <QtCore/QObject>
#include <QtCore/QSet>

#include <memory>

namespace wk::cluster {

/// A workload that a platform says it consists of.
struct WorkloadRef
{
    QString kind; ///< "Deployment", "StatefulSet" or "DaemonSet"
    QString space;
    QString name;
    bool operator==(const WorkloadRef&) const = default;
};

/// A service as the platform's people name it.
struct ServiceSpec
{
    QString name;
    QList<WorkloadRef> workloads;
};

/// What an Overview is about. Without services it counts every workload in its namespaces; without namespaces the whole
/// cluster is meant.
struct OverviewSpec
{
    QStringList spaces;
    QList<ServiceSpec> services;
};

/// The tables an Overview follows. Any of them may be forbidden; the rest still counts.
struct OverviewSources
{
    std::shared_ptr<table::TableSource> pods, nodes, events, deployments, statefulSets, daemonSets;
};

struct WorkloadStatus
{
    WorkloadRef ref;
    bool found = false; ///< false while nothing of that name is in the cluster
    qint32 ready = 0;
    qint32 wanted = 0;
    table::Health health = table::Health::Unknown;
    QString reason;
    bool operator==(const WorkloadStatus&) const = default;
};

struct ServiceStatus
{
    QString name;
    QList<WorkloadStatus> workloads;
    table::Health health = table::Health::Unknown; ///< the worst of its workloads
    QString reason;                                ///< of that one
    bool operator==(const ServiceStatus&) const = default;
};

/// An object that needs a look.
struct TroubleItem
{
    QString space;
    QString name;
    table::Health health = table::Health::Bad;
    QString reason;
    bool operator==(const TroubleItem&) const = default;
};

/// Warning events about the same thing for the same reason.
struct WarningItem
{
    QString space;
    QString object;  ///< "pod/api-0"
    QString reason;  ///< "BackOff"
    QString message; ///< of the newest
    qint64 count = 0;
    qint64 lastMs = 0;
    bool operator==(const WarningItem&) const = default;
};

/// Everything a platform's tile says, as values.
struct OverviewSnapshot
{
    QList<ServiceStatus> services;
    int workloads = 0;              ///< listed by the platform, or all in its namespaces where it lists none
    int workloadsReady = 0;         ///< with every wanted replica ready
    QList<WorkloadStatus> unlisted; ///< not among the services, and not ready; worst first
    int pods = 0;
    int podsBad = 0;
    int podsWarning = 0;
    QList<TroubleItem> podTrouble; ///< worst first, then by name; at most Overview::maxItems
    int nodes = 0;
    int nodesReady = 0;
    QList<TroubleItem> nodeTrouble;
    int warningEvents = 0;                         ///< distinct ones within the window
    QList<WarningItem> warnings;                   ///< newest first; at most Overview::maxItems
    table::Health health = table::Health::Unknown; ///< the worst of all above but events
    bool operator==(const OverviewSnapshot&) const = default;
};

/// One platform (or plain cluster) at a glance, kept up to date from the batches of its tables: a batch costs its own
/// size.
class Overview : public QObject
{
    Q_OBJECT
public:
    static constexpr int maxItems = 8;
    static constexpr qint64 eventWindowMs = 60 * 60 * 1000; ///< how long a warning counts as recent

    Overview(OverviewSpec spec, OverviewSources sources, std::shared_ptr<Clock> clock, QObject* parent = nullptr);
    ~Overview() override;

    [[nodiscard]] const OverviewSpec& spec() const { return m_spec; }
    [[nodiscard]] OverviewSnapshot snapshot() const;
    /// The least trustworthy of the tables that the server serves: what the tile says about its age.
    [[nodiscard]] table::Freshness freshness() const;
    /// Tables that the server refuses or does not have, by title ("events"), for the tile's foot.
    [[nodiscard]] QStringList unavailable() const;

signals:
    /// The snapshot may be different. Comes once per turn of the event loop.
    void changed();
    void freshnessChanged();

private:
    struct Workload
    {
        table::Health health = table::Health::Unknown;
        QString reason;
        qint32 ready = 0, wanted = 0;
    };
    class Follower;

    [[nodiscard]] bool inScope(const QString& space) const;
    [[nodiscard]] WorkloadStatus statusOf(const WorkloadRef& ref) const;
    void fillServices(OverviewSnapshot& snapshot) const;
    void fillTrouble(OverviewSnapshot& snapshot) const;
    void fillWarnings(OverviewSnapshot& snapshot) const;
    void followWorkloads(const std::shared_ptr<table::TableSource>& source, const QString& kind);
    void announce();

    OverviewSpec m_spec;
    OverviewSources m_sources;
    std::shared_ptr<Clock> m_clock;
    QSet<QString> m_spaces;
    QHash<QString, Workload> m_workloads; ///< "Deployment/space/name"
    QSet<QString> m_pods;                 ///< ids in scope
    QHash<QString, TroubleItem> m_podTrouble;
    QSet<QString> m_nodes;
    QHash<QString, TroubleItem> m_nodeTrouble;
    QHash<QString, WarningItem> m_warnings; ///< by event id; merged in snapshot()
    std::vector<std::unique_ptr<Follower>> m_followers;
    bool m_announced = false;
};

} // namespace wk::cluster
