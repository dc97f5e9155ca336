// SPDX-License-Identifier: GPL-3.0-or-later
// What of pods, and of what makes and scales them, the API server would not take (pkg/apis/core/validation,
// pkg/apis/apps/validation, pkg/apis/autoscaling/validation, pkg/apis/policy/validation).
#include "core/Quantity.h"
#include "fleet/api/ValidationParts.h"

using namespace Qt::StringLiterals;

namespace wk::fleet {

namespace {

const QString immutable = u"field is immutable"_s;

/// Requests above their limits.
void checkResources(Causes& causes, const QJsonObject& resources, const QString& path)
{
    const QJsonObject limits = resources.value(u"limits").toObject(),
                      requests = resources.value(u"requests").toObject();
    const auto milli = [](const QJsonValue& v) {
        return parseQuantityMilli((v.isDouble() ? QString::number(v.toDouble()) : v.toString()).toStdString())
            .value_or(0);
    };
    for (auto it = requests.begin(); it != requests.end(); ++it)
        if (limits.contains(it.key()) && milli(*it) > milli(limits.value(it.key())))
            causes.invalid(path + u".requests"_s, shownInCause(*it),
                           u"must be less than or equal to %1 limit"_s.arg(it.key()));
}

void checkOneOf(Causes& causes, const QJsonObject& object, const QString& name, const QString& path,
                const QStringList& supported)
{
    if (const QJsonValue v = object.value(name); v.isString() && !supported.contains(v.toString()))
        causes.unsupported(path + u'.' + name, v, supported);
}

/// What may be done with a stateful set once it is there.
void checkStatefulUpdate(Causes& causes, const QJsonObject& object, const QJsonObject& old)
{
    const auto fixed = [](const QJsonObject& o) {
        QJsonObject spec = o.value(u"spec").toObject();
        for (const QString& key : {u"replicas"_s, u"template"_s, u"updateStrategy"_s, u"minReadySeconds"_s,
                                   u"persistentVolumeClaimRetentionPolicy"_s, u"ordinals"_s})
            spec.remove(key);
        return spec;
    };
    if (fixed(object) != fixed(old))
        causes.forbidden(u"spec"_s, u"updates to statefulset spec for fields other than 'replicas', 'ordinals', "
                                    "'template', 'updateStrategy', 'persistentVolumeClaimRetentionPolicy' and "
                                    "'minReadySeconds' are forbidden"_s);
}

void checkStrategy(Causes& causes, const QString& field, const QJsonObject& strategy, const QStringList& supported)
{
    const QString type = strategy.value(u"type").toString();
    if (!supported.contains(type))
        causes.unsupported(field, type, supported);
    else if (type == u"Recreate" && strategy.value(u"rollingUpdate").isObject())
        causes.forbidden(field + u".rollingUpdate"_s, u"may not be specified when strategy `type` is 'Recreate'"_s);
}

} // namespace

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
            causes.duplicate(at + u".name"_s, name);
        names.append(name);
        if (c.value(u"image").toString().isEmpty())
            causes.required(at + u".image"_s);
        checkOneOf(causes, c, u"imagePullPolicy"_s, at, {u"Always"_s, u"IfNotPresent"_s, u"Never"_s});
        checkOneOf(causes, c, u"terminationMessagePolicy"_s, at, {u"FallbackToLogsOnError"_s, u"File"_s});
        checkResources(causes, c.value(u"resources").toObject(), at + u".resources"_s);
        const QJsonArray ports = c.value(u"ports").toArray();
        for (qsizetype p = 0; p < ports.size(); ++p)
            causes.port(at + u".ports[%1].containerPort"_s.arg(p), ports.at(p).toObject().value(u"containerPort"));
    }
}

void checkWorkload(Causes& causes, const Resource& resource, const QJsonObject& object, const QJsonObject& old)
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
    const QJsonObject pods = at(spec, u"template", u"spec").toObject();
    checkContainers(causes, pods, u"spec.template.spec"_s);
    checkOneOf(causes, pods, u"restartPolicy"_s, u"spec.template.spec"_s, {u"Always"_s});
    if (resource.resource == u"deployments")
        checkStrategy(causes, u"spec.strategy"_s, spec.value(u"strategy").toObject(),
                      {u"Recreate"_s, u"RollingUpdate"_s});
    if (resource.resource == u"statefulsets" && !old.isEmpty())
        return checkStatefulUpdate(causes, object, old);
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
        causes.invalid(u"spec.minReplicas"_s, shownInCause(least), u"must be greater than or equal to 1"_s);
    if (most.toInt() < 1)
        causes.invalid(u"spec.maxReplicas"_s, QString::number(most.toInt()), u"must be greater than 0"_s);
    else if (most.toInt() < least.toInt(1))
        causes.invalid(u"spec.maxReplicas"_s, shownInCause(most), u"must be greater than or equal to `minReplicas`"_s);
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
        causes.forbidden(u"spec"_s,
                         u"pod updates may not change fields other than `spec.containers[*].image`, "
                         "`spec.initContainers[*].image`, `spec.activeDeadlineSeconds` or `spec.tolerations` (only "
                         "additions to existing tolerations)"_s);
}

void checkBudget(Causes& causes, const QJsonObject& object)
{
    const QJsonObject spec = object.value(u"spec").toObject();
    if (spec.value(u"minAvailable").isNull() || spec.value(u"maxUnavailable").isNull() ||
        !spec.contains(u"minAvailable"_s) || !spec.contains(u"maxUnavailable"_s))
        return;
    causes.invalid(u"spec"_s, QString::fromUtf8(compact(spec)),
                   u"minAvailable and maxUnavailable cannot be both set"_s);
}

} // namespace wk::fleet
