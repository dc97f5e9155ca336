// SPDX-License-Identifier: GPL-3.0-or-later
#include "cluster/KindCatalog.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QHash>

namespace wk::cluster {

using namespace Qt::StringLiterals;

namespace {

struct Known
{
    const char16_t* id;
    KindGroup::Id group;
    const char* title;
    bool core;
};

using Id = KindGroup::Id;

// The order here is the order on the screen.
constexpr Known known[] = {
    {u"nodes", Id::Nodes, QT_TRANSLATE_NOOP("wk::cluster::Kinds", "Nodes"), true},
    {u"namespaces", Id::Nodes, QT_TRANSLATE_NOOP("wk::cluster::Kinds", "Namespaces"), true},
    {u"pods", Id::Workloads, QT_TRANSLATE_NOOP("wk::cluster::Kinds", "Pods"), true},
    {u"deployments.apps", Id::Workloads, QT_TRANSLATE_NOOP("wk::cluster::Kinds", "Deployments"), true},
    {u"statefulsets.apps", Id::Workloads, QT_TRANSLATE_NOOP("wk::cluster::Kinds", "Stateful sets"), true},
    {u"daemonsets.apps", Id::Workloads, QT_TRANSLATE_NOOP("wk::cluster::Kinds", "Daemon sets"), true},
    {u"replicasets.apps", Id::Workloads, QT_TRANSLATE_NOOP("wk::cluster::Kinds", "Replica sets"), false},
    {u"jobs.batch", Id::Workloads, QT_TRANSLATE_NOOP("wk::cluster::Kinds", "Jobs"), true},
    {u"cronjobs.batch", Id::Workloads, QT_TRANSLATE_NOOP("wk::cluster::Kinds", "Cron jobs"), true},
    {u"horizontalpodautoscalers.autoscaling", Id::Workloads, QT_TRANSLATE_NOOP("wk::cluster::Kinds", "Autoscalers"),
     true},
    {u"poddisruptionbudgets.policy", Id::Workloads, QT_TRANSLATE_NOOP("wk::cluster::Kinds", "Disruption budgets"),
     false},
    {u"replicationcontrollers", Id::Workloads, QT_TRANSLATE_NOOP("wk::cluster::Kinds", "Replication controllers"),
     false},
    {u"usage-by-namespace.watchkeeper", Id::Usage, QT_TRANSLATE_NOOP("wk::cluster::Kinds", "Usage by namespace"),
     false},
    {u"usage-by-workload.watchkeeper", Id::Usage, QT_TRANSLATE_NOOP("wk::cluster::Kinds", "Usage by workload"), false},
    {u"usage-by-node.watchkeeper", Id::Usage, QT_TRANSLATE_NOOP("wk::cluster::Kinds", "Usage by node"), false},
    {u"configmaps", Id::Configuration, QT_TRANSLATE_NOOP("wk::cluster::Kinds", "Config maps"), false},
    {u"secrets", Id::Configuration, QT_TRANSLATE_NOOP("wk::cluster::Kinds", "Secrets"), false},
    {u"resourcequotas", Id::Configuration, QT_TRANSLATE_NOOP("wk::cluster::Kinds", "Resource quotas"), false},
    {u"limitranges", Id::Configuration, QT_TRANSLATE_NOOP("wk::cluster::Kinds", "Limit ranges"), false},
    {u"leases.coordination.k8s.io", Id::Configuration, QT_TRANSLATE_NOOP("wk::cluster::Kinds", "Leases"), false},
    {u"priorityclasses.scheduling.k8s.io", Id::Configuration,
     QT_TRANSLATE_NOOP("wk::cluster::Kinds", "Priority classes"), false},
    {u"services", Id::Network, QT_TRANSLATE_NOOP("wk::cluster::Kinds", "Services"), true},
    {u"endpointslices.discovery.k8s.io", Id::Network, QT_TRANSLATE_NOOP("wk::cluster::Kinds", "Endpoint slices"),
     false},
    {u"ingresses.networking.k8s.io", Id::Network, QT_TRANSLATE_NOOP("wk::cluster::Kinds", "Ingresses"), false},
    {u"ingressclasses.networking.k8s.io", Id::Network, QT_TRANSLATE_NOOP("wk::cluster::Kinds", "Ingress classes"),
     false},
    {u"networkpolicies.networking.k8s.io", Id::Network, QT_TRANSLATE_NOOP("wk::cluster::Kinds", "Network policies"),
     false},
    {u"persistentvolumeclaims", Id::Storage, QT_TRANSLATE_NOOP("wk::cluster::Kinds", "Volume claims"), true},
    {u"persistentvolumes", Id::Storage, QT_TRANSLATE_NOOP("wk::cluster::Kinds", "Volumes"), false},
    {u"storageclasses.storage.k8s.io", Id::Storage, QT_TRANSLATE_NOOP("wk::cluster::Kinds", "Storage classes"), false},
    {u"serviceaccounts", Id::Access, QT_TRANSLATE_NOOP("wk::cluster::Kinds", "Service accounts"), false},
    {u"roles.rbac.authorization.k8s.io", Id::Access, QT_TRANSLATE_NOOP("wk::cluster::Kinds", "Roles"), false},
    {u"rolebindings.rbac.authorization.k8s.io", Id::Access, QT_TRANSLATE_NOOP("wk::cluster::Kinds", "Role bindings"),
     false},
    {u"clusterroles.rbac.authorization.k8s.io", Id::Access, QT_TRANSLATE_NOOP("wk::cluster::Kinds", "Cluster roles"),
     false},
    {u"clusterrolebindings.rbac.authorization.k8s.io", Id::Access,
     QT_TRANSLATE_NOOP("wk::cluster::Kinds", "Cluster role bindings"), false},
    {u"events", Id::Events, QT_TRANSLATE_NOOP("wk::cluster::Kinds", "Events"), false},
    {u"customresourcedefinitions.apiextensions.k8s.io", Id::Custom,
     QT_TRANSLATE_NOOP("wk::cluster::Kinds", "Resource definitions"), false},
};

const QHash<QString, int>& positions()
{
    static const QHash<QString, int> table = [] {
        QHash<QString, int> t;
        for (int i = 0; i < int(std::size(known)); ++i)
            t.insert(QString::fromUtf16(known[i].id), i);
        return t;
    }();
    return table;
}

/// The same objects under an older or second name.
bool isDuplicate(const ResourceKind& kind)
{
    static const QSet<QString> duplicates{u"events.events.k8s.io"_s, u"ingresses.extensions"_s, u"endpoints"_s,
                                          u"componentstatuses"_s};
    return duplicates.contains(kind.id()) || kind.group == u"metrics.k8s.io";
}

/// Groups of the API server itself: no dot at all, or below k8s.io. (A few add-ons share that suffix; they end up under
/// Other, which is harmless.)
bool isServersOwn(const ResourceKind& kind) { return !kind.group.contains(u'.') || kind.group.endsWith(u".k8s.io"); }

} // namespace

QList<KindGroup> groupKinds(const QList<ResourceKind>& kinds)
{
    constexpr Id order[] = {Id::Nodes,   Id::Workloads, Id::Usage,  Id::Network, Id::Configuration,
                            Id::Storage, Id::Access,    Id::Events, Id::Custom,  Id::Other};
    QList<KindGroup> groups;
    for (const Id id : order)
        groups.append({id, {}});
    const auto& position = positions();
    for (const ResourceKind& kind : kinds) {
        if (isDuplicate(kind) || (!kind.verbs.isEmpty() && !kind.verbs.contains(u"list"_s)))
            continue;
        const int at = position.value(kind.id(), -1);
        const Id id = at >= 0 ? known[at].group : isServersOwn(kind) ? Id::Other : Id::Custom;
        for (KindGroup& group : groups) {
            if (group.id == id)
                group.kinds.append(kind);
        }
    }
    for (KindGroup& group : groups) {
        std::stable_sort(group.kinds.begin(), group.kinds.end(), [&](const ResourceKind& a, const ResourceKind& b) {
            const int unknown = int(std::size(known));
            const int pa = position.value(a.id(), unknown), pb = position.value(b.id(), unknown);
            return pa != pb ? pa < pb : a.id() < b.id();
        });
    }
    groups.removeIf([](const KindGroup& group) { return group.kinds.isEmpty(); });
    return groups;
}

QString groupTitle(KindGroup::Id id)
{
    const auto tr = [](const char* text) { return QCoreApplication::translate("wk::cluster::Kinds", text); };
    switch (id) {
    case Id::Nodes: return tr(QT_TRANSLATE_NOOP("wk::cluster::Kinds", "Cluster"));
    case Id::Workloads: return tr(QT_TRANSLATE_NOOP("wk::cluster::Kinds", "Workloads"));
    case Id::Configuration: return tr(QT_TRANSLATE_NOOP("wk::cluster::Kinds", "Configuration"));
    case Id::Network: return tr(QT_TRANSLATE_NOOP("wk::cluster::Kinds", "Network"));
    case Id::Storage: return tr(QT_TRANSLATE_NOOP("wk::cluster::Kinds", "Storage"));
    case Id::Access: return tr(QT_TRANSLATE_NOOP("wk::cluster::Kinds", "Access"));
    case Id::Events: return tr(QT_TRANSLATE_NOOP("wk::cluster::Kinds", "Events"));
    case Id::Other: return tr(QT_TRANSLATE_NOOP("wk::cluster::Kinds", "Other"));
    case Id::Usage: return tr(QT_TRANSLATE_NOOP("wk::cluster::Kinds", "Usage"));
    case Id::Custom: return tr(QT_TRANSLATE_NOOP("wk::cluster::Kinds", "Custom resources"));
    }
    return {};
}

QString kindTitle(const ResourceKind& kind)
{
    const int at = positions().value(kind.id(), -1);
    if (at >= 0)
        return QCoreApplication::translate("wk::cluster::Kinds", known[at].title);
    return kind.kind.isEmpty() ? kind.resource : kind.kind;
}

bool isCoreKind(const ResourceKind& kind)
{
    const int at = positions().value(kind.id(), -1);
    return at >= 0 && known[at].core;
}

ResourceKind kindById(const QList<ResourceKind>& kinds, const QString& id)
{
    for (const ResourceKind& kind : kinds) {
        if (kind.id() == id)
            return kind;
    }
    return {};
}

} // namespace wk::cluster
