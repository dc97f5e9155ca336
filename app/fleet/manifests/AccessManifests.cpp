// SPDX-License-Identifier: GPL-3.0-or-later
#include "fleet/manifests/Manifests.h"
#include "fleet/world/Json.h"

using namespace Qt::StringLiterals;

namespace wk::fleet {

namespace {

QJsonObject role(const QString& kind, const QJsonObject& metadata, const QJsonArray& rules)
{
    return kindObject(u"rbac.authorization.k8s.io/v1"_s, kind, metadata, {{u"rules"_s, rules}});
}

QJsonObject binding(const QString& kind, const QJsonObject& metadata, const QString& roleKind, const QString& roleName,
                    const QJsonArray& subjects)
{
    return kindObject(
        u"rbac.authorization.k8s.io/v1"_s, kind, metadata,
        {{u"roleRef"_s,
          QJsonObject{{u"apiGroup"_s, u"rbac.authorization.k8s.io"_s}, {u"kind"_s, roleKind}, {u"name"_s, roleName}}},
         {u"subjects"_s, subjects}});
}

/// The default roles "view" and "edit" (plugin/pkg/auth/authorizer/rbac/bootstrappolicy/policy.go), as far as their
/// kinds are served here.
QJsonArray viewRules()
{
    return {
        json(R"({'apiGroups':[''],'verbs':['get','list','watch'],'resources':['configmaps','endpoints','events',
            'limitranges','namespaces','namespaces/status','persistentvolumeclaims','persistentvolumeclaims/status',
            'pods','pods/log','pods/status','replicationcontrollers','resourcequotas','serviceaccounts','services',
            'services/status']})"),
        json(R"({'apiGroups':['apps'],'verbs':['get','list','watch'],'resources':['controllerrevisions','daemonsets',
            'daemonsets/status','deployments','deployments/scale','deployments/status','replicasets',
            'replicasets/scale','replicasets/status','statefulsets','statefulsets/scale','statefulsets/status']})"),
        json(R"({'apiGroups':['autoscaling'],'verbs':['get','list','watch'],
            'resources':['horizontalpodautoscalers','horizontalpodautoscalers/status']})"),
        json(R"({'apiGroups':['batch'],'verbs':['get','list','watch'],
            'resources':['cronjobs','cronjobs/status','jobs','jobs/status']})"),
        json(R"({'apiGroups':['policy'],'verbs':['get','list','watch'],
            'resources':['poddisruptionbudgets','poddisruptionbudgets/status']})"),
        json(R"({'apiGroups':['networking.k8s.io'],'verbs':['get','list','watch'],
            'resources':['ingresses','ingresses/status','networkpolicies']})")};
}

QJsonArray editRules()
{
    QJsonArray rules = viewRules();
    const auto change = [&](const char* group, const QJsonArray& kinds) {
        rules.append(QJsonObject{
            {u"apiGroups"_s, QJsonArray{QString::fromLatin1(group)}},
            {u"resources"_s, kinds},
            {u"verbs"_s, QJsonArray{u"create"_s, u"delete"_s, u"deletecollection"_s, u"patch"_s, u"update"_s}}});
    };
    rules.append(json(R"({'apiGroups':[''],'resources':['pods/exec','pods/portforward','secrets'],
        'verbs':['get','list','watch']})"));
    change("", {u"pods"_s, u"pods/exec"_s, u"pods/portforward"_s, u"configmaps"_s, u"endpoints"_s,
                u"persistentvolumeclaims"_s, u"replicationcontrollers"_s, u"secrets"_s, u"serviceaccounts"_s,
                u"services"_s});
    change("apps", {u"daemonsets"_s, u"deployments"_s, u"deployments/rollback"_s, u"deployments/scale"_s,
                    u"replicasets"_s, u"replicasets/scale"_s, u"statefulsets"_s, u"statefulsets/scale"_s});
    change("autoscaling", {u"horizontalpodautoscalers"_s});
    change("batch", {u"cronjobs"_s, u"jobs"_s});
    change("policy", {u"poddisruptionbudgets"_s});
    change("networking.k8s.io", {u"ingresses"_s, u"networkpolicies"_s});
    return rules;
}

