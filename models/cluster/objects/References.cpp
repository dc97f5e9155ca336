// SPDX-License-Identifier: GPL-3.0-or-later
#include "cluster/objects/References.h"

#include "cluster/objects/SummaryParts.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QJsonArray>
#include <QtCore/QJsonDocument>
#include <QtCore/QSet>

#include <algorithm>

namespace wk::cluster {

using namespace Qt::StringLiterals;
using summary::at;

namespace {

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(wk::cluster::References)
};

constexpr QLatin1StringView configMaps("configmaps"), secrets("secrets"), claims("persistentvolumeclaims"),
    accounts("serviceaccounts"), services("services");

/// Collects references, each object once.
class Collector
{
public:
    void add(QLatin1StringView kindId, const QJsonValue& name, const QString& how, bool optional = false)
    {
        const QString text = name.toString();
        if (text.isEmpty())
            return;
        for (Reference& known : m_found) {
            if (known.kindId != kindId || known.name != text)
                continue;
            if (!known.how.split(u"; "_s).contains(how))
                known.how += u"; "_s + how;
            known.optional = known.optional && optional;
            return;
        }
        m_found.append(Reference{kindId, text, how, optional});
    }
    [[nodiscard]] QList<Reference> take() { return std::move(m_found); }

private:
    QList<Reference> m_found;
};

bool isOptional(const QJsonObject& source) { return source.value(u"optional"_s).toBool(); }

void volume(const QJsonObject& volume, Collector& out)
{
    const QString how = Texts::tr("volume %1").arg(volume.value(u"name"_s).toString());
    const auto source = [&](const QJsonObject& from) {
        const QJsonObject map = from.value(u"configMap"_s).toObject(), secret = from.value(u"secret"_s).toObject();
        out.add(configMaps, map.value(u"name"_s), how, isOptional(map));
        // A volume says "secretName", a source of a projected one "name".
        out.add(secrets, secret.value(secret.contains(u"secretName"_s) ? u"secretName"_s : u"name"_s), how,
                isOptional(secret));
    };
    source(volume);
    for (const QJsonArray sources = at(volume, u"projected.sources").toArray(); const QJsonValue& projected : sources)
        source(projected.toObject());
    out.add(claims, at(volume, u"persistentVolumeClaim.claimName"), how);
    for (const QStringView path : {u"csi.nodePublishSecretRef.name", u"flexVolume.secretRef.name",
                                   u"rbd.secretRef.name", u"cephfs.secretRef.name", u"iscsi.secretRef.name"})
        out.add(secrets, at(volume, path), how);
}

void container(const QJsonObject& container, Collector& out)
{
    const QString name = container.value(u"name"_s).toString();
    for (const QJsonArray sources = container.value(u"envFrom"_s).toArray(); const QJsonValue& value : sources) {
        const QString how = Texts::tr("environment of %1").arg(name);
        const QJsonObject map = at(value.toObject(), u"configMapRef").toObject();
        const QJsonObject secret = at(value.toObject(), u"secretRef").toObject();
        out.add(configMaps, map.value(u"name"_s), how, isOptional(map));
        out.add(secrets, secret.value(u"name"_s), how, isOptional(secret));
    }
    for (const QJsonArray variables = container.value(u"env"_s).toArray(); const QJsonValue& value : variables) {
        const QJsonObject variable = value.toObject();
        const QString how = Texts::tr("%1 of %2").arg(variable.value(u"name"_s).toString(), name);
        const QJsonObject map = at(variable, u"valueFrom.configMapKeyRef").toObject();
        const QJsonObject secret = at(variable, u"valueFrom.secretKeyRef").toObject();
        out.add(configMaps, map.value(u"name"_s), how, isOptional(map));
        out.add(secrets, secret.value(u"name"_s), how, isOptional(secret));
    }
}

void podSpec(const QJsonObject& spec, Collector& out)
{
    for (const QString& list : {u"initContainers"_s, u"containers"_s, u"ephemeralContainers"_s}) {
        for (const QJsonArray all = spec.value(list).toArray(); const QJsonValue& value : all)
            container(value.toObject(), out);
    }
    for (const QJsonArray all = spec.value(u"volumes"_s).toArray(); const QJsonValue& value : all)
        volume(value.toObject(), out);
    for (const QJsonArray all = spec.value(u"imagePullSecrets"_s).toArray(); const QJsonValue& value : all)
        out.add(secrets, value.toObject().value(u"name"_s), Texts::tr("to pull images"));
    out.add(accounts, spec.value(u"serviceAccountName"_s), Texts::tr("runs as it"));
}

/// A stateful set gives each pod a claim of its own in place of the volume that its claim template names.
QJsonObject withoutClaimTemplates(QJsonObject spec, const QJsonObject& object)
{
    const QJsonArray templates = at(object, u"spec.volumeClaimTemplates").toArray();
    if (templates.isEmpty())
        return spec;
    QJsonArray volumes;
    for (const QJsonArray all = spec.value(u"volumes"_s).toArray(); const QJsonValue& value : all) {
        const QJsonValue name = value.toObject().value(u"name"_s);
        const bool replaced = std::ranges::any_of(
            templates, [&](const QJsonValue& one) { return at(one.toObject(), u"metadata.name") == name; });
        if (!replaced)
            volumes.append(value);
    }
    spec.insert(u"volumes"_s, volumes);
    return spec;
}

void ingress(const QJsonObject& object, Collector& out)
{
    const auto backend = [&](const QJsonObject& from, const QString& how) {
        out.add(services, at(from, u"service.name"), how);
        out.add(services, from.value(u"serviceName"_s), how); // networking.k8s.io/v1beta1
    };
    backend(at(object, u"spec.defaultBackend").toObject(), Texts::tr("whatever no rule matches"));
    backend(at(object, u"spec.backend").toObject(), Texts::tr("whatever no rule matches"));
    for (const QJsonArray rules = at(object, u"spec.rules").toArray(); const QJsonValue& value : rules) {
        const QJsonObject rule = value.toObject();
        for (const QJsonArray paths = at(rule, u"http.paths").toArray(); const QJsonValue& path : paths) {
            const QJsonObject entry = path.toObject();
            backend(entry.value(u"backend"_s).toObject(),
                    rule.value(u"host"_s).toString(u"*"_s) + entry.value(u"path"_s).toString(u"/"_s));
        }
    }
    for (const QJsonArray all = at(object, u"spec.tls").toArray(); const QJsonValue& value : all)
        out.add(secrets, value.toObject().value(u"secretName"_s),
                Texts::tr("TLS of %1").arg(summary::list(value.toObject().value(u"hosts"_s).toArray())));
}

void serviceAccount(const QJsonObject& object, Collector& out)
{
    for (const QJsonArray all = object.value(u"secrets"_s).toArray(); const QJsonValue& value : all)
        out.add(secrets, value.toObject().value(u"name"_s), Texts::tr("its token"));
    for (const QJsonArray all = object.value(u"imagePullSecrets"_s).toArray(); const QJsonValue& value : all)
        out.add(secrets, value.toObject().value(u"name"_s), Texts::tr("to pull images"));
}

/// Whose pods are told by the workload that made them.
bool madeByWorkload(const QJsonObject& object)
{
    static const QSet<QString> makers{u"ReplicaSet"_s, u"Deployment"_s, u"StatefulSet"_s,          u"DaemonSet"_s,
                                      u"Job"_s,        u"CronJob"_s,    u"ReplicationController"_s};
    for (const QJsonArray owners = at(object, u"metadata.ownerReferences").toArray();
         const QJsonValue& owner : owners) {
        if (owner.toObject().value(u"controller"_s).toBool() &&
            makers.contains(owner.toObject().value(u"kind"_s).toString()))
            return true;
    }
    return false;
}

} // namespace

