// SPDX-License-Identifier: GPL-3.0-or-later
#include "fleet/manifests/Manifests.h"
#include "fleet/world/Json.h"
#include "fleet/world/Rng.h"

#include <cmath>

using namespace Qt::StringLiterals;

namespace wk::fleet {

namespace {

using Kind = WorkloadSpec::Kind;

QJsonObject selector(const Workload& w) { return {{u"matchLabels"_s, w.selector}}; }

QJsonObject condition(const QString& type, const QString& status, qint64 since, const QString& reason,
                      const QString& message, bool update = true)
{
    QJsonObject c{{u"type"_s, type},
                  {u"status"_s, status},
                  {u"lastTransitionTime"_s, timeText(since)},
                  {u"reason"_s, reason},
                  {u"message"_s, message}};
    if (update)
        c[u"lastUpdateTime"_s] = timeText(since);
    return c;
}

struct Counts
{
    int live = 0, ready = 0, updated = 0, updatedReady = 0;
};

Counts countPods(const Cluster& c, const Workload& w, int revision = -1)
{
    Counts n;
    for (const qint64 id : w.pods) {
        const auto it = c.pods.find(id);
        if (it == c.pods.end() || !it->second->live() || (revision >= 0 && it->second->revision != revision))
            continue;
        ++n.live;
        n.ready += it->second->ready;
        n.updated += it->second->revision == w.current;
        n.updatedReady += it->second->revision == w.current && it->second->ready;
    }
    return n;
}

QJsonArray deploymentConditions(const Workload& w, const Counts& n)
{
    const bool available = n.ready >= w.desired - w.unavailablePods();
    const QString set = w.revisions[std::size_t(w.current)].setName;
    QJsonObject progressing;
    if (w.paused)
        progressing =
            condition(u"Progressing"_s, u"Unknown"_s, w.progressMs, u"DeploymentPaused"_s, u"Deployment is paused"_s);
    else if (w.progressFailed)
        progressing =
            condition(u"Progressing"_s, u"False"_s, w.progressMs + w.deadlineMs, u"ProgressDeadlineExceeded"_s,
                      u"ReplicaSet \"%1\" has timed out progressing."_s.arg(set));
    else if (w.complete)
        progressing = condition(u"Progressing"_s, u"True"_s, w.completeMs, u"NewReplicaSetAvailable"_s,
                                u"ReplicaSet \"%1\" has successfully progressed."_s.arg(set));
    else
        progressing = condition(u"Progressing"_s, u"True"_s, w.progressMs, u"ReplicaSetUpdated"_s,
                                u"ReplicaSet \"%1\" is progressing."_s.arg(set));
    return {condition(u"Available"_s, available ? u"True"_s : u"False"_s, w.availableMs,
                      available ? u"MinimumReplicasAvailable"_s : u"MinimumReplicasUnavailable"_s,
                      available ? u"Deployment has minimum availability."_s
                                : u"Deployment does not have minimum availability."_s),
            progressing};
}

void setIf(QJsonObject& o, const QString& key, int value)
{
    if (value != 0)
        o[key] = value;
}

QJsonObject deploymentStatus(const Cluster& c, const Workload& w)
{
    const Counts n = countPods(c, w);
    QJsonObject s{{u"observedGeneration"_s, w.generation}, {u"conditions"_s, deploymentConditions(w, n)}};
    setIf(s, u"replicas"_s, n.live);
    setIf(s, u"updatedReplicas"_s, n.updated);
    setIf(s, u"readyReplicas"_s, n.ready);
    setIf(s, u"availableReplicas"_s, n.ready);
    setIf(s, u"unavailableReplicas"_s, std::max(0, std::max(w.desired, n.live) - n.ready));
    return s;
}

QJsonObject statefulSetStatus(const Cluster& c, const Workload& w)
{
    const Counts n = countPods(c, w);
    const auto nameOf = [&](int r) { return QString(w.spec.name + u'-' + w.revisions[std::size_t(r)].hash); };
    int before = w.current; // of pods that have not been replaced yet
    for (const qint64 id : w.pods)
        if (const auto it = c.pods.find(id); it != c.pods.end() && it->second->revision != w.current)
            before = it->second->revision;
    QJsonObject s{
        {u"observedGeneration"_s, w.generation},  {u"replicas"_s, n.live},  {u"currentRevision"_s, nameOf(before)},
        {u"updateRevision"_s, nameOf(w.current)}, {u"collisionCount"_s, 0}, {u"availableReplicas"_s, n.ready}};
    setIf(s, u"readyReplicas"_s, n.ready);
    setIf(s, u"currentReplicas"_s, n.updated);
    setIf(s, u"updatedReplicas"_s, n.updated);
    return s;
}

QJsonObject daemonSetStatus(const Cluster& c, const Workload& w)
{
    const Counts n = countPods(c, w);
    QJsonObject s{{u"observedGeneration"_s, w.generation},
                  {u"desiredNumberScheduled"_s, int(c.nodes.size())},
                  {u"currentNumberScheduled"_s, n.live},
                  {u"numberMisscheduled"_s, 0},
                  {u"numberReady"_s, n.ready}};
    setIf(s, u"updatedNumberScheduled"_s, n.updated);
    setIf(s, u"numberAvailable"_s, n.ready);
    setIf(s, u"numberUnavailable"_s, int(c.nodes.size()) - n.ready);
    return s;
}

QString resourceKind(Kind kind)
{
    return kind == Kind::Deployment ? u"Deployment"_s : kind == Kind::StatefulSet ? u"StatefulSet"_s : u"DaemonSet"_s;
}

QJsonObject volumeClaimTemplate(const Workload& w)
{
    return {
        {u"apiVersion"_s, u"v1"_s},
        {u"kind"_s, u"PersistentVolumeClaim"_s},
        {u"metadata"_s, QJsonObject{{u"name"_s, u"data"_s}}},
        {u"spec"_s,
         QJsonObject{{u"accessModes"_s, QJsonArray{u"ReadWriteOnce"_s}},
                     {u"storageClassName"_s, u"fast-ssd"_s},
                     {u"volumeMode"_s, u"Filesystem"_s},
                     {u"resources"_s,
                      QJsonObject{{u"requests"_s, QJsonObject{{u"storage"_s, u"%1Gi"_s.arg(w.spec.storageGi)}}}}}}}};
}

} // namespace

QString resourceOf(Kind kind)
{
    return kind == Kind::Deployment    ? u"deployments.apps"_s
           : kind == Kind::StatefulSet ? u"statefulsets.apps"_s
                                       : u"daemonsets.apps"_s;
}

QJsonObject workloadManifest(const Cluster& c, const Workload& w)
{
    const Revision& r = w.revisions[std::size_t(w.current)];
    QJsonObject o = kindObject(u"apps/v1"_s, resourceKind(w.spec.kind));
    QJsonObject m =
        metadataFor(c, resourceKind(w.spec.kind), w.spec.space, w.spec.name, w.createdMs, workloadLabels(w));
    m[u"uid"_s] = w.uid;
    m[u"generation"_s] = w.generation;
    QJsonObject annotations;
    if (w.spec.kind == Kind::Deployment)
        annotations[u"deployment.kubernetes.io/revision"_s] = QString::number(r.number);
    else if (w.spec.kind == Kind::DaemonSet)
        annotations[u"deprecated.daemonset.template.generation"_s] = QString::number(w.generation);
    if (!r.changeCause.isEmpty())
        annotations[u"kubernetes.io/change-cause"_s] = r.changeCause;
    if (!annotations.isEmpty())
        m[u"annotations"_s] = annotations;
    o[u"metadata"_s] = m;
    QJsonObject spec{{u"selector"_s, selector(w)}, {u"template"_s, r.declared}, {u"revisionHistoryLimit"_s, 10}};
    switch (w.spec.kind) {
    case Kind::Deployment:
        spec[u"replicas"_s] = w.desired;
        spec[u"strategy"_s] =
            json(R"({'type':'RollingUpdate','rollingUpdate':{'maxUnavailable':'25%','maxSurge':'25%'}})");
        spec[u"progressDeadlineSeconds"_s] = 600;
        o[u"status"_s] = deploymentStatus(c, w);
        break;
    case Kind::StatefulSet:
        spec[u"replicas"_s] = w.desired;
        spec[u"serviceName"_s] = w.spec.name;
        spec[u"podManagementPolicy"_s] = u"OrderedReady"_s;
        spec[u"updateStrategy"_s] = json(R"({'type':'RollingUpdate','rollingUpdate':{'partition':0}})");
        if (w.spec.storageGi > 0)
            spec[u"volumeClaimTemplates"_s] = QJsonArray{volumeClaimTemplate(w)};
        o[u"status"_s] = statefulSetStatus(c, w);
        break;
    case Kind::DaemonSet:
        spec[u"updateStrategy"_s] =
            json(R"({'type':'RollingUpdate','rollingUpdate':{'maxUnavailable':1,'maxSurge':0}})");
        o[u"status"_s] = daemonSetStatus(c, w);
        break;
    }
    o[u"spec"_s] = spec;
    return o;
}

QJsonObject controllerRevisionManifest(const Cluster& c, const Workload& w, const Revision& r)
{
    QJsonObject labels = w.selector;
    labels[w.spec.kind == Kind::StatefulSet ? u"controller.kubernetes.io/hash"_s : u"controller-revision-hash"_s] =
        r.hash;
    QJsonObject m =
        metadataFor(c, u"ControllerRevision"_s, w.spec.space, w.spec.name + u'-' + r.hash, r.createdMs, labels);
    m[u"ownerReferences"_s] = QJsonArray{ownerReference(u"apps/v1"_s, resourceKind(w.spec.kind), w.spec.name, w.uid)};
    if (!r.changeCause.isEmpty())
        m[u"annotations"_s] = QJsonObject{{u"kubernetes.io/change-cause"_s, r.changeCause}};
    // The patch that brings this revision back.
    QJsonObject tmpl = r.declared;
    tmpl[u"$patch"_s] = u"replace"_s;
    QJsonObject o = kindObject(u"apps/v1"_s, u"ControllerRevision"_s);
    o[u"metadata"_s] = m;
    o[u"revision"_s] = r.number;
    o[u"data"_s] = QJsonObject{{u"spec"_s, QJsonObject{{u"template"_s, tmpl}}}};
    return o;
}

QJsonObject replicaSetManifest(const Cluster& c, const Workload& w, int revision)
{
    const Revision& r = w.revisions[std::size_t(revision)];
    const Counts n = countPods(c, w, revision);
    QJsonObject m = metadataFor(c, u"ReplicaSet"_s, w.spec.space, r.setName, r.createdMs,
                                at(r.podTemplate, u"metadata", u"labels").toObject());
    m[u"uid"_s] = r.setUid;
    m[u"generation"_s] = 1;
    QJsonObject annotations{{u"deployment.kubernetes.io/revision"_s, QString::number(r.number)},
                            {u"deployment.kubernetes.io/desired-replicas"_s, QString::number(w.desired)},
                            {u"deployment.kubernetes.io/max-replicas"_s, QString::number(w.desired + w.surgePods())}};
    if (!r.changeCause.isEmpty())
        annotations[u"kubernetes.io/change-cause"_s] = r.changeCause;
    m[u"annotations"_s] = annotations;
    m[u"ownerReferences"_s] = QJsonArray{ownerReference(u"apps/v1"_s, u"Deployment"_s, w.spec.name, w.uid)};
    QJsonObject o = kindObject(u"apps/v1"_s, u"ReplicaSet"_s);
    o[u"metadata"_s] = m;
    QJsonObject labels = w.selector;
    labels[u"pod-template-hash"_s] = r.hash;
    o[u"spec"_s] = QJsonObject{{u"replicas"_s, n.live},
                               {u"selector"_s, QJsonObject{{u"matchLabels"_s, labels}}},
                               {u"template"_s, r.podTemplate}};
    QJsonObject status{{u"replicas"_s, n.live}, {u"observedGeneration"_s, 1}};
    setIf(status, u"fullyLabeledReplicas"_s, n.live);
    setIf(status, u"readyReplicas"_s, n.ready);
    setIf(status, u"availableReplicas"_s, n.ready);
    o[u"status"_s] = status;
    return o;
}

QJsonObject autoscalerManifest(const Cluster& c, const Workload& w)
{
    const auto metric = [](const QString& name, int target) {
        return QJsonObject{{u"type"_s, u"Resource"_s},
                           {u"resource"_s, QJsonObject{{u"name"_s, name},
                                                       {u"target"_s, QJsonObject{{u"type"_s, u"Utilization"_s},
                                                                                 {u"averageUtilization"_s, target}}}}}};
    };
    const auto current = [](const QString& name, double share, const QString& value) {
        return QJsonObject{
            {u"type"_s, u"Resource"_s},
            {u"resource"_s, QJsonObject{{u"name"_s, name},
                                        {u"current"_s, QJsonObject{{u"averageUtilization"_s, int(std::lround(share))},
                                                                   {u"averageValue"_s, value}}}}}};
    };
    const ContainerSpec& main = w.revisions[std::size_t(w.current)].containers.first();
    QJsonArray metrics{metric(u"cpu"_s, w.spec.targetCpu)};
    QJsonArray now{current(u"cpu"_s, w.cpuShare, u"%1m"_s.arg(qint64(main.cpuRequest * w.cpuShare / 100)))};
    if (w.spec.targetMemory > 0) {
        metrics.append(metric(u"memory"_s, w.spec.targetMemory));
        now.append(current(u"memory"_s, w.memoryShare,
                           QString::number(qint64(main.memoryRequest * w.memoryShare / 100 * 1048576))));
    }
    QJsonObject o = kindObject(u"autoscaling/v2"_s, u"HorizontalPodAutoscaler"_s);
    o[u"metadata"_s] =
        metadataFor(c, u"HorizontalPodAutoscaler"_s, w.spec.space, w.autoscaler, w.createdMs, workloadLabels(w));
    o[u"spec"_s] = QJsonObject{
        {u"scaleTargetRef"_s,
         QJsonObject{{u"apiVersion"_s, u"apps/v1"_s}, {u"kind"_s, u"Deployment"_s}, {u"name"_s, w.spec.name}}},
        {u"minReplicas"_s, w.spec.minReplicas},
        {u"maxReplicas"_s, w.spec.maxReplicas},
        {u"metrics"_s, metrics}};
    const bool limited = w.hpaDesired >= w.spec.maxReplicas;
    QJsonObject status{
        {u"currentReplicas"_s, w.hpaCurrent},
        {u"desiredReplicas"_s, w.hpaDesired},
        {u"currentMetrics"_s, now},
        {u"conditions"_s,
         QJsonArray{condition(u"AbleToScale"_s, u"True"_s, w.createdMs, u"ReadyForNewScale"_s,
                              u"recommended size matches current size"_s, false),
                    condition(u"ScalingActive"_s, u"True"_s, w.createdMs, u"ValidMetricFound"_s,
                              u"the HPA was able to successfully calculate a replica count from cpu "
                              "resource utilization (percentage of request)"_s,
                              false),
                    condition(u"ScalingLimited"_s, limited ? u"True"_s : u"False"_s, w.createdMs,
                              limited ? u"TooManyReplicas"_s : u"DesiredWithinRange"_s,
                              limited ? u"the desired replica count is more than the maximum replica count"_s
                                      : u"the desired count is within the acceptable range"_s,
                              false)}}};
    if (w.hpaScaledMs > 0)
        status[u"lastScaleTime"_s] = timeText(w.hpaScaledMs);
    o[u"status"_s] = status;
    return o;
}

QJsonObject budgetManifest(const Cluster& c, const Workload& w)
{
    const Counts n = countPods(c, w);
    const int expected = w.desired;
    const int wanted = std::max(0, expected - 1);
    QJsonObject o = kindObject(u"policy/v1"_s, u"PodDisruptionBudget"_s);
    QJsonObject m = metadataFor(c, u"PodDisruptionBudget"_s, w.spec.space, w.spec.name, w.createdMs, workloadLabels(w));
    m[u"generation"_s] = 1;
    o[u"metadata"_s] = m;
    o[u"spec"_s] = QJsonObject{{u"maxUnavailable"_s, 1}, {u"selector"_s, selector(w)}};
    const int allowed = std::max(0, n.ready - wanted);
    o[u"status"_s] = QJsonObject{
        {u"observedGeneration"_s, 1},
        {u"disruptionsAllowed"_s, allowed},
        {u"currentHealthy"_s, n.ready},
        {u"desiredHealthy"_s, wanted},
        {u"expectedPods"_s, expected},
        {u"conditions"_s,
         QJsonArray{condition(u"DisruptionAllowed"_s, allowed > 0 ? u"True"_s : u"False"_s, w.availableMs,
                              allowed > 0 ? u"SufficientPods"_s : u"InsufficientPods"_s, QString(), false)}}};
    return o;
}

} // namespace wk::fleet
