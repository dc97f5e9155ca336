// SPDX-License-Identifier: GPL-3.0-or-later
#include "fleet/world/Engine.h"

#include "fleet/manifests/Manifests.h"
#include "fleet/world/Json.h"
#include "fleet/world/Traffic.h"

using namespace Qt::StringLiterals;

namespace wk::fleet {

namespace {
constexpr qint64 dayMs = 86'400'000;
constexpr qint64 eventLifeMs = 3'600'000; // kube-apiserver --event-ttl
} // namespace

Engine::Engine(PlatformSpec spec, Options options)
    : m_options(std::move(options)),
      m_store(m_options.history, qint64(10'000 + hash64(spec.id, m_options.seed) % 90'000)),
      m_rng(hash64(spec.id, m_options.seed))
{
    m_cluster.seed = mix64(m_options.seed);
    m_cluster.nowMs = m_options.startMs - m_options.warmupMs;
    m_cluster.spec = std::move(spec);
}

void Engine::after(qint64 ms, Action action)
{
    m_calendar.emplace(std::pair{m_cluster.nowMs + std::max<qint64>(0, ms), m_order++}, std::move(action));
}

void Engine::every(qint64 ms, Action action)
{
    after(ms, [this, ms, action = std::move(action)] {
        action();
        every(ms, action);
    });
}

void Engine::advanceTo(qint64 ms)
{
    while (!m_calendar.empty() && m_calendar.begin()->first.first <= ms) {
        auto node = m_calendar.extract(m_calendar.begin());
        m_cluster.nowMs = std::max(m_cluster.nowMs, node.key().first);
        node.mapped()();
    }
    m_cluster.nowMs = std::max(m_cluster.nowMs, ms);
}

void Engine::bootstrap()
{
    createNodes();
    createWorkloads();
    for (const auto& [resource, object] : standingObjects(m_cluster, m_cluster.nowMs - 240 * dayMs))
        m_store.put(resource, object);
    createCrons();
    for (Node& node : m_cluster.nodes)
        publishNode(node);
    scheduleFaults();
    startClocks();
    advanceTo(m_options.startMs);
}

void Engine::createNodes()
{
    int number = 0;
    for (const NodePool& pool : m_cluster.spec.pools) {
        for (int i = 1; i <= pool.count; ++i, ++number) {
            Node n;
            n.name = u"%1-%2"_s.arg(pool.prefix).arg(i);
            n.uid = uidFor(m_cluster, u"Node"_s, {}, n.name);
            n.ip = u"10.0.%1.%2"_s.arg(number / 250).arg(number % 250 + 4);
            n.role = pool.role;
            n.instanceType = pool.instanceType;
            n.cpu = pool.cpu;
            n.memoryGi = pool.memoryGi;
            n.number = number;
            n.createdMs = m_cluster.nowMs - 240 * dayMs + qint64(number) * 95'000;
            n.changedMs = n.createdMs + 40'000;
            n.heartbeatMs = m_cluster.nowMs;
            // Counters have been running since the node came up.
            n.cpuSeconds = double(m_cluster.nowMs - n.createdMs) / 1000.0 * pool.cpu * 0.35;
            n.networkBytes = double(m_cluster.nowMs - n.createdMs) / 1000.0 * 2.1e6;
            n.diskBytes = double(m_cluster.nowMs - n.createdMs) / 1000.0 * 4e5;
            m_cluster.nodes.push_back(n);
        }
    }
}

void Engine::createWorkloads()
{
    const qint64 now = m_cluster.nowMs;
    for (const WorkloadSpec& spec : m_cluster.spec.workloads) {
        Workload w;
        w.spec = spec;
        w.uid = uidFor(m_cluster, u"Workload"_s, spec.space, spec.name, int(spec.kind));
        w.createdMs = now - spec.ageDays * dayMs - m_rng.rangeMs(0, 43'200);
        w.availableMs = w.createdMs + 45'000;
        w.desired = spec.kind == WorkloadSpec::Kind::DaemonSet ? int(m_cluster.nodes.size()) : spec.replicas;
        w.hpaCurrent = w.hpaDesired = w.desired;
        w.selector = QJsonObject{{u"app"_s, spec.name}};
        if (spec.maxReplicas > 0)
            w.autoscaler = spec.name + u"-hpa"_s;
        if (spec.kind != WorkloadSpec::Kind::Deployment) {
            w.maxSurge = 0;
            w.maxUnavailable = 1;
        }
        const int count = spec.kind == WorkloadSpec::Kind::Deployment ? std::max(1, spec.revisions) : 1;
        for (int i = 1; i <= count; ++i) {
            const qint64 created = w.createdMs + (now - w.createdMs) * (i - 1) / count;
            // Earlier revisions ran earlier tags; only the last is what the blueprint names.
            const QString tag =
                i == count ? spec.containers.first().tag : u"%1-r%2"_s.arg(spec.containers.first().tag).arg(i);
            addRevision(
                w, blueprintRevision(w, tag).declared,
                i == 1 ? QString()
                       : u"kubectl set image deployment/%1 %2=%3"_s.arg(spec.name, spec.containers.first().name, tag),
                created);
        }
        w.current = count - 1;
        w.generation = count;
        w.progressMs = w.completeMs = w.revisions.back().createdMs + 60'000;
        m_cluster.workloads.push_back(std::move(w));
    }
    for (std::size_t i = 0; i < m_cluster.workloads.size(); ++i) {
        Workload& w = m_cluster.workloads[i];
        for (int n = 0; n < w.desired; ++n) {
            Pod& p = createPod(int(i), w.current, w.spec.kind == WorkloadSpec::Kind::Deployment ? -1 : n);
            makeRunningNow(p, std::max(w.revisions.back().createdMs, now - m_rng.rangeMs(3600, 6 * 86'400)));
            publish(p);
        }
        if (w.spec.storageGi > 0)
            for (int n = 0; n < w.desired; ++n) {
                m_store.put(u"persistentvolumes"_s, volumeManifest(m_cluster, w, n));
                m_store.put(u"persistentvolumeclaims"_s, claimManifest(m_cluster, w, n, true));
            }
        if (w.spec.hasService)
            m_store.put(u"services"_s, serviceManifest(m_cluster, w));
        publishWorkload(int(i));
    }
}

void Engine::createCrons()
{
    for (qsizetype i = 0; i < m_cluster.spec.crons.size(); ++i) {
        CronJob cron;
        cron.spec = m_cluster.spec.crons.at(i);
        cron.uid = uidFor(m_cluster, u"CronJob"_s, cron.spec.space, cron.spec.name);
        cron.createdMs = m_cluster.nowMs - 120 * dayMs;
        m_cluster.crons.push_back(cron);
        scheduleCron(int(i));
        m_store.put(u"cronjobs.batch"_s, cronJobManifest(m_cluster, m_cluster.crons.back()));
    }
}

void Engine::startClocks()
{
    count();
    for (std::size_t i = 0; i < m_cluster.workloads.size(); ++i)
        if (Workload& w = m_cluster.workloads[i]; w.spec.maxReplicas > 0) {
            w.autoscalerClock = true;
            every(15'000, [this, i] { autoscale(int(i)); });
        }
    for (std::size_t i = 0; i < m_cluster.nodes.size(); ++i) {
        const qint64 phase = qint64(hash64(m_cluster.nodes[i].name) % 300'000);
        after(phase, [this, i] { heartbeat(i); });
        // Leases say nothing about the past: they start shortly before serving does.
        atTime(m_options.startMs - 10'000 + phase % 10'000, [this, i] { renewLease(i); });
    }
    if (m_options.background)
        after(m_rng.rangeMs(300, 900), [this] { backgroundStep(); });
}

/// Moves the counters on every five seconds; in a crowded cluster once a minute while the past is being made up.
void Engine::count()
{
    const bool coarse = m_cluster.pods.size() > 2000 && m_cluster.nowMs < m_options.startMs - 120'000;
    const qint64 step = coarse ? 60'000 : 5000;
    after(step, [this, step] {
        accumulate(m_cluster, double(step) / 1000.0);
        count();
    });
}

void Engine::publishNode(Node& node)
{
    QJsonObject fresh = nodeManifest(m_cluster, node);
    if (const ObjectPtr before = m_store.find(u"nodes"_s, {}, node.name))
        fresh[u"metadata"_s] = before->json.value(u"metadata");
    m_store.put(u"nodes"_s, fresh);
}

void Engine::heartbeat(std::size_t index)
{
    Node& node = m_cluster.nodes[index];
    if (!node.lost) {
        node.heartbeatMs = m_cluster.nowMs;
        publishNode(node);
    }
    after(300'000, [this, index] { heartbeat(index); });
}

void Engine::renewLease(std::size_t index)
{
    Node& node = m_cluster.nodes[index];
    const bool exists = m_store.find(u"leases.coordination.k8s.io"_s, u"kube-node-lease"_s, node.name) != nullptr;
    if (!node.lost || !exists)
        m_store.put(u"leases.coordination.k8s.io"_s,
                    leaseManifest(m_cluster, node, node.lost ? node.heartbeatMs : m_cluster.nowMs));
    after(10'000, [this, index] { renewLease(index); });
}

void Engine::relive(const std::function<void(Cluster&)>& past)
{
    const qint64 now = m_cluster.nowMs;
    past(m_cluster);
    m_cluster.nowMs = now;
    accumulate(m_cluster, 0); // what the loads are now
}

void Engine::setChurn(double perSecond)
{
    m_churn = std::clamp(perSecond, 0.0, 5000.0);
    ++m_churnEpoch;
    churnOnce();
}

void Engine::churnOnce()
{
    if (m_churn <= 0 || m_cluster.pods.empty())
        return;
    const qint64 first = m_cluster.pods.begin()->first;
    const qint64 span = m_cluster.pods.rbegin()->first - first + 1;
    auto it = m_cluster.pods.lower_bound(first + qint64(m_rng.next() % quint64(span)));
    if (it == m_cluster.pods.end())
        it = m_cluster.pods.begin();
    if (Pod& p = *it->second; p.live() && p.phase == u"Running" && !p.containers.empty()) {
        ++p.containers.back().restarts;
        publish(p);
    }
    after(qint64(1000.0 / m_churn), [this, epoch = m_churnEpoch] {
        if (epoch == m_churnEpoch)
            churnOnce();
    });
}

void Engine::emitEvent(const QString& kind, const QString& apiVersion, const QString& space, const QString& name,
                       const QString& uid, bool warning, const QString& reason, const QString& message,
                       const QString& component, const QString& host)
{
    const QString eventSpace = space.isEmpty() ? u"default"_s : space;
    // The recorder adds to an event that says the same about the same object: client-go tools/record/events_cache.go.
    const QString eventName = name + u'.' + hexDigits(hash64(uid + reason + message, m_cluster.seed), 16);
    const ObjectPtr before = m_store.find(u"events"_s, eventSpace, eventName);
    const QString now = timeText(m_cluster.nowMs);
    QJsonObject o;
    if (before) {
        o = before->json;
        o[u"count"_s] = o.value(u"count").toInt() + 1;
        o[u"lastTimestamp"_s] = now;
    } else {
        QJsonObject source{{u"component"_s, component}};
        if (!host.isEmpty())
            source[u"host"_s] = host;
        QJsonObject involved{{u"kind"_s, kind}, {u"name"_s, name}, {u"uid"_s, uid}, {u"apiVersion"_s, apiVersion}};
        if (!space.isEmpty())
            involved[u"namespace"_s] = space;
        o = QJsonObject{{u"apiVersion"_s, u"v1"_s},
                        {u"kind"_s, u"Event"_s},
                        {u"metadata"_s, metadataFor(m_cluster, u"Event"_s, eventSpace, eventName, m_cluster.nowMs)},
                        {u"involvedObject"_s, involved},
                        {u"reason"_s, reason},
                        {u"message"_s, message},
                        {u"source"_s, source},
                        {u"type"_s, warning ? u"Warning"_s : u"Normal"_s},
                        {u"count"_s, 1},
                        {u"firstTimestamp"_s, now},
                        {u"lastTimestamp"_s, now},
                        {u"eventTime"_s, QJsonValue::Null},
                        {u"reportingComponent"_s, component},
                        {u"reportingInstance"_s, host}};
    }
    m_store.put(u"events"_s, o);
    const QString key = eventSpace + u'/' + eventName;
    const qint64 expiry = m_cluster.nowMs + eventLifeMs;
    m_eventExpiry[key] = expiry;
    after(eventLifeMs, [this, key, expiry, eventSpace, eventName] {
        const auto it = m_eventExpiry.find(key);
        if (it == m_eventExpiry.end() || it->second != expiry)
            return;
        m_eventExpiry.erase(it);
        m_store.remove(u"events"_s, eventSpace, eventName);
    });
}

void Engine::podEvent(const Pod& p, bool warning, const QString& reason, const QString& message)
{
    const bool scheduler = reason == u"Scheduled" || reason == u"FailedScheduling";
    emitEvent(u"Pod"_s, u"v1"_s, p.space, p.name, p.uid, warning, reason, message,
              scheduler ? u"default-scheduler"_s : u"kubelet"_s, scheduler ? QString() : p.node);
}

} // namespace wk::fleet