QJsonObject podTemplateOf(const QJsonObject& object)
{
    if (at(object, u"spec.containers").isArray())
        return object;
    for (const QStringView path : {u"spec.template", u"spec.jobTemplate.spec.template", u"template"}) {
        if (const QJsonObject found = at(object, path).toObject(); !found.isEmpty())
            return found;
    }
    return {};
}

QList<Reference> referencesOf(const QJsonObject& object)
{
    Collector out;
    podSpec(withoutClaimTemplates(podTemplateOf(object).value(u"spec"_s).toObject(), object), out);
    out.add(services, at(object, u"spec.serviceName"), Texts::tr("names its pods"));
    if (at(object, u"spec.rules").isArray() || at(object, u"spec.defaultBackend").isObject() ||
        at(object, u"spec.tls").isArray())
        ingress(object, out);
    serviceAccount(object, out);
    return out.take();
}

ReferrerScan referrersIn(const QByteArray& list, const QString& kindId, const QString& kind,
                         const QString& wantedKindId, const QString& wantedName)
{
    ReferrerScan out;
    const QJsonObject root = QJsonDocument::fromJson(list).object();
    out.incomplete = !at(root, u"metadata.continue").toString().isEmpty();
    for (const QJsonArray items = root.value(u"items"_s).toArray(); const QJsonValue& item : items) {
        const QJsonObject object = item.toObject();
        if (madeByWorkload(object))
            continue;
        for (const Reference& reference : referencesOf(object)) {
            if (reference.kindId == wantedKindId && reference.name == wantedName)
                out.found.append(Referrer{kindId, kind, at(object, u"metadata.namespace").toString(),
                                          at(object, u"metadata.name").toString(), reference.how});
        }
    }
    return out;
}

QStringList referrerKindsOf(const QString& kindId)
{
    static const QStringList runners{u"deployments.apps"_s,
                                     u"statefulsets.apps"_s,
                                     u"daemonsets.apps"_s,
                                     u"replicasets.apps"_s,
                                     u"cronjobs.batch"_s,
                                     u"jobs.batch"_s,
                                     u"pods"_s};
    static const QString ingresses = u"ingresses.networking.k8s.io"_s;
    if (kindId == configMaps || kindId == claims || kindId == accounts)
        return runners;
    if (kindId == secrets)
        return runners + QStringList{ingresses, QString(accounts)};
    if (kindId == services)
        return {ingresses, u"statefulsets.apps"_s};
    return {};
}

} // namespace wk::cluster
