// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "changes/actions/ClusterActions.h"
#include "changes/runners/MutationSender.h"
#include "watchkeeper/Platforms.h"

namespace wk::app {

/// The clusters that plans name, through the connections that the cockpit has anyway.
class PlanClusters
{
public:
    /// All outlive it.
    PlanClusters(Platforms& platforms, Clusters& clusters, Clock& clock);

    /// Connected on the first call. It lives until the cluster's context changes, which gives another one.
    [[nodiscard]] Result<changes::ClusterAccess*> access(const QString& platform, const QString& cluster);
    [[nodiscard]] Result<changes::ClusterActions*> actions(const QString& platform, const QString& cluster);
    /// As panels see it.
    [[nodiscard]] Result<std::shared_ptr<cluster::ClusterView>> view(const QString& platform, const QString& cluster);
    /// Production where it is not known.
    [[nodiscard]] platform::ClusterClass classOf(const QString& platform, const QString& cluster) const;
    [[nodiscard]] std::shared_ptr<const platform::Platform> platform(const QString& name) const;
    [[nodiscard]] std::vector<std::shared_ptr<const platform::Platform>> platforms() const;

private:
    struct Reached
    {
        std::shared_ptr<ClusterSession> session; ///< holds the connection
        changes::MutationSender sender;
        changes::ClusterActions actions;
        Reached(std::shared_ptr<ClusterSession> held, cluster::ClusterConnection& connection, Clock& clock)
            : session(std::move(held)), sender(connection), actions(sender, clock)
        {
        }
    };
    [[nodiscard]] Result<Reached*> reach(const QString& platform, const QString& cluster);

    Platforms& m_platforms;
    Clusters& m_clusters;
    Clock& m_clock;
    std::map<QString, std::unique_ptr<Reached>> m_reached;
};

} // namespace wk::app
