// SPDX-License-Identifier: GPL-3.0-or-later
#include "watchkeeper/changes/PlanClusters.h"

#include <QtCore/QCoreApplication>

namespace wk::app {

using namespace Qt::StringLiterals;

namespace {

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(wk::app::PlanClusters)
};

} // namespace

PlanClusters::PlanClusters(Platforms& platforms, Clusters& clusters, Clock& clock)
    : m_platforms(platforms), m_clusters(clusters), m_clock(clock)
{
}

Result<PlanClusters::Reached*> PlanClusters::reach(const QString& platform, const QString& cluster)
{
    const QString id = platform + u'/' + cluster;
    const auto place = m_platforms.place(id);
    if (!place)
        return fail(Error::Kind::NotFound,
                    Texts::tr("No platform file here knows a cluster %1 of %2.").arg(cluster, platform));
    if (!place->context)
        return fail(Error::Kind::NotFound,
                    Texts::tr("The cluster %1 of %2 has no context in the kubeconfig here.").arg(cluster, platform), {},
                    Texts::tr("Choose one in the settings."));
    const auto session = m_clusters.session(place->context->id);
    if (!session)
        return fail(session.error());
    const auto live = std::dynamic_pointer_cast<cluster::LiveClusterView>((*session)->view);
    if (!live)
        return fail(Error::Kind::Unsupported, Texts::tr("The cluster %1 is not a live one.").arg(cluster));
    auto& reached = m_reached[id];
    if (!reached || reached->session != *session)
        reached = std::make_unique<Reached>(*session, *live->connection(), m_clock);
    return reached.get();
}

Result<changes::ClusterAccess*> PlanClusters::access(const QString& platform, const QString& cluster)
{
    const auto reached = reach(platform, cluster);
    return reached ? Result<changes::ClusterAccess*>(&(*reached)->sender) : fail(reached.error());
}

Result<changes::ClusterActions*> PlanClusters::actions(const QString& platform, const QString& cluster)
{
    const auto reached = reach(platform, cluster);
    return reached ? Result<changes::ClusterActions*>(&(*reached)->actions) : fail(reached.error());
}

Result<std::shared_ptr<cluster::ClusterView>> PlanClusters::view(const QString& platform, const QString& cluster)
{
    const auto reached = reach(platform, cluster);
    return reached ? Result<std::shared_ptr<cluster::ClusterView>>((*reached)->session->view) : fail(reached.error());
}

std::vector<std::shared_ptr<const platform::Platform>> PlanClusters::platforms() const
{
    std::vector<std::shared_ptr<const platform::Platform>> out;
    for (const Place& place : m_platforms.places())
        if (place.platform && std::ranges::find(out, place.platform) == out.end())
            out.push_back(place.platform);
    return out;
}

std::shared_ptr<const platform::Platform> PlanClusters::platform(const QString& name) const
{
    const auto all = platforms();
    const auto it = std::ranges::find(all, name, [](const auto& platform) { return platform->name; });
    return it == all.end() ? nullptr : *it;
}

platform::ClusterClass PlanClusters::classOf(const QString& platform, const QString& cluster) const
{
    const auto known = this->platform(platform);
    const platform::Cluster* found = known ? known->cluster(cluster) : nullptr;
    return found ? found->klass : platform::ClusterClass::Production;
}

} // namespace wk::app
