// SPDX-License-Identifier: GPL-3.0-or-later
// What a workload has been: templates, the ReplicaSets and ControllerRevisions that keep them, and what becomes of an
// image.
#include "core/Quantity.h"
#include "fleet/manifests/Manifests.h"
#include "fleet/world/Engine.h"
#include "fleet/world/Json.h"

#include <QtCore/QRegularExpression>

using namespace Qt::StringLiterals;

namespace wk::fleet {

namespace {

/// The same whatever way it was written: without nothings, quantities as numbers.
QJsonValue normalised(const QJsonValue& value, bool quantities = false)
{
    if (value.isArray()) {
        QJsonArray out;
        for (const QJsonArray values = value.toArray(); const QJsonValue& v : values)
            out.append(normalised(v));
        return out;
    }
    if (value.isString() && quantities)
        if (const auto milli = parseQuantityMilli(value.toString().toStdString()))
            return *milli;
    if (!value.isObject())
        return value;
    QJsonObject out;
    const QJsonObject in = value.toObject();
    for (auto it = in.begin(); it != in.end(); ++it) {
        const QJsonValue v = normalised(*it, it.key() == u"limits" || it.key() == u"requests" || quantities);
        if (!v.isNull() && v != QJsonValue(QJsonObject()) && v != QJsonValue(QJsonArray()))
            out[it.key()] = v;
    }
    return out;
}

int quantity(const QJsonObject& resources, QStringView section, QStringView name, int divisor, int otherwise)
{
    const QString text = at(resources, section, name).toString();
    const auto milli = text.isEmpty() ? std::nullopt : parseQuantityMilli(text.toStdString());
    return milli ? int(*milli / divisor) : otherwise;
}

ContainerSpec containerSpec(const QJsonObject& c, const QList<ContainerSpec>& known)
{
    ContainerSpec s;
    s.runtime = u"go"_s;
    for (const ContainerSpec& k : known)
        if (k.name == c.value(u"name").toString())
            s = k;
    s.name = c.value(u"name").toString();
    const QString image = c.value(u"image").toString();
    const qsizetype colon = image.indexOf(u':', image.lastIndexOf(u'/') + 1);
    s.image = colon < 0 ? image : image.left(colon);
    s.tag = colon < 0 ? QString() : image.mid(colon + 1);
    s.port = c.value(u"ports").toArray().at(0).toObject().value(u"containerPort").toInt(s.port);
    const QJsonObject resources = c.value(u"resources").toObject();
    constexpr int mebibyteMilli = 1'048'576;
    s.cpuRequest = quantity(resources, u"requests", u"cpu", 1, s.cpuRequest);
    s.cpuLimit = quantity(resources, u"limits", u"cpu", 1, s.cpuLimit);
    const auto mebibytes = [&](QStringView section, int otherwise) {
        const auto bytes = parseQuantity(at(resources, section, u"memory").toString().toStdString());
        return bytes ? int(*bytes / mebibyteMilli) : otherwise;
    };
    s.memoryRequest = mebibytes(u"requests", s.memoryRequest);
    s.memoryLimit = mebibytes(u"limits", s.memoryLimit);
    return s;
}

/// What an image does is written in its tag: "v2-crash" crashes, "v2-oom" leaks, "v2-unready" never answers.
PodFault faultInTag(const QString& tag)
{
    static const QList<QPair<QString, PodFault>> suffixes{
        {u"-crash"_s, PodFault::Crash}, {u"-oom"_s, PodFault::Oom}, {u"-unready"_s, PodFault::Unready}};
    for (const auto& [suffix, fault] : suffixes)
        if (tag.endsWith(suffix))
            return fault;
    return PodFault::None;
}

} // namespace

QList<ContainerSpec> containersIn(const QJsonObject& podSpec, const QList<ContainerSpec>& known)
{
    QList<ContainerSpec> out;
    for (const QJsonArray items = podSpec.value(u"containers").toArray(); const QJsonValue& c : items)
        out.append(containerSpec(c.toObject(), known));
    return out;
}

/// The registries hold what this cluster has run, and every tag that looks like a version ("v2.1", "1.19-alpine"),
/// except those that say themselves that they are not there.
bool Engine::imageKnown(const QString& image) const
{
    for (const Workload& w : m_cluster.workloads)
        for (const Revision& r : w.revisions)
            for (const ContainerSpec& c : r.containers)
                if (r.fault != PodFault::ImagePull && imageOf(c) == image)
                    return true;
    static const QRegularExpression version(u"^v?\\d+(\\.\\d+)*(-[a-z0-9.]+)?$"_s);
    static const QRegularExpression absent(u"-(bad|broken|missing|nope)$"_s);
    const qsizetype colon = image.indexOf(u':', image.lastIndexOf(u'/') + 1);
    const QString tag = colon < 0 ? u"latest"_s : image.mid(colon + 1);
    return image.contains(u"@sha256:") || tag == u"latest" || tag == u"stable" ||
           (version.match(tag).hasMatch() && !absent.match(tag).hasMatch());
}

Revision Engine::blueprintRevision(const Workload& w, const QString& tag) const
{
    Revision r;
    r.tag = tag;
    r.declared = podTemplate(m_cluster, w, r);
    QJsonObject metadata = r.declared.value(u"metadata").toObject(), labels = metadata.value(u"labels").toObject();
    labels.remove(u"pod-template-hash"_s);
    labels.remove(u"controller-revision-hash"_s);
    metadata[u"labels"_s] = labels;
    r.declared[u"metadata"_s] = metadata;
    return r;
}

Revision& Engine::addRevision(Workload& w, const QJsonObject& declared, const QString& cause, qint64 createdMs)
{
    Revision r;
    for (const Revision& other : w.revisions)
        r.number = std::max(r.number, other.number + 1);
    r.declared = declared;
    r.containers = containersIn(declared.value(u"spec").toObject(), w.spec.containers);
    r.tag = r.containers.isEmpty() ? QString() : r.containers.first().tag;
    r.changeCause = cause;
    r.createdMs = createdMs;
    r.hash = safeSuffix(hash64(w.spec.space + w.spec.name + r.tag + QString::number(r.number), m_cluster.seed), 10);
    r.setName = w.spec.name + u'-' + r.hash;
    r.setUid = uidFor(m_cluster, u"ReplicaSet"_s, w.spec.space, r.setName);
    r.podTemplate = declared;
    QJsonObject metadata = declared.value(u"metadata").toObject(), labels = metadata.value(u"labels").toObject();
    labels[w.spec.kind == WorkloadSpec::Kind::Deployment ? u"pod-template-hash"_s : u"controller-revision-hash"_s] =
        r.hash;
    metadata[u"labels"_s] = labels;
    r.podTemplate[u"metadata"_s] = metadata;
    w.revisions.push_back(std::move(r));
    return w.revisions.back();
}

/// pkg/controller/deployment/sync.go: a template that was there before brings its revision back under a new number.
void Engine::followTemplate(int workload, const QJsonObject& declared, const QString& cause)
{
    Workload& w = m_cluster.workloads[std::size_t(workload)];
    const QJsonValue wanted = normalised(declared);
    if (normalised(w.revisions[std::size_t(w.current)].declared) == wanted)
        return;
    int newest = 0;
    for (const Revision& r : w.revisions)
        newest = std::max(newest, r.number);
    for (std::size_t i = 0; i < w.revisions.size(); ++i) {
        Revision& r = w.revisions[i];
        if (r.pruned || normalised(r.declared) != wanted)
            continue;
        r.number = newest + 1;
        switchTo(workload, int(i));
        return;
    }
    // Judged before the revision is there: what it names would count as known by itself.
    const QList<ContainerSpec> containers = containersIn(declared.value(u"spec").toObject(), w.spec.containers);
    PodFault fault = PodFault::None;
    int failing = 0;
    for (int i = 0; i < containers.size() && fault == PodFault::None; ++i) {
        fault = imageKnown(imageOf(containers[i])) ? faultInTag(containers[i].tag) : PodFault::ImagePull;
        failing = fault == PodFault::None ? 0 : i;
    }
    Revision& r = addRevision(w, declared, cause, m_cluster.nowMs);
    r.fault = fault;
    r.faultContainer = failing;
    switchTo(workload, int(w.revisions.size()) - 1);
}

void Engine::switchTo(int workload, int revision)
{
    Workload& w = m_cluster.workloads[std::size_t(workload)];
    w.current = revision;
    w.complete = false;
    w.progressFailed = false;
    w.podsSeenReady = 0;
    w.progressMs = m_cluster.nowMs;
    if (w.spec.kind == WorkloadSpec::Kind::Deployment)
        announceScale(w, w.revisions[std::size_t(revision)], 0, std::clamp(w.surgePods(), 1, std::max(1, w.desired)));
    touch(workload);
    after(w.deadlineMs + 500, [this, workload, generation = w.generation] {
        Workload& x = m_cluster.workloads[std::size_t(workload)];
        if (x.gone || x.generation != generation || x.complete || x.paused ||
            m_cluster.nowMs - x.progressMs < x.deadlineMs)
            return;
        x.progressFailed = true;
        touch(workload);
    });
}

/// Keeps as many old revisions as the history limit says, never one that still has pods.
void Engine::pruneHistory(Workload& w)
{
    std::vector<Revision*> idle;
    for (std::size_t i = 0; i < w.revisions.size(); ++i)
        if (!w.revisions[i].pruned && int(i) != w.current &&
            std::ranges::none_of(w.pods, [&](qint64 id) { return pod(id)->revision == int(i); }))
            idle.push_back(&w.revisions[i]);
    std::ranges::sort(idle, {}, &Revision::number);
    for (std::size_t i = 0; i + std::size_t(w.historyLimit) < idle.size(); ++i) {
        idle[i]->pruned = true;
        if (w.spec.kind == WorkloadSpec::Kind::Deployment)
            m_store.remove(u"replicasets.apps"_s, w.spec.space, idle[i]->setName);
        else
            m_store.remove(u"controllerrevisions.apps"_s, w.spec.space, w.spec.name + u'-' + idle[i]->hash);
    }
}

void Engine::publishRevisions(Workload& w)
{
    pruneHistory(w);
    for (std::size_t i = 0; i < w.revisions.size(); ++i) {
        if (w.revisions[i].pruned)
            continue;
        if (w.spec.kind == WorkloadSpec::Kind::Deployment)
            m_store.put(u"replicasets.apps"_s, replicaSetManifest(m_cluster, w, int(i)));
        else
            m_store.put(u"controllerrevisions.apps"_s, controllerRevisionManifest(m_cluster, w, w.revisions[i]));
    }
}

} // namespace wk::fleet
