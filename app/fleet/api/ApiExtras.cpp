// SPDX-License-Identifier: GPL-3.0-or-later
// metrics.k8s.io and the reviews of access.
#include "fleet/api/ApiServer.h"
#include "fleet/manifests/Manifests.h"
#include "fleet/world/Json.h"
#include "fleet/world/Traffic.h"

#include <protozero/pbf_reader.hpp>

using namespace Qt::StringLiterals;

namespace wk::fleet {

namespace {

std::optional<QJsonObject> reviewFromJson(const QByteArray& body)
{
    const QJsonDocument doc = QJsonDocument::fromJson(body);
    return doc.isObject() ? std::optional(doc.object()) : std::nullopt;
}

/// The string fields of a message by number, under the names given.
QJsonObject readStrings(protozero::pbf_reader reader, const QStringList& names)
{
    QJsonObject out;
    while (reader.next()) {
        const int tag = int(reader.tag());
        if (reader.wire_type() == protozero::pbf_wire_type::length_delimited && tag >= 1 && tag <= names.size())
            out[names.at(tag - 1)] = QString::fromStdString(reader.get_string());
        else
            reader.skip();
    }
    return out;
}

/// SelfSubjectAccessReview and SelfSubjectRulesReview as kubectl sends them
/// (k8s.io/api/authorization/v1/generated.proto).
std::optional<QJsonObject> reviewFromProtobuf(const QByteArray& body, bool rules)
{
    if (!body.startsWith(QByteArray("k8s\0", 4)))
        return std::nullopt;
    try {
        protozero::pbf_reader unknown(body.constData() + 4, std::size_t(body.size() - 4));
        QJsonObject spec;
        while (unknown.next()) {
            if (unknown.tag() != 2) {
                unknown.skip();
                continue;
            }
            protozero::pbf_reader object = unknown.get_message();
            while (object.next(2)) {
                protozero::pbf_reader fields = object.get_message();
                while (fields.next()) {
                    if (fields.wire_type() != protozero::pbf_wire_type::length_delimited) {
                        fields.skip();
                        continue;
                    }
                    const auto tag = fields.tag();
                    const auto view = fields.get_view();
                    if (rules)
                        continue; // its only field is a namespace, and the answer is the same everywhere
                    if (tag == 1)
                        spec[u"resourceAttributes"_s] = readStrings(
                            protozero::pbf_reader(view), {u"namespace"_s, u"verb"_s, u"group"_s, u"version"_s,
                                                          u"resource"_s, u"subresource"_s, u"name"_s});
                    else if (tag == 2)
                        spec[u"nonResourceAttributes"_s] =
                            readStrings(protozero::pbf_reader(view), {u"path"_s, u"verb"_s});
                }
            }
        }
        return QJsonObject{{u"spec"_s, spec}};
    } catch (const protozero::exception&) {
        return std::nullopt;
    }
}

QJsonObject usageObject(const Usage& u)
{
    return {{u"cpu"_s, u"%1n"_s.arg(u.cpuMilli * 1'000'000)}, {u"memory"_s, u"%1Ki"_s.arg(u.memoryBytes / 1024)}};
}

QJsonObject measured(const QString& kind, const QString& space, const QString& name, const QJsonObject& labels,
                     qint64 now)
{
    QJsonObject m{{u"name"_s, name}, {u"creationTimestamp"_s, timeText(now)}};
    if (!space.isEmpty())
        m[u"namespace"_s] = space;
    if (!labels.isEmpty())
        m[u"labels"_s] = labels;
    return {{u"kind"_s, kind},
            {u"apiVersion"_s, u"metrics.k8s.io/v1beta1"_s},
            {u"metadata"_s, m},
            {u"timestamp"_s, timeText(now - now % 15'000)},
            {u"window"_s, kind == u"NodeMetrics" ? u"20s"_s : u"15s"_s}};
}

} // namespace

void ApiServer::metrics(Call& call)
{
    const Cluster& cluster = m_engine.cluster();
    const qint64 now = m_engine.nowMs();
    const auto selector = Selector::parse(call.request.query.value(u"labelSelector"_s), {}, {});
    if (!selector) {
        refuse(call, 400, u"BadRequest"_s, selector.error().sentence);
        return;
    }
    const bool pods = call.resourceName == u"pods";
    QJsonArray items;
    const auto add = [&](QJsonObject item, const QString& space, const QString& name, const QString& resource) {
        const ObjectPtr stored = m_engine.store().find(resource, space, name);
        if (!stored || !selector->matches(*stored))
            return;
        QJsonObject m = item.value(u"metadata").toObject();
        if (const QJsonValue labels = at(stored->json, u"metadata", u"labels"); labels.isObject())
            m[u"labels"_s] = labels;
        item[u"metadata"_s] = m;
        items.append(item);
    };
    if (pods) {
        for (const auto& [id, pod] : cluster.pods) {
            if ((!call.space.isEmpty() && pod->space != call.space) ||
                (!call.name.isEmpty() && pod->name != call.name) || pod->nodeLost || pod->phase != u"Running")
                continue;
            QJsonArray containers;
            const QList<ContainerSpec>& specs = containersOf(cluster, *pod);
            for (int i = 0; i < specs.size(); ++i)
                if (const Usage u = containerUsage(cluster, *pod, i); u.memoryBytes > 0)
                    containers.append(QJsonObject{{u"name"_s, specs[i].name}, {u"usage"_s, usageObject(u)}});
            if (containers.isEmpty())
                continue;
            QJsonObject item = measured(u"PodMetrics"_s, pod->space, pod->name, {}, now);
            item[u"containers"_s] = containers;
            add(item, pod->space, pod->name, u"pods"_s);
        }
    } else {
        for (const Node& node : cluster.nodes) {
            if (node.lost || (!call.name.isEmpty() && node.name != call.name))
                continue;
            QJsonObject item = measured(u"NodeMetrics"_s, {}, node.name, {}, now);
            item[u"usage"_s] = usageObject(nodeUsage(cluster, node));
            add(item, {}, node.name, u"nodes"_s);
        }
    }
    if (!call.name.isEmpty()) {
        if (items.isEmpty())
            notFound(call);
        else
            call.connection.respond(200, "application/json", compact(items.first().toObject()) + '\n');
        return;
    }
    const QJsonObject list{{u"kind"_s, call.resource->kind + u"List"_s},
                           {u"apiVersion"_s, u"metrics.k8s.io/v1beta1"_s},
                           {u"metadata"_s, QJsonObject()},
                           {u"items"_s, items}};
    call.connection.respond(200, "application/json", compact(list) + '\n');
}

void ApiServer::review(Call& call)
{
    if (call.request.method != "POST") {
        refuse(call, 405, u"MethodNotAllowed"_s, u"the server does not allow this method on the requested resource"_s);
        return;
    }
    const QByteArray type = call.request.header("content-type");
    const bool wire = type.startsWith("application/vnd.kubernetes.protobuf");
    if (!wire && !type.startsWith("application/json")) {
        refuse(
            call, 415, u"UnsupportedMediaType"_s,
            u"the body of the request was in an unknown format - accepted media types include: application/json, application/yaml"_s);
        return;
    }
    const std::optional<QJsonObject> body =
        wire ? reviewFromProtobuf(call.request.body, call.resource->kind == u"SelfSubjectRulesReview"_s)
             : reviewFromJson(call.request.body);
    if (!body) {
        refuse(call, 400, u"BadRequest"_s,
               u"the object provided is unrecognized (must be of type %1)"_s.arg(call.resource->kind));
        return;
    }
    QJsonObject answer = *body;
    answer[u"kind"_s] = call.resource->kind;
    answer[u"apiVersion"_s] = call.resource->apiVersion();
    answer[u"metadata"_s] = QJsonObject{{u"creationTimestamp"_s, QJsonValue::Null}};
    if (call.resource->kind == u"SelfSubjectAccessReview") {
        const QJsonObject r = at(answer, u"spec", u"resourceAttributes").toObject();
        const auto field = [&](QStringView key) { return r.value(key).toString(); };
        std::optional<QString> reason;
        if (r.isEmpty()) {
            if (Access::pathAllowed(call.user,
                                    at(answer, u"spec", u"nonResourceAttributes", u"path").toString().toUtf8()))
                reason = u"RBAC: allowed by ClusterRoleBinding \"system:discovery\""_s;
        } else {
            const QString below = field(u"subresource");
            reason = Access::allowed(m_engine.store(), call.user,
                                     {field(u"verb"), field(u"group"),
                                      below.isEmpty() ? field(u"resource") : field(u"resource") + u'/' + below,
                                      field(u"namespace"), field(u"name")});
        }
        QJsonObject verdict{{u"allowed"_s, reason.has_value()}};
        if (reason && !reason->isEmpty())
            verdict[u"reason"_s] = *reason;
        answer[u"status"_s] = verdict;
    } else if (call.resource->kind == u"SelfSubjectReview") {
        answer[u"status"_s] =
            QJsonObject{{u"userInfo"_s, QJsonObject{{u"username"_s, call.user.name},
                                                    {u"groups"_s, QJsonArray::fromStringList(call.user.groups)}}}};
    } else {
        const QJsonArray rules =
            Access::allRules(m_engine.store(), call.user, at(answer, u"spec", u"namespace").toString());
        answer[u"status"_s] =
            QJsonObject{{u"resourceRules"_s, rules}, {u"nonResourceRules"_s, QJsonArray()}, {u"incomplete"_s, false}};
    }
    call.connection.respond(201, "application/json", compact(answer) + '\n');
}

} // namespace wk::fleet
