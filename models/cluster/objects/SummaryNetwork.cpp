// SPDX-License-Identifier: GPL-3.0-or-later
#include "cluster/objects/SummaryParts.h"

#include <QtCore/QCoreApplication>

#define WK_S(text) tr(QT_TRANSLATE_NOOP("wk::cluster::Summary", text))

namespace wk::cluster::summary {

using namespace Qt::StringLiterals;
using table::Health;

namespace {

QString space(const QJsonObject& object) { return at(object, u"metadata.namespace").toString(); }

// IPs, or host names, of what the provider has put in front.
QString balancers(const QJsonObject& object)
{
    QStringList parts;
    for (const QJsonArray values = at(object, u"status.loadBalancer.ingress").toArray();
         const QJsonValue& value : values) {
        const QJsonObject entry = value.toObject();
        parts.append(text(entry.contains(u"ip"_s) ? entry.value(u"ip"_s) : entry.value(u"hostname"_s)));
    }
    return parts.join(u", "_s);
}

// "80/TCP, 53/UDP"
QString portList(const QJsonArray& ports)
{
    QStringList parts;
    for (const QJsonValue& value : ports) {
        const QJsonObject port = value.toObject();
        parts.append(text(port.value(u"port"_s)) + u'/' + port.value(u"protocol"_s).toString(u"TCP"_s));
    }
    return parts.join(u", "_s);
}

void service(const QJsonObject& object, QList<FactSection>& out)
{
    FactSection s;
    s.title = WK_S("Service");
    add(s, WK_S("Type"), text(at(object, u"spec.type")));
    add(s, WK_S("Cluster IP"), text(at(object, u"spec.clusterIP")));
    add(s, WK_S("External IPs"), list(at(object, u"spec.externalIPs").toArray()));
    add(s, WK_S("External name"), text(at(object, u"spec.externalName")));
    add(s, WK_S("Load balancer"), balancers(object));
    add(s, WK_S("Selector"), selector(at(object, u"spec.selector")));
    add(s, WK_S("Session affinity"), text(at(object, u"spec.sessionAffinity")));
    out.append(s);
    FactSection ports;
    ports.title = WK_S("Ports");
    ports.headers = {WK_S("Name"), WK_S("Port"), WK_S("Target"), WK_S("Node port"), WK_S("Protocol")};
    for (const QJsonArray values = at(object, u"spec.ports").toArray(); const QJsonValue& value : values) {
        const QJsonObject port = value.toObject();
        ports.rows.append(QList<Fact>{cell(text(port.value(u"name"_s))), cell(text(port.value(u"port"_s))),
                                      cell(text(port.value(u"targetPort"_s))), cell(text(port.value(u"nodePort"_s))),
                                      cell(text(port.value(u"protocol"_s)))});
    }
    out.append(ports);
}

void ingress(const QJsonObject& object, QList<FactSection>& out)
{
    FactSection s;
    s.title = WK_S("Ingress");
    add(s, WK_S("Class"), text(at(object, u"spec.ingressClassName")));
    add(s, WK_S("Address"), balancers(object));
    for (const QJsonArray values = at(object, u"spec.tls").toArray(); const QJsonValue& value : values) {
        const QJsonObject tls = value.toObject();
        const QString secret = text(tls.value(u"secretName"_s));
        addLink(s, WK_S("TLS"), u"secrets"_s, space(object), secret,
                secret + u" ("_s + list(tls.value(u"hosts"_s).toArray()) + u')');
    }
    out.append(s);
    FactSection rules;
    rules.title = WK_S("Rules");
    rules.headers = {WK_S("Host"), WK_S("Path"), WK_S("Service")};
    for (const QJsonArray values = at(object, u"spec.rules").toArray(); const QJsonValue& value : values) {
        const QJsonObject rule = value.toObject();
        for (const QJsonArray parts = at(rule, u"http.paths").toArray(); const QJsonValue& p : parts) {
            const QJsonObject path = p.toObject();
            const QJsonObject backend = path.value(u"backend"_s).toObject();
            QString name = text(at(backend, u"service.name")), port = text(at(backend, u"service.port.number"));
            if (port.isEmpty())
                port = text(at(backend, u"service.port.name"));
            if (name.isEmpty()) { // networking.k8s.io/v1beta1
                name = text(backend.value(u"serviceName"_s));
                port = text(backend.value(u"servicePort"_s));
            }
            Fact target = cell(name + u':' + port);
            target.linkKind = u"services"_s;
            target.linkSpace = space(object);
            target.linkName = name;
            rules.rows.append(QList<Fact>{cell(rule.value(u"host"_s).toString(u"*"_s)),
                                          cell(path.value(u"path"_s).toString(u"/"_s)), target});
        }
    }
    out.append(rules);
}

void endpointSlice(const QJsonObject& object, QList<FactSection>& out)
{
    FactSection s;
    s.title = WK_S("Slice");
    add(s, WK_S("Ports"), portList(object.value(u"ports"_s).toArray()));
    add(s, WK_S("Address type"), text(object.value(u"addressType"_s)));
    out.append(s);
    FactSection endpoints;
    endpoints.title = WK_S("Endpoints");
    endpoints.headers = {WK_S("Address"), WK_S("Ready"), WK_S("Target"), WK_S("Node")};
    for (const QJsonArray values = object.value(u"endpoints"_s).toArray(); const QJsonValue& value : values) {
        const QJsonObject endpoint = value.toObject();
        const bool ready = at(endpoint, u"conditions.ready").toBool(true);
        const QString node = text(endpoint.contains(u"nodeName"_s)
                                      ? endpoint.value(u"nodeName"_s)
                                      : at(endpoint, u"topology").toObject().value(u"kubernetes.io/hostname"_s));
        Fact target = cell(text(at(endpoint, u"targetRef.name")));
        target.linkKind = kindIdOf(u"v1"_s, text(at(endpoint, u"targetRef.kind")));
        target.linkSpace = space(object);
        target.linkName = target.value;
        endpoints.rows.append(QList<Fact>{cell(list(endpoint.value(u"addresses"_s).toArray())),
                                          ready ? cell(WK_S("yes"), Health::Good) : cell(WK_S("no"), Health::Warning),
                                          target, cell(node)});
    }
    out.append(endpoints);
}

QString policyPeers(const QJsonArray& peers)
{
    if (peers.isEmpty())
        return WK_S("anyone");
    QStringList parts;
    for (const QJsonValue& value : peers) {
        const QJsonObject peer = value.toObject();
        const auto chosen = [](const QString& what, const QJsonValue& by) {
            const QString words = selector(by);
            return words.isEmpty() ? WK_S("all %1").arg(what) : WK_S("%1 with %2").arg(what, words);
        };
        QStringList words;
        if (peer.contains(u"podSelector"_s))
            words.append(chosen(WK_S("pods"), peer.value(u"podSelector"_s)));
        if (peer.contains(u"namespaceSelector"_s))
            words.append(chosen(WK_S("namespaces"), peer.value(u"namespaceSelector"_s)));
        if (peer.contains(u"ipBlock"_s))
            words.append(text(at(peer, u"ipBlock.cidr")));
        parts.append(words.join(WK_S(" in ")));
    }
    return parts.join(u"; "_s);
}

// `peersKey` names the other side: "from" or "to".
void policyRules(FactSection& out, const QString& direction, const QJsonArray& rules, const QString& peersKey)
{
    for (const QJsonValue& value : rules) {
        const QJsonObject rule = value.toObject();
        const QString ports = portList(rule.value(u"ports"_s).toArray());
        out.rows.append(QList<Fact>{cell(direction), cell(policyPeers(rule.value(peersKey).toArray())),
                                    cell(ports.isEmpty() ? WK_S("all ports") : ports)});
    }
}

void networkPolicy(const QJsonObject& object, QList<FactSection>& out)
{
    FactSection s;
    s.title = WK_S("Policy");
    const QString pods = selector(at(object, u"spec.podSelector"));
    add(s, WK_S("Applies to"), pods.isEmpty() ? WK_S("every pod of the namespace") : pods);
    add(s, WK_S("Governs"), list(at(object, u"spec.policyTypes").toArray()));
    out.append(s);
    FactSection rules;
    rules.title = WK_S("Allowed");
    rules.headers = {WK_S("Direction"), WK_S("Peers"), WK_S("Ports")};
    policyRules(rules, WK_S("in"), at(object, u"spec.ingress").toArray(), u"from"_s);
    policyRules(rules, WK_S("out"), at(object, u"spec.egress").toArray(), u"to"_s);
    out.append(rules);
}

void claim(const QJsonObject& object, QList<FactSection>& out)
{
    FactSection s;
    s.title = WK_S("Claim");
    const QString phase = text(at(object, u"status.phase"));
    add(s, WK_S("Phase"), phase, phase == u"Bound" ? Health::Good : phase == u"Lost" ? Health::Bad : Health::Warning);
    addLink(s, WK_S("Volume"), u"persistentvolumes"_s, {}, text(at(object, u"spec.volumeName")));
    add(s, WK_S("Asked for"), text(at(object, u"spec.resources.requests.storage")));
    add(s, WK_S("Capacity"), text(at(object, u"status.capacity.storage")));
    addLink(s, WK_S("Storage class"), u"storageclasses.storage.k8s.io"_s, {},
            text(at(object, u"spec.storageClassName")));
    add(s, WK_S("Access modes"), list(at(object, u"spec.accessModes").toArray()));
    add(s, WK_S("Volume mode"), text(at(object, u"spec.volumeMode")));
    out.append(s);
}

void volume(const QJsonObject& object, QList<FactSection>& out)
{
    FactSection s;
    s.title = WK_S("Volume");
    add(s, WK_S("Phase"), text(at(object, u"status.phase")));
    add(s, WK_S("Capacity"), text(at(object, u"spec.capacity.storage")));
    addLink(s, WK_S("Claim"), u"persistentvolumeclaims"_s, text(at(object, u"spec.claimRef.namespace")),
            text(at(object, u"spec.claimRef.name")),
            text(at(object, u"spec.claimRef.namespace")) + u'/' + text(at(object, u"spec.claimRef.name")));
    add(s, WK_S("When released"), text(at(object, u"spec.persistentVolumeReclaimPolicy")));
    addLink(s, WK_S("Storage class"), u"storageclasses.storage.k8s.io"_s, {},
            text(at(object, u"spec.storageClassName")));
    add(s, WK_S("Access modes"), list(at(object, u"spec.accessModes").toArray()));
    out.append(s);
}

void storageClass(const QJsonObject& object, QList<FactSection>& out)
{
    FactSection s;
    s.title = WK_S("Class");
    add(s, WK_S("Provisioner"), text(object.value(u"provisioner"_s)));
    add(s, WK_S("When released"), text(object.value(u"reclaimPolicy"_s)));
    add(s, WK_S("Binds"), text(object.value(u"volumeBindingMode"_s)));
    add(s, WK_S("Can grow"), text(object.value(u"allowVolumeExpansion"_s)));
    add(s, WK_S("Parameters"), pairs(object.value(u"parameters"_s).toObject()));
    out.append(s);
}

} // namespace

bool networkAndStorage(const QString& kind, const QJsonObject& object, QList<FactSection>& out)
{
    static constexpr Describer kinds[] = {
        {u"Service", service},
        {u"Ingress", ingress},
        {u"EndpointSlice", endpointSlice},
        {u"NetworkPolicy", networkPolicy},
        {u"PersistentVolumeClaim", claim},
        {u"PersistentVolume", volume},
        {u"StorageClass", storageClass},
    };
    return describe(kinds, kind, object, out);
}

} // namespace wk::cluster::summary