QJsonArray readerRules()
{
    return {json(R"({'apiGroups':['','storage.k8s.io','apiextensions.k8s.io','coordination.k8s.io','discovery.k8s.io',
        'networking.k8s.io','cert-manager.io','metrics.k8s.io'],'verbs':['get','list','watch'],
        'resources':['nodes','persistentvolumes','storageclasses','customresourcedefinitions','leases',
        'endpointslices','ingressclasses','certificates','pods']})")};
}

} // namespace

void addAccess(const Cluster& c, qint64 created, Standing& out)
{
    const QString clusterRole = u"ClusterRole"_s;
    const auto meta = [&](const QString& kind, const QString& name) { return metadataFor(c, kind, {}, name, created); };
    const QJsonArray everything{json(R"({'apiGroups':['*'],'resources':['*'],'verbs':['*']})"),
                                json(R"({'nonResourceURLs':['*'],'verbs':['*']})")};
    const QString roles = u"clusterroles.rbac.authorization.k8s.io"_s;
    out.append({roles, role(clusterRole, meta(clusterRole, u"cluster-admin"_s), everything)});
    out.append({roles, role(clusterRole, meta(clusterRole, u"edit"_s), editRules())});
    out.append({roles, role(clusterRole, meta(clusterRole, u"view"_s), viewRules())});
    // Beyond the two, people here may look at what is no namespace's: nodes, volumes, definitions, measurements.
    out.append({roles, role(clusterRole, meta(clusterRole, u"fleet-reader"_s), readerRules())});
    out.append(
        {roles,
         role(
             clusterRole, meta(clusterRole, u"access-reader"_s),
             {json(
                 R"({'apiGroups':['rbac.authorization.k8s.io'],'resources':['*'],'verbs':['get','list','watch']})")})});
    const QString bindingKind = u"ClusterRoleBinding"_s;
    const auto subject = [](const QString& kind, const QString& name) {
        return QJsonArray{
            QJsonObject{{u"kind"_s, kind}, {u"name"_s, name}, {u"apiGroup"_s, u"rbac.authorization.k8s.io"_s}}};
    };
    out.append({u"clusterrolebindings.rbac.authorization.k8s.io"_s,
                binding(bindingKind, meta(bindingKind, u"cluster-admin"_s), clusterRole, u"cluster-admin"_s,
                        subject(u"Group"_s, u"system:masters"_s))});
    const QList<std::tuple<QString, QString, QString>> grants{
        {u"operator"_s, u"edit"_s, u"operator"_s},
        {u"viewer"_s, u"view"_s, u"viewer"_s},
        {u"operator-reads"_s, u"fleet-reader"_s, u"operator"_s},
        {u"operator-reads-access"_s, u"access-reader"_s, u"operator"_s},
        {u"viewer-reads"_s, u"fleet-reader"_s, u"viewer"_s}};
    for (const auto& [name, granted, user] : grants)
        out.append({u"clusterrolebindings.rbac.authorization.k8s.io"_s,
                    binding(bindingKind, meta(bindingKind, name), clusterRole, granted, subject(u"User"_s, user))});
    const QString space = c.spec.mainSpace;
    out.append({u"roles.rbac.authorization.k8s.io"_s,
                role(u"Role"_s, metadataFor(c, u"Role"_s, space, u"config-reader"_s, created),
                     {json(R"({'apiGroups':[''],'resources':['configmaps'],'verbs':['get','watch']})")})});
    out.append(
        {u"rolebindings.rbac.authorization.k8s.io"_s,
         binding(u"RoleBinding"_s, metadataFor(c, u"RoleBinding"_s, space, u"config-reader"_s, created), u"Role"_s,
                 u"config-reader"_s,
                 {QJsonObject{{u"kind"_s, u"ServiceAccount"_s}, {u"name"_s, u"default"_s}, {u"namespace"_s, space}}})});
}

} // namespace wk::fleet
