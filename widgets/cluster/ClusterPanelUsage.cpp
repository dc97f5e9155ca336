// SPDX-License-Identifier: GPL-3.0-or-later
// Usage summed up, as kinds of the cluster panel: where their rows come from, and where they lead.
#include "cluster/KindCatalog.h"
#include "widgets/cluster/ClusterPanel.h"
#include "widgets/common/DataTable.h"

namespace wk::widgets {

using namespace Qt::StringLiterals;

/// Of the cluster, or one of the tables of usage.
cluster::ResourceKind ClusterPanel::kindNamed(const QString& id) const
{
    const cluster::ResourceKind usage = cluster::kindById(cluster::usageKinds(), id);
    return usage.resource.isEmpty() ? cluster::kindById(m_cluster->kinds(), id) : usage;
}

/// What the server lists for the kind that is shown: usage is summed up from pods.
cluster::ResourceKind ClusterPanel::listedKind() const
{
    return cluster::usageOf(m_kind) ? kindNamed(u"pods"_s) : m_kind;
}

std::shared_ptr<table::TableSource> ClusterPanel::usageSource(cluster::UsageBy by)
{
    const auto followed = [this](const QString& id) -> std::shared_ptr<table::TableSource> {
        const cluster::ResourceKind kind = kindNamed(id);
        return kind.resource.isEmpty() ? nullptr : m_tallies->follow(kind)->source();
    };
    cluster::UsageTable::Sources sources;
    // Namespaces and nodes are compared with each other, whichever namespace is chosen.
    sources.pods = by == cluster::UsageBy::Workload ? sourceFor(kindNamed(u"pods"_s)) : followed(u"pods"_s);
    if (by == cluster::UsageBy::Workload) {
        sources.replicaSets = followed(u"replicasets.apps"_s);
        sources.jobs = followed(u"jobs.batch"_s);
    }
    if (by == cluster::UsageBy::Node)
        sources.nodes = followed(u"nodes"_s);
    return std::make_shared<cluster::UsageTable>(by, std::move(sources));
}

void ClusterPanel::openUsageRow(const table::Row& row)
{
    const cluster::ClusterTarget target =
        cluster::usageTarget(*cluster::usageOf(m_kind), m_source->columns(), row, m_cluster->kinds());
    if (target.kindId.isEmpty())
        emit notice(tr("This cluster does not show what owns these pods."));
    else
        open(target);
}

} // namespace wk::widgets
