// SPDX-License-Identifier: GPL-3.0-or-later
#include "fleet/api/ValidationParts.h"

#include "fleet/api/Encoding.h"

#include <QtCore/QRegularExpression>

using namespace Qt::StringLiterals;

namespace wk::fleet {

namespace {

void checkName(Causes& causes, const QJsonObject& object)
{
    static const QRegularExpression pattern(u"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$"_s);
    const QString name = at(object, u"metadata", u"name").toString();
    if (name.isEmpty())
        causes.required(u"metadata.name"_s, u"name or generateName is required"_s);
    else if (name.size() > 253)
        causes.invalid(u"metadata.name"_s, shownInCause(name), u"must be no more than 253 characters"_s);
    else if (!pattern.match(name).hasMatch())
        causes.invalid(
            u"metadata.name"_s, shownInCause(name),
            u"a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must "
            "start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is "
            "'[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"_s);
}

/// Labels, and the keys of annotations (apimachinery/pkg/apis/meta/v1/validation).
void checkLabels(Causes& causes, const QJsonObject& object)
{
    static const QRegularExpression name(
        u"^([a-z0-9]([-a-z0-9.]*[a-z0-9])?/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$"_s);
    static const QRegularExpression value(u"^([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$"_s);
    const QJsonObject labels = at(object, u"metadata", u"labels").toObject(),
                      notes = at(object, u"metadata", u"annotations").toObject();
    for (auto it = labels.begin(); it != labels.end(); ++it) {
        if (!name.match(it.key()).hasMatch())
            causes.invalid(u"metadata.labels"_s, shownInCause(it.key()), u"is no qualified name"_s);
        if (!value.match(it->toString()).hasMatch())
            causes.invalid(u"metadata.labels"_s, shownInCause(*it), u"is no valid label value"_s);
    }
    for (auto it = notes.begin(); it != notes.end(); ++it)
        if (!name.match(it.key().toLower()).hasMatch())
            causes.invalid(u"metadata.annotations"_s, shownInCause(it.key()), u"is no qualified name"_s);
}

void checkConfiguration(Causes& causes, const QJsonObject& object, const QJsonObject& old)
{
    static const QRegularExpression key(u"^[-._a-zA-Z0-9]{1,253}$"_s);
    const QJsonObject data = object.value(u"data").toObject();
    for (auto it = data.begin(); it != data.end(); ++it)
        if (!key.match(it.key()).hasMatch())
            causes.invalid(u"data[%1]"_s.arg(it.key()), shownInCause(it.key()),
                           u"a valid config key must consist of alphanumeric characters, '-', '_' or '.'"_s);
    if (!old.value(u"immutable").toBool())
        return;
    const QString why = u"field is immutable when `immutable` is set"_s;
    if (!object.value(u"immutable").toBool())
        causes.forbidden(u"immutable"_s, why);
    if (old.value(u"data") != object.value(u"data"))
        causes.forbidden(u"data"_s, why);
}

} // namespace

QString shownInCause(const QJsonValue& v)
{
    if (v.isDouble())
        return QString::number(v.toInteger());
    return v.isString() ? u'"' + v.toString() + u'"' : QString::fromUtf8(compact(v.toObject()));
}

QString goMap(const QJsonObject& map)
{
    return map.isEmpty() ? u"map[string]string(nil)"_s : u"map[string]string"_s + QString::fromUtf8(compact(map));
}

void Causes::invalid(const QString& field, const QString& value, const QString& why)
{
    list.append({u"FieldValueInvalid"_s, u"Invalid value: %1: %2"_s.arg(value, why), field});
}

void Causes::required(const QString& field, const QString& why)
{
    list.append({u"FieldValueRequired"_s, why.isEmpty() ? u"Required value"_s : u"Required value: "_s + why, field});
}

void Causes::forbidden(const QString& field, const QString& why)
{
    list.append({u"FieldValueForbidden"_s, u"Forbidden: "_s + why, field});
}

void Causes::duplicate(const QString& field, const QString& value)
{
    list.append({u"FieldValueDuplicate"_s, u"Duplicate value: \"%1\""_s.arg(value), field});
}

void Causes::unsupported(const QString& field, const QJsonValue& value, const QStringList& supported)
{
    QStringList quoted;
    for (const QString& s : supported)
        quoted.append(u'"' + s + u'"');
    list.append({u"FieldValueNotSupported"_s,
                 u"Unsupported value: %1: supported values: %2"_s.arg(shownInCause(value), quoted.join(u", "_s)),
                 field});
}

void Causes::notBelowZero(const QString& field, const QJsonValue& value)
{
    if (value.isDouble() && value.toInteger() < 0)
        invalid(field, shownInCause(value), u"must be greater than or equal to 0"_s);
}

void Causes::port(const QString& field, const QJsonValue& value)
{
    if (value.toInt() < 1 || value.toInt() > 65'535)
        invalid(field, QString::number(value.toInt()), u"must be between 1 and 65535, inclusive"_s);
}

QList<Cause> validate(const Resource& resource, const QJsonObject& object, const QJsonObject& old)
{
    Causes causes;
    const QString id = resource.id();
    checkName(causes, object);
    checkLabels(causes, object);
    if (const QJsonValue uid = at(old, u"metadata", u"uid"); !old.isEmpty() && uid != at(object, u"metadata", u"uid"))
        causes.invalid(u"metadata.uid"_s, shownInCause(at(object, u"metadata", u"uid")), u"field is immutable"_s);
    if (id == u"deployments.apps" || id == u"statefulsets.apps" || id == u"daemonsets.apps" ||
        id == u"replicasets.apps")
        checkWorkload(causes, resource, object, old);
    else if (id == u"pods" && old.isEmpty())
        checkContainers(causes, object.value(u"spec").toObject(), u"spec"_s);
    else if (id == u"pods")
        checkPodUpdate(causes, object, old);
    else if (id == u"horizontalpodautoscalers.autoscaling")
        checkAutoscaler(causes, object);
    else if (id == u"services")
        checkService(causes, object, old);
    else if (id == u"ingresses.networking.k8s.io")
        checkIngress(causes, object);
    else if (id == u"poddisruptionbudgets.policy")
        checkBudget(causes, object);
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
