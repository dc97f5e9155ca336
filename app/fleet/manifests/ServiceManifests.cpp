// SPDX-License-Identifier: GPL-3.0-or-later
// How traffic finds pods: services and their endpoints.
#include "fleet/manifests/Manifests.h"
#include "fleet/world/Json.h"
#include "fleet/world/Rng.h"

using namespace Qt::StringLiterals;

namespace wk::fleet {

namespace {

/// Where the pods of a service listen.
QJsonArray endpointPorts(const Cluster& c, const QJsonObject& service, const QList<const Pod*>& pods)
{
    QJsonArray out;
    for (const QJsonArray values = at(service, u"spec", u"ports").toArray(); const QJsonValue& v : values) {
        const QJsonObject port = v.toObject();
        int number = port.value(u"targetPort").toInt(port.value(u"port").toInt());
        if (port.value(u"targetPort").isString() && !pods.isEmpty())
            number = containersOf(c, *pods.first()).first().port;
        QJsonObject o{{u"port"_s, number}, {u"protocol"_s, port.value(u"protocol").toString(u"TCP"_s)}};
        if (port.contains(u"name"_s))
            o[u"name"_s] = port.value(u"name");
        out.append(o);
    }
    return out;
}

QJsonObject targetReference(const Pod& pod)
{
    return {{u"kind"_s, u"Pod"_s}, {u"namespace"_s, pod.space}, {u"name"_s, pod.name}, {u"uid"_s, pod.uid}};
}

/// What names an object that is made for a service.
QJsonObject companion(const Cluster& c, const QString& kind, const QJsonObject& service, const QString& name)
{
    const QJsonObject m = service.value(u"metadata").toObject();
    QJsonObject out =
        metadataFor(c, kind, m.value(u"namespace").toString(), name, c.nowMs, m.value(u"labels").toObject());
    out[u"creationTimestamp"_s] = m.value(u"creationTimestamp");
    return out;
}

QString clusterIp(const Cluster& c, const Workload& w)
{
    const quint64 h = hash64(w.spec.space + u'/' + w.spec.name, c.seed);
    return u"10.96.%1.%2"_s.arg(h % 250).arg((h >> 16) % 250 + 2);
}

} // namespace

QJsonObject serviceManifest(const Cluster& c, const Workload& w)
{
    const int port = w.spec.containers.first().port;
    QJsonObject spec{{u"selector"_s, QJsonObject{{u"app"_s, w.spec.name}}},
                     {u"sessionAffinity"_s, u"None"_s},
                     {u"internalTrafficPolicy"_s, u"Cluster"_s},
                     {u"ipFamilies"_s, QJsonArray{u"IPv4"_s}},
                     {u"ipFamilyPolicy"_s, u"SingleStack"_s}};
    QJsonObject status{{u"loadBalancer"_s, QJsonObject()}};
    QJsonObject main{{u"name"_s, u"main"_s}, {u"protocol"_s, u"TCP"_s}, {u"port"_s, port}, {u"targetPort"_s, port}};
    if (w.spec.kind == WorkloadSpec::Kind::StatefulSet) {
        spec[u"type"_s] = u"ClusterIP"_s;
        spec[u"clusterIP"_s] = u"None"_s;
        spec[u"clusterIPs"_s] = QJsonArray{u"None"_s};
    } else {
        const QString ip = clusterIp(c, w);
        spec[u"clusterIP"_s] = ip;
        spec[u"clusterIPs"_s] = QJsonArray{ip};
        spec[u"type"_s] = u"ClusterIP"_s;
        if (w.spec.tier == u"edge") {
            spec[u"type"_s] = u"LoadBalancer"_s;
            spec[u"externalTrafficPolicy"_s] = u"Local"_s;
            main[u"nodePort"_s] = 31080;
            const quint64 h = hash64(c.spec.id, c.seed);
            status[u"loadBalancer"_s] =
                QJsonObject{{u"ingress"_s, QJsonArray{QJsonObject{{u"ip"_s, u"203.0.113.%1"_s.arg(h % 200 + 10)}}}}};
        }
    }
    spec[u"ports"_s] = QJsonArray{main};
    QJsonObject o = kindObject(u"v1"_s, u"Service"_s);
    o[u"metadata"_s] = metadataFor(c, u"Service"_s, w.spec.space, w.spec.name, w.createdMs, workloadLabels(w));
    o[u"spec"_s] = spec;
    o[u"status"_s] = status;
    return o;
}

QJsonObject endpointSliceManifest(const Cluster& c, const QJsonObject& service, const QList<const Pod*>& pods)
{
    QJsonArray endpoints;
    for (const Pod* pod : pods)
        if (pod->startedMs > 0)
            endpoints.append(QJsonObject{{u"addresses"_s, QJsonArray{pod->ip}},
                                         {u"nodeName"_s, pod->node},
                                         {u"conditions"_s, QJsonObject{{u"ready"_s, pod->ready && pod->live()},
                                                                       {u"serving"_s, pod->ready},
                                                                       {u"terminating"_s, pod->deletedMs > 0}}},
                                         {u"targetRef"_s, targetReference(*pod)}});
    const QString space = at(service, u"metadata", u"namespace").toString();
    const QString name = at(service, u"metadata", u"name").toString();
    QJsonObject m =
        companion(c, u"EndpointSlice"_s, service, name + u'-' + safeSuffix(hash64(space + name, c.seed), 5));
    QJsonObject labels = m.value(u"labels").toObject();
    labels[u"kubernetes.io/service-name"_s] = name;
    labels[u"endpointslice.kubernetes.io/managed-by"_s] = u"endpointslice-controller.k8s.io"_s;
    m[u"labels"_s] = labels;
    m[u"ownerReferences"_s] =
        QJsonArray{ownerReference(u"v1"_s, u"Service"_s, name, at(service, u"metadata", u"uid").toString())};
    QJsonObject o = kindObject(u"discovery.k8s.io/v1"_s, u"EndpointSlice"_s);
    o[u"metadata"_s] = m;
    o[u"addressType"_s] = u"IPv4"_s;
    o[u"endpoints"_s] = endpoints;
    o[u"ports"_s] = endpointPorts(c, service, pods);
    return o;
}

QJsonObject endpointsManifest(const Cluster& c, const QJsonObject& service, const QList<const Pod*>& pods)
{
    QJsonArray ready, unready;
    for (const Pod* pod : pods)
        if (pod->startedMs > 0 && pod->live())
            (pod->ready ? ready : unready)
                .append(QJsonObject{
                    {u"ip"_s, pod->ip}, {u"nodeName"_s, pod->node}, {u"targetRef"_s, targetReference(*pod)}});
    QJsonObject o = kindObject(u"v1"_s, u"Endpoints"_s);
    o[u"metadata"_s] = companion(c, u"Endpoints"_s, service, at(service, u"metadata", u"name").toString());
    QJsonObject subset{{u"ports"_s, endpointPorts(c, service, pods)}};
    if (!ready.isEmpty())
        subset[u"addresses"_s] = ready;
    if (!unready.isEmpty())
        subset[u"notReadyAddresses"_s] = unready;
    if (!ready.isEmpty() || !unready.isEmpty())
        o[u"subsets"_s] = QJsonArray{subset};
    return o;
}

} // namespace wk::fleet
