// SPDX-License-Identifier: GPL-3.0-or-later
#include "fleet/world/Resources.h"

#include <QtCore/QJsonArray>

using namespace Qt::StringLiterals;

namespace wk::fleet {

namespace {

const QStringList everyVerb{u"create"_s, u"delete"_s, u"deletecollection"_s, u"get"_s,
                            u"list"_s,   u"patch"_s,  u"update"_s,           u"watch"_s};

Resource kind(const QString& group, const QString& version, const QString& resource, const QString& name,
              const QString& singular, bool namespaced, const QStringList& shortNames = {},
              const QStringList& categories = {})
{
    return Resource{group,      version,    resource, name,  singular, shortNames,
                    categories, namespaced, false,    false, everyVerb};
}

QList<Resource> makeResources()
{
    const QString core;
    const QString v1 = u"v1"_s;
    const QStringList all{u"all"_s};
    QList<Resource> r{
        kind(core, v1, u"configmaps"_s, u"ConfigMap"_s, u"configmap"_s, true, {u"cm"_s}),
        kind(core, v1, u"endpoints"_s, u"Endpoints"_s, u"endpoints"_s, true, {u"ep"_s}),
        kind(core, v1, u"events"_s, u"Event"_s, u"event"_s, true, {u"ev"_s}),
        kind(core, v1, u"namespaces"_s, u"Namespace"_s, u"namespace"_s, false, {u"ns"_s}),
        kind(core, v1, u"nodes"_s, u"Node"_s, u"node"_s, false, {u"no"_s}),
        kind(core, v1, u"persistentvolumeclaims"_s, u"PersistentVolumeClaim"_s, u"persistentvolumeclaim"_s, true,
             {u"pvc"_s}),
        kind(core, v1, u"persistentvolumes"_s, u"PersistentVolume"_s, u"persistentvolume"_s, false, {u"pv"_s}),
        kind(core, v1, u"pods"_s, u"Pod"_s, u"pod"_s, true, {u"po"_s}, all),
        kind(core, v1, u"secrets"_s, u"Secret"_s, u"secret"_s, true),
        kind(core, v1, u"serviceaccounts"_s, u"ServiceAccount"_s, u"serviceaccount"_s, true, {u"sa"_s}),
        kind(core, v1, u"services"_s, u"Service"_s, u"service"_s, true, {u"svc"_s}, all),
        kind(u"apiextensions.k8s.io"_s, v1, u"customresourcedefinitions"_s, u"CustomResourceDefinition"_s,
             u"customresourcedefinition"_s, false, {u"crd"_s, u"crds"_s}, {u"api-extensions"_s}),
        kind(u"apps"_s, v1, u"controllerrevisions"_s, u"ControllerRevision"_s, u"controllerrevision"_s, true),
        kind(u"apps"_s, v1, u"daemonsets"_s, u"DaemonSet"_s, u"daemonset"_s, true, {u"ds"_s}, all),
        kind(u"apps"_s, v1, u"deployments"_s, u"Deployment"_s, u"deployment"_s, true, {u"deploy"_s}, all),
        kind(u"apps"_s, v1, u"replicasets"_s, u"ReplicaSet"_s, u"replicaset"_s, true, {u"rs"_s}, all),
        kind(u"apps"_s, v1, u"statefulsets"_s, u"StatefulSet"_s, u"statefulset"_s, true, {u"sts"_s}, all),
        kind(u"autoscaling"_s, u"v2"_s, u"horizontalpodautoscalers"_s, u"HorizontalPodAutoscaler"_s,
             u"horizontalpodautoscaler"_s, true, {u"hpa"_s}, all),
        kind(u"autoscaling"_s, v1, u"horizontalpodautoscalers"_s, u"HorizontalPodAutoscaler"_s,
             u"horizontalpodautoscaler"_s, true, {u"hpa"_s}, all),
        kind(u"batch"_s, v1, u"cronjobs"_s, u"CronJob"_s, u"cronjob"_s, true, {u"cj"_s}, all),
        kind(u"batch"_s, v1, u"jobs"_s, u"Job"_s, u"job"_s, true, {}, all),
        kind(u"coordination.k8s.io"_s, v1, u"leases"_s, u"Lease"_s, u"lease"_s, true),
        kind(u"discovery.k8s.io"_s, v1, u"endpointslices"_s, u"EndpointSlice"_s, u"endpointslice"_s, true),
        kind(u"networking.k8s.io"_s, v1, u"ingressclasses"_s, u"IngressClass"_s, u"ingressclass"_s, false),
        kind(u"networking.k8s.io"_s, v1, u"ingresses"_s, u"Ingress"_s, u"ingress"_s, true, {u"ing"_s}),
        kind(u"networking.k8s.io"_s, v1, u"networkpolicies"_s, u"NetworkPolicy"_s, u"networkpolicy"_s, true,
             {u"netpol"_s}),
        kind(u"policy"_s, v1, u"poddisruptionbudgets"_s, u"PodDisruptionBudget"_s, u"poddisruptionbudget"_s, true,
             {u"pdb"_s}),
        kind(u"rbac.authorization.k8s.io"_s, v1, u"clusterrolebindings"_s, u"ClusterRoleBinding"_s,
             u"clusterrolebinding"_s, false),
        kind(u"rbac.authorization.k8s.io"_s, v1, u"clusterroles"_s, u"ClusterRole"_s, u"clusterrole"_s, false),
        kind(u"rbac.authorization.k8s.io"_s, v1, u"rolebindings"_s, u"RoleBinding"_s, u"rolebinding"_s, true),
        kind(u"rbac.authorization.k8s.io"_s, v1, u"roles"_s, u"Role"_s, u"role"_s, true),
        kind(u"storage.k8s.io"_s, v1, u"storageclasses"_s, u"StorageClass"_s, u"storageclass"_s, false, {u"sc"_s}),
        kind(u"cert-manager.io"_s, v1, u"certificates"_s, u"Certificate"_s, u"certificate"_s, true,
             {u"cert"_s, u"certs"_s}, {u"cert-manager"_s}),
    };
    r.last().custom = true;
    const auto virtualKind = [&r](const QString& group, const QString& version, const QString& resource,
                                  const QString& name, bool namespaced, const QStringList& verbs) {
        Resource k = kind(group, version, resource, name, name.toLower(), namespaced);
        k.virtualKind = true;
        k.verbs = verbs;
        r.append(k);
    };
    virtualKind(u"authorization.k8s.io"_s, v1, u"selfsubjectaccessreviews"_s, u"SelfSubjectAccessReview"_s, false,
                {u"create"_s});
    virtualKind(u"authorization.k8s.io"_s, v1, u"selfsubjectrulesreviews"_s, u"SelfSubjectRulesReview"_s, false,
                {u"create"_s});
    virtualKind(u"authentication.k8s.io"_s, v1, u"selfsubjectreviews"_s, u"SelfSubjectReview"_s, false, {u"create"_s});
    virtualKind(u"metrics.k8s.io"_s, u"v1beta1"_s, u"nodes"_s, u"NodeMetrics"_s, false, {u"get"_s, u"list"_s});
    virtualKind(u"metrics.k8s.io"_s, u"v1beta1"_s, u"pods"_s, u"PodMetrics"_s, true, {u"get"_s, u"list"_s});
    return r;
}

QJsonObject apiResource(const Resource& r)
{
    // metrics-server leaves singularName empty for its kinds.
    QJsonObject o{{u"name"_s, r.resource},
                  {u"singularName"_s, r.group == u"metrics.k8s.io" ? QString() : r.singular},
                  {u"namespaced"_s, r.namespaced},
                  {u"kind"_s, r.kind},
                  {u"verbs"_s, QJsonArray::fromStringList(r.verbs)}};
    if (!r.shortNames.isEmpty())
        o[u"shortNames"_s] = QJsonArray::fromStringList(r.shortNames);
    if (!r.categories.isEmpty())
        o[u"categories"_s] = QJsonArray::fromStringList(r.categories);
    return o;
}

/// What hangs below an object: its name, the kind that it is written in, what may be done with it.
struct Subresource
{
    QString name;
    QString group;
    QString version;
    QString kind;
    QStringList verbs;
};

QList<Subresource> subresourcesOf(const Resource& r)
{
    const QStringList readAndWrite{u"get"_s, u"patch"_s, u"update"_s};
    QList<Subresource> list;
    if (r.id() == u"pods") {
        list.append({u"eviction"_s, u"policy"_s, u"v1"_s, u"Eviction"_s, {u"create"_s}});
        list.append({u"log"_s, r.group, r.version, r.kind, {u"get"_s}});
    }
    const bool workload = r.group == u"apps" && r.resource != u"controllerrevisions";
    if (workload && r.resource != u"daemonsets")
        list.append({u"scale"_s, u"autoscaling"_s, u"v1"_s, u"Scale"_s, readAndWrite});
    static const QStringList withStatus{u"pods"_s,
                                        u"nodes"_s,
                                        u"namespaces"_s,
                                        u"services"_s,
                                        u"jobs.batch"_s,
                                        u"cronjobs.batch"_s,
                                        u"poddisruptionbudgets.policy"_s,
                                        u"ingresses.networking.k8s.io"_s,
                                        u"horizontalpodautoscalers.autoscaling"_s};
    if (workload || withStatus.contains(r.id()))
        list.append({u"status"_s, r.group, r.version, r.kind, readAndWrite});
    return list;
}

QJsonObject subresource(const Resource& r, const Subresource& s)
{
    QJsonObject o{{u"name"_s, QString(r.resource + u'/' + s.name)},
                  {u"singularName"_s, QString()},
                  {u"namespaced"_s, r.namespaced},
                  {u"kind"_s, s.kind},
                  {u"verbs"_s, QJsonArray::fromStringList(s.verbs)}};
    if (s.group != r.group) {
        o[u"group"_s] = s.group;
        o[u"version"_s] = s.version;
    }
    return o;
}

QJsonObject groupVersion(const QString& group, const QString& version)
{
    return QJsonObject{{u"groupVersion"_s, group + u'/' + version}, {u"version"_s, version}};
}

} // namespace

const QList<Resource>& resources()
{
    static const QList<Resource> list = makeResources();
    return list;
}

const Resource* findResource(QStringView group, QStringView version, QStringView resource)
{
    for (const Resource& r : resources())
        if (r.resource == resource && r.group == group && r.version == version)
            return &r;
    return nullptr;
}

const Resource* findResourceById(QStringView id)
{
    for (const Resource& r : resources())
        if (r.id() == id)
            return &r;
    return nullptr;
}

const QList<QPair<QString, QString>>& groupVersions()
{
    static const QList<QPair<QString, QString>> list = [] {
        QList<QPair<QString, QString>> l;
        for (const Resource& r : resources())
            if (const QPair<QString, QString> gv{r.group, r.version}; !l.contains(gv))
                l.append(gv);
        return l;
    }();
    return list;
}

QJsonObject apiVersionsDocument(const QString& serverAddress)
{
    return QJsonObject{{u"kind"_s, u"APIVersions"_s},
                       {u"versions"_s, QJsonArray{u"v1"_s}},
                       {u"serverAddressByClientCIDRs"_s, QJsonArray{QJsonObject{{u"clientCIDR"_s, u"0.0.0.0/0"_s},
                                                                                {u"serverAddress"_s, serverAddress}}}}};
}

QJsonObject apiGroupDocument(const QString& group)
{
    QJsonArray versions;
    for (const auto& [g, v] : groupVersions())
        if (g == group && !g.isEmpty())
            versions.append(groupVersion(g, v));
    if (versions.isEmpty())
        return {};
    return QJsonObject{{u"kind"_s, u"APIGroup"_s},
                       {u"apiVersion"_s, u"v1"_s},
                       {u"name"_s, group},
                       {u"versions"_s, versions},
                       {u"preferredVersion"_s, versions.first()}};
}

QJsonObject apiGroupListDocument()
{
    QJsonArray groups;
    QStringList seen;
    for (const auto& [g, v] : groupVersions()) {
        if (g.isEmpty() || seen.contains(g))
            continue;
        seen.append(g);
        QJsonObject document = apiGroupDocument(g);
        document.remove(u"kind"_s);
        document.remove(u"apiVersion"_s);
        groups.append(document);
    }
    return QJsonObject{{u"kind"_s, u"APIGroupList"_s}, {u"apiVersion"_s, u"v1"_s}, {u"groups"_s, groups}};
}

QJsonObject apiResourceListDocument(const QString& group, const QString& version)
{
    QJsonArray list;
    for (const Resource& r : resources()) {
        if (r.group != group || r.version != version)
            continue;
        list.append(apiResource(r));
        for (const Subresource& s : subresourcesOf(r))
            list.append(subresource(r, s));
    }
    if (list.isEmpty())
        return {};
    return QJsonObject{{u"kind"_s, u"APIResourceList"_s},
                       {u"apiVersion"_s, u"v1"_s},
                       {u"groupVersion"_s, group.isEmpty() ? version : group + u'/' + version},
                       {u"resources"_s, list}};
}

QJsonObject aggregatedDiscoveryDocument(bool core, const QString& discoveryVersion)
{
    QJsonArray items;
    for (const auto& [g, v] : groupVersions()) {
        if (g.isEmpty() != core)
            continue;
        QJsonArray list;
        for (const Resource& r : resources()) {
            if (r.group != g || r.version != v)
                continue;
            const QJsonObject responseKind{{u"group"_s, r.group}, {u"version"_s, r.version}, {u"kind"_s, r.kind}};
            QJsonObject o{{u"resource"_s, r.resource},
                          {u"responseKind"_s, responseKind},
                          {u"scope"_s, r.namespaced ? u"Namespaced"_s : u"Cluster"_s},
                          {u"singularResource"_s, r.group == u"metrics.k8s.io" ? QString() : r.singular},
                          {u"verbs"_s, QJsonArray::fromStringList(r.verbs)}};
            if (!r.shortNames.isEmpty())
                o[u"shortNames"_s] = QJsonArray::fromStringList(r.shortNames);
            if (!r.categories.isEmpty())
                o[u"categories"_s] = QJsonArray::fromStringList(r.categories);
            QJsonArray below;
            for (const Subresource& s : subresourcesOf(r))
                below.append(
                    QJsonObject{{u"subresource"_s, s.name},
                                {u"responseKind"_s,
                                 QJsonObject{{u"group"_s, s.group}, {u"version"_s, s.version}, {u"kind"_s, s.kind}}},
                                {u"verbs"_s, QJsonArray::fromStringList(s.verbs)}});
            if (!below.isEmpty())
                o[u"subresources"_s] = below;
            list.append(o);
        }
        const QJsonObject ver{{u"version"_s, v}, {u"resources"_s, list}, {u"freshness"_s, u"Current"_s}};
        QJsonObject metadata{{u"creationTimestamp"_s, QJsonValue::Null}};
        if (!g.isEmpty())
            metadata[u"name"_s] = g;
        // Versions of a group stand together, the preferred one first.
        if (QJsonObject last = items.isEmpty() ? QJsonObject() : items.last().toObject();
            last.value(u"metadata") == QJsonValue(metadata)) {
            last[u"versions"_s] = last.value(u"versions").toArray() + QJsonValue(ver);
            items.last() = last;
            continue;
        }
        items.append(QJsonObject{{u"metadata"_s, metadata}, {u"versions"_s, QJsonArray{ver}}});
    }
    return QJsonObject{{u"kind"_s, u"APIGroupDiscoveryList"_s},
                       {u"apiVersion"_s, u"apidiscovery.k8s.io/"_s + discoveryVersion},
                       {u"metadata"_s, QJsonObject()},
                       {u"items"_s, items}};
}

} // namespace wk::fleet
