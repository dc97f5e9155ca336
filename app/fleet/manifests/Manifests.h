// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "fleet/world/Model.h"

#include <QtCore/QJsonObject>

namespace wk::fleet {

// Kubernetes objects, complete but for their resourceVersion, written from the model. Pure functions.

// Parts of them (ManifestParts.cpp)
/// "2026-11-21T08:00:00Z"
[[nodiscard]] QString timeText(qint64 ms);
/// "2026-11-21T08:00:00.123000Z", as leases write it
[[nodiscard]] QString microTimeText(qint64 ms);
[[nodiscard]] QString uidFor(const Cluster& cluster, const QString& kind, const QString& space, const QString& name,
                             qint64 salt = 0);
[[nodiscard]] QJsonObject metadataFor(const Cluster& cluster, const QString& kind, const QString& space,
                                      const QString& name, qint64 createdMs, const QJsonObject& labels = {});
[[nodiscard]] QJsonObject workloadLabels(const Workload& w);
/// What begins every object.
[[nodiscard]] QJsonObject kindObject(const QString& apiVersion, const QString& kind);
/// A whole object: `rest` is its spec, its status and the like.
[[nodiscard]] QJsonObject kindObject(const QString& apiVersion, const QString& kind, const QJsonObject& metadata,
                                     QJsonObject rest = {});
/// Of the controller that made an object.
[[nodiscard]] QJsonObject ownerReference(const QString& apiVersion, const QString& kind, const QString& name,
                                         const QString& uid);

// Pods and what keeps them (PodManifests.cpp, WorkloadManifests.cpp)
/// "deployments.apps"
[[nodiscard]] QString resourceOf(WorkloadSpec::Kind kind);
[[nodiscard]] QJsonObject podTemplate(const Cluster& cluster, const Workload& w, const Revision& revision);
[[nodiscard]] QJsonObject podManifest(const Cluster& cluster, const Pod& pod);
[[nodiscard]] QJsonObject workloadManifest(const Cluster& cluster, const Workload& w);
[[nodiscard]] QJsonObject controllerRevisionManifest(const Cluster& cluster, const Workload& w,
                                                     const Revision& revision);
[[nodiscard]] QJsonObject replicaSetManifest(const Cluster& cluster, const Workload& w, int revision);
[[nodiscard]] QJsonObject autoscalerManifest(const Cluster& cluster, const Workload& w);
[[nodiscard]] QJsonObject budgetManifest(const Cluster& cluster, const Workload& w);

// How traffic finds them (ServiceManifests.cpp)
[[nodiscard]] QJsonObject serviceManifest(const Cluster& cluster, const Workload& w);
/// Of the pods that a service selects.
[[nodiscard]] QJsonObject endpointSliceManifest(const Cluster& cluster, const QJsonObject& service,
                                                const QList<const Pod*>& pods);
[[nodiscard]] QJsonObject endpointsManifest(const Cluster& cluster, const QJsonObject& service,
                                            const QList<const Pod*>& pods);

// What runs and ends (JobManifests.cpp)
[[nodiscard]] QJsonObject cronJobManifest(const Cluster& cluster, const CronJob& cron);
[[nodiscard]] QJsonObject jobManifest(const Cluster& cluster, const Job& job);

// What pods run on (NodeManifests.cpp)
[[nodiscard]] QJsonObject nodeManifest(const Cluster& cluster, const Node& node);
[[nodiscard]] QJsonObject leaseManifest(const Cluster& cluster, const Node& node, qint64 renewMs);

// What the engine makes once and never touches: resource id and object
using Standing = QList<QPair<QString, QJsonObject>>;
/// Roles and who has them (AccessManifests.cpp).
void addAccess(const Cluster& cluster, qint64 createdMs, Standing& out);

// The cluster's furniture (ClusterManifests.cpp)
[[nodiscard]] QJsonObject claimManifest(const Cluster& cluster, const Workload& w, int ordinal, bool bound);
[[nodiscard]] QJsonObject volumeManifest(const Cluster& cluster, const Workload& w, int ordinal);
[[nodiscard]] Standing standingObjects(const Cluster& cluster, qint64 createdMs);

} // namespace wk::fleet
