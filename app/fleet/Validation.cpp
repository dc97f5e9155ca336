// SPDX-License-Identifier: GPL-3.0-or-later
#include "fleet/Validation.h"

#include "fleet/Encoding.h"
#include "fleet/Json.h"

#include <QtCore/QRegularExpression>

using namespace Qt::StringLiterals;

namespace wk::fleet {

namespace {

const QString notNegative = u"must be greater than or equal to 0"_s;
const QString immutable = u"field is immutable"_s;

/// A JSON value as Go's %#v-like formatter prints it in messages.
QString shown(const QJsonValue& v)
{
    if (v.isDouble())
        return QString::number(v.toInteger());
    return v.isString() ? u'"' + v.toString() + u'"' : QString::fromUtf8(compact(v.toObject()));
}

/// map[string]string{"app":"web"}
QString goMap(const QJsonObject& map)
{
    return map.isEmpty() ? u"map[string]string(nil)"_s : u"map[string]string"_s + QString::fromUtf8(compact(map));
}

class Causes
{
public:
    void invalid(const QString& field, const QString& value, const QString& why)
    {
        list.append({u"FieldValueInvalid"_s, u"Invalid value: %1: %2"_s.arg(value, why), field});
    }
    void required(const QString& field, const QString& why = {})
    {
        list.append(
            {u"FieldValueRequired"_s, why.isEmpty() ? u"Required value"_s : u"Required value: "_s + why, field});
    }
    void unsupported(const QString& field, const QJsonValue& value, const QStringList& supported)
    {
        QStringList quoted;
        for (const QString& s : supported)
            quoted.append(u'"' + s + u'"');
        list.append({u"FieldValueNotSupported"_s,
                     u"Unsupported value: %1: supported values: %2"_s.arg(shown(value), quoted.join(u", "_s)), field});
    }
    void notBelowZero(const QString& field, const QJsonValue& value)
    {
        if (value.isDouble() && value.toInteger() < 0)
            invalid(field, shown(value), notNegative);
    }

