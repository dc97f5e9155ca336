// SPDX-License-Identifier: GPL-3.0-or-later
// Deployments, stateful sets, daemon sets and the horizontal autoscaler.
#include "fleet/world/Engine.h"

#include "fleet/api/Patches.h"
#include "fleet/manifests/Manifests.h"
#include "fleet/world/Json.h"
#include "fleet/world/Traffic.h"

#include <cmath>

using namespace Qt::StringLiterals;

namespace wk::fleet {

namespace {
constexpr qint64 stabilisationMs = 300'000;
} // namespace

void Engine::touch(int workload)
{
    m_dirty.insert(workload);
    if (m_flushing)
        return;
    m_flushing = true;
    after(60, [this] { flush(); });
}

void Engine::flush()
{
    m_flushing = false;
    const std::set<int> dirty = std::exchange(m_dirty, {});
    for (const int w : dirty) {
        if (m_cluster.workloads[std::size_t(w)].gone)
            continue;
        reconcile(w);
        spreadFault(w);
        publishWorkload(w);
    }
}

void Engine::reconcile(int workload)
{
    switch (m_cluster.workloads[std::size_t(workload)].spec.kind) {
    case WorkloadSpec::Kind::Deployment:
        reconcileDeployment(workload);
        updateProgress(workload);
        break;
    case WorkloadSpec::Kind::StatefulSet: reconcileStateful(workload); break;
    case WorkloadSpec::Kind::DaemonSet: reconcileDaemon(workload); break;
    }
}

/// The rolling update of k8s.io/kubernetes/pkg/controller/deployment/rolling.go with the default 25 % surge (rounded
/// up) and 25 % unavailable (rounded down).
void Engine::reconcileDeployment(int workload)
{
    Workload& w = m_cluster.workloads[std::size_t(workload)];
    std::vector<qint64> fresh, old;
    int available = 0;
    for (const qint64 id : w.pods) {
        const Pod* p = pod(id);
        if (!p->live())
            continue;
        (p->revision == w.current ? fresh : old).push_back(id);
        available += p->ready;
    }
    const int surge = w.surgePods(), unavailable = w.unavailablePods();
    int total = int(fresh.size() + old.size());
    const int missing = w.desired - int(fresh.size());
    int room = old.empty() ? missing : w.desired + surge - total;
    if (w.recreate && !old.empty())
        room = 0; // everything old is gone first
    if (w.paused && !old.empty())
        room = 0;
    for (int i = 0; i < std::min(missing, room); ++i) {
        Pod& p = createPod(workload, w.current, -1);
        publish(p);
        const Revision& r = w.revisions[std::size_t(w.current)];
        emitEvent(u"ReplicaSet"_s, u"apps/v1"_s, w.spec.space, r.setName, r.setUid, false, u"SuccessfulCreate"_s,
                  u"Created pod: "_s + p.name, u"replicaset-controller"_s);
        after(m_rng.rangeMs(0.05, 0.4), [this, id = p.id] { schedule(id); });
        fresh.push_back(p.id);
        ++total;
    }
    const auto readyOf = [this](qint64 id) { return pod(id)->ready; };
    const int freshUnready = int(std::count_if(fresh.begin(), fresh.end(), [&](qint64 id) { return !readyOf(id); }));
    // Old pods that do not work go first: they cost no availability.
    std::stable_partition(old.begin(), old.end(), [&](qint64 id) { return !readyOf(id); });
    int removable = w.paused ? 0 : std::max(0, total - (w.desired - unavailable) - freshUnready);
    if (w.recreate)
        removable = int(old.size());
    for (const qint64 id : old) {
        if (removable <= 0)
            break;
        if (!w.recreate && readyOf(id) && available - 1 < w.desired - unavailable)
            break;
        available -= readyOf(id);
        deletePod(id);
        --removable;
    }
    // Scaling down: unready pods first, then the youngest.
    std::stable_sort(fresh.begin(), fresh.end(), [&](qint64 a, qint64 b) {
        return readyOf(a) < readyOf(b) || (readyOf(a) == readyOf(b) && a > b);
    });
    for (int i = 0; i < int(fresh.size()) - w.desired; ++i)
        deletePod(fresh[std::size_t(i)]);
}

void Engine::updateProgress(int workload)
{
    Workload& w = m_cluster.workloads[std::size_t(workload)];
    int updatedReady = 0, old = 0, ready = 0;
    for (const qint64 id : w.pods) {
        const Pod* p = pod(id);
        if (!p->live())
            continue;
        ready += p->ready;
        updatedReady += p->ready && p->revision == w.current;
        old += p->revision != w.current;
    }
    const bool available = ready >= w.desired - w.unavailablePods();
    if (available != w.available) {
        w.available = available;
        w.availableMs = m_cluster.nowMs;
    }
    const bool complete = old == 0 && updatedReady >= w.desired;
    if (updatedReady > w.podsSeenReady && !w.complete) {
        w.progressMs = m_cluster.nowMs;
        w.progressFailed = false;
    }
    w.podsSeenReady = updatedReady;
    if (complete && !w.complete) {
        w.complete = true;
        w.completeMs = m_cluster.nowMs;
        w.progressFailed = false;
    }
}

void Engine::reconcileStateful(int workload)
{
    Workload& w = m_cluster.workloads[std::size_t(workload)];
    std::map<int, Pod*> byOrdinal;
    for (const qint64 id : w.pods)
        byOrdinal[pod(id)->ordinal] = pod(id);
    if (!byOrdinal.empty() && byOrdinal.rbegin()->first >= w.desired) {
        deletePod(byOrdinal.rbegin()->second->id);
        return;
    }
    // Ordered: the next is made when all before it are ready.
    for (int i = 0; i < w.desired; ++i) {
        const auto it = byOrdinal.find(i);
        if (it == byOrdinal.end()) {
            Pod& p = createPod(workload, w.current, i);
            if (w.spec.storageGi > 0 && !m_store.find(u"persistentvolumeclaims"_s, w.spec.space, u"data-"_s + p.name)) {
                if (w.claimsPending)
                    p.fault = PodFault::Unschedulable;
                else
                    m_store.put(u"persistentvolumes"_s, volumeManifest(m_cluster, w, i));
                m_store.put(u"persistentvolumeclaims"_s, claimManifest(m_cluster, w, i, !w.claimsPending));
            }
            publish(p);
            emitEvent(u"StatefulSet"_s, u"apps/v1"_s, w.spec.space, w.spec.name, w.uid, false, u"SuccessfulCreate"_s,
                      u"create Pod %1 in StatefulSet %2 successful"_s.arg(p.name, w.spec.name),
                      u"statefulset-controller"_s);
            after(m_rng.rangeMs(0.05, 0.4), [this, id = p.id] { schedule(id); });
            return;
        }
        if (!it->second->ready)
            return;
    }
    // One old pod at a time, from the highest ordinal, down to the partition.
    if (w.onDelete)
        return;
    for (auto it = byOrdinal.rbegin(); it != byOrdinal.rend() && it->first >= w.partition; ++it)
        if (it->second->revision != w.current) {
            deletePod(it->second->id);
            return;
        }
}

void Engine::reconcileDaemon(int workload)
{
    Workload& w = m_cluster.workloads[std::size_t(workload)];
    for (std::size_t i = 0; i < m_cluster.nodes.size(); ++i) {
        const QString& node = m_cluster.nodes[i].name;
        const bool there = std::any_of(w.pods.begin(), w.pods.end(), [&](qint64 id) { return pod(id)->node == node; });
        if (there)
            continue;
        Pod& p = createPod(workload, w.current, int(i));
        publish(p);
        after(m_rng.rangeMs(0.05, 0.4), [this, id = p.id] { schedule(id); });
    }
    if (w.onDelete)
        return;
    // Old pods make room one after the other, as many at a time as may be missing.
    std::vector<qint64> old;
    int unready = 0;
    for (const qint64 id : w.pods) {
        unready += !pod(id)->ready;
        if (pod(id)->live() && pod(id)->revision != w.current)
            old.push_back(id);
    }
    std::ranges::stable_partition(old, [&](qint64 id) { return !pod(id)->ready; });
    for (const qint64 id : old) {
        if (pod(id)->ready && ++unready > w.unavailablePods())
            break;
        deletePod(id);
    }
}

void Engine::publishWorkload(int workload)
{
    Workload& w = m_cluster.workloads[std::size_t(workload)];
    publishRevisions(w);
    publishStatus(resourceOf(w.spec.kind), workloadManifest(m_cluster, w),
                  {u"deployment.kubernetes.io/revision"_s, u"deprecated.daemonset.template.generation"_s});
    if (w.spec.disruptionBudget && !m_store.find(u"poddisruptionbudgets.policy"_s, w.spec.space, w.spec.name))
        m_store.put(u"poddisruptionbudgets.policy"_s, budgetManifest(m_cluster, w));
    publishServicesOf(w);
    publishBudgetsOf(w);
    if (!w.autoscaler.isEmpty())
        publishStatus(u"horizontalpodautoscalers.autoscaling"_s, autoscalerManifest(m_cluster, w));
}

void Engine::announceScale(const Workload& w, const Revision& r, int from, int to)
{
    emitEvent(
        u"Deployment"_s, u"apps/v1"_s, w.spec.space, w.spec.name, w.uid, false, u"ScalingReplicaSet"_s,
        u"Scaled %1 replica set %2 from %3 to %4"_s.arg(to > from ? u"up"_s : u"down"_s, r.setName).arg(from).arg(to),
        u"deployment-controller"_s);
}

/// As somebody with kubectl would: the template changes, the controllers see it.
void Engine::rollOut(int workload, const QString& tag, PodFault fault, const QString& restartedAt)
{
    const Workload& w = m_cluster.workloads[std::size_t(workload)];
    const bool restarts = !restartedAt.isEmpty();
    const QString name = w.spec.containers.first().name, image = w.spec.containers.first().image;
    edit(
        resourceOf(w.spec.kind), w.spec.space, w.spec.name, restarts ? u"kubectl-rollout"_s : u"kubectl-set"_s,
        [&](QJsonObject& o) {
            QJsonObject change{
                {u"metadata"_s, QJsonObject{{u"labels"_s, QJsonObject{{u"version"_s, tag}}}}},
                {u"spec"_s,
                 QJsonObject{{u"containers"_s,
                              QJsonArray{QJsonObject{{u"name"_s, name}, {u"image"_s, QString(image + u':' + tag)}}}}}}};
            QString cause = u"kubectl set image %1=%2"_s.arg(name, tag);
            if (restarts) {
                cause = u"kubectl rollout restart"_s;
                change = QJsonObject{
                    {u"metadata"_s, QJsonObject{{u"annotations"_s,
                                                 QJsonObject{{u"kubectl.kubernetes.io/restartedAt"_s, restartedAt}}}}}};
            }
            o = applyStrategicPatch(
                o, {{u"metadata"_s,
                     QJsonObject{{u"annotations"_s, QJsonObject{{u"kubernetes.io/change-cause"_s, cause}}}}},
                    {u"spec"_s, QJsonObject{{u"template"_s, change}}}});
        });
    Workload& changed = m_cluster.workloads[std::size_t(workload)];
    if (fault != PodFault::None)
        changed.revisions[std::size_t(changed.current)].fault = fault;
}

void Engine::scaleTo(int workload, int replicas)
{
    const Workload& w = m_cluster.workloads[std::size_t(workload)];
    edit(resourceOf(w.spec.kind), w.spec.space, w.spec.name, u"kube-controller-manager"_s, [&](QJsonObject& o) {
        QJsonObject spec = o.value(u"spec").toObject();
        spec[u"replicas"_s] = replicas;
        o[u"spec"_s] = spec;
    });
}

/// k8s.io/kubernetes/pkg/controller/podautoscaler: desired = ceil(current * usage / target), within 10 % nothing
/// happens, up at once (at most doubling), down to the highest recommendation of the last five minutes.
void Engine::autoscale(int workload)
{
    Workload& w = m_cluster.workloads[std::size_t(workload)];
    if (w.gone || w.autoscaler.isEmpty() || w.desired == 0)
        return; // scaled to nothing by hand: the autoscaler keeps off
    const int current = w.desired;
    double ratio = w.cpuShare / w.spec.targetCpu;
    if (w.spec.targetMemory > 0)
        ratio = std::max(ratio, w.memoryShare / w.spec.targetMemory);
    int wanted = std::abs(ratio - 1) <= 0.1 || ratio <= 0 ? current : int(std::ceil(current * ratio));
    wanted = std::clamp(std::min(wanted, std::max(4, current * 2)), w.spec.minReplicas, w.spec.maxReplicas);
    w.hpaWindow.push_back({m_cluster.nowMs, wanted});
    while (w.hpaWindow.front().first < m_cluster.nowMs - stabilisationMs)
        w.hpaWindow.pop_front();
    if (wanted < current)
        for (const auto& [when, n] : w.hpaWindow)
            wanted = std::max(wanted, std::min(n, current));
    w.hpaCurrent = current;
    w.hpaDesired = wanted;
    if (wanted != current) {
        w.hpaScaledMs = m_cluster.nowMs;
        emitEvent(u"HorizontalPodAutoscaler"_s, u"autoscaling/v2"_s, w.spec.space, w.autoscaler,
                  uidFor(m_cluster, u"HorizontalPodAutoscaler"_s, w.spec.space, w.autoscaler), false,
                  u"SuccessfulRescale"_s,
                  u"New size: %1; reason: %2"_s.arg(wanted).arg(
                      wanted > current ? u"cpu resource utilization (percentage of request) above target"_s
                                       : u"All metrics below target"_s),
                  u"horizontal-pod-autoscaler"_s);
        scaleTo(workload, wanted);
    }
    publishStatus(u"horizontalpodautoscalers.autoscaling"_s, autoscalerManifest(m_cluster, w));
}

} // namespace wk::fleet
