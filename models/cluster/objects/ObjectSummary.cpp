// SPDX-License-Identifier: GPL-3.0-or-later
#include "cluster/objects/ObjectSummary.h"

#include "cluster/objects/SummaryParts.h"
#include "core/Duration.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QHash>
#include <QtCore/QJsonDocument>
#include <QtCore/QLocale>

#include <algorithm>

namespace wk::cluster {

using namespace Qt::StringLiterals;
using table::Health;

namespace summary {

QString tr(const char* text) { return QCoreApplication::translate("wk::cluster::Summary", text); }

QJsonValue at(const QJsonObject& object, QStringView path)
{
    QJsonValue value = object;
    for (const QStringView step : path.split(u'.')) {
        if (!value.isObject())
            return QJsonValue::Undefined;
        value = value.toObject().value(step);
    }
    return value;
}

QString text(const QJsonValue& value)
{
    switch (value.type()) {
    case QJsonValue::String: return value.toString();
    case QJsonValue::Bool: return value.toBool() ? u"true"_s : u"false"_s;
    case QJsonValue::Double: {
        const qint64 whole = value.toInteger(std::numeric_limits<qint64>::min());
        return whole != std::numeric_limits<qint64>::min() ? QString::number(whole) : QString::number(value.toDouble());
    }
    case QJsonValue::Array: return QString::fromUtf8(QJsonDocument(value.toArray()).toJson(QJsonDocument::Compact));
    case QJsonValue::Object: return QString::fromUtf8(QJsonDocument(value.toObject()).toJson(QJsonDocument::Compact));
    default: return {};
    }
}

QString pairs(const QJsonObject& object)
{
    QStringList parts;
    for (auto it = object.begin(); it != object.end(); ++it)
        parts.append(it.key() + u'=' + text(it.value()));
    return parts.join(u", "_s);
}

QString list(const QJsonArray& array)
{
    QStringList parts;
    for (const QJsonValue& value : array)
        parts.append(text(value));
    return parts.join(u", "_s);
}

QString selector(const QJsonValue& value)
{
    const QJsonObject object = value.toObject();
    if (!object.contains(u"matchLabels"_s) && !object.contains(u"matchExpressions"_s))
        return pairs(object);
    QStringList parts;
    const QString labels = pairs(object.value(u"matchLabels"_s).toObject());
    if (!labels.isEmpty())
        parts.append(labels);
    for (const QJsonArray expressions = object.value(u"matchExpressions"_s).toArray();
         const QJsonValue& expression : expressions) {
        const QJsonObject e = expression.toObject();
        const QString op = e.value(u"operator"_s).toString(), key = e.value(u"key"_s).toString();
        const QString values = u'(' + list(e.value(u"values"_s).toArray()) + u')';
        if (op == u"Exists")
            parts.append(key);
        else if (op == u"DoesNotExist")
            parts.append(u'!' + key);
        else
            parts.append(key + (op == u"NotIn" ? u" notin "_s : u" in "_s) + values);
    }
    return parts.join(u", "_s);
}

QString resources(const QJsonObject& object)
{
    QStringList parts;
    for (auto it = object.begin(); it != object.end(); ++it)
        parts.append(it.key() + u' ' + text(it.value()));
    return parts.join(u", "_s);
}

void add(FactSection& section, const QString& label, const QString& value, Health health)
{
    if (!value.isEmpty())
        section.facts.append(
            Fact{.label = label, .value = value, .health = health, .linkKind = {}, .linkSpace = {}, .linkName = {}});
}

void addMoment(FactSection& section, const QString& label, const QJsonValue& rfc3339)
{
    const QString value = rfc3339.toString();
    if (const auto ms = parseRfc3339Ms(value.toStdString())) {
        add(section, label, value);
        section.facts.last().instantMs = *ms;
    }
}

void addLink(FactSection& section, const QString& label, const QString& kindId, const QString& space,
             const QString& name, const QString& shown)
{
    if (name.isEmpty())
        return;
    section.facts.append(Fact{.label = label,
                              .value = shown.isEmpty() ? name : shown,
                              .linkKind = kindId,
                              .linkSpace = space,
                              .linkName = name});
}

bool describe(std::span<const Describer> kinds, const QString& kind, const QJsonObject& object, QList<FactSection>& out)
{
    const auto own = std::ranges::find(kinds, kind, &Describer::kind);
    if (own == kinds.end())
        return false;
    own->describe(object, out);
    return true;
}

Fact cell(const QString& value, Health health)
{
    return Fact{.label = {}, .value = value, .health = health, .linkKind = {}, .linkSpace = {}, .linkName = {}};
}

Fact momentCell(const QJsonValue& rfc3339)
{
    Fact out = cell({});
    if (const auto ms = parseRfc3339Ms(rfc3339.toString().toStdString())) {
        out.instantMs = *ms;
        out.value = rfc3339.toString();
    }
    return out;
}

namespace {

/// A pod that has ended: then not being ready is no news.
bool isCompleted(const QJsonObject& object)
{
    const QString phase = at(object, u"status.phase").toString();
    return phase == u"Succeeded" || phase == u"Failed";
}

Health conditionHealth(const QString& type, const QString& status, bool completed)
{
    // True is good news for these; for everything else (pressure, failure, progressing ...) only the words are shown.
    static const QSet<QString> goodWhenTrue{
        u"Ready"_s,       u"Available"_s,     u"ContainersReady"_s, u"PodScheduled"_s,  u"Initialized"_s,
        u"Established"_s, u"NamesAccepted"_s, u"AbleToScale"_s,     u"ScalingActive"_s, u"Complete"_s};
    static const QSet<QString> badWhenTrue{u"MemoryPressure"_s, u"DiskPressure"_s,   u"PIDPressure"_s,
                                           u"Failed"_s,         u"ReplicaFailure"_s, u"NetworkUnavailable"_s};
    if (goodWhenTrue.contains(type))
        return status == u"True" ? Health::Good : completed ? Health::None : Health::Bad;
    if (badWhenTrue.contains(type))
        return status == u"True" ? Health::Bad : status == u"Unknown" ? Health::Unknown : Health::Good;
    return Health::None;
}

} // namespace

void conditions(const QJsonObject& object, QList<FactSection>& out)
{
    const QJsonArray array = at(object, u"status.conditions").toArray();
    if (array.isEmpty())
        return;
    const bool completed = isCompleted(object);
    FactSection section;
    section.title = tr(QT_TRANSLATE_NOOP("wk::cluster::Summary", "Conditions"));
    section.headers = {tr(QT_TRANSLATE_NOOP("wk::cluster::Summary", "Condition")),
                       tr(QT_TRANSLATE_NOOP("wk::cluster::Summary", "Status")),
                       tr(QT_TRANSLATE_NOOP("wk::cluster::Summary", "Since")),
                       tr(QT_TRANSLATE_NOOP("wk::cluster::Summary", "Reason"))};
    for (const QJsonValue& value : array) {
        const QJsonObject c = value.toObject();
        const QString type = text(c.value(u"type"_s)), status = text(c.value(u"status"_s));
        const Health health = conditionHealth(type, status, completed);
        QString why = text(c.value(u"reason"_s));
        const QString message = text(c.value(u"message"_s));
        if (!message.isEmpty())
            why += (why.isEmpty() ? QString() : u": "_s) + message;
        section.rows.append(
            QList<Fact>{cell(type), cell(status, health), momentCell(c.value(u"lastTransitionTime"_s)), cell(why)});
    }
    out.append(section);
}

} // namespace summary

using namespace summary;

qint64 unwellSinceMs(const QJsonObject& object)
{
    qint64 since = 0;
    const bool completed = isCompleted(object);
    for (const QJsonArray all = at(object, u"status.conditions").toArray(); const QJsonValue& value : all) {
        const QJsonObject condition = value.toObject();
        if (conditionHealth(text(condition.value(u"type"_s)), text(condition.value(u"status"_s)), completed) !=
            Health::Bad)
            continue;
        // The first that turned bad is when it began.
        const qint64 ms = momentCell(condition.value(u"lastTransitionTime"_s)).instantMs;
        since = since == 0 || (ms != 0 && ms < since) ? ms : since;
    }
    return since;
}

namespace {

FactSection metadata(const QJsonObject& object)
{
    FactSection section;
    section.title = tr(QT_TRANSLATE_NOOP("wk::cluster::Summary", "Object"));
    const QString space = at(object, u"metadata.namespace").toString();
    addLink(section, tr(QT_TRANSLATE_NOOP("wk::cluster::Summary", "Namespace")), u"namespaces"_s, {}, space);
    addMoment(section, tr(QT_TRANSLATE_NOOP("wk::cluster::Summary", "Created")),
              at(object, u"metadata.creationTimestamp"));
    const QJsonValue deleted = at(object, u"metadata.deletionTimestamp");
    if (!deleted.isUndefined()) {
        addMoment(section, tr(QT_TRANSLATE_NOOP("wk::cluster::Summary", "Being deleted since")), deleted);
        add(section, tr(QT_TRANSLATE_NOOP("wk::cluster::Summary", "Waits for finalizers")),
            list(at(object, u"metadata.finalizers").toArray()), Health::Warning);
    }
    for (const QJsonArray values = at(object, u"metadata.ownerReferences").toArray();
         const QJsonValue& value : values) {
        const QJsonObject owner = value.toObject();
        const QString kind = owner.value(u"kind"_s).toString(), name = owner.value(u"name"_s).toString();
        addLink(section, tr(QT_TRANSLATE_NOOP("wk::cluster::Summary", "Controlled by")),
                kindIdOf(owner.value(u"apiVersion"_s).toString(), kind), space, name, kind + u' ' + name);
    }
    return section;
}

FactSection folded(const QString& title, const QJsonObject& map)
{
    FactSection section;
    section.title = title;
    section.folded = true;
    for (auto it = map.begin(); it != map.end(); ++it) {
        if (it.key() == u"kubectl.kubernetes.io/last-applied-configuration")
            continue; // the whole object once more; it stands in the YAML
        const QString value = text(it.value());
        section.facts.append(Fact{.label = it.key(),
                                  .value = value.isEmpty() ? u"\"\""_s : value,
                                  .linkKind = {},
                                  .linkSpace = {},
                                  .linkName = {}});
    }
    return section;
}

/// For kinds nobody wrote a summary for: the plain values of spec and status.
void generic(const QJsonObject& object, QList<FactSection>& out)
{
    const auto section = [&](const QString& title, const QJsonObject& from) {
        FactSection s;
        s.title = title;
        for (auto it = from.begin(); it != from.end(); ++it) {
            if (it.value().isArray() && !it.value().toArray().isEmpty() && !it.value().toArray().first().isObject())
                add(s, it.key(), list(it.value().toArray()));
            else if (!it.value().isArray() && !it.value().isObject())
                add(s, it.key(), text(it.value()));
        }
        if (!s.facts.isEmpty())
            out.append(s);
    };
    section(tr(QT_TRANSLATE_NOOP("wk::cluster::Summary", "Wanted")), object.value(u"spec"_s).toObject());
    section(tr(QT_TRANSLATE_NOOP("wk::cluster::Summary", "Status")), object.value(u"status"_s).toObject());
}

} // namespace

QString kindIdOf(const QString& apiVersion, const QString& kind)
{
    static const QHash<QString, QString> core{{u"Pod"_s, u"pods"_s},
                                              {u"Node"_s, u"nodes"_s},
                                              {u"Service"_s, u"services"_s},
                                              {u"Namespace"_s, u"namespaces"_s},
                                              {u"ConfigMap"_s, u"configmaps"_s},
                                              {u"Secret"_s, u"secrets"_s},
                                              {u"ServiceAccount"_s, u"serviceaccounts"_s},
                                              {u"PersistentVolume"_s, u"persistentvolumes"_s},
                                              {u"PersistentVolumeClaim"_s, u"persistentvolumeclaims"_s},
                                              {u"ReplicationController"_s, u"replicationcontrollers"_s}};
    static const QHash<QString, QString> grouped{
        {u"Deployment"_s, u"deployments.apps"_s},
        {u"StatefulSet"_s, u"statefulsets.apps"_s},
        {u"DaemonSet"_s, u"daemonsets.apps"_s},
        {u"ReplicaSet"_s, u"replicasets.apps"_s},
        {u"Job"_s, u"jobs.batch"_s},
        {u"CronJob"_s, u"cronjobs.batch"_s},
        {u"HorizontalPodAutoscaler"_s, u"horizontalpodautoscalers.autoscaling"_s},
        {u"Ingress"_s, u"ingresses.networking.k8s.io"_s},
        {u"EndpointSlice"_s, u"endpointslices.discovery.k8s.io"_s},
        {u"NetworkPolicy"_s, u"networkpolicies.networking.k8s.io"_s},
        {u"StorageClass"_s, u"storageclasses.storage.k8s.io"_s},
        {u"PodDisruptionBudget"_s, u"poddisruptionbudgets.policy"_s},
        {u"Lease"_s, u"leases.coordination.k8s.io"_s},
        {u"Role"_s, u"roles.rbac.authorization.k8s.io"_s},
        {u"ClusterRole"_s, u"clusterroles.rbac.authorization.k8s.io"_s},
        {u"RoleBinding"_s, u"rolebindings.rbac.authorization.k8s.io"_s},
        {u"ClusterRoleBinding"_s, u"clusterrolebindings.rbac.authorization.k8s.io"_s}};
    const qsizetype slash = apiVersion.indexOf(u'/');
    if (slash < 0)
        return core.value(kind);
    const QString id = grouped.value(kind);
    return id.endsWith(u'.' + apiVersion.first(slash)) ? id : QString();
}

ObjectSummary summariseObject(const QJsonObject& object)
{
    ObjectSummary out;
    const QString kind = object.value(u"kind"_s).toString();
    if (!workloads(kind, object, out.sections) && !networkAndStorage(kind, object, out.sections) &&
        !configurationAndAccess(kind, object, out))
        generic(object, out.sections);
    conditions(object, out.sections);
    out.sections.append(metadata(object));
    const auto fold = [&](const QString& title, QStringView path) {
        const FactSection section = folded(title, at(object, path).toObject());
        if (!section.facts.isEmpty())
            out.sections.append(section);
    };
    fold(tr(QT_TRANSLATE_NOOP("wk::cluster::Summary", "Labels")), u"metadata.labels");
    fold(tr(QT_TRANSLATE_NOOP("wk::cluster::Summary", "Annotations")), u"metadata.annotations");
    out.sections.removeIf([](const FactSection& s) { return s.facts.isEmpty() && s.rows.isEmpty(); });
    return out;
}

} // namespace wk::cluster
