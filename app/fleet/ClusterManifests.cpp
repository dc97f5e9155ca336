// SPDX-License-Identifier: GPL-3.0-or-later
#include "fleet/Json.h"
#include "fleet/Manifests.h"
#include "fleet/Rng.h"

using namespace Qt::StringLiterals;

namespace wk::fleet {

namespace {

QJsonObject object(const QString& apiVersion, const QString& kind, const QJsonObject& metadata, QJsonObject rest = {})
{
    rest[u"apiVersion"_s] = apiVersion;
    rest[u"kind"_s] = kind;
    rest[u"metadata"_s] = metadata;
    return rest;
}

QJsonObject nodeCondition(const QString& type, const QString& status, qint64 heartbeat, qint64 since,
                          const QString& reason, const QString& message)
{
    return {{u"type"_s, type},
            {u"status"_s, status},
            {u"lastHeartbeatTime"_s, timeText(heartbeat)},
            {u"lastTransitionTime"_s, timeText(since)},
            {u"reason"_s, reason},
            {u"message"_s, message}};
}

QJsonArray nodeConditions(const Node& n)
{
    const bool silent = n.lost && !n.ready;
    const QString unknown = u"Kubelet stopped posting node status."_s;
    const auto one = [&](const QString& type, bool bad, const QString& good, const QString& message) {
        if (silent)
            return nodeCondition(type, u"Unknown"_s, n.heartbeatMs, n.changedMs, u"NodeStatusUnknown"_s, unknown);
        return nodeCondition(type, bad ? u"True"_s : u"False"_s, n.heartbeatMs, bad ? n.changedMs : n.createdMs, good,
                             message);
    };
    QJsonArray list{
        one(u"MemoryPressure"_s, n.memoryPressure,
            n.memoryPressure ? u"KubeletHasInsufficientMemory"_s : u"KubeletHasSufficientMemory"_s,
            n.memoryPressure ? u"kubelet has insufficient memory available"_s
                             : u"kubelet has sufficient memory available"_s),
        one(u"DiskPressure"_s, false, u"KubeletHasNoDiskPressure"_s, u"kubelet has no disk pressure"_s),
        one(u"PIDPressure"_s, false, u"KubeletHasSufficientPID"_s, u"kubelet has sufficient PID available"_s)};
    if (silent)
        list.append(
            nodeCondition(u"Ready"_s, u"Unknown"_s, n.heartbeatMs, n.changedMs, u"NodeStatusUnknown"_s, unknown));
    else
        list.append(nodeCondition(u"Ready"_s, u"True"_s, n.heartbeatMs, n.changedMs, u"KubeletReady"_s,
                                  u"kubelet is posting ready status"_s));
    return list;
}

QJsonObject role(const QString& kind, const QJsonObject& metadata, const QJsonArray& rules)
{
    return object(u"rbac.authorization.k8s.io/v1"_s, kind, metadata, {{u"rules"_s, rules}});
}

QJsonObject binding(const QString& kind, const QJsonObject& metadata, const QString& roleKind, const QString& roleName,
                    const QJsonArray& subjects)
{
    return object(
        u"rbac.authorization.k8s.io/v1"_s, kind, metadata,
        {{u"roleRef"_s,
          QJsonObject{{u"apiGroup"_s, u"rbac.authorization.k8s.io"_s}, {u"kind"_s, roleKind}, {u"name"_s, roleName}}},
         {u"subjects"_s, subjects}});
}

QJsonObject certificateDefinition(const Cluster& c, qint64 created)
{
    QJsonObject m = metadataFor(c, u"CustomResourceDefinition"_s, {}, u"certificates.cert-manager.io"_s, created,
                                {{u"app.kubernetes.io/name"_s, u"cert-manager"_s}});
    m[u"generation"_s] = 1;
    return object(u"apiextensions.k8s.io/v1"_s, u"CustomResourceDefinition"_s, m, json(R"({
        'spec':{'group':'cert-manager.io','scope':'Namespaced','conversion':{'strategy':'None'},
          'names':{'plural':'certificates','singular':'certificate','kind':'Certificate','listKind':'CertificateList',
                   'shortNames':['cert','certs'],'categories':['cert-manager']},
          'versions':[{'name':'v1','served':true,'storage':true,'subresources':{'status':{}},
            'additionalPrinterColumns':[
              {'name':'Ready','type':'string','jsonPath':'.status.conditions[?(@.type==\"Ready\")].status'},
              {'name':'Secret','type':'string','jsonPath':'.spec.secretName'},
              {'name':'Issuer','type':'string','priority':1,'jsonPath':'.spec.issuerRef.name'},
              {'name':'Status','type':'string','priority':1,'jsonPath':'.status.conditions[?(@.type==\"Ready\")].message'},
              {'name':'Age','type':'date','jsonPath':'.metadata.creationTimestamp'}],
            'schema':{'openAPIV3Schema':{'type':'object','x-kubernetes-preserve-unknown-fields':true}}}]},
        'status':{'acceptedNames':{'plural':'certificates','singular':'certificate','kind':'Certificate','listKind':'CertificateList',
                   'shortNames':['cert','certs'],'categories':['cert-manager']},'storedVersions':['v1'],
          'conditions':[{'type':'NamesAccepted','status':'True','reason':'NoConflicts','message':'no conflicts found'},
                        {'type':'Established','status':'True','reason':'InitialNamesAccepted','message':'the initial names have been accepted'}]}})"));
}

QJsonObject certificate(const Cluster& c, const QString& space, const QString& name, const QStringList& hosts,
                        qint64 created, qint64 expires, bool ready)
{
    QJsonObject m = metadataFor(c, u"Certificate"_s, space, name, created);
    m[u"generation"_s] = 1;
    const QString message = ready ? u"Certificate is up to date and has not expired"_s
                                  : u"Issuing certificate as Secret was previously issued by another issuer"_s;
    const QJsonObject condition{{u"type"_s, u"Ready"_s},
                                {u"status"_s, ready ? u"True"_s : u"False"_s},
                                {u"lastTransitionTime"_s, timeText(created)},
                                {u"reason"_s, ready ? u"Ready"_s : u"IncorrectIssuer"_s},
                                {u"message"_s, message}};
    return object(
        u"cert-manager.io/v1"_s, u"Certificate"_s, m,
        {{u"spec"_s, QJsonObject{{u"secretName"_s, name},
                                 {u"dnsNames"_s, QJsonArray::fromStringList(hosts)},
                                 {u"issuerRef"_s, json(R"({'name':'letsencrypt-prod','kind':'ClusterIssuer'})")}}},
         {u"status"_s, QJsonObject{{u"conditions"_s, QJsonArray{condition}},
                                   {u"notAfter"_s, timeText(expires)},
                                   {u"revision"_s, 4}}}});
}

QJsonObject ingress(const Cluster& c, const IngressSpec& spec, qint64 created)
{
    QJsonArray rules;
    for (const QString& host : spec.hosts) {
        const QJsonObject backend{
            {u"service"_s, QJsonObject{{u"name"_s, spec.service}, {u"port"_s, QJsonObject{{u"number"_s, spec.port}}}}}};
        rules.append(
            QJsonObject{{u"host"_s, host},
                        {u"http"_s, QJsonObject{{u"paths"_s, QJsonArray{QJsonObject{{u"path"_s, u"/"_s},
                                                                                    {u"pathType"_s, u"Prefix"_s},
                                                                                    {u"backend"_s, backend}}}}}}});
    }
    QJsonObject m = metadataFor(c, u"Ingress"_s, spec.space, spec.name, created);
    m[u"annotations"_s] = QJsonObject{{u"cert-manager.io/cluster-issuer"_s, u"letsencrypt-prod"_s},
                                      {u"nginx.ingress.kubernetes.io/proxy-body-size"_s, u"64m"_s}};
    m[u"generation"_s] = 1;
    const quint64 h = hash64(c.spec.id, c.seed);
    return object(
        u"networking.k8s.io/v1"_s, u"Ingress"_s, m,
        {{u"spec"_s, QJsonObject{{u"ingressClassName"_s, u"nginx"_s},
                                 {u"rules"_s, rules},
                                 {u"tls"_s, QJsonArray{QJsonObject{{u"hosts"_s, QJsonArray::fromStringList(spec.hosts)},
                                                                   {u"secretName"_s, spec.tlsSecret}}}}}},
         {u"status"_s,
          QJsonObject{{u"loadBalancer"_s,
                       QJsonObject{{u"ingress"_s,
                                    QJsonArray{QJsonObject{{u"ip"_s, u"203.0.113.%1"_s.arg(h % 200 + 10)}}}}}}}}});
}

QJsonObject secret(const Cluster& c, const SecretSpec& spec, qint64 created)
{
    QJsonObject data;
    for (const QString& key : spec.keys) {
        // Invented on the spot from the seed: nothing here opens anything.
        const QString value = spec.type == u"kubernetes.io/dockerconfigjson"
                                  ? u"{\"auths\":{}}"_s
                                  : hexDigits(hash64(spec.name + key, c.seed), 24);
        data[key] = QString::fromLatin1(value.toUtf8().toBase64());
    }
    return object(u"v1"_s, u"Secret"_s, metadataFor(c, u"Secret"_s, spec.space, spec.name, created),
                  {{u"type"_s, spec.type}, {u"data"_s, data}});
}

using Standing = QList<QPair<QString, QJsonObject>>;

void addSpaces(const Cluster& c, qint64 created, Standing& out)
{
    for (const QString& space : c.spec.spaces) {
        out.append(
            {u"namespaces"_s,
             object(u"v1"_s, u"Namespace"_s,
                    metadataFor(c, u"Namespace"_s, {}, space, created, {{u"kubernetes.io/metadata.name"_s, space}}),
                    json(R"({'spec':{'finalizers':['kubernetes']},'status':{'phase':'Active'}})"))});
        out.append({u"serviceaccounts"_s, object(u"v1"_s, u"ServiceAccount"_s,
                                                 metadataFor(c, u"ServiceAccount"_s, space, u"default"_s, created))});
        out.append(
            {u"configmaps"_s,
             object(u"v1"_s, u"ConfigMap"_s, metadataFor(c, u"ConfigMap"_s, space, u"kube-root-ca.crt"_s, created),
                    {{u"data"_s, QJsonObject{{u"ca.crt"_s, u"(the cluster's authority)"_s}}}})});
    }
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
    rules.append(json(R"({'apiGroups':[''],'resources':['secrets'],'verbs':['get','list','watch']})"));
    change("", {u"pods"_s, u"configmaps"_s, u"endpoints"_s, u"persistentvolumeclaims"_s, u"replicationcontrollers"_s,
                u"secrets"_s, u"serviceaccounts"_s, u"services"_s});
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

void addNetworkAndStorage(const Cluster& c, qint64 created, Standing& out)
{
    const QString space = c.spec.mainSpace;
    const auto meta = [&](const QString& kind, const QString& ns, const QString& name) {
        return metadataFor(c, kind, ns, name, created);
    };
    const QString policies = u"networkpolicies.networking.k8s.io"_s;
    out.append({policies, object(u"networking.k8s.io/v1"_s, u"NetworkPolicy"_s,
                                 meta(u"NetworkPolicy"_s, space, u"default-deny"_s),
                                 json(R"({'spec':{'podSelector':{},'policyTypes':['Ingress']}})"))});
    out.append(
        {policies,
         object(u"networking.k8s.io/v1"_s, u"NetworkPolicy"_s, meta(u"NetworkPolicy"_s, space, u"allow-from-ingress"_s),
                json(R"({'spec':{'podSelector':{'matchLabels':{'tier':'backend'}},'policyTypes':['Ingress'],
                                    'ingress':[{'from':[{'namespaceSelector':{'matchLabels':{'kubernetes.io/metadata.name':'ingress-nginx'}}}]}]}})"))});
    QJsonObject fast = meta(u"StorageClass"_s, {}, u"fast-ssd"_s);
    fast[u"annotations"_s] = QJsonObject{{u"storageclass.kubernetes.io/is-default-class"_s, u"true"_s}};
    const QString classes = u"storageclasses.storage.k8s.io"_s;
    out.append(
        {classes,
         object(
             u"storage.k8s.io/v1"_s, u"StorageClass"_s, fast,
             json(
                 R"({'provisioner':'ebs.csi.aws.com','reclaimPolicy':'Retain','volumeBindingMode':'Immediate','allowVolumeExpansion':true})"))});
    out.append(
        {classes,
         object(
             u"storage.k8s.io/v1"_s, u"StorageClass"_s, meta(u"StorageClass"_s, {}, u"standard"_s),
             json(
                 R"({'provisioner':'ebs.csi.aws.com','reclaimPolicy':'Delete','volumeBindingMode':'WaitForFirstConsumer','allowVolumeExpansion':true})"))});
    out.append({u"ingressclasses.networking.k8s.io"_s,
                object(u"networking.k8s.io/v1"_s, u"IngressClass"_s, meta(u"IngressClass"_s, {}, u"nginx"_s),
                       json(R"({'spec':{'controller':'k8s.io/ingress-nginx'}})"))});
    for (const IngressSpec& spec : c.spec.ingresses)
        out.append({u"ingresses.networking.k8s.io"_s, ingress(c, spec, created)});
    out.append({u"customresourcedefinitions.apiextensions.k8s.io"_s, certificateDefinition(c, created)});
    bool first = true;
    QStringList seen;
    for (const IngressSpec& spec : c.spec.ingresses) {
        if (seen.contains(spec.tlsSecret))
            continue;
        seen.append(spec.tlsSecret);
        out.append({u"certificates.cert-manager.io"_s, certificate(c, spec.space, spec.tlsSecret, spec.hosts, created,
                                                                   created + qint64(300) * 86'400'000, true)});
        if (first)
            out.append({u"certificates.cert-manager.io"_s,
                        certificate(c, spec.space, u"internal-mtls"_s, {u"*.%1.svc"_s.arg(spec.space)}, created,
                                    created + qint64(200) * 86'400'000, false)});
        first = false;
    }
}

} // namespace

QJsonObject nodeManifest(const Cluster& c, const Node& n)
{
    QJsonObject labels{{u"kubernetes.io/arch"_s, u"amd64"_s},
                       {u"kubernetes.io/os"_s, u"linux"_s},
                       {u"kubernetes.io/hostname"_s, n.name},
                       {u"node.kubernetes.io/instance-type"_s, n.instanceType},
                       {u"topology.kubernetes.io/region"_s, u"region-1"_s},
                       {u"topology.kubernetes.io/zone"_s, u"region-1%1"_s.arg(QChar(u'a' + n.number % 3))}};
    if (!n.role.isEmpty())
        labels[u"node-role.kubernetes.io/"_s + n.role] = QString();
    QJsonObject m = metadataFor(c, u"Node"_s, {}, n.name, n.createdMs, labels);
    m[u"annotations"_s] = QJsonObject{{u"node.alpha.kubernetes.io/ttl"_s, u"0"_s}};
    QJsonArray taints;
    if (n.role == u"control-plane")
        taints.append(json(R"({'key':'node-role.kubernetes.io/control-plane','effect':'NoSchedule'})"));
    if (n.cordoned)
        taints.append(json(R"({'key':'node.kubernetes.io/unschedulable','effect':'NoSchedule'})"));
    for (const QJsonValue& t : n.taints)
        taints.append(t);
    if (n.lost && !n.ready)
        for (const QString& effect : {u"NoSchedule"_s, u"NoExecute"_s})
            taints.append(QJsonObject{{u"key"_s, u"node.kubernetes.io/unreachable"_s},
                                      {u"effect"_s, effect},
                                      {u"timeAdded"_s, timeText(n.changedMs)}});
    QJsonObject spec{{u"podCIDR"_s, u"10.244.%1.0/24"_s.arg(n.number)},
                     {u"podCIDRs"_s, QJsonArray{u"10.244.%1.0/24"_s.arg(n.number)}},
                     {u"providerID"_s, u"sim:///region-1/"_s + hexDigits(hash64(n.name, c.seed), 17)}};
    if (n.cordoned)
        spec[u"unschedulable"_s] = true;
    if (!taints.isEmpty())
        spec[u"taints"_s] = taints;
    const auto room = [&](int cpu, qint64 memoryKi) {
        return QJsonObject{{u"cpu"_s, cpu % 1000 == 0 ? QString::number(cpu / 1000) : u"%1m"_s.arg(cpu)},
                           {u"memory"_s, u"%1Ki"_s.arg(memoryKi)},
                           {u"pods"_s, u"250"_s},
                           {u"ephemeral-storage"_s, u"203056560Ki"_s}};
    };
    const qint64 memoryKi = qint64(n.memoryGi) * 1024 * 1024;
    QJsonObject info = json(
        R"({'kernelVersion':'6.1.0-28-amd64','osImage':'Debian GNU/Linux 12 (bookworm)','containerRuntimeVersion':'containerd://1.7.24',
        'kubeletVersion':'v1.32.4','kubeProxyVersion':'v1.32.4','operatingSystem':'linux','architecture':'amd64'})");
    info[u"machineID"_s] = hexDigits(hash64(n.name, c.seed ^ 1), 32);
    info[u"systemUUID"_s] = uuidFrom(hash64(n.name, c.seed ^ 2));
    info[u"bootID"_s] = uuidFrom(hash64(n.name, c.seed ^ 3));
    const QJsonObject status{
        {u"addresses"_s, QJsonArray{QJsonObject{{u"type"_s, u"InternalIP"_s}, {u"address"_s, n.ip}},
                                    QJsonObject{{u"type"_s, u"Hostname"_s}, {u"address"_s, n.name}}}},
        {u"capacity"_s, room(n.cpu * 1000, memoryKi)},
        {u"allocatable"_s, room(n.cpu * 1000 - 80, memoryKi - 1'048'576)},
        {u"conditions"_s, nodeConditions(n)},
        {u"nodeInfo"_s, info},
        {u"daemonEndpoints"_s, json(R"({'kubeletEndpoint':{'Port':10250}})")}};
    return object(u"v1"_s, u"Node"_s, m, {{u"spec"_s, spec}, {u"status"_s, status}});
}

QJsonObject leaseManifest(const Cluster& c, const Node& n, qint64 renewMs)
{
    return object(u"coordination.k8s.io/v1"_s, u"Lease"_s,
                  metadataFor(c, u"Lease"_s, u"kube-node-lease"_s, n.name, n.createdMs),
                  {{u"spec"_s, QJsonObject{{u"holderIdentity"_s, n.name},
                                           {u"leaseDurationSeconds"_s, 40},
                                           {u"renewTime"_s, microTimeText(renewMs)}}}});
}

QJsonObject claimManifest(const Cluster& c, const Workload& w, int ordinal, bool bound)
{
    const QString name = u"data-%1-%2"_s.arg(w.spec.name).arg(ordinal);
    QJsonObject m = metadataFor(c, u"PersistentVolumeClaim"_s, w.spec.space, name,
                                bound && ordinal < w.spec.replicas ? w.createdMs : c.nowMs, workloadLabels(w));
    m[u"finalizers"_s] = QJsonArray{u"kubernetes.io/pvc-protection"_s};
    const QString size = u"%1Gi"_s.arg(w.spec.storageGi);
    QJsonObject spec{{u"accessModes"_s, QJsonArray{u"ReadWriteOnce"_s}},
                     {u"storageClassName"_s, u"fast-ssd"_s},
                     {u"volumeMode"_s, u"Filesystem"_s},
                     {u"resources"_s, QJsonObject{{u"requests"_s, QJsonObject{{u"storage"_s, size}}}}}};
    QJsonObject status{{u"phase"_s, bound ? u"Bound"_s : u"Pending"_s}};
    if (bound) {
        spec[u"volumeName"_s] = u"pvc-"_s + m.value(u"uid").toString();
        status[u"accessModes"_s] = QJsonArray{u"ReadWriteOnce"_s};
        status[u"capacity"_s] = QJsonObject{{u"storage"_s, size}};
    }
    return object(u"v1"_s, u"PersistentVolumeClaim"_s, m, {{u"spec"_s, spec}, {u"status"_s, status}});
}

QJsonObject volumeManifest(const Cluster& c, const Workload& w, int ordinal)
{
    const QJsonObject claim = claimManifest(c, w, ordinal, true);
    const QString uid = at(claim, u"metadata", u"uid").toString();
    const QString claimName = at(claim, u"metadata", u"name").toString();
    QJsonObject m =
        metadataFor(c, u"PersistentVolume"_s, {}, u"pvc-"_s + uid, ordinal < w.spec.replicas ? w.createdMs : c.nowMs);
    m[u"finalizers"_s] = QJsonArray{u"kubernetes.io/pv-protection"_s};
    return object(
        u"v1"_s, u"PersistentVolume"_s, m,
        {{u"spec"_s, QJsonObject{{u"capacity"_s, QJsonObject{{u"storage"_s, u"%1Gi"_s.arg(w.spec.storageGi)}}},
                                 {u"accessModes"_s, QJsonArray{u"ReadWriteOnce"_s}},
                                 {u"persistentVolumeReclaimPolicy"_s, u"Retain"_s},
                                 {u"storageClassName"_s, u"fast-ssd"_s},
                                 {u"volumeMode"_s, u"Filesystem"_s},
                                 {u"claimRef"_s, QJsonObject{{u"kind"_s, u"PersistentVolumeClaim"_s},
                                                             {u"apiVersion"_s, u"v1"_s},
                                                             {u"namespace"_s, w.spec.space},
                                                             {u"name"_s, claimName},
                                                             {u"uid"_s, uid}}},
                                 {u"csi"_s, QJsonObject{{u"driver"_s, u"ebs.csi.aws.com"_s},
                                                        {u"volumeHandle"_s, u"vol-"_s + hexDigits(hash64(uid), 17)}}}}},
         {u"status"_s, QJsonObject{{u"phase"_s, u"Bound"_s}}}});
}

QList<QPair<QString, QJsonObject>> standingObjects(const Cluster& c, qint64 created)
{
    Standing out;
    addSpaces(c, created, out);
    for (const Workload& w : c.workloads)
        if (!w.spec.space.startsWith(u"load-"))
            out.append({u"serviceaccounts"_s,
                        object(u"v1"_s, u"ServiceAccount"_s,
                               metadataFor(c, u"ServiceAccount"_s, w.spec.space, w.spec.name, w.createdMs))});
    for (const SecretSpec& s : c.spec.secrets)
        out.append({u"secrets"_s, secret(c, s, created)});
    for (const ConfigMapSpec& s : c.spec.configMaps) {
        QJsonObject data;
        for (const auto& [key, value] : s.data)
            data[key] = value;
        out.append(
            {u"configmaps"_s, object(u"v1"_s, u"ConfigMap"_s, metadataFor(c, u"ConfigMap"_s, s.space, s.name, created),
                                     {{u"data"_s, data}})});
    }
    addAccess(c, created, out);
    addNetworkAndStorage(c, created, out);
    return out;
}

} // namespace wk::fleet
