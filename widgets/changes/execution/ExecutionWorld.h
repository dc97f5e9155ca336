// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cluster/ClusterView.h"

namespace wk::widgets {

/// What can be seen of the clusters of a plan while it is carried out. Asked for only while somebody looks.
class ExecutionWorld
{
public:
    virtual ~ExecutionWorld() = default;

    /// The cluster as panels see it; an Error says why it cannot be seen.
    [[nodiscard]] virtual Result<std::shared_ptr<cluster::ClusterView>> view(const QString& platform,
                                                                             const QString& cluster) = 0;
    /// The last `lines` lines of a container's log, as the server has them; of the container before a restart where
    /// `previous`.
    [[nodiscard]] virtual QFuture<Result<QByteArray>> podLog(const QString& platform, const QString& cluster,
                                                             const QString& space, const QString& pod,
                                                             const QString& container, int lines, bool previous) = 0;
};

} // namespace wk::widgets
