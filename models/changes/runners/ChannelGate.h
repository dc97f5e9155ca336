// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "channels/ForwardSession.h"
#include "cluster/connection/ClusterConnection.h"
#include "platform/Platform.h"

namespace wk::changes {

/// The only one who can make a channel permit: ports are forwarded and commands are run where this lets them.
///
/// What goes through a channel cannot be read beforehand as a plan's steps are, and it may change anything: only
/// clusters of class development and test are reached at once, as their other changes are.
class ChannelGate
{
public:
    /// Why nothing may be opened into a cluster of that class, as a sentence for the button; empty: it may.
    [[nodiscard]] static QString whyNot(const QString& cluster, platform::ClusterClass klass);

    /// Forbidden with the sentence of whyNot(). `connection` is to that cluster; a host that outlives it takes nobody
    /// in.
    [[nodiscard]] static Result<channels::Host> open(cluster::ClusterConnection& connection, const QString& cluster,
                                                     platform::ClusterClass klass);
};

} // namespace wk::changes
