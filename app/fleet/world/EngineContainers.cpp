// SPDX-License-Identifier: GPL-3.0-or-later
// The kubelets: a pod's containers from their image to their end.
#include "fleet/world/Engine.h"

#include "fleet/manifests/Manifests.h"
#include "fleet/world/Json.h"

using namespace Qt::StringLiterals;

namespace wk::fleet {

namespace {

/// Delay before the n-th restart of a container: 10 s doubling to 5 min (kubelet, MaxContainerBackOff).
qint64 backOffMs(int restarts) { return std::min<qint64>(300'000, 10'000LL << std::min(restarts - 1, 5)); }

QString durationText(qint64 ms)
{
    const qint64 s = ms / 1000;
    if (s < 60)
        return u"%1s"_s.arg(s);
    return u"%1m%2s"_s.arg(s / 60).arg(s % 60);
}

} // namespace

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

} // namespace wk::fleet
