// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cluster/ResourceKind.h"
#include "core/Result.h"

#include <QtCore/QJsonObject>
#include <QtCore/QList>

namespace wk::cluster {

/// One state of a workload's pod template, as the cluster keeps it to go back to.
struct Revision
{
    qint64 number = 0;
    QString name;         ///< of the replica set or controller revision that keeps it
    qint64 createdMs = 0; ///< UTC; 0 where unknown
    QStringList images;   ///< of its containers, in their order
    QString cause;        ///< kubernetes.io/change-cause, as who changed it noted
    bool current = false; ///< what the workload wants now
    qint64 pods = -1;     ///< that run it; -1 where that is not known
    QString text;         ///< the template as YAML
    bool operator==(const Revision&) const = default;
};

/// How a workload's history is read.
struct RevisionQuery
{
    QString kindId;   ///< "replicasets.apps", "controllerrevisions.apps"; empty: the kind has no history
    QByteArray query; ///< narrows the list to the workload's selector
};
[[nodiscard]] RevisionQuery revisionQueryOf(const QJsonObject& workload);

/// The revisions of a workload, the newest first, out of the list that revisionQueryOf() asks for. Those of others that
/// the selector happens to take in are left out. Fails with Protocol where `list` is no list.
/// Sources: kubectl rollout history (polymorphichelpers/history.go); apps/v1 ControllerRevision.
[[nodiscard]] Result<QList<Revision>> revisionsOf(const QJsonObject& workload, const QByteArray& list);

} // namespace wk::cluster
