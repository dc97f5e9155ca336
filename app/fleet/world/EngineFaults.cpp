// SPDX-License-Identifier: GPL-3.0-or-later
// What goes wrong, by script or by itself, and how it is put right.
#include "fleet/world/Engine.h"

#include "fleet/manifests/Manifests.h"

using namespace Qt::StringLiterals;

namespace wk::fleet {

int Engine::findWorkload(const QString& space, const QString& name) const
{
    for (std::size_t i = 0; i < m_cluster.workloads.size(); ++i)
        if (const Workload& w = m_cluster.workloads[i]; !w.gone && w.spec.name == name && w.spec.space == space)
            return int(i);
    return -1;
}

Node* Engine::findNode(const QString& name)
{
    for (Node& n : m_cluster.nodes)
        if (n.name == name)
            return &n;
    return nullptr;
}

void Engine::scheduleFaults()
{
    for (const Fault& fault : m_options.faults) {
        if (fault.cluster != m_cluster.spec.id)
            continue;
        const bool node = fault.kind == Fault::Kind::NodeLost || fault.kind == Fault::Kind::NodePressure;
        if (node ? findNode(fault.name) == nullptr : findWorkload(fault.space, fault.name) < 0) {
            m_complaints.append(node ? u"%1 has no node %2"_s.arg(fault.cluster, fault.name)
                                     : u"%1 has no workload %2/%3"_s.arg(fault.cluster, fault.space, fault.name));
            continue;
        }
        const qint64 when = std::max(m_options.startMs + fault.atMs, m_cluster.nowMs + 1000);
        atTime(when, [this, fault] { static_cast<void>(inject(fault)); });
    }
}

Result<void> Engine::inject(const Fault& fault)
{
    using enum Fault::Kind;
    if (fault.durationMs > 0)
        after(fault.durationMs, [this, fault] { heal(fault); });
    if (fault.kind == NodeLost || fault.kind == NodePressure) {
        Node* node = findNode(fault.name);
        if (!node)
            return fail(Error::Kind::NotFound, u"There is no node %1 in %2."_s.arg(fault.name, m_cluster.spec.id));
        if (fault.kind == NodeLost) {
            loseNode(fault.name);
        } else {
            node->memoryPressure = true;
            node->changedMs = m_cluster.nowMs;
            publishNode(*node);
            emitEvent(u"Node"_s, u"v1"_s, {}, node->name, node->uid, true, u"NodeHasInsufficientMemory"_s,
                      u"Node %1 status is now: NodeHasInsufficientMemory"_s.arg(node->name), u"kubelet"_s, node->name);
        }
        return {};
    }
    const int index = findWorkload(fault.space, fault.name);
    if (index < 0)
        return fail(Error::Kind::NotFound,
                    u"There is no workload %1/%2 in %3."_s.arg(fault.space, fault.name, m_cluster.spec.id));
    Workload& w = m_cluster.workloads[std::size_t(index)];
    switch (fault.kind) {
    case Crash:
    case Oom:
        w.podFault = fault.kind == Crash ? PodFault::Crash : PodFault::Oom;
        w.faultyPods = fault.pods;
        spreadFault(index);
        break;
    case Stuck: {
        int left = fault.pods;
        const std::vector<qint64> pods = w.pods;
        for (const qint64 id : pods) {
            Pod* p = pod(id);
            if (left <= 0 || !p->live() || p->fault != PodFault::None)
                continue;
            --left;
            p->fault = PodFault::Stuck;
            deletePod(id);
        }
        break;
    }
    case ImagePull: rollOut(index, fault.tag.isEmpty() ? u"missing"_s : fault.tag, PodFault::ImagePull); break;
    case BadRollout: rollOut(index, fault.tag.isEmpty() ? u"broken"_s : fault.tag, PodFault::Unready); break;
    case Rollout:
        rollOut(index, fault.tag.isEmpty() ? w.revisions[std::size_t(w.current)].tag + u".1"_s : fault.tag,
                PodFault::None);
        break;
    case Restart:
        rollOut(index, w.revisions[std::size_t(w.current)].tag, PodFault::None, timeText(m_cluster.nowMs));
        break;
    case Scale: scaleTo(index, fault.replicas); break;
    case ClaimPending:
        w.claimsPending = true;
        scaleTo(index, w.desired + 1);
        break;
    case Surge: w.surge = fault.factor; break;
    case LogBurst:
        w.logBurst = {m_cluster.nowMs, m_cluster.nowMs + std::max<qint64>(1000, fault.durationMs), fault.lines};
        break;
    case NodeLost:
    case NodePressure: break;
    }
    return {};
}

/// Pods come and go; a crash or a leak stays with the workload and finds another pod.
void Engine::spreadFault(int workload)
{
    Workload& w = m_cluster.workloads[std::size_t(workload)];
    int left = w.faultyPods;
    for (const qint64 id : w.pods)
        left -= pod(id)->live() && pod(id)->fault == w.podFault;
    const std::vector<qint64> pods = w.pods;
    for (const qint64 id : pods) {
        Pod* p = pod(id);
        if (left <= 0)
            break;
        if (!p->live() || !p->ready || p->fault != PodFault::None)
            continue;
        --left;
        p->fault = w.podFault;
        if (p->fault == PodFault::Crash)
            exitMain(id, u"Error"_s, 1);
        else
            after(m_rng.rangeMs(5, 40), [this, id] { exitMain(id, u"OOMKilled"_s, 137); });
    }
}

void Engine::heal(const Fault& fault)
{
    using enum Fault::Kind;
    if (fault.kind == NodeLost) {
        returnNode(fault.name);
        return;
    }
    if (fault.kind == NodePressure) {
        Node* node = findNode(fault.name);
        node->memoryPressure = false;
        node->changedMs = m_cluster.nowMs;
        publishNode(*node);
        return;
    }
    const int index = findWorkload(fault.space, fault.name);
    if (index < 0)
        return;
    Workload& w = m_cluster.workloads[std::size_t(index)];
    switch (fault.kind) {
    case Crash:
    case Oom:
    case Stuck: {
        w.faultyPods = 0;
        const std::vector<qint64> pods = w.pods;
        for (const qint64 id : pods) {
            Pod* p = pod(id);
            const bool stuck = p->fault == PodFault::Stuck;
            p->fault = PodFault::None;
            if (stuck)
                removePod(id);
        }
        break;
    }
    case ImagePull:
    case BadRollout: { // kubectl rollout undo: the revision before becomes the newest
        const Revision* before = &w.revisions[std::size_t(w.current)];
        for (const Revision& r : w.revisions)
            if (!r.pruned && r.number < w.revisions[std::size_t(w.current)].number &&
                (before == &w.revisions[std::size_t(w.current)] || r.number > before->number))
                before = &r;
        const QString tag = before->tag;
        rollOut(index, tag, PodFault::None);
        break;
    }
    case ClaimPending: { // the volume is provisioned after all
        w.claimsPending = false;
        for (const qint64 id : w.pods) {
            Pod* p = pod(id);
            if (p->fault != PodFault::Unschedulable)
                continue;
            p->fault = PodFault::None;
            m_store.put(u"persistentvolumes"_s, volumeManifest(m_cluster, w, p->ordinal));
            m_store.put(u"persistentvolumeclaims"_s, claimManifest(m_cluster, w, p->ordinal, true));
        }
        break;
    }
    case Scale: scaleTo(index, w.spec.replicas); break;
    case Surge: w.surge = 1; break;
    default: break;
    }
}

void Engine::loseNode(const QString& name)
{
    Node* node = findNode(name);
    if (node->lost)
        return;
    node->lost = true;
    node->heartbeatMs = m_cluster.nowMs;
    // kube-controller-manager: --node-monitor-grace-period 40 s; the tolerations of pods end after 300 s.
    after(40'000, [this, name] { markNodeUnknown(name); });
    after(340'000, [this, name] { evictFrom(name); });
}

void Engine::markNodeUnknown(const QString& name)
{
    Node* node = findNode(name);
    if (!node->lost || !node->ready)
        return;
    node->ready = false;
    node->changedMs = m_cluster.nowMs;
    publishNode(*node);
    emitEvent(u"Node"_s, u"v1"_s, {}, name, node->uid, false, u"NodeNotReady"_s,
              u"Node %1 status is now: NodeNotReady"_s.arg(name), u"node-controller"_s);
    for (auto& [id, p] : m_cluster.pods) {
        if (p->node != name || p->phase != u"Running")
            continue;
        p->nodeLost = true;
        setReady(*p, false);
        emitEvent(u"Pod"_s, u"v1"_s, p->space, p->name, p->uid, true, u"NodeNotReady"_s, u"Node is not ready"_s,
                  u"node-controller"_s);
        publish(*p);
        if (p->workload >= 0)
            touch(p->workload);
    }
}

void Engine::evictFrom(const QString& name)
{
    Node* node = findNode(name);
    if (!node->lost || node->ready)
        return;
    std::vector<qint64> victims;
    for (const auto& [id, p] : m_cluster.pods)
        if (p->node == name && p->live() && p->workload >= 0 &&
            workloadOf(*p).spec.kind != WorkloadSpec::Kind::DaemonSet)
            victims.push_back(id);
    for (const qint64 id : victims) {
        emitEvent(u"Pod"_s, u"v1"_s, pod(id)->space, pod(id)->name, pod(id)->uid, false, u"TaintManagerEviction"_s,
                  u"Marking for deletion Pod %1/%2"_s.arg(pod(id)->space, pod(id)->name),
                  u"taint-eviction-controller"_s);
        deletePod(id);
    }
}

void Engine::returnNode(const QString& name)
{
    Node* node = findNode(name);
    node->lost = false;
    node->heartbeatMs = m_cluster.nowMs;
    if (!node->ready) {
        node->ready = true;
        node->changedMs = m_cluster.nowMs;
        emitEvent(u"Node"_s, u"v1"_s, {}, name, node->uid, false, u"NodeReady"_s,
                  u"Node %1 status is now: NodeReady"_s.arg(name), u"kubelet"_s, name);
    }
    publishNode(*node);
    std::vector<qint64> here;
    for (const auto& [id, p] : m_cluster.pods)
        if (p->node == name)
            here.push_back(id);
    for (const qint64 id : here) {
        Pod* p = pod(id);
        p->nodeLost = false;
        if (p->deletedMs > 0 && p->fault != PodFault::Stuck)
            after(m_rng.rangeMs(1, 4), [this, id] { removePod(id); });
        else if (p->phase == u"Running")
            after(m_rng.rangeMs(2, 8), [this, id] { becomeReady(id); });
        else if (p->phase == u"Pending")
            after(m_rng.rangeMs(2, 8), [this, id] { startContainers(id); });
    }
}

/// Ordinary life: now and then a container is restarted by its probe, and someone deploys.
void Engine::backgroundStep()
{
    after(m_rng.rangeMs(1200, 3600), [this] { backgroundStep(); });
    std::vector<int> candidates;
    for (std::size_t i = 0; i < m_cluster.workloads.size(); ++i) {
        const Workload& w = m_cluster.workloads[i];
        if (w.spec.kind == WorkloadSpec::Kind::Deployment && w.complete && !w.pods.empty() && w.spec.tier != u"cluster")
            candidates.push_back(int(i));
    }
    if (candidates.empty())
        return;
    const int index = candidates[std::size_t(m_rng.below(int(candidates.size())))];
    Workload& w = m_cluster.workloads[std::size_t(index)];
    if (m_rng.unit() < 0.2) {
        rollOut(index, w.revisions[std::size_t(w.current)].tag, PodFault::None, timeText(m_cluster.nowMs));
        return;
    }
    Pod* p = pod(w.pods[std::size_t(m_rng.below(int(w.pods.size())))]);
    if (!p->live() || !p->ready || p->fault != PodFault::None)
        return;
    podEvent(*p, true, u"Unhealthy"_s,
             u"Liveness probe failed: Get \"http://%1:%2/health\": context deadline exceeded"_s.arg(p->ip).arg(
                 containersOf(m_cluster, *p).first().port));
    exitMain(p->id, u"Error"_s, 137);
}

} // namespace wk::fleet
