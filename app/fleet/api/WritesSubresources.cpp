// SPDX-License-Identifier: GPL-3.0-or-later
// The subresources scale and eviction.
#include "fleet/api/Encoding.h"
#include "fleet/api/Validation.h"
#include "fleet/api/Writes.h"
#include "fleet/world/Json.h"

using namespace Qt::StringLiterals;

namespace wk::fleet {

std::expected<QJsonObject, QJsonObject> Writes::scaleOf(const WriteTarget& t) const
{
    const ObjectPtr o = find(t);
    if (!o)
        return std::unexpected(notFoundStatus(*t.resource, t.name, u"scale"_s));
    QStringList selector;
    const QJsonObject labels = at(o->json, u"spec", u"selector", u"matchLabels").toObject();
    for (auto it = labels.begin(); it != labels.end(); ++it)
        selector.append(it.key() + u'=' + it->toString());
    const QJsonObject m = o->json.value(u"metadata").toObject();
    QJsonObject metadata;
    for (const QString& key : {u"name"_s, u"namespace"_s, u"uid"_s, u"resourceVersion"_s, u"creationTimestamp"_s})
        metadata[key] = m.value(key);
    QJsonObject spec; // nothing is left out (omitempty)
    if (const int replicas = at(o->json, u"spec", u"replicas").toInt(); replicas != 0)
        spec[u"replicas"_s] = replicas;
    return QJsonObject{{u"kind"_s, u"Scale"_s},
                       {u"apiVersion"_s, u"autoscaling/v1"_s},
                       {u"metadata"_s, metadata},
                       {u"spec"_s, spec},
                       {u"status"_s, QJsonObject{{u"replicas"_s, at(o->json, u"status", u"replicas").toInt()},
                                                 {u"selector"_s, selector.join(u',')}}}};
}

Writes::Answer Writes::scale(const WriteTarget& t, const QJsonObject& wanted)
{
    const ObjectPtr old = find(t);
    if (!old)
        return std::unexpected(notFoundStatus(*t.resource, t.name));
    const int replicas = at(wanted, u"spec", u"replicas").toInt();
    if (replicas < 0)
        return std::unexpected(invalidStatus(
            u"autoscaling"_s, u"Scale"_s, t.name,
            {{u"FieldValueInvalid"_s, u"Invalid value: %1: must be greater than or equal to 0"_s.arg(replicas),
              u"spec.replicas"_s}}));
    QJsonObject object = old->json, spec = object.value(u"spec").toObject();
    spec[u"replicas"_s] = replicas;
    object[u"spec"_s] = spec;
    if (const QJsonValue version = at(wanted, u"metadata", u"resourceVersion"); !version.isUndefined()) {
        QJsonObject metadata = object.value(u"metadata").toObject();
        metadata[u"resourceVersion"_s] = version;
        object[u"metadata"_s] = metadata;
    }
    auto answer = checked(t, old, object, false);
    if (!answer)
        return answer;
    if (t.dryRun) {
        answer->object = wanted;
    } else if (const auto now = scaleOf(t)) {
        answer->object = *now;
    }
    return answer;
}

Writes::Answer Writes::evict(const WriteTarget& t, const QString& name, const DeleteRequest& request)
{
    const ObjectPtr pod = find(t);
    if (!pod)
        return std::unexpected(notFoundStatus(*t.resource, t.name));
    if (!name.isEmpty() && name != t.name)
        return std::unexpected(
            statusObject(400, u"BadRequest"_s, u"name in URL does not match name in Eviction object"_s));
    // A pod that serves nobody costs no budget anything (registry/core/pod/storage/eviction.go).
    const QString phase = at(pod->json, u"status", u"phase").toString();
    const bool leaving = at(pod->json, u"metadata", u"deletionTimestamp").isString();
    if (phase != u"Pending" && phase != u"Succeeded" && phase != u"Failed" && !leaving) {
        if (const std::optional<QString> budget = m_engine.budgetAgainst(*pod)) {
            const QString message = u"Cannot evict pod as it would violate the pod's disruption budget."_s;
            return std::unexpected(statusObject(
                429, u"TooManyRequests"_s, message,
                {{u"causes"_s,
                  QJsonArray{QJsonObject{{u"reason"_s, u"DisruptionBudget"_s}, {u"message"_s, *budget}}}}}));
        }
    }
    return remove(t, request);
}

} // namespace wk::fleet
