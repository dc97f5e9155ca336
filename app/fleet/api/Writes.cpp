// SPDX-License-Identifier: GPL-3.0-or-later
#include "fleet/api/Writes.h"

#include "fleet/api/Defaults.h"
#include "fleet/api/Encoding.h"
#include "fleet/api/Patches.h"
#include "fleet/api/RequestBody.h"
#include "fleet/api/Validation.h"
#include "fleet/api/Versions.h"
#include "fleet/manifests/Manifests.h"
#include "fleet/world/Json.h"
#include "fleet/world/Types.h"

using namespace Qt::StringLiterals;

namespace wk::fleet {

namespace {

const QString modified =
    u"the object has been modified; please apply your changes to the latest version and try again"_s;

QJsonObject badRequest(const QString& message) { return statusObject(400, u"BadRequest"_s, message); }

/// Kinds whose spec changes are counted in metadata.generation (their registry strategies).
bool hasGeneration(const Resource& r)
{
    static const QStringList ids{u"deployments.apps"_s,
                                 u"replicasets.apps"_s,
                                 u"statefulsets.apps"_s,
                                 u"daemonsets.apps"_s,
                                 u"cronjobs.batch"_s,
                                 u"jobs.batch"_s,
                                 u"ingresses.networking.k8s.io"_s,
                                 u"networkpolicies.networking.k8s.io"_s,
                                 u"poddisruptionbudgets.policy"_s,
                                 u"customresourcedefinitions.apiextensions.k8s.io"_s};
    return r.custom || ids.contains(r.id());
}

/// The refusal of a whole object that cannot be read as its kind.
std::optional<QJsonObject> refusalOf(const Resource& r, const QJsonObject& body)
{
    const QString why = unreadable(r, body);
    if (why.isEmpty())
        return std::nullopt;
    return badRequest(u"%1 in version \"%2\" cannot be handled as a %1: %3"_s.arg(r.kind, r.version, why));
}

QJsonObject metadataOf(const QJsonObject& o) { return o.value(u"metadata").toObject(); }

QJsonObject withMeta(QJsonObject object, const QString& key, const QJsonValue& value)
{
    QJsonObject m = metadataOf(object);
    if (value.isUndefined())
        m.remove(key);
    else
        m[key] = value;
    object[u"metadata"_s] = m;
    return object;
}

/// What a write to the main resource or to its status may not touch comes from the stored object.
QJsonObject withUntouchable(const WriteTarget& t, const QJsonObject& old, QJsonObject object)
{
    const QJsonValue status = old.value(u"status");
    if (t.subresource == u"status") {
        QJsonObject out = old;
        out[u"status"_s] = object.value(u"status");
        return out;
    }
    if (status.isUndefined())
        object.remove(u"status"_s);
    else
        object[u"status"_s] = status;
    for (const QString& key :
         {u"creationTimestamp"_s, u"generation"_s, u"deletionTimestamp"_s, u"deletionGracePeriodSeconds"_s})
        object = withMeta(object, key, at(old, u"metadata", key));
    return object;
}

} // namespace

QJsonObject notFoundStatus(const Resource& r, const QString& name, const QString& subresource)
{
    const QString kind = subresource.isEmpty() ? r.resource : r.resource + u'/' + subresource;
    QJsonObject details{{u"name"_s, name}, {u"kind"_s, kind}};
    if (!r.group.isEmpty())
        details[u"group"_s] = r.group;
    const QString qualified = r.group.isEmpty() ? kind : kind + u'.' + r.group;
    return statusObject(404, u"NotFound"_s, u"%1 \"%2\" not found"_s.arg(qualified, name), details);
}

QJsonObject conflictStatus(const Resource& r, const QString& name, const QString& why)
{
    QJsonObject details{{u"name"_s, name}, {u"kind"_s, r.resource}};
    if (!r.group.isEmpty())
        details[u"group"_s] = r.group;
    return statusObject(409, u"Conflict"_s, u"Operation cannot be fulfilled on %1 \"%2\": %3"_s.arg(r.id(), name, why),
                        details);
}

ObjectPtr Writes::find(const WriteTarget& t) const { return m_engine.store().find(t.resource->id(), t.space, t.name); }

Author Writes::author(const WriteTarget& t, bool apply) const
{
    return {t.manager, apply, t.resource->apiVersion(), t.subresource, timeText(m_engine.nowMs())};
}

Writes::Answer Writes::create(const WriteTarget& t, QJsonObject body)
{
    const Resource& r = *t.resource;
    const QString kind = body.value(u"kind").toString(), version = body.value(u"apiVersion").toString();
    if ((!kind.isEmpty() && kind != r.kind) || (!version.isEmpty() && version != r.apiVersion()))
        return std::unexpected(badRequest(
            u"%1 in version \"%2\" cannot be handled as a %3: converting (%2.%1) to (%3): unknown conversion"_s.arg(
                kind, version.section(u'/', -1), r.kind)));
    if (const auto refused = refusalOf(r, body))
        return std::unexpected(*refused);
    QJsonObject m = metadataOf(body);
    if (r.namespaced && m.contains(u"namespace"_s) && m.value(u"namespace").toString() != t.space)
        return std::unexpected(
            badRequest(u"the namespace of the provided object does not match the namespace sent on the request"_s));
    if (!m.value(u"resourceVersion").toString().isEmpty())
        return std::unexpected(statusObject(500, {}, u"resourceVersion should not be set on objects to be created"_s));
    if (r.namespaced && !m_engine.store().find(u"namespaces"_s, {}, t.space))
        return std::unexpected(notFoundStatus(*findResourceById(u"namespaces"), t.space));
    if (r.namespaced)
        m[u"namespace"_s] = t.space;
    // Chance must not depend on how often somebody tried: names and uids follow from the revision.
    const quint64 salt = quint64(m_engine.store().revision()) + 1;
    const QString stem = m.value(u"generateName").toString();
    if (m.value(u"name").toString().isEmpty() && !stem.isEmpty())
        m[u"name"_s] = QString(stem + safeSuffix(hash64(t.space + stem, salt), 5));
    const QString name = m.value(u"name").toString();
    if (m_engine.store().find(r.id(), t.space, name)) {
        QJsonObject details{{u"name"_s, name}, {u"kind"_s, r.resource}};
        if (!r.group.isEmpty())
            details[u"group"_s] = r.group;
        return std::unexpected(
            statusObject(409, u"AlreadyExists"_s, u"%1 \"%2\" already exists"_s.arg(r.id(), name), details));
    }
    m[u"uid"_s] = uidFor(m_engine.cluster(), r.kind, t.space, name, qint64(salt));
    m[u"creationTimestamp"_s] = timeText(m_engine.nowMs());
    for (const QString& key : {u"deletionTimestamp"_s, u"generation"_s, u"selfLink"_s, u"resourceVersion"_s})
        m.remove(key);
    if (r.id() == u"namespaces") {
        QJsonObject labels = m.value(u"labels").toObject();
        labels[u"kubernetes.io/metadata.name"_s] = name;
        m[u"labels"_s] = labels;
    }
    body[u"metadata"_s] = m;
    body[u"kind"_s] = r.kind;
    body[u"apiVersion"_s] = r.apiVersion();
    if (!r.custom)
        body.remove(u"status"_s);
    auto answer = commit(t, {}, body, false);
    if (answer)
        answer->created = true;
    return answer;
}

Writes::Answer Writes::replace(const WriteTarget& t, QJsonObject body)
{
    if (const auto refused = refusalOf(*t.resource, body))
        return std::unexpected(*refused);
    const ObjectPtr old = find(t);
    const QJsonObject m = metadataOf(body);
    if (m.value(u"name").toString() != t.name)
        return std::unexpected(badRequest(u"the name of the object (%1) does not match the name on the URL (%2)"_s.arg(
            m.value(u"name").toString(), t.name)));
    if (!old)
        return std::unexpected(notFoundStatus(*t.resource, t.name));
    const QString uid = m.value(u"uid").toString(), stored = at(old->json, u"metadata", u"uid").toString();
    if (!uid.isEmpty() && uid != stored)
        return std::unexpected(
            conflictStatus(*t.resource, t.name,
                           u"Precondition failed: UID in precondition: %1, UID in object meta: %2"_s.arg(uid, stored)));
    return checked(t, old, body, false);
}

Writes::Answer Writes::patch(const WriteTarget& t, const QByteArray& contentType, const QByteArray& body)
{
    const QByteArray type = contentType.split(';').first().trimmed();
    if (type == "application/apply-patch+yaml")
        return apply(t, body);
    const ObjectPtr old = find(t);
    if (!old)
        return std::unexpected(notFoundStatus(*t.resource, t.name));
    // Custom kinds have no list keys: a strategic merge patch cannot be.
    const bool impossible = t.resource->custom && type.startsWith("application/strategic");
    const auto patched = patchedDocument(inVersion(*t.resource, old->json), impossible ? QByteArray() : type, body);
    if (!patched)
        return std::unexpected(patched.error());
    const QJsonObject& after = *patched;
    if (const QString why = unreadable(*t.resource, after); !why.isEmpty())
        return std::unexpected(
            invalidStatus({}, {}, {}, {{u"FieldValueInvalid"_s, u"Invalid value: "_s + why, u"patch"_s}}));
    const QString name = metadataOf(after).value(u"name").toString();
    if (name != t.name)
        return std::unexpected(
            badRequest(u"the name of the object (%1) does not match the name on the URL (%2)"_s.arg(name, t.name)));
    return checked(t, old, after, false);
}

Writes::Answer Writes::apply(const WriteTarget& t, const QByteArray& body)
{
    if (t.manager.isEmpty())
        return std::unexpected(invalidStatus(
            u"meta.k8s.io"_s, u"PatchOptions"_s, {},
            {{u"FieldValueRequired"_s, u"Required value: is required for apply patch"_s, u"fieldManager"_s}}));
    const auto value = jsonFromYaml(body);
    if (!value || !value->isObject())
        return std::unexpected(badRequest(value ? u"the body is no object"_s : value.error().sentence));
    QJsonObject config = value->toObject();
    const QString version = config.value(u"apiVersion").toString();
    if (version != t.resource->apiVersion())
        return std::unexpected(
            badRequest(u"Incorrect version specified in apply patch. Specified patch version: %1, expected: %2"_s.arg(
                version, t.resource->apiVersion())));
    if (metadataOf(config).contains(u"managedFields"_s))
        return std::unexpected(badRequest(u"metadata.managedFields must be nil"_s));
    if (const QString why = unreadable(*t.resource, config); !why.isEmpty())
        return std::unexpected(statusObject(500, {},
                                            u"failed to create typed patch object (%1/%2; %3, Kind=%4): %5"_s.arg(
                                                t.space, t.name, t.resource->apiVersion(), t.resource->kind, why)));
    const ObjectPtr old = find(t);
    const QString wanted = metadataOf(config).value(u"resourceVersion").toString();
    if (!wanted.isEmpty() && (!old || wanted != QString::number(old->revision)))
        return std::unexpected(conflictStatus(*t.resource, t.name, modified));
    for (const QString& key : {u"resourceVersion"_s, u"creationTimestamp"_s, u"uid"_s})
        config = withMeta(config, key, QJsonValue::Undefined);
    const auto merged =
        applied(old ? inVersion(*t.resource, old->json) : QJsonObject(), config, author(t, true), t.force);
    if (!merged) {
        QJsonArray causes;
        QStringList lines;
        for (const FieldConflict& c : merged.error()) {
            const QString with = c.apiVersion.isEmpty()
                                     ? u"conflict with \"%1\""_s.arg(c.manager)
                                     : u"conflict with \"%1\" using %2"_s.arg(c.manager, c.apiVersion);
            causes.append(
                QJsonObject{{u"reason"_s, u"FieldManagerConflict"_s}, {u"message"_s, with}, {u"field"_s, c.path}});
            lines.append(with + u": "_s + c.path);
        }
        return std::unexpected(statusObject(
            409, u"Conflict"_s,
            lines.size() == 1 ? u"Apply failed with 1 conflict: %1"_s.arg(lines.first())
                              : u"Apply failed with %1 conflicts: %2"_s.arg(lines.size()).arg(lines.join(u"\n- "_s)),
            {{u"causes"_s, causes}}));
    }
    if (old)
        return checked(t, old, *merged, true);
    WriteTarget creation = t;
    creation.manager.clear(); // its fields are known already
    return create(creation, *merged);
}

/// Optimistic concurrency and what is the server's, then the last step.
Writes::Answer Writes::checked(const WriteTarget& t, const ObjectPtr& old, QJsonObject object, bool apply)
{
    const QString version = at(object, u"metadata", u"resourceVersion").toString();
    if (!version.isEmpty() && version != QString::number(old->revision))
        return std::unexpected(conflictStatus(*t.resource, t.name, modified));
    object = withUntouchable(t, inVersion(*t.resource, old->json), object);
    for (const QString& key : {u"uid"_s, u"namespace"_s})
        if (!metadataOf(object).contains(key))
            object = withMeta(object, key, at(old->json, u"metadata", key));
    object[u"kind"_s] = t.resource->kind;
    object[u"apiVersion"_s] = t.resource->apiVersion();
    return commit(t, old, object, apply);
}

Writes::Answer Writes::commit(const WriteTarget& t, const ObjectPtr& old, QJsonObject object, bool apply)
{
    const Resource& r = *t.resource;
    const QJsonObject before = old ? inVersion(r, old->json) : QJsonObject();
    object = withDefaults(r.id(), object);
    if (const QList<Cause> causes = validate(r, object, before); !causes.isEmpty())
        return std::unexpected(invalidStatus(r.group, r.kind, at(object, u"metadata", u"name").toString(), causes));
    if (hasGeneration(r)) {
        const qint64 generation = at(before, u"metadata", u"generation").toInteger();
        // A deployment's counts changes of its annotations, too (registry/apps/deployment/strategy.go).
        const bool noted = r.id() == u"deployments.apps" &&
                           at(before, u"metadata", u"annotations") != at(object, u"metadata", u"annotations");
        const bool changed = old == nullptr || noted || before.value(u"spec") != object.value(u"spec");
        object = withMeta(object, u"generation"_s, changed ? generation + 1 : generation);
    }
    if (!apply && !t.manager.isEmpty())
        object = withUpdatedFields(before, object, author(t, false));
    if (old)
        object = withMeta(object, u"resourceVersion"_s, QString::number(old->revision));
    Written written;
    if (t.dryRun)
        written.object = object;
    else
        written.object = inVersion(r, m_engine.accept(r.id(), forStore(r, object))->json);
    return written;
}

Writes::Answer Writes::remove(const WriteTarget& t, const DeleteRequest& request)
{
    const Resource& r = *t.resource;
    const ObjectPtr old = find(t);
    if (!old)
        return std::unexpected(notFoundStatus(r, t.name));
    const auto refused = [&](const QString& what, const QString& wanted, const QString& found, const QString& end) {
        return std::unexpected(statusObject(
            409, u"Conflict"_s,
            u"Operation cannot be fulfilled on %1 \"%2\": the %3 in the precondition (%4) does not match the %3 in record (%5). The object might have been %6"_s
                .arg(r.kind, t.name, what, wanted, found, end),
            {{u"name"_s, t.name}, {u"kind"_s, r.kind}}));
    };
    const QString uid = at(old->json, u"metadata", u"uid").toString();
    if (!request.uid.isEmpty() && request.uid != uid)
        return refused(u"UID"_s, request.uid, uid, u"deleted and then recreated"_s);
    if (!request.resourceVersion.isEmpty() && request.resourceVersion != QString::number(old->revision))
        return refused(u"ResourceVersion"_s, request.resourceVersion, QString::number(old->revision), u"modified"_s);
    const QStringList policies{u"Foreground"_s, u"Background"_s, u"Orphan"_s};
    if (!request.propagation.isEmpty() && !policies.contains(request.propagation))
        return std::unexpected(invalidStatus(
            u"meta.k8s.io"_s, u"DeleteOptions"_s, {},
            {{u"FieldValueNotSupported"_s,
              u"Unsupported value: \"%1\": supported values: \"Foreground\", \"Background\", \"Orphan\", \"nil\""_s.arg(
                  request.propagation),
              u"propagationPolicy"_s}}));
    if (!t.dryRun)
        m_engine.discard(r.id(), t.space, t.name, request.propagation, request.graceSeconds);
    const ObjectPtr left = find(t);
    Written written;
    written.object = inVersion(r, (left ? left : old)->json);
    written.gone = left == nullptr || (t.dryRun && r.id() != u"pods");
    return written;
}

} // namespace wk::fleet
