// SPDX-License-Identifier: GPL-3.0-or-later
#include "fleet/api/Defaults.h"

#include "fleet/api/Patches.h"
#include "fleet/world/Json.h"

using namespace Qt::StringLiterals;

namespace wk::fleet {

namespace {

/// Adds what is missing: the object wins over the defaults, field by field.
QJsonObject over(const QJsonObject& defaults, const QJsonObject& object) { return applyMergePatch(defaults, object); }

QJsonObject changed(QJsonObject object, const QString& key, const QJsonValue& value)
{
    object[key] = value;
    return object;
}

template <typename F>
QJsonArray each(const QJsonArray& list, F&& f)
{
    QJsonArray out;
    for (const QJsonValue& v : list)
        out.append(f(v.toObject()));
    return out;
}

QJsonObject container(QJsonObject c)
{
    const QString image = c.value(u"image").toString();
    const QString tag = image.section(u'/', -1).section(u':', 1);
    c = over({{u"resources"_s, QJsonObject()},
              {u"terminationMessagePath"_s, u"/dev/termination-log"_s},
              {u"terminationMessagePolicy"_s, u"File"_s},
              {u"imagePullPolicy"_s, tag.isEmpty() || tag == u"latest" ? u"Always"_s : u"IfNotPresent"_s}},
             c);
    if (c.contains(u"ports"_s))
        c[u"ports"_s] = each(c.value(u"ports").toArray(), [](const QJsonObject& p) {
            return over({{u"protocol"_s, u"TCP"_s}}, p);
        });
    return c;
}

QJsonObject podSpec(QJsonObject spec)
{
    spec = over({{u"restartPolicy"_s, u"Always"_s},
                 {u"terminationGracePeriodSeconds"_s, 30},
                 {u"dnsPolicy"_s, u"ClusterFirst"_s},
                 {u"securityContext"_s, QJsonObject()},
                 {u"schedulerName"_s, u"default-scheduler"_s}},
                spec);
    for (const QString& list : {u"containers"_s, u"initContainers"_s})
        if (spec.contains(list))
            spec[list] = each(spec.value(list).toArray(), container);
    return spec;
}

QJsonObject service(QJsonObject spec)
{
    spec = over(json(R"({'type':'ClusterIP','sessionAffinity':'None'})"), spec);
    if (spec.contains(u"ports"_s))
        spec[u"ports"_s] = each(spec.value(u"ports").toArray(), [](const QJsonObject& p) {
            return over({{u"protocol"_s, u"TCP"_s}, {u"targetPort"_s, p.value(u"port")}}, p);
        });
    return spec;
}

/// spec of a workload by resource; its pod template is seen to elsewhere.
QJsonObject workload(const QString& resource)
{
    if (resource == u"deployments.apps")
        return json(R"({'replicas':1,'revisionHistoryLimit':10,'progressDeadlineSeconds':600,
                        'strategy':{'type':'RollingUpdate'}})");
    if (resource == u"statefulsets.apps")
        return json(R"({'replicas':1,'revisionHistoryLimit':10,'podManagementPolicy':'OrderedReady',
                        'updateStrategy':{'type':'RollingUpdate'}})");
    if (resource == u"daemonsets.apps")
        return json(R"({'revisionHistoryLimit':10,'updateStrategy':{'type':'RollingUpdate'}})");
    if (resource == u"replicasets.apps")
        return json(R"({'replicas':1})");
    return {};
}

QJsonObject rolling(QJsonObject spec, const QString& field, const QJsonObject& defaults)
{
    QJsonObject strategy = spec.value(field).toObject();
    if (strategy.value(u"type") == u"RollingUpdate"_s)
        strategy[u"rollingUpdate"_s] = over(defaults, strategy.value(u"rollingUpdate").toObject());
    return changed(spec, field, strategy);
}

} // namespace

QJsonObject withDefaults(const QString& resource, QJsonObject object)
{
    QJsonObject spec = object.value(u"spec").toObject();
    if (const QJsonObject defaults = workload(resource); !defaults.isEmpty()) {
        spec = over(defaults, spec);
        if (resource == u"deployments.apps")
            spec = rolling(spec, u"strategy"_s, json(R"({'maxUnavailable':'25%','maxSurge':'25%'})"));
        else if (resource == u"statefulsets.apps")
            spec = rolling(spec, u"updateStrategy"_s, json(R"({'partition':0})"));
        else if (resource == u"daemonsets.apps")
            spec = rolling(spec, u"updateStrategy"_s, json(R"({'maxUnavailable':1,'maxSurge':0})"));
        QJsonObject pod = spec.value(u"template").toObject();
        pod[u"spec"_s] = podSpec(pod.value(u"spec").toObject());
        spec[u"template"_s] = pod;
    } else if (resource == u"pods") {
        spec = podSpec(spec);
    } else if (resource == u"services") {
        spec = service(spec);
    } else if (resource == u"horizontalpodautoscalers.autoscaling") {
        spec = over({{u"minReplicas"_s, 1}}, spec);
    } else if (resource == u"secrets") {
        QJsonObject data = object.value(u"data").toObject();
        const QJsonObject plain = object.take(u"stringData"_s).toObject();
        for (auto it = plain.begin(); it != plain.end(); ++it)
            data[it.key()] = QString::fromLatin1(it->toString().toUtf8().toBase64());
        if (!data.isEmpty())
            object[u"data"_s] = data;
        return over({{u"type"_s, u"Opaque"_s}}, object);
    } else {
        return object;
    }
    return changed(object, u"spec"_s, spec);
}

} // namespace wk::fleet
