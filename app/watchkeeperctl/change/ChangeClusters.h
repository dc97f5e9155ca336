// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "CommandLine.h"
#include "changes/actions/ClusterActions.h"
#include "changes/plan/Plan.h"
#include "changes/runners/MutationSender.h"
#include "platform/Platform.h"

#include <map>
#include <memory>

namespace wk::ctl {

/// The clusters of one platform, each connected when a step asks for it.
///
/// Which context a cluster is reached through: --context CLUSTER=CONTEXT, else --context CONTEXT (for one cluster: a
/// plan that touches two must say both), else the one that the platform file names.
class ChangeClusters
{
public:
    /// Both outlive it.
    ChangeClusters(const Arguments& arguments, Clock& clock);
    ~ChangeClusters();

    /// Reads the platform files: the built-in ones, the person's own, and those of --platform-dir. Fails where none has
    /// that name.
    [[nodiscard]] Result<std::shared_ptr<const platform::Platform>> findPlatform(const QString& name) const;
    /// From here on clusters are those of this platform; one that no file here knows has only what --context says.
    void use(const QString& platform);
    /// nullptr where no file here knows it.
    [[nodiscard]] const platform::Platform* platform() const { return m_platform.get(); }

    /// Of a cluster by its name in the platform file; production where it is not known.
    [[nodiscard]] platform::ClusterClass classOf(const QString& cluster) const;
    /// Connected on the first call.
    [[nodiscard]] Result<changes::ClusterAccess*> access(const QString& cluster);
    /// To ask and to preview.
    [[nodiscard]] Result<changes::ClusterActions*> actions(const QString& cluster);

private:
    struct Reached
    {
        cluster::ClusterConnection connection;
        changes::MutationSender sender;
        changes::ClusterActions actions;
        Reached(const platform::ResolvedContext& context, Clock& clock);
    };
    [[nodiscard]] Result<QString> contextOf(const QString& cluster);
    [[nodiscard]] Result<Reached*> reach(const QString& cluster);

    const Arguments& m_arguments;
    Clock& m_clock;
    std::shared_ptr<const platform::Platform> m_platform;
    QString m_platformName, m_plainFor; ///< the cluster that --context CONTEXT was taken for
    std::map<QString, std::unique_ptr<Reached>> m_reached;
};

} // namespace wk::ctl
