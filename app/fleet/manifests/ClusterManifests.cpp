// SPDX-License-Identifier: GPL-3.0-or-later
#include "fleet/manifests/Manifests.h"
#include "fleet/world/Json.h"
#include "fleet/world/Rng.h"

using namespace Qt::StringLiterals;

namespace wk::fleet {

namespace {

QJsonObject certificateDefinition(const Cluster& c, qint64 created)
{
    QJsonObject m = metadataFor(c, u"CustomResourceDefinition"_s, {}, u"certificates.cert-manager.io"_s, created,
                                {{u"app.kubernetes.io/name"_s, u"cert-manager"_s}});
    m[u"generation"_s] = 1;
    return kindObject(u"apiextensions.k8s.io/v1"_s, u"CustomResourceDefinition"_s, m, json(R"({
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
    return kindObject(
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
    return kindObject(
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
    return kindObject(u"v1"_s, u"Secret"_s, metadataFor(c, u"Secret"_s, spec.space, spec.name, created),
                      {{u"type"_s, spec.type}, {u"data"_s, data}});
}

void addSpaces(const Cluster& c, qint64 created, Standing& out)
{
    for (const QString& space : c.spec.spaces) {
        out.append(
            {u"namespaces"_s,
             kindObject(u"v1"_s, u"Namespace"_s,
                        metadataFor(c, u"Namespace"_s, {}, space, created, {{u"kubernetes.io/metadata.name"_s, space}}),
                        json(R"({'spec':{'finalizers':['kubernetes']},'status':{'phase':'Active'}})"))});
        out.append(
            {u"serviceaccounts"_s, kindObject(u"v1"_s, u"ServiceAccount"_s,
                                              metadataFor(c, u"ServiceAccount"_s, space, u"default"_s, created))});
        out.append(
            {u"configmaps"_s,
             kindObject(u"v1"_s, u"ConfigMap"_s, metadataFor(c, u"ConfigMap"_s, space, u"kube-root-ca.crt"_s, created),
                        {{u"data"_s, QJsonObject{{u"ca.crt"_s, u"(the cluster's authority)"_s}}}})});
    }
}

void addNetworkAndStorage(const Cluster& c, qint64 created, Standing& out)
{
    const QString space = c.spec.mainSpace;
    const auto meta = [&](const QString& kind, const QString& ns, const QString& name) {
        return metadataFor(c, kind, ns, name, created);
    };
    const QString policies = u"networkpolicies.networking.k8s.io"_s;
    out.append({policies, kindObject(u"networking.k8s.io/v1"_s, u"NetworkPolicy"_s,
                                     meta(u"NetworkPolicy"_s, space, u"default-deny"_s),
                                     json(R"({'spec':{'podSelector':{},'policyTypes':['Ingress']}})"))});
    out.append({policies,
                kindObject(u"networking.k8s.io/v1"_s, u"NetworkPolicy"_s,
                           meta(u"NetworkPolicy"_s, space, u"allow-from-ingress"_s),
                           json(R"({'spec':{'podSelector':{'matchLabels':{'tier':'backend'}},'policyTypes':['Ingress'],
                                    'ingress':[{'from':[{'namespaceSelector':{'matchLabels':{'kubernetes.io/metadata.name':'ingress-nginx'}}}]}]}})"))});
    QJsonObject fast = meta(u"StorageClass"_s, {}, u"fast-ssd"_s);
    fast[u"annotations"_s] = QJsonObject{{u"storageclass.kubernetes.io/is-default-class"_s, u"true"_s}};
    const QString classes = u"storageclasses.storage.k8s.io"_s;
    out.append(
        {classes,
         kindObject(
             u"storage.k8s.io/v1"_s, u"StorageClass"_s, fast,
             json(
                 R"({'provisioner':'ebs.csi.aws.com','reclaimPolicy':'Retain','volumeBindingMode':'Immediate','allowVolumeExpansion':true})"))});
    out.append(
        {classes,
         kindObject(
             u"storage.k8s.io/v1"_s, u"StorageClass"_s, meta(u"StorageClass"_s, {}, u"standard"_s),
             json(
                 R"({'provisioner':'ebs.csi.aws.com','reclaimPolicy':'Delete','volumeBindingMode':'WaitForFirstConsumer','allowVolumeExpansion':true})"))});
    out.append({u"ingressclasses.networking.k8s.io"_s,
                kindObject(u"networking.k8s.io/v1"_s, u"IngressClass"_s, meta(u"IngressClass"_s, {}, u"nginx"_s),
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
    return kindObject(u"v1"_s, u"PersistentVolumeClaim"_s, m, {{u"spec"_s, spec}, {u"status"_s, status}});
}

QJsonObject volumeManifest(const Cluster& c, const Workload& w, int ordinal)
{
    const QJsonObject claim = claimManifest(c, w, ordinal, true);
    const QString uid = at(claim, u"metadata", u"uid").toString();
    const QString claimName = at(claim, u"metadata", u"name").toString();
    QJsonObject m =
        metadataFor(c, u"PersistentVolume"_s, {}, u"pvc-"_s + uid, ordinal < w.spec.replicas ? w.createdMs : c.nowMs);
    m[u"finalizers"_s] = QJsonArray{u"kubernetes.io/pv-protection"_s};
    return kindObject(
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

Standing standingObjects(const Cluster& c, qint64 created)
{
    Standing out;
    addSpaces(c, created, out);
    for (const Workload& w : c.workloads)
        if (!w.spec.space.startsWith(u"load-"))
            out.append({u"serviceaccounts"_s,
                        kindObject(u"v1"_s, u"ServiceAccount"_s,
                                   metadataFor(c, u"ServiceAccount"_s, w.spec.space, w.spec.name, w.createdMs))});
    for (const SecretSpec& s : c.spec.secrets)
        out.append({u"secrets"_s, secret(c, s, created)});
    for (const ConfigMapSpec& s : c.spec.configMaps) {
        QJsonObject data;
        for (const auto& [key, value] : s.data)
            data[key] = value;
        out.append({u"configmaps"_s,
                    kindObject(u"v1"_s, u"ConfigMap"_s, metadataFor(c, u"ConfigMap"_s, s.space, s.name, created),
                               {{u"data"_s, data}})});
    }
    addAccess(c, created, out);
    addNetworkAndStorage(c, created, out);
    return out;
}

} // namespace wk::fleet
