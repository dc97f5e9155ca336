// SPDX-License-Identifier: GPL-3.0-or-later
// Which kinds are rendered by ourselves, and how.
#include "cluster/render/BuiltInRenderer.h"
#include "cluster/render/TableRenderer.h"

namespace wk::cluster {

using namespace Qt::StringLiterals;

namespace render {

namespace {

struct Maker
{
    QStringView resource;
    KindSpec (*make)(const RenderOptions&);
};

constexpr Maker makers[] = {
    {u"pods", podKind},
    {u"nodes", nodeKind},
    {u"namespaces", namespaceKind},
    {u"deployments", deploymentKind},
    {u"statefulsets", statefulSetKind},
    {u"daemonsets", daemonSetKind},
    {u"replicasets", replicaSetKind},
    {u"replicationcontrollers", replicationControllerKind},
    {u"jobs", jobKind},
    {u"cronjobs", cronJobKind},
    {u"horizontalpodautoscalers", autoscalerKind},
    {u"services", serviceKind},
    {u"endpointslices", endpointSliceKind},
    {u"endpoints", endpointsKind},
    {u"ingresses", ingressKind},
    {u"networkpolicies", networkPolicyKind},
    {u"configmaps", configMapKind},
    {u"secrets", secretKind},
    {u"persistentvolumes", volumeKind},
    {u"persistentvolumeclaims", claimKind},
    {u"storageclasses", storageClassKind},
    {u"poddisruptionbudgets", disruptionBudgetKind},
    {u"serviceaccounts", serviceAccountKind},
    {u"roles", roleKind},
    {u"clusterroles", roleKind},
    {u"rolebindings", roleBindingKind},
    {u"clusterrolebindings", roleBindingKind},
    {u"leases", leaseKind},
    {u"events", eventKind},
    {u"customresourcedefinitions", customResourceDefinitionKind},
    {u"resourcequotas", resourceQuotaKind},
    {u"limitranges", limitRangeKind},
    {u"priorityclasses", priorityClassKind},
};

ResourceKind kind(const char* group, const char* version, const char* resource, const char* name,
                  QStringList shortNames = {}, bool namespaced = true, bool inAll = false)
{
    ResourceKind kind;
    kind.group = QString::fromLatin1(group);
    kind.version = QString::fromLatin1(version);
    kind.resource = QString::fromLatin1(resource);
    kind.kind = QString::fromLatin1(name);
    kind.singular = kind.kind.toLower();
    kind.shortNames = std::move(shortNames);
    if (inAll)
        kind.categories = {u"all"_s};
    kind.verbs = {u"get"_s, u"list"_s, u"watch"_s};
    kind.namespaced = namespaced;
    return kind;
}

} // namespace

std::optional<KindSpec> specFor(const ResourceKind& kind, const RenderOptions& options)
{
    if (!schemaFor(kind))
        return std::nullopt;
    for (const Maker& maker : makers) {
        if (maker.resource == kind.resource)
            return maker.make(options);
    }
    return std::nullopt;
}

} // namespace render

std::shared_ptr<const Renderer> rendererFor(const ResourceKind& kind, const RenderOptions& options)
{
    const render::Schema* schema = render::schemaFor(kind);
    if (auto spec = render::specFor(kind, options); schema && spec)
        return std::make_shared<render::BuiltInRenderer>(kind, options, *schema, std::move(*spec));
    return std::make_shared<render::TableRenderer>(kind, options);
}

bool isBuiltIn(const ResourceKind& kind) { return render::schemaFor(kind) != nullptr; }

const QList<ResourceKind>& builtInKinds()
{
    using render::kind;
    static constexpr const char* rbac = "rbac.authorization.k8s.io";
    static const QList<ResourceKind> kinds = {
        kind("", "v1", "nodes", "Node", {u"no"_s}, false),
        kind("", "v1", "namespaces", "Namespace", {u"ns"_s}, false),
        kind("", "v1", "pods", "Pod", {u"po"_s}, true, true),
        kind("apps", "v1", "deployments", "Deployment", {u"deploy"_s}, true, true),
        kind("apps", "v1", "statefulsets", "StatefulSet", {u"sts"_s}, true, true),
        kind("apps", "v1", "daemonsets", "DaemonSet", {u"ds"_s}, true, true),
        kind("apps", "v1", "replicasets", "ReplicaSet", {u"rs"_s}, true, true),
        kind("", "v1", "replicationcontrollers", "ReplicationController", {u"rc"_s}, true, true),
        kind("batch", "v1", "jobs", "Job", {}, true, true),
        kind("batch", "v1", "cronjobs", "CronJob", {u"cj"_s}, true, true),
        kind("autoscaling", "v2", "horizontalpodautoscalers", "HorizontalPodAutoscaler", {u"hpa"_s}, true, true),
        kind("policy", "v1", "poddisruptionbudgets", "PodDisruptionBudget", {u"pdb"_s}),
        kind("", "v1", "services", "Service", {u"svc"_s}, true, true),
        kind("discovery.k8s.io", "v1", "endpointslices", "EndpointSlice"),
        kind("", "v1", "endpoints", "Endpoints", {u"ep"_s}),
        kind("networking.k8s.io", "v1", "ingresses", "Ingress", {u"ing"_s}),
        kind("networking.k8s.io", "v1", "networkpolicies", "NetworkPolicy", {u"netpol"_s}),
        kind("", "v1", "configmaps", "ConfigMap", {u"cm"_s}),
        kind("", "v1", "secrets", "Secret"),
        kind("", "v1", "persistentvolumeclaims", "PersistentVolumeClaim", {u"pvc"_s}),
        kind("", "v1", "persistentvolumes", "PersistentVolume", {u"pv"_s}, false),
        kind("storage.k8s.io", "v1", "storageclasses", "StorageClass", {u"sc"_s}, false),
        kind("", "v1", "serviceaccounts", "ServiceAccount", {u"sa"_s}),
        kind(rbac, "v1", "roles", "Role"),
        kind(rbac, "v1", "rolebindings", "RoleBinding"),
        kind(rbac, "v1", "clusterroles", "ClusterRole", {}, false),
        kind(rbac, "v1", "clusterrolebindings", "ClusterRoleBinding", {}, false),
        kind("", "v1", "resourcequotas", "ResourceQuota", {u"quota"_s}),
        kind("", "v1", "limitranges", "LimitRange", {u"limits"_s}),
        kind("scheduling.k8s.io", "v1", "priorityclasses", "PriorityClass", {u"pc"_s}, false),
        kind("coordination.k8s.io", "v1", "leases", "Lease"),
        kind("", "v1", "events", "Event", {u"ev"_s}),
        kind("apiextensions.k8s.io", "v1", "customresourcedefinitions", "CustomResourceDefinition",
             {u"crd"_s, u"crds"_s}, false),
    };
    return kinds;
}

} // namespace wk::cluster
