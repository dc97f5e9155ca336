// SPDX-License-Identifier: GPL-3.0-or-later
// Deployments, stateful sets, daemon sets and the horizontal autoscaler.
#include "fleet/Engine.h"

#include "fleet/Json.h"
#include "fleet/Manifests.h"
#include "fleet/Traffic.h"

#include <cmath>

using namespace Qt::StringLiterals;

namespace wk::fleet {

namespace {
constexpr qint64 progressDeadlineMs = 600'000;
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
    const int surge = (w.desired + 3) / 4;
    const int unavailable = surge == 0 ? 1 : w.desired / 4;
    int total = int(fresh.size() + old.size());
    const int missing = w.desired - int(fresh.size());
    const int room = old.empty() ? missing : w.desired + surge - total;
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
    int removable = std::max(0, total - (w.desired - unavailable) - freshUnready);
    for (const qint64 id : old) {
        if (removable <= 0)
            break;
        if (readyOf(id) && available - 1 < w.desired - unavailable)
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
    const bool available = ready >= w.desired - w.desired / 4;
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
    // One old pod at a time, from the highest ordinal.
    for (auto it = byOrdinal.rbegin(); it != byOrdinal.rend(); ++it)
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
}

void Engine::publishWorkload(int workload)
{
    Workload& w = m_cluster.workloads[std::size_t(workload)];
    switch (w.spec.kind) {
    case WorkloadSpec::Kind::Deployment:
        for (std::size_t i = 0; i < w.revisions.size(); ++i)
            m_store.put(u"replicasets.apps"_s, replicaSetManifest(m_cluster, w, int(i)));
        m_store.put(u"deployments.apps"_s, workloadManifest(m_cluster, w));
        break;
    case WorkloadSpec::Kind::StatefulSet: m_store.put(u"statefulsets.apps"_s, workloadManifest(m_cluster, w)); break;
    case WorkloadSpec::Kind::DaemonSet: m_store.put(u"daemonsets.apps"_s, workloadManifest(m_cluster, w)); break;
    }
    if (w.spec.hasService) {
        m_store.put(u"endpointslices.discovery.k8s.io"_s, endpointSliceManifest(m_cluster, w));
        m_store.put(u"endpoints"_s, endpointsManifest(m_cluster, w));
    }
    if (w.spec.disruptionBudget)
        m_store.put(u"poddisruptionbudgets.policy"_s, budgetManifest(m_cluster, w));
    if (w.spec.maxReplicas > 0)
        m_store.put(u"horizontalpodautoscalers.autoscaling"_s, autoscalerManifest(m_cluster, w));
}

Revision& Engine::addRevision(Workload& w, const QString& tag, const QString& cause, qint64 createdMs)
{
    Revision r;
    r.number = w.revisions.empty() ? 1 : w.revisions.back().number + 1;
    r.tag = tag;
    r.changeCause = cause;
    r.createdMs = createdMs;
    r.hash = safeSuffix(hash64(w.spec.space + w.spec.name + tag + QString::number(r.number), m_cluster.seed), 10);
    r.setName = w.spec.name + u'-' + r.hash;
    r.setUid = uidFor(m_cluster, u"ReplicaSet"_s, w.spec.space, r.setName);
    r.podTemplate = podTemplate(m_cluster, w, r);
    w.revisions.push_back(std::move(r));
    return w.revisions.back();
}

void Engine::rollOut(int workload, const QString& tag, PodFault fault, const QString& restartedAt)
{
    Workload& w = m_cluster.workloads[std::size_t(workload)];
    Revision& r =
        addRevision(w, tag,
                    restartedAt.isEmpty() ? u"kubectl set image %1=%2"_s.arg(w.spec.containers.first().name, tag)
                                          : u"kubectl rollout restart"_s,
                    m_cluster.nowMs);
    r.fault = fault;
    if (!restartedAt.isEmpty()) {
        r.restartedAt = restartedAt;
        r.podTemplate = podTemplate(m_cluster, w, r);
    }
    w.current = int(w.revisions.size()) - 1;
    ++w.generation;
    w.complete = false;
    w.progressFailed = false;
    w.podsSeenReady = 0;
    w.progressMs = m_cluster.nowMs;
    if (w.spec.kind == WorkloadSpec::Kind::Deployment)
        emitEvent(u"Deployment"_s, u"apps/v1"_s, w.spec.space, w.spec.name, w.uid, false, u"ScalingReplicaSet"_s,
                  u"Scaled up replica set %1 from 0 to %2"_s.arg(r.setName).arg(std::max(1, (w.desired + 3) / 4)),
                  u"deployment-controller"_s);
    touch(workload);
    after(progressDeadlineMs + 500, [this, workload, generation = w.generation] {
        Workload& x = m_cluster.workloads[std::size_t(workload)];
        if (x.generation != generation || x.complete || m_cluster.nowMs - x.progressMs < progressDeadlineMs)
            return;
        x.progressFailed = true;
        touch(workload);
    });
}

void Engine::scaleTo(int workload, int replicas)
{
    Workload& w = m_cluster.workloads[std::size_t(workload)];
    if (w.desired == replicas)
        return;
    if (w.spec.kind == WorkloadSpec::Kind::Deployment) {
        const Revision& r = w.revisions[std::size_t(w.current)];
        emitEvent(u"Deployment"_s, u"apps/v1"_s, w.spec.space, w.spec.name, w.uid, false, u"ScalingReplicaSet"_s,
                  u"Scaled %1 replica set %2 from %3 to %4"_s.arg(replicas > w.desired ? u"up"_s : u"down"_s, r.setName)
                      .arg(w.desired)
                      .arg(replicas),
                  u"deployment-controller"_s);
    }
    w.desired = replicas;
    ++w.generation;
    touch(workload);
}

/// k8s.io/kubernetes/pkg/controller/podautoscaler: desired = ceil(current * usage / target), within 10 % nothing
/// happens, up at once (at most doubling), down to the highest recommendation of the last five minutes.
void Engine::autoscale(int workload)
{
    Workload& w = m_cluster.workloads[std::size_t(workload)];
    const int current = std::max(1, w.desired);
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
        emitEvent(u"HorizontalPodAutoscaler"_s, u"autoscaling/v2"_s, w.spec.space, w.spec.name + u"-hpa"_s,
                  uidFor(m_cluster, u"HorizontalPodAutoscaler"_s, w.spec.space, w.spec.name + u"-hpa"_s), false,
                  u"SuccessfulRescale"_s,
                  u"New size: %1; reason: %2"_s.arg(wanted).arg(
                      wanted > current ? u"cpu resource utilization (percentage of request) above target"_s
                                       : u"All metrics below target"_s),
                  u"horizontal-pod-autoscaler"_s);
        scaleTo(workload, wanted);
    }
    m_store.put(u"horizontalpodautoscalers.autoscaling"_s, autoscalerManifest(m_cluster, w));
}

} // namespace wk::fleet
