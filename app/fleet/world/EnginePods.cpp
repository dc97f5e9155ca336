// SPDX-License-Identifier: GPL-3.0-or-later
// Pods: how they come, where the scheduler puts them, how they go.
#include "fleet/world/Engine.h"

#include "fleet/manifests/Manifests.h"
#include "fleet/world/Json.h"

using namespace Qt::StringLiterals;

namespace wk::fleet {

namespace {

/// A taint that keeps new pods away; no simulated pod tolerates what a person sets.
bool repels(const Node& n)
{
    return std::ranges::any_of(n.taints, [](const QJsonValue& t) {
        return t.toObject().value(u"effect") == u"NoSchedule"_s || t.toObject().value(u"effect") == u"NoExecute"_s;
    });
}

} // namespace

Pod* Engine::pod(qint64 id)
{
    const auto it = m_cluster.pods.find(id);
    return it == m_cluster.pods.end() ? nullptr : it->second.get();
}

Pod& Engine::createPod(int workload, int revision, int ordinal)
{
    auto owned = std::make_unique<Pod>();
    Pod& p = *owned;
    Workload& w = m_cluster.workloads[std::size_t(workload)];
    p.id = m_nextPod++;
    p.hash = m_rng.next();
    p.space = w.spec.space;
    p.workload = workload;
    p.revision = revision;
    p.createdMs = m_cluster.nowMs;
    switch (w.spec.kind) {
    case WorkloadSpec::Kind::Deployment:
        p.name = w.revisions[std::size_t(revision)].setName + u'-' + safeSuffix(p.hash, 5);
        break;
    case WorkloadSpec::Kind::StatefulSet:
        p.name = u"%1-%2"_s.arg(w.spec.name).arg(ordinal);
        p.ordinal = ordinal;
        break;
    case WorkloadSpec::Kind::DaemonSet:
        p.name = w.spec.name + u'-' + safeSuffix(p.hash, 5);
        p.node = m_cluster.nodes[std::size_t(ordinal)].name;
        break;
    }
    p.uid = uidFor(m_cluster, u"Pod"_s, p.space, p.name, p.id);
    p.ip = u"10.244.%1.%2"_s.arg((p.id / 250) % 250).arg(p.id % 250 + 2);
    p.containers.resize(std::size_t(w.revisions[std::size_t(revision)].containers.size()));
    for (ContainerStatus& c : p.containers)
        c.reason = u"ContainerCreating"_s;
    m_cluster.pods.emplace(p.id, std::move(owned));
    w.pods.push_back(p.id);
    return p;
}

PodFault Engine::faultOf(const Pod& p)
{
    if (p.fault != PodFault::None || p.workload < 0)
        return p.fault;
    return workloadOf(p).revisions[std::size_t(p.revision)].fault;
}

void Engine::publish(const Pod& p)
{
    QJsonObject pod = podManifest(m_cluster, p);
    // Labels and notes that people put on a pod stay.
    if (const ObjectPtr before = m_store.find(u"pods"_s, p.space, p.name)) {
        QJsonObject m = pod.value(u"metadata").toObject();
        for (const QString& key : {u"labels"_s, u"annotations"_s, u"managedFields"_s})
            if (const QJsonValue v = at(before->json, u"metadata", key); !v.isUndefined())
                m[key] = v;
        pod[u"metadata"_s] = m;
    }
    m_store.put(u"pods"_s, pod);
}

/// For pods that the cluster already had when the story begins: created, scheduled and ready long ago.
void Engine::makeRunningNow(Pod& p, qint64 sinceMs)
{
    p.createdMs = sinceMs;
    if (p.node.isEmpty())
        p.node = chooseNode(p);
    ++m_podsOnNode[p.node];
    p.scheduledMs = sinceMs;
    p.startedMs = sinceMs + 3000;
    p.phase = u"Running"_s;
    p.ready = true;
    p.readyChangedMs = sinceMs + 12'000;
    // Long-lived pods have usually been restarted once or twice.
    const int restarts = p.hash % 11 == 0 ? int(p.hash / 11 % 3) + 1 : 0;
    for (std::size_t i = 0; i < p.containers.size(); ++i) {
        ContainerStatus& c = p.containers[i];
        c.phase = ContainerStatus::Phase::Running;
        c.reason.clear();
        c.startedMs = p.startedMs;
        c.ready = true;
        if (i == 0 && restarts > 0) {
            c.restarts = restarts;
            c.hasLast = true;
            c.lastReason = u"Error"_s;
            c.lastExit = 137;
            c.lastStartedMs = p.startedMs;
            c.lastFinishedMs = p.startedMs + (m_cluster.nowMs - p.startedMs) / 2;
            c.startedMs = c.lastFinishedMs + 1500;
        }
    }
    p.cpuSeconds = double(m_cluster.nowMs - p.startedMs) / 1000.0 * 0.08;
}

QString Engine::chooseNode(const Pod& p)
{
    const Node* best = nullptr;
    double bestScore = 0;
    for (const Node& n : m_cluster.nodes) {
        if (n.lost || n.cordoned || n.memoryPressure || n.role == u"control-plane" || repels(n))
            continue;
        const auto it = m_podsOnNode.find(n.name);
        const double load = double(it == m_podsOnNode.end() ? 0 : it->second) / n.cpu;
        const double score = load + unit64(hash64(n.name, p.hash)) * 0.05;
        if (!best || score < bestScore) {
            best = &n;
            bestScore = score;
        }
    }
    return best ? best->name : QString();
}

void Engine::schedule(qint64 id)
{
    Pod* p = pod(id);
    if (!p || p->deletedMs > 0)
        return;
    const bool pinned = !p->node.isEmpty();
    const QString node = faultOf(*p) == PodFault::Unschedulable ? QString() : pinned ? p->node : chooseNode(*p);
    if (node.isEmpty()) {
        p->unschedulable =
            faultOf(*p) == PodFault::Unschedulable
                ? u"0/%1 nodes are available: pod has unbound immediate PersistentVolumeClaims. preemption: 0/%1 nodes are available."_s
                      .arg(m_cluster.nodes.size())
                : u"0/%1 nodes are available: untolerated taints or insufficient resources."_s.arg(
                      m_cluster.nodes.size());
        podEvent(*p, true, u"FailedScheduling"_s, p->unschedulable);
        publish(*p);
        after(m_rng.rangeMs(30, 60), [this, id] { schedule(id); });
        return;
    }
    p->node = node;
    ++m_podsOnNode[node];
    p->scheduledMs = m_cluster.nowMs;
    p->unschedulable.clear();
    podEvent(*p, false, u"Scheduled"_s, u"Successfully assigned %1/%2 to %3"_s.arg(p->space, p->name, node));
    publish(*p);
    after(m_rng.rangeMs(1.2, 4.0), [this, id] { startContainers(id); });
}

void Engine::deletePod(qint64 id, qint64 graceSeconds)
{
    Pod* p = pod(id);
    if (!p || p->deletedMs > 0)
        return;
    p->deletedMs = m_cluster.nowMs;
    p->graceSeconds = graceSeconds;
    if (p->scheduledMs > 0 && !p->nodeLost) {
        podEvent(*p, false, u"Killing"_s, u"Stopping container "_s + containersOf(m_cluster, *p).first().name);
        setReady(*p, false);
    }
    publish(*p);
    if (p->workload >= 0)
        touch(p->workload);
    if (p->nodeLost || p->fault == PodFault::Stuck)
        return; // nobody is there to finish it
    after(p->scheduledMs > 0 && graceSeconds > 0 ? m_rng.rangeMs(1.0, 5.0) : 50, [this, id] { removePod(id); });
}

void Engine::removePod(qint64 id)
{
    Pod* p = pod(id);
    if (!p)
        return;
    const int workload = p->workload;
    if (p->scheduledMs > 0)
        --m_podsOnNode[p->node];
    m_store.remove(u"pods"_s, p->space, p->name);
    if (workload >= 0)
        std::erase(m_cluster.workloads[std::size_t(workload)].pods, id);
    m_cluster.departed.push_back({std::move(m_cluster.pods[id]), m_cluster.nowMs});
    if (m_cluster.departed.size() > 200)
        m_cluster.departed.pop_front();
    m_cluster.pods.erase(id);
    if (workload >= 0)
        touch(workload);
}

} // namespace wk::fleet
