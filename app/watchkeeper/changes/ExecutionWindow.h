// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "watchkeeper/changes/PlanClusters.h"
#include "widgets/changes/execution/ExecutionWorld.h"

#include <QtCore/QPromise>

namespace wk::app {

/// The clusters of a plan as the cockpit is connected to them anyway.
class ExecutionWindow final : public QObject, public widgets::ExecutionWorld
{
    Q_OBJECT
public:
    /// Outlives it.
    explicit ExecutionWindow(PlanClusters& clusters, QObject* parent = nullptr);

    [[nodiscard]] Result<std::shared_ptr<cluster::ClusterView>> view(const QString& platform,
                                                                     const QString& cluster) override;
    [[nodiscard]] QFuture<Result<QByteArray>> podLog(const QString& platform, const QString& cluster,
                                                     const QString& space, const QString& pod, const QString& container,
                                                     int lines, bool previous) override;

private:
    using Promise = std::shared_ptr<QPromise<Result<QByteArray>>>;
    struct Question
    {
        changes::ClusterAccess* access;
        changes::Target pod;
        QString container;
        int lines;
        bool previous;
    };
    void ask(const Question& question, const Promise& promise);
    /// A pod of several containers wants one of them named.
    void findContainer(Question question, const Promise& promise);

    PlanClusters& m_clusters;
    QHash<QString, QString> m_containers; ///< by the pod's key; only of pods that have several
};

} // namespace wk::app
