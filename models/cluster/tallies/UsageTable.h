// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cluster/ResourceKind.h"
#include "cluster/connection/ClusterTarget.h"
#include "table/TableSource.h"

#include <array>
#include <memory>
#include <optional>
#include <unordered_map>
#include <unordered_set>

namespace wk::cluster {

/// What usage can be summed up by.
enum class UsageBy { Namespace, Workload, Node };

/// Tables of usage as kinds beside those that the server serves, for navigation and settings; nothing of a server's has
/// their group.
[[nodiscard]] const QList<ResourceKind>& usageKinds();
[[nodiscard]] std::optional<UsageBy> usageOf(const ResourceKind& kind);
/// Where a row of such a table leads: a namespace's and a node's pods, a workload itself (its kind by name among
/// `kinds`; no kindId where it is not served).
[[nodiscard]] ClusterTarget usageTarget(UsageBy by, const table::Columns& columns, const table::Row& row,
                                        const QList<ResourceKind>& kinds);

/// What pods use, request and may use, summed up by namespace, by workload (a replica set's pods count for its
/// deployment, a job's for its cron job) or by node, beside what the node has. From the batches of other tables: a
/// batch costs its own size.
///
/// Pods that have ended count no more: nothing is reserved for them. Where the cluster serves no metrics.k8s.io, the
/// columns of what is in use are left out, and freshness() says why.
class UsageTable final : public table::TableSource
{
    Q_OBJECT
public:
    struct Sources
    {
        std::shared_ptr<table::TableSource> pods;
        std::shared_ptr<table::TableSource> replicaSets; ///< whose they are; may be null
        std::shared_ptr<table::TableSource> jobs;        ///< as above
        std::shared_ptr<table::TableSource> nodes;       ///< what they have, for UsageBy::Node; may be null
    };
    UsageTable(UsageBy by, Sources sources);

    [[nodiscard]] table::Columns columns() const override { return m_columns; }
    [[nodiscard]] std::vector<table::RowPtr> rows() const override;
    [[nodiscard]] table::Freshness freshness() const override;

    /// What is added up.
    enum Figure {
        Pods,
        Measured, ///< pods with figures of what they use
        Cpu,
        Memory,
        CpuRequest,
        MemoryRequest,
        CpuLimit,
        MemoryLimit,
        CpuUnlimited, ///< pods
        MemoryUnlimited,
        FigureCount
    };
    using Sums = std::array<qint64, FigureCount>;

private:
    /// All pods of one direct owner, namespace or node.
    struct Part
    {
        Sums sums{};
        QString group; ///< the row that they count for
    };

    void readColumns();
    void followPods(const table::Batch& batch);
    void followOwners(const table::TableSource& source, const QString& kind, const table::Batch& batch);
    void followNodes(const table::Batch& batch);
    void count(const table::Row& pod, int sign);
    [[nodiscard]] QString partOf(const table::Row& pod) const;
    void moveParts(const QString& part, const QString& group);
    void tell(bool reset);
    [[nodiscard]] table::RowPtr makeRow(const QString& group) const;

    UsageBy m_by;
    Sources m_sources;
    table::Columns m_columns;
    bool m_measured = false;                  ///< the pods' table says what is in use
    std::array<int, FigureCount> m_figures{}; ///< positions in the pods' table, -1 where missing
    int m_phase = -1, m_owner = -1, m_node = -1;
    std::unordered_map<QString, table::RowPtr> m_pods, m_nodes; ///< by id
    std::unordered_map<QString, table::RowPtr> m_nodeByName;
    std::unordered_map<QString, Part> m_parts;
    std::unordered_map<QString, Sums> m_groups;
    std::unordered_map<QString, QString> m_owners;    ///< the owner of an owner
    std::unordered_map<QString, QString> m_ownerById; ///< which of them a row of replica sets or jobs is
    std::unordered_set<QString> m_dirty;              ///< groups whose row may be another
    std::unordered_map<QString, table::RowPtr> m_rows;
};

} // namespace wk::cluster
