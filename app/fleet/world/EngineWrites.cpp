// SPDX-License-Identifier: GPL-3.0-or-later
// What people write, as the controllers see it.
#include "fleet/api/ManagedFields.h"
#include "fleet/manifests/Manifests.h"
#include "fleet/world/Engine.h"
#include "fleet/world/Json.h"
#include "fleet/world/Resources.h"

using namespace Qt::StringLiterals;

namespace wk::fleet {

namespace {

using Kind = WorkloadSpec::Kind;

QString spaceOf(const QJsonObject& o) { return at(o, u"metadata", u"namespace").toString(); }
QString nameOf(const QJsonObject& o) { return at(o, u"metadata", u"name").toString(); }
QString uidOf(const QJsonObject& o) { return at(o, u"metadata", u"uid").toString(); }

std::optional<Kind> workloadKind(const QString& resource)
{
    for (const Kind kind : {Kind::Deployment, Kind::StatefulSet, Kind::DaemonSet})
        if (resource == resourceOf(kind))
            return kind;
    return std::nullopt;
}

void readStrategy(Workload& w, const QJsonObject& spec)
{
    const QJsonObject strategy =
        spec.value(w.spec.kind == Kind::Deployment ? u"strategy" : u"updateStrategy").toObject();
    const QString type = strategy.value(u"type").toString();
    const QJsonObject rolling = strategy.value(u"rollingUpdate").toObject();
    w.recreate = type == u"Recreate";
    w.onDelete = type == u"OnDelete";
    w.partition = rolling.value(u"partition").toInt();
    w.maxSurge = rolling.value(u"maxSurge");
    w.maxUnavailable = rolling.value(u"maxUnavailable");
    w.paused = spec.value(u"paused").toBool();
    w.historyLimit = spec.value(u"revisionHistoryLimit").toInt(10);
    w.deadlineMs = spec.value(u"progressDeadlineSeconds").toInteger(600) * 1000;
    w.selector = at(spec, u"selector", u"matchLabels").toObject();
}

} // namespace

ObjectPtr Engine::accept(const QString& resource, QJsonObject json)
{
    if (resource == u"namespaces" && !json.contains(u"status"_s)) {
        json[u"spec"_s] = QJsonObject{{u"finalizers"_s, QJsonArray{u"kubernetes"_s}}};
        json[u"status"_s] = QJsonObject{{u"phase"_s, u"Active"_s}};
    } else if (resource == u"pods" && !json.contains(u"status"_s)) {
        json[u"status"_s] = QJsonObject{{u"phase"_s, u"Pending"_s}, {u"qosClass"_s, u"BestEffort"_s}};
    } else if (resource == u"services" && !at(json, u"spec", u"clusterIP").isString() &&
               at(json, u"spec", u"type") != u"ExternalName"_s) {
        QJsonObject spec = json.value(u"spec").toObject();
        const quint64 h = hash64(spaceOf(json) + u'/' + nameOf(json), m_cluster.seed);
        const QString ip = u"10.97.%1.%2"_s.arg(h % 250).arg((h >> 16) % 250 + 2);
        spec[u"clusterIP"_s] = ip;
        spec[u"clusterIPs"_s] = QJsonArray{ip};
        json[u"spec"_s] = spec;
        json[u"status"_s] = QJsonObject{{u"loadBalancer"_s, QJsonObject()}};
    }
    const qint64 before = m_store.revision();
    const ObjectPtr stored = m_store.put(resource, json);
    if (m_store.revision() != before)
        adopt(resource, stored->json);
    return stored;
}

void Engine::adopt(const QString& resource, const QJsonObject& json)
{
    if (const auto kind = workloadKind(resource))
        adoptWorkload(*kind, json);
    else if (resource == u"horizontalpodautoscalers.autoscaling")
        adoptAutoscaler(json);
    else if (resource == u"nodes")
        adoptNode(json);
    else if (resource == u"pods")
        adoptPod(json);
    else if (resource == u"services")
        publishService(json);
    else if (resource == u"poddisruptionbudgets.policy")
        publishBudget(json);
    else if (resource == u"cronjobs.batch")
        adoptCron(json);
    else if (resource == u"jobs.batch")
        adoptJob(json);
    else if (resource == u"namespaces" && !m_store.find(u"serviceaccounts"_s, nameOf(json), u"default"_s))
        m_store.put(u"serviceaccounts"_s, {{u"apiVersion"_s, u"v1"_s},
                                           {u"kind"_s, u"ServiceAccount"_s},
                                           {u"metadata"_s, metadataFor(m_cluster, u"ServiceAccount"_s, nameOf(json),
                                                                       u"default"_s, m_cluster.nowMs)}});
}

void Engine::edit(const QString& resource, const QString& space, const QString& name, const QString& manager,
                  const std::function<void(QJsonObject&)>& change)
{
    const ObjectPtr old = m_store.find(resource, space, name);
    if (!old)
        return;
    QJsonObject json = old->json;
    change(json);
    if (json == old->json)
        return;
    QJsonObject m = json.value(u"metadata").toObject();
    if (json.value(u"spec") != old->json.value(u"spec"))
        m[u"generation"_s] = m.value(u"generation").toInteger() + 1;
    json[u"metadata"_s] = m;
    accept(resource,
           withUpdatedFields(old->json, json,
                             {manager, false, json.value(u"apiVersion").toString(), {}, timeText(m_cluster.nowMs)}));
}

void Engine::publishStatus(const QString& resource, const QJsonObject& fresh, const QStringList& annotations)
{
    const ObjectPtr stored = m_store.find(resource, spaceOf(fresh), nameOf(fresh));
    if (!stored) {
        m_store.put(resource, fresh);
        return;
    }
    QJsonObject json = stored->json;
    json[u"status"_s] = fresh.value(u"status");
    QJsonObject m = json.value(u"metadata").toObject(), notes = m.value(u"annotations").toObject();
    for (const QString& key : annotations)
        if (const QJsonValue v = at(fresh, u"metadata", u"annotations", key); !v.isUndefined())
            notes[key] = v;
    if (!notes.isEmpty())
        m[u"annotations"_s] = notes;
    json[u"metadata"_s] = m;
    m_store.put(resource, json);
}

int Engine::findWorkload(const QString& space, const QString& name, Kind kind) const
{
    for (std::size_t i = 0; i < m_cluster.workloads.size(); ++i)
        if (const Workload& w = m_cluster.workloads[i];
            !w.gone && w.spec.kind == kind && w.spec.name == name && w.spec.space == space)
            return int(i);
    return -1;
}

int Engine::addWorkload(Kind kind, const QJsonObject& json)
{
    Workload w;
    w.spec.kind = kind;
    w.spec.space = spaceOf(json);
    w.spec.name = nameOf(json);
    w.spec.hasService = false;
    w.spec.containers = containersIn(at(json, u"spec", u"template", u"spec").toObject(), {});
    w.uid = uidOf(json);
    w.createdMs = w.availableMs = w.progressMs = m_cluster.nowMs;
    w.available = false;
    readStrategy(w, json.value(u"spec").toObject());
    addRevision(w, {}, {}, m_cluster.nowMs).pruned = true; // what it was before it was: nothing
    w.revisions.back().number = 0;
    m_cluster.workloads.push_back(std::move(w));
    return int(m_cluster.workloads.size()) - 1;
}

void Engine::adoptWorkload(Kind kind, const QJsonObject& json)
{
    const QJsonObject spec = json.value(u"spec").toObject();
    int index = findWorkload(spaceOf(json), nameOf(json), kind);
    if (index < 0)
        index = addWorkload(kind, json);
    Workload& w = m_cluster.workloads[std::size_t(index)];
    w.generation = at(json, u"metadata", u"generation").toInteger(1);
    readStrategy(w, spec);
    const int wanted = kind == Kind::DaemonSet ? int(m_cluster.nodes.size()) : spec.value(u"replicas").toInt();
    if (wanted != w.desired) {
        if (kind == Kind::Deployment && w.current > 0)
            announceScale(w, w.revisions[std::size_t(w.current)], w.desired, wanted);
        w.desired = wanted;
    }
    if (!w.paused || w.revisions.size() == 1)
        followTemplate(index, spec.value(u"template").toObject(),
                       at(json, u"metadata", u"annotations", u"kubernetes.io/change-cause").toString());
    touch(index);
}

void Engine::adoptAutoscaler(const QJsonObject& json)
{
    const QJsonObject spec = json.value(u"spec").toObject();
    const QString kind = at(spec, u"scaleTargetRef", u"kind").toString();
    const int index = findWorkload(spaceOf(json), at(spec, u"scaleTargetRef", u"name").toString(),
                                   kind == u"StatefulSet" ? Kind::StatefulSet : Kind::Deployment);
    if (index < 0)
        return;
    Workload& w = m_cluster.workloads[std::size_t(index)];
    const bool fresh = w.autoscaler.isEmpty();
    w.autoscaler = nameOf(json);
    w.spec.minReplicas = spec.value(u"minReplicas").toInt(1);
    w.spec.maxReplicas = spec.value(u"maxReplicas").toInt(1);
    w.spec.targetMemory = 0;
    for (const QJsonArray metrics = spec.value(u"metrics").toArray(); const QJsonValue& m : metrics) {
        const QJsonObject resource = m.toObject().value(u"resource").toObject();
        const int target = at(resource, u"target", u"averageUtilization").toInt();
        if (target > 0)
            (resource.value(u"name") == u"memory"_s ? w.spec.targetMemory : w.spec.targetCpu) = target;
    }
    if (fresh && !w.autoscalerClock) {
        w.autoscalerClock = true;
        every(15'000, [this, index] { autoscale(index); });
    }
    after(1000, [this, index] { autoscale(index); });
}

void Engine::adoptNode(const QJsonObject& json)
{
    Node* node = findNode(nameOf(json));
    if (!node)
        return;
    node->cordoned = at(json, u"spec", u"unschedulable").toBool();
    node->taints = {};
    for (const QJsonArray taints = at(json, u"spec", u"taints").toArray(); const QJsonValue& t : taints)
        if (!t.toObject().value(u"key").toString().startsWith(u"node.kubernetes.io/") &&
            !t.toObject().value(u"key").toString().startsWith(u"node-role.kubernetes.io/"))
            node->taints.append(t);
    publishNode(*node);
}

void Engine::adoptPod(const QJsonObject& json)
{
    if (m_cluster.findPod(spaceOf(json), nameOf(json)))
        return; // labels and notes: the kubelet does not care
    auto owned = std::make_unique<Pod>();
    Pod& p = *owned;
    p.id = m_nextPod++;
    p.hash = hash64(uidOf(json), m_cluster.seed);
    p.space = spaceOf(json);
    p.name = nameOf(json);
    p.uid = uidOf(json);
    p.ip = u"10.244.%1.%2"_s.arg((p.id / 250) % 250).arg(p.id % 250 + 2);
    p.createdMs = m_cluster.nowMs;
    p.declared = json.value(u"spec").toObject();
    p.own = containersIn(p.declared, {});
    p.node = p.declared.value(u"nodeName").toString();
    for (const ContainerSpec& c : p.own)
        if (!imageKnown(imageOf(c)))
            p.fault = PodFault::ImagePull;
    p.containers.resize(std::size_t(p.own.size()));
    for (ContainerStatus& c : p.containers)
        c.reason = u"ContainerCreating"_s;
    m_loosePods.push_back(p.id);
    m_cluster.pods.emplace(p.id, std::move(owned));
    after(m_rng.rangeMs(0.05, 0.4), [this, id = p.id] { schedule(id); });
}

void Engine::adoptCron(const QJsonObject& json)
{
    const QJsonObject spec = json.value(u"spec").toObject();
    const auto named = [&](const CronJob& c) {
        return !c.gone && c.spec.name == nameOf(json) && c.spec.space == spaceOf(json);
    };
    auto it = std::ranges::find_if(m_cluster.crons, named);
    const bool fresh = it == m_cluster.crons.end();
    if (fresh) {
        CronJob cron;
        cron.uid = uidOf(json);
        cron.createdMs = m_cluster.nowMs;
        cron.spec.space = spaceOf(json);
        cron.spec.name = nameOf(json);
        m_cluster.crons.push_back(cron);
        it = m_cluster.crons.end() - 1;
    }
    const QJsonObject container =
        at(spec, u"jobTemplate", u"spec", u"template", u"spec", u"containers").toArray().at(0).toObject();
    const QString before = it->spec.schedule;
    it->spec.schedule = spec.value(u"schedule").toString();
    it->spec.suspended = spec.value(u"suspend").toBool();
    it->spec.image = container.value(u"image").toString();
    if (before != it->spec.schedule)
        scheduleCron(int(it - m_cluster.crons.begin()));
}

void Engine::adoptJob(const QJsonObject& json)
{
    for (const auto& [id, job] : m_cluster.jobs)
        if (job.name == nameOf(json) && job.space == spaceOf(json))
            return;
    Job job;
    job.id = m_nextJob++;
    job.space = spaceOf(json);
    job.name = nameOf(json);
    job.uid = uidOf(json);
    job.createdMs = m_cluster.nowMs;
    job.seconds = 20;
    job.declared = json.value(u"spec").toObject();
    startJob(job);
}

void Engine::discard(const QString& resource, const QString& space, const QString& name, const QString& propagation,
                     qint64 graceSeconds)
{
    const ObjectPtr object = m_store.find(resource, space, name);
    if (!object)
        return;
    if (resource == u"pods") {
        if (const Pod* p = m_cluster.findPod(space, name)) {
            if (graceSeconds == 0)
                removePod(p->id);
            else
                deletePod(p->id, graceSeconds < 0 ? 30 : graceSeconds);
            return;
        }
    } else if (const auto kind = workloadKind(resource)) {
        if (const int index = findWorkload(space, name, *kind); index >= 0) {
            discardWorkload(index, propagation);
            return;
        }
    } else if (resource == u"namespaces") {
        discardSpace(name);
        return;
    } else if (resource == u"services") {
        m_store.remove(u"endpoints"_s, space, name);
        m_store.remove(u"endpointslices.discovery.k8s.io"_s, space,
                       nameOf(endpointSliceManifest(m_cluster, object->json, {})));
    } else if (resource == u"jobs.batch") {
        std::erase_if(m_cluster.jobs, [&](const auto& entry) {
            if (entry.second.name != name || entry.second.space != space)
                return false;
            deletePod(entry.second.pod);
            for (CronJob& cron : m_cluster.crons)
                std::erase(cron.jobs, entry.first);
            return true;
        });
    }
    for (Workload& w : m_cluster.workloads) {
        if (w.spec.space != space)
            continue;
        if (resource == u"horizontalpodautoscalers.autoscaling" && w.autoscaler == name)
            w.autoscaler.clear();
        else if (resource == u"poddisruptionbudgets.policy" && w.spec.name == name)
            w.spec.disruptionBudget = false;
    }
    for (CronJob& cron : m_cluster.crons)
        if (resource == u"cronjobs.batch" && cron.spec.space == space && cron.spec.name == name)
            cron.gone = true;
    m_store.remove(resource, space, name);
}

/// The garbage collector's part: what a workload owns goes with it, before it (Foreground) or after it, or stays.
void Engine::discardWorkload(int index, const QString& propagation)
{
    Workload& w = m_cluster.workloads[std::size_t(index)];
    const QString resource = resourceOf(w.spec.kind), space = w.spec.space, name = w.spec.name;
    w.gone = true;
    w.desired = 0;
    w.spec.share = 0;
    w.spec.hasService = false;
    w.autoscaler.clear();
    if (propagation == u"Orphan") {
        m_store.remove(resource, space, name);
        return;
    }
    for (const Revision& r : w.revisions) {
        m_store.remove(u"replicasets.apps"_s, space, r.setName);
        m_store.remove(u"controllerrevisions.apps"_s, space, name + u'-' + r.hash);
    }
    const std::vector<qint64> pods = w.pods;
    for (const qint64 id : pods)
        deletePod(id);
    publishServicesOf(w);
    if (propagation != u"Foreground") {
        m_store.remove(resource, space, name);
        return;
    }
    QJsonObject json = m_store.find(resource, space, name)->json;
    QJsonObject m = json.value(u"metadata").toObject();
    m[u"deletionTimestamp"_s] = timeText(m_cluster.nowMs);
    m[u"deletionGracePeriodSeconds"_s] = 0;
    m[u"finalizers"_s] = QJsonArray{u"foregroundDeletion"_s};
    m[u"generation"_s] = m.value(u"generation").toInteger() + 1;
    json[u"metadata"_s] = m;
    m_store.put(resource, json);
    after(6000, [this, resource, space, name] { m_store.remove(resource, space, name); });
}

void Engine::discardSpace(const QString& space)
{
    QJsonObject json = m_store.find(u"namespaces"_s, {}, space)->json;
    QJsonObject m = json.value(u"metadata").toObject();
    m[u"deletionTimestamp"_s] = timeText(m_cluster.nowMs);
    json[u"metadata"_s] = m;
    json[u"status"_s] = QJsonObject{{u"phase"_s, u"Terminating"_s}};
    m_store.put(u"namespaces"_s, json);
    after(5000, [this, space] {
        for (const Resource& r : resources())
            if (r.namespaced && !r.virtualKind)
                for (const ObjectPtr& o : m_store.list(r.id(), space))
                    discard(r.id(), space, o->name, {}, -1);
    });
    after(12'000, [this, space] { m_store.remove(u"namespaces"_s, {}, space); });
}

} // namespace wk::fleet
