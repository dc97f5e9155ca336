// SPDX-License-Identifier: GPL-3.0-or-later
// POST, PUT, PATCH and DELETE, and the subresources scale, status and eviction.
#include "fleet/api/ApiServer.h"
#include "fleet/api/Patches.h"
#include "fleet/api/RequestBody.h"
#include "fleet/api/Validation.h"
#include "fleet/api/Writes.h"
#include "fleet/world/Json.h"

using namespace Qt::StringLiterals;

namespace wk::fleet {

namespace {

/// fieldManager, else the user agent's program (manager.go: managerFromUserAgent).
QString managerOf(const HttpRequest& request)
{
    const QString named = request.query.value(u"fieldManager"_s);
    if (!named.isEmpty() || request.header("content-type").startsWith("application/apply-patch"))
        return named;
    const QString agent = QString::fromUtf8(request.header("user-agent").split('/').first());
    return agent.isEmpty() ? u"unknown"_s : agent;
}

QJsonObject successStatus(const Resource& r, const QJsonObject& object)
{
    const QJsonObject m = object.value(u"metadata").toObject();
    QJsonObject details{{u"name"_s, m.value(u"name")}, {u"kind"_s, r.resource}, {u"uid"_s, m.value(u"uid")}};
    if (!r.group.isEmpty())
        details[u"group"_s] = r.group;
    return {{u"kind"_s, u"Status"_s},
            {u"apiVersion"_s, u"v1"_s},
            {u"metadata"_s, QJsonObject()},
            {u"status"_s, u"Success"_s},
            {u"details"_s, details}};
}

DeleteRequest deleteRequest(const HttpRequest& request, const QJsonObject& options)
{
    DeleteRequest d;
    d.uid = at(options, u"preconditions", u"uid").toString();
    d.resourceVersion = at(options, u"preconditions", u"resourceVersion").toString();
    const auto either = [&](const QString& key) {
        return request.query.contains(key) ? QJsonValue(request.query.value(key)) : options.value(key);
    };
    d.propagation = either(u"propagationPolicy"_s).toString();
    const QJsonValue grace = either(u"gracePeriodSeconds"_s);
    d.graceSeconds = grace.isString() ? grace.toString().toLongLong() : grace.toInteger(-1);
    if (options.value(u"orphanDependents").toBool())
        d.propagation = u"Orphan"_s;
    return d;
}

bool hasScale(const Resource& r)
{
    return r.group == u"apps" &&
           (r.resource == u"deployments" || r.resource == u"statefulsets" || r.resource == u"replicasets");
}

} // namespace

bool ApiServer::knowsSubresource(const Call& call)
{
    const Resource& r = *call.resource;
    const bool reading = call.verb == u"get", changing = call.verb == u"patch" || call.verb == u"update";
    if (call.subresource.isEmpty())
        return true;
    if (call.name.isEmpty() || r.virtualKind)
        return false;
    if (r.id() == u"pods" && call.subresource == u"log")
        return reading || call.verb == u"watch";
    if (r.id() == u"pods" && (call.subresource == u"exec" || call.subresource == u"portforward"))
        return reading;
    if (r.id() == u"pods" && call.subresource == u"eviction")
        return call.verb == u"create";
    if (call.subresource == u"scale")
        return hasScale(r) && (reading || changing);
    return call.subresource == u"status" && (reading || changing);
}

void ApiServer::answerObject(Call& call, int code, const QJsonObject& object)
{
    auto shown = std::make_shared<Object>();
    shown->json = object;
    shown->name = at(object, u"metadata", u"name").toString();
    shown->space = at(object, u"metadata", u"namespace").toString();
    const bool scale = object.value(u"kind") == u"Scale"_s;
    const auto format = scale ? std::optional(Format::Json) : formatFor(call);
    if (!format) {
        refuse(call, 406, u"NotAcceptable"_s, u"only the following media types are accepted: application/json"_s);
        return;
    }
    if (scale) {
        call.connection.respond(code, "application/json", compact(object) + '\n');
        return;
    }
    const Encoder encoder = encoderFor(call, *format);
    call.connection.respond(code, encoder.contentType(false), encoder.object(shown));
}

void ApiServer::write(Call& call)
{
    const HttpRequest& request = call.request;
    const QByteArray type = request.header("content-type");
    QString dry = request.query.value(u"dryRun"_s);
    QJsonObject body;
    if (call.verb != u"patch" && !request.body.isEmpty()) {
        const auto read = objectInBody(type, request.body);
        if (!read) {
            const bool format = read.error().kind == Error::Kind::Unsupported;
            refuse(call, format ? 415 : 400, format ? u"UnsupportedMediaType"_s : u"BadRequest"_s,
                   format ? read.error().sentence
                          : u"the object provided is unrecognized (must be of type %1): %2"_s.arg(
                                call.resource->kind, read.error().sentence));
            return;
        }
        body = *read;
    }
    const QJsonObject options = call.subresource == u"eviction" ? body.value(u"deleteOptions").toObject() : body;
    if (const QJsonArray list = options.value(u"dryRun").toArray(); dry.isEmpty() && !list.isEmpty())
        dry = list.first().toString();
    if (!dry.isEmpty() && dry != u"All") {
        const QString message = u"Unsupported value: []string{\"%1\"}: supported values: \"All\""_s.arg(dry);
        refuse(request, call.connection,
               invalidStatus(u"meta.k8s.io"_s, u"CreateOptions"_s, {},
                             {{u"FieldValueNotSupported"_s, message, u"dryRun"_s}}));
        return;
    }
    WriteTarget target{call.resource,           call.space,         call.name,
                       call.subresource,        managerOf(request), dry == u"All",
                       request.flag(u"force"_s)};
    if (target.force && call.verb == u"patch" && !type.startsWith("application/apply-patch")) {
        refuse(request, call.connection,
               invalidStatus(
                   u"meta.k8s.io"_s, u"PatchOptions"_s, {},
                   {{u"FieldValueForbidden"_s, u"Forbidden: may not be specified for non-apply patch"_s, u"force"_s}}));
        return;
    }
    if (call.verb == u"deletecollection") {
        removeAll(call, target, deleteRequest(request, body));
        return;
    }
    const auto answer = carryOut(call, target, body, options);
    if (!answer) {
        refuse(request, call.connection, answer.error());
        return;
    }
    if (call.subresource == u"eviction") {
        call.connection.respond(
            201, "application/json",
            "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"metadata\":{},\"status\":\"Success\",\"code\":201}\n");
    } else if (call.verb == u"delete" && answer->gone) {
        call.connection.respond(200, "application/json", compact(successStatus(*call.resource, answer->object)) + '\n');
    } else {
        answerObject(call, answer->created ? 201 : 200, answer->object);
    }
}

Writes::Answer ApiServer::carryOut(Call& call, const WriteTarget& target, const QJsonObject& body,
                                   const QJsonObject& options)
{
    Writes writes(m_engine);
    const HttpRequest& request = call.request;
    if (call.subresource == u"eviction")
        return writes.evict(target, at(body, u"metadata", u"name").toString(), deleteRequest(request, options));
    if (call.verb == u"delete")
        return writes.remove(target, deleteRequest(request, body));
    if (call.subresource == u"scale") {
        if (call.verb == u"update")
            return writes.scale(target, body);
        const auto now = writes.scaleOf(target);
        if (!now)
            return writes.scale(target, {}); // says of a write what is not there
        // A patch of the scale is a patch of what the scale shows.
        const auto patched = patchedDocument(*now, request.header("content-type"), request.body);
        return patched ? writes.scale(target, *patched) : Writes::Answer(std::unexpected(patched.error()));
    }
    if (call.verb == u"create")
        return writes.create(target, body);
    if (call.verb == u"update")
        return writes.replace(target, body);
    return writes.patch(target, request.header("content-type"), request.body);
}

void ApiServer::removeAll(Call& call, const WriteTarget& target, const DeleteRequest& options)
{
    const auto& query = call.request.query;
    const auto selector =
        Selector::parse(query.value(u"labelSelector"_s), query.value(u"fieldSelector"_s), call.resource->id());
    if (!selector) {
        refuse(call, 400, u"BadRequest"_s, selector.error().sentence);
        return;
    }
    Writes writes(m_engine);
    std::vector<ObjectPtr> gone;
    for (const ObjectPtr& o : m_engine.store().list(call.resource->id(), call.space)) {
        if (!selector->matches(*o))
            continue;
        WriteTarget one = target;
        one.space = o->space;
        one.name = o->name;
        if (writes.remove(one, options))
            gone.push_back(o);
    }
    const auto format = formatFor(call).value_or(Format::Json);
    const Encoder encoder = encoderFor(call, format);
    ListEnvelope envelope;
    envelope.resourceVersion = QString::number(m_engine.store().revision());
    call.connection.stream(200, encoder.contentType(false), encoder.list(std::move(gone), envelope));
}

} // namespace wk::fleet
