// SPDX-License-Identifier: GPL-3.0-or-later
// The kubelets and the scheduler.
#include "fleet/Engine.h"

#include "fleet/Json.h"
#include "fleet/Manifests.h"

using namespace Qt::StringLiterals;

namespace wk::fleet {

namespace {

/// Delay before the n-th restart of a container: 10 s doubling to 5 min (kubelet, MaxContainerBackOff).
qint64 backOffMs(int restarts) { return std::min<qint64>(300'000, 10'000LL << std::min(restarts - 1, 5)); }

/// A taint that keeps new pods away; no simulated pod tolerates what a person sets.
bool repels(const Node& n)
{
    return std::ranges::any_of(n.taints, [](const QJsonValue& t) {
        return t.toObject().value(u"effect") == u"NoSchedule"_s || t.toObject().value(u"effect") == u"NoExecute"_s;
    });
}

QString durationText(qint64 ms)
{
    const qint64 s = ms / 1000;
    if (s < 60)
        return u"%1s"_s.arg(s);
    return u"%1m%2s"_s.arg(s / 60).arg(s % 60);
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

void Engine::startContainers(qint64 id)
{
    Pod* p = pod(id);
    if (!p || p->deletedMs > 0)
        return;
    const Node* node = findNode(p->node);
    if (node && node->lost)
        return; // a silent kubelet starts nothing
    const QString image = imageOf(containersOf(m_cluster, *p).first());
    podEvent(*p, false, u"Pulling"_s, u"Pulling image \"%1\""_s.arg(image));
    if (faultOf(*p) == PodFault::ImagePull) {
        p->startedMs = m_cluster.nowMs;
        const int failing = workloadOf(*p).revisions[std::size_t(p->revision)].faultContainer;
        for (std::size_t i = 0; i < p->containers.size(); ++i) {
            if (int(i) == failing)
                continue;
            p->containers[i].phase = ContainerStatus::Phase::Running;
            p->containers[i].startedMs = m_cluster.nowMs;
            p->containers[i].ready = true;
        }
        failPull(id, 1);
        return;
    }
    podEvent(*p, false, u"Pulled"_s,
             u"Successfully pulled image \"%1\" in %2ms"_s.arg(image).arg(400 + p->hash % 1600));
    p->startedMs = m_cluster.nowMs;
    p->phase = u"Running"_s;
    for (ContainerStatus& c : p->containers) {
        c.phase = ContainerStatus::Phase::Running;
        c.reason.clear();
        c.startedMs = m_cluster.nowMs;
    }
    for (std::size_t i = 1; i < p->containers.size(); ++i)
        p->containers[i].ready = true;
    const QString name = containersOf(m_cluster, *p).first().name;
    podEvent(*p, false, u"Created"_s, u"Created container: "_s + name);
    podEvent(*p, false, u"Started"_s, u"Started container "_s + name);
    runMain(id);
}

void Engine::failPull(qint64 id, int attempt)
{
    Pod* p = pod(id);
    if (!p || p->deletedMs > 0 || p->workload < 0)
        return;
    if (faultOf(*p) != PodFault::ImagePull) {
        startContainers(id);
        return;
    }
    const int failing = workloadOf(*p).revisions[std::size_t(p->revision)].faultContainer;
    const QString image = imageOf(containersOf(m_cluster, *p).at(failing));
    ContainerStatus& c = p->containers[std::size_t(failing)];
    c.ready = false;
    c.phase = ContainerStatus::Phase::Waiting;
    const bool backOff = attempt % 2 == 0;
    c.reason = backOff ? u"ImagePullBackOff"_s : u"ErrImagePull"_s;
    c.message =
        backOff
            ? u"Back-off pulling image \"%1\""_s.arg(image)
            : u"failed to pull and unpack image \"%1\": failed to resolve reference \"%1\": %1: not found"_s.arg(image);
    podEvent(*p, true, backOff ? u"BackOff"_s : u"Failed"_s,
             backOff ? c.message
                     : u"Failed to pull image \"%1\": rpc error: code = NotFound desc = not found"_s.arg(image));
    publish(*p);
    touch(p->workload);
    const qint64 wait = backOff ? backOffMs(attempt / 2 + 1) : m_rng.rangeMs(10, 14);
    after(wait, [this, id, attempt] { failPull(id, attempt + 1); });
}

/// The main container has just been started: what becomes of it depends on the pod's fault.
void Engine::runMain(qint64 id)
{
    Pod* p = pod(id);
    if (!p)
        return;
    publish(*p);
    if (p->workload < 0) {
        setReady(*p, true);
        publish(*p);
        return; // its job ends it
    }
    touch(p->workload);
    switch (faultOf(*p)) {
    case PodFault::Crash: after(m_rng.rangeMs(4, 9), [this, id] { exitMain(id, u"Error"_s, 1); }); break;
    case PodFault::Oom:
        after(m_rng.rangeMs(4, 8), [this, id] { becomeReady(id); });
        after(m_rng.rangeMs(240, 400), [this, id] { exitMain(id, u"OOMKilled"_s, 137); });
        break;
    case PodFault::Unready:
        after(20'000, [this, id] {
            if (Pod* q = pod(id); q && q->live() && faultOf(*q) == PodFault::Unready)
                podEvent(*q, true, u"Unhealthy"_s, u"Readiness probe failed: HTTP probe failed with statuscode: 503"_s);
        });
        after(m_rng.rangeMs(60, 90), [this, id] {
            if (Pod* q = pod(id); q && q->live() && faultOf(*q) == PodFault::Unready)
                podEvent(*q, true, u"Unhealthy"_s, u"Readiness probe failed: HTTP probe failed with statuscode: 503"_s);
        });
        break;
    default: after(m_rng.rangeMs(4, 11), [this, id] { becomeReady(id); }); break;
    }
}

void Engine::setReady(Pod& p, bool ready)
{
    if (p.ready == ready)
        return;
    p.ready = ready;
    p.readyChangedMs = m_cluster.nowMs;
}

void Engine::becomeReady(qint64 id)
{
    Pod* p = pod(id);
    if (!p || !p->live() || p->nodeLost || p->containers.front().phase != ContainerStatus::Phase::Running)
        return;
    p->containers.front().ready = true;
    setReady(*p, true);
    publish(*p);
    touch(p->workload);
}

void Engine::exitMain(qint64 id, const QString& reason, int code)
{
    Pod* p = pod(id);
    if (!p || !p->live() || p->nodeLost || p->containers.front().phase != ContainerStatus::Phase::Running)
        return;
    const PodFault fault = faultOf(*p);
    if ((reason == u"OOMKilled" && fault != PodFault::Oom) ||
        (reason == u"Error" && code == 1 && fault != PodFault::Crash)) {
        becomeReady(id); // healed meanwhile
        return;
    }
    ContainerStatus& c = p->containers.front();
    c.phase = ContainerStatus::Phase::Terminated;
    c.reason = reason;
    c.exitCode = code;
    c.finishedMs = m_cluster.nowMs;
    c.ready = false;
    setReady(*p, false);
    publish(*p);
    touch(p->workload);
    // A container that ran for ten minutes starts over at the shortest back-off (kubelet).
    const bool ranLong = c.finishedMs - c.startedMs > 600'000;
    const qint64 wait = fault == PodFault::None || ranLong ? 1000 : backOffMs(std::max(1, c.restarts));
    const bool backsOff = wait > 1000 && c.restarts > 0;
    const auto restart = [this, id] {
        Pod* q = pod(id);
        if (!q || !q->live() || q->nodeLost)
            return;
        ContainerStatus& s = q->containers.front();
        s.hasLast = true;
        if (s.finishedMs > 0 && s.phase == ContainerStatus::Phase::Terminated) {
            s.lastReason = s.reason;
            s.lastExit = s.exitCode;
            s.lastStartedMs = s.startedMs;
            s.lastFinishedMs = s.finishedMs;
        }
        ++s.restarts;
        s.phase = ContainerStatus::Phase::Running;
        s.reason.clear();
        s.message.clear();
        s.startedMs = m_cluster.nowMs;
        s.finishedMs = 0;
        podEvent(*q, false, u"Started"_s, u"Started container "_s + containersOf(m_cluster, *q).first().name);
        runMain(id);
    };
    if (!backsOff) {
        after(1500, restart);
        return;
    }
    after(1200, [this, id, wait] {
        Pod* q = pod(id);
        if (!q || !q->live() || q->containers.front().phase != ContainerStatus::Phase::Terminated)
            return;
        ContainerStatus& s = q->containers.front();
        s.hasLast = true;
        s.lastReason = s.reason;
        s.lastExit = s.exitCode;
        s.lastStartedMs = s.startedMs;
        s.lastFinishedMs = s.finishedMs;
        const QString name = containersOf(m_cluster, *q).first().name;
        s.phase = ContainerStatus::Phase::Waiting;
        s.reason = u"CrashLoopBackOff"_s;
        s.message = u"back-off %1 restarting failed container=%2 pod=%3_%4(%5)"_s.arg(durationText(wait), name, q->name,
                                                                                      q->space, q->uid);
        podEvent(*q, true, u"BackOff"_s,
                 u"Back-off restarting failed container %1 in pod %2_%3(%4)"_s.arg(name, q->name, q->space, q->uid));
        publish(*q);
        touch(q->workload);
    });
    after(wait + 1500, restart);
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
    m_cluster.pods.erase(id);
    if (workload >= 0)
        touch(workload);
}

} // namespace wk::fleet