    QList<Cause> list;
};

void checkName(Causes& causes, const QJsonObject& object)
{
    static const QRegularExpression pattern(u"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$"_s);
    const QString name = at(object, u"metadata", u"name").toString();
    if (name.isEmpty())
        causes.required(u"metadata.name"_s, u"name or generateName is required"_s);
    else if (name.size() > 253)
        causes.invalid(u"metadata.name"_s, shown(name), u"must be no more than 253 characters"_s);
    else if (!pattern.match(name).hasMatch())
        causes.invalid(
            u"metadata.name"_s, shown(name),
            u"a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must "
            "start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is "
            "'[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"_s);
}

void checkContainers(Causes& causes, const QJsonObject& podSpec, const QString& path)
{
    const QJsonArray containers = podSpec.value(u"containers").toArray();
    if (containers.isEmpty())
        causes.required(path + u".containers"_s);
    QStringList names;
    for (qsizetype i = 0; i < containers.size(); ++i) {
        const QJsonObject c = containers.at(i).toObject();
        const QString at = path + u".containers[%1]"_s.arg(i);
        const QString name = c.value(u"name").toString();
        if (name.isEmpty())
            causes.required(at + u".name"_s);
        else if (names.contains(name))
            causes.list.append({u"FieldValueDuplicate"_s, u"Duplicate value: \"%1\""_s.arg(name), at + u".name"_s});
        names.append(name);
        if (c.value(u"image").toString().isEmpty())
            causes.required(at + u".image"_s);
    }
}

void checkWorkload(Causes& causes, const QJsonObject& object, const QJsonObject& old)
{
    const QJsonObject spec = object.value(u"spec").toObject();
    causes.notBelowZero(u"spec.replicas"_s, spec.value(u"replicas"));
    const QJsonObject selector = spec.value(u"selector").toObject();
    if (selector.isEmpty())
        causes.required(u"spec.selector"_s);
    const QJsonObject labels = at(spec, u"template", u"metadata", u"labels").toObject();
    const QJsonObject wanted = selector.value(u"matchLabels").toObject();
    bool matches = !selector.isEmpty();
    for (auto it = wanted.begin(); it != wanted.end(); ++it)
        matches = matches && labels.value(it.key()) == *it;
    if (!matches)
        causes.invalid(u"spec.template.metadata.labels"_s, goMap(labels),
                       u"`selector` does not match template `labels`"_s);
    checkContainers(causes, at(spec, u"template", u"spec").toObject(), u"spec.template.spec"_s);
    if (!old.isEmpty() && at(old, u"spec", u"selector") != spec.value(u"selector"))
        causes.invalid(u"spec.selector"_s,
                       u"v1.LabelSelector{MatchLabels:%1, MatchExpressions:[]v1.LabelSelectorRequirement(nil)}"_s.arg(
                           goMap(wanted)),
                       immutable);
}

void checkAutoscaler(Causes& causes, const QJsonObject& object)
{
    const QJsonObject spec = object.value(u"spec").toObject();
    const QJsonValue least = spec.value(u"minReplicas"), most = spec.value(u"maxReplicas");
    if (at(spec, u"scaleTargetRef", u"kind").toString().isEmpty())
        causes.required(u"spec.scaleTargetRef.kind"_s);
    if (at(spec, u"scaleTargetRef", u"name").toString().isEmpty())
        causes.required(u"spec.scaleTargetRef.name"_s);
    if (least.toInt(1) < 1)
        causes.invalid(u"spec.minReplicas"_s, shown(least), u"must be greater than or equal to 1"_s);
    if (most.toInt() < 1)
        causes.invalid(u"spec.maxReplicas"_s, QString::number(most.toInt()), u"must be greater than 0"_s);
    else if (most.toInt() < least.toInt(1))
        causes.invalid(u"spec.maxReplicas"_s, shown(most), u"must be greater than or equal to `minReplicas`"_s);
}

void checkService(Causes& causes, const QJsonObject& object)
{
    const QJsonObject spec = object.value(u"spec").toObject();
    const QString type = spec.value(u"type").toString();
    if (spec.value(u"ports").toArray().isEmpty() && spec.value(u"clusterIP") != u"None"_s && type != u"ExternalName")
        causes.required(u"spec.ports"_s);
    const QStringList types{u"ClusterIP"_s, u"ExternalName"_s, u"LoadBalancer"_s, u"NodePort"_s};
    if (!types.contains(type))
        causes.unsupported(u"spec.type"_s, type, types);
}

/// Pods take few changes: images, deadlines and further tolerations (ValidatePodUpdate).
void checkPodUpdate(Causes& causes, const QJsonObject& object, const QJsonObject& old)
{
    const auto fixed = [](const QJsonObject& o) {
        QJsonObject spec = o.value(u"spec").toObject();
        for (const QString& key : {u"activeDeadlineSeconds"_s, u"tolerations"_s, u"terminationGracePeriodSeconds"_s})
            spec.remove(key);
        QJsonArray containers;
        for (const QJsonArray values = spec.value(u"containers").toArray(); const QJsonValue& v : values) {
            QJsonObject c = v.toObject();
            c.remove(u"image"_s);
            containers.append(c);
        }
        spec[u"containers"_s] = containers;
        return spec;
    };
    if (fixed(object) != fixed(old))
        causes.list.append({u"FieldValueForbidden"_s,
                            u"Forbidden: pod updates may not change fields other than `spec.containers[*].image`, "
                            "`spec.initContainers[*].image`, `spec.activeDeadlineSeconds` or `spec.tolerations` (only "
                            "additions to existing tolerations)"_s,
                            u"spec"_s});
}

void checkConfiguration(Causes& causes, const QJsonObject& object, const QJsonObject& old)
{
    if (old.value(u"immutable").toBool() && old.value(u"data") != object.value(u"data"))
        causes.list.append(
            {u"FieldValueForbidden"_s, u"Forbidden: field is immutable when `immutable` is set"_s, u"data"_s});
}

} // namespace

QList<Cause> validate(const Resource& resource, const QJsonObject& object, const QJsonObject& old)
{
    Causes causes;
    const QString id = resource.id();
    checkName(causes, object);
    if (const QJsonValue uid = at(old, u"metadata", u"uid"); !old.isEmpty() && uid != at(object, u"metadata", u"uid"))
        causes.invalid(u"metadata.uid"_s, shown(at(object, u"metadata", u"uid")), immutable);
    if (id == u"deployments.apps" || id == u"statefulsets.apps" || id == u"daemonsets.apps" ||
        id == u"replicasets.apps")
        checkWorkload(causes, object, old);
    else if (id == u"pods" && old.isEmpty())
        checkContainers(causes, object.value(u"spec").toObject(), u"spec"_s);
    else if (id == u"pods")
        checkPodUpdate(causes, object, old);
    else if (id == u"horizontalpodautoscalers.autoscaling")
        checkAutoscaler(causes, object);
    else if (id == u"services")
        checkService(causes, object);
    else if (id == u"configmaps" || id == u"secrets")
        checkConfiguration(causes, object, old);
    return causes.list;
}

QJsonObject invalidStatus(const QString& group, const QString& kind, const QString& name, const QList<Cause>& causes)
{
    QStringList texts;
    QJsonArray list;
    for (const Cause& c : causes) {
        texts.append(c.field + u": "_s + c.message);
        list.append(QJsonObject{{u"reason"_s, c.reason}, {u"message"_s, c.message}, {u"field"_s, c.field}});
    }
    QJsonObject details{{u"kind"_s, kind}, {u"causes"_s, list}};
    if (!name.isEmpty())
        details[u"name"_s] = name;
    if (!group.isEmpty())
        details[u"group"_s] = group;
    const QString all = texts.size() == 1 ? texts.first() : u'[' + texts.join(u", "_s) + u']';
    const QString qualified = group.isEmpty() ? kind : kind + u'.' + group;
    return statusObject(422, u"Invalid"_s, u"%1 \"%2\" is invalid: %3"_s.arg(qualified, name, all), details);
}

} // namespace wk::fleet
