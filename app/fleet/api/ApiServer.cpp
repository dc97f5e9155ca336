// SPDX-License-Identifier: GPL-3.0-or-later
#include "fleet/api/ApiServer.h"

#include "fleet/world/Json.h"

#include "fleet/api/OpenApi.h"
#include "fleet/world/Resources.h"

#include <QtCore/QElapsedTimer>
#include <QtCore/QUrl>

using namespace Qt::StringLiterals;

namespace wk::fleet {

namespace {

qint64 monotonicMs()
{
    static const QElapsedTimer timer = [] {
        QElapsedTimer t;
        t.start();
        return t;
    }();
    return timer.elapsed();
}

QString verbOf(const HttpRequest& r, bool named)
{
    if (r.method == "GET" || r.method == "HEAD")
        return r.flag(u"watch"_s) ? u"watch"_s : named ? u"get"_s : u"list"_s;
    if (r.method == "POST")
        return u"create"_s;
    if (r.method == "PUT")
        return u"update"_s;
    if (r.method == "PATCH")
        return u"patch"_s;
    if (r.method == "DELETE")
        return named ? u"delete"_s : u"deletecollection"_s;
    return u"unknown"_s;
}

QString qualified(const QString& resource, const QString& group)
{
    return group.isEmpty() ? resource : resource + u'.' + group;
}

} // namespace

ApiServer::ApiServer(Engine& engine, Access access, QObject* parent)
    : QObject(parent), m_engine(engine), m_access(std::move(access)),
      m_http([this](const HttpRequest& r, HttpConnection& c) { handle(r, c); })
{
}

void ApiServer::throttle(qint64 durationMs, int retryAfterSeconds)
{
    m_throttledUntil = monotonicMs() + durationMs;
    m_retryAfter = retryAfterSeconds;
}

void ApiServer::refuse(const HttpRequest& request, HttpConnection& connection, const QJsonObject& status,
                       const HttpHeaders& extra)
{
    // Errors travel in the format that was asked for.
    const auto format = negotiate(request.header("accept"), true, false);
    const Encoder encoder(*findResourceById(u"pods"), format == Format::Protobuf ? Format::Protobuf : Format::Json, {},
                          {});
    connection.respond(status.value(u"code").toInt(), encoder.contentType(false), encoder.status(status), extra);
}

void ApiServer::refuse(Call& call, int code, const QString& reason, const QString& message, QJsonObject details)
{
    refuse(call.request, call.connection, statusObject(code, reason, message, details));
}

void ApiServer::pageNotFound(HttpConnection& connection)
{
    connection.respond(404, "text/plain; charset=utf-8", "404 page not found\n");
}

void ApiServer::notFound(Call& call)
{
    QJsonObject details{{u"name"_s, call.name}, {u"kind"_s, call.resourceName}};
    if (!call.group.isEmpty())
        details[u"group"_s] = call.group;
    refuse(call, 404, u"NotFound"_s, u"%1 \"%2\" not found"_s.arg(qualified(call.resourceName, call.group), call.name),
           details);
}

void ApiServer::forbid(Call& call)
{
    const QString what = call.name.isEmpty() ? QString() : u" \"%1\""_s.arg(call.name);
    const QString resource =
        call.subresource.isEmpty() ? call.resourceName : call.resourceName + u'/' + call.subresource;
    const QString scope =
        call.space.isEmpty() ? u"at the cluster scope"_s : u"in the namespace \"%1\""_s.arg(call.space);
    QJsonObject details{{u"kind"_s, call.resourceName}};
    if (!call.name.isEmpty())
        details[u"name"_s] = call.name;
    if (!call.group.isEmpty())
        details[u"group"_s] = call.group;
    refuse(call, 403, u"Forbidden"_s,
           u"%1%2 is forbidden: User \"%3\" cannot %4 resource \"%5\" in API group \"%6\" %7"_s.arg(
               qualified(call.resourceName, call.group), what, call.user.name, call.verb, resource, call.group, scope),
           details);
}

void ApiServer::handle(const HttpRequest& request, HttpConnection& connection)
{
    ++m_counters->requests;
    const auto user = m_access.authenticate(request, connection);
    if (!user) {
        refuse(request, connection, statusObject(401, u"Unauthorized"_s, u"Unauthorized"_s));
        return;
    }
    if (!request.path.startsWith("/healthz") && !request.path.startsWith("/livez") &&
        monotonicMs() < m_throttledUntil) {
        refuse(request, connection,
               statusObject(429, u"TooManyRequests"_s,
                            u"The server has received too many requests and has asked us to try again later"_s,
                            {{u"retryAfterSeconds"_s, m_retryAfter}}),
               {{"Retry-After", QByteArray::number(m_retryAfter)}});
        return;
    }
    Call call{request, connection, *user, {}, {}, {}, {}, {}, {}, {}, nullptr, {}};
    if (parsePath(request.path, call)) {
        handleResource(call);
        return;
    }
    if (!Access::pathAllowed(*user, request.path)) {
        const QString path = QString::fromUtf8(request.path);
        refuse(request, connection,
               statusObject(403, u"Forbidden"_s,
                            u"forbidden: User \"%1\" cannot get path \"%2\""_s.arg(user->name, path), QJsonObject()));
        return;
    }
    if (!document(request, connection))
        pageNotFound(connection);
}

/// Everything that is no resource: health, version, discovery.
bool ApiServer::document(const HttpRequest& request, HttpConnection& connection)
{
    const QByteArray path =
        request.path.endsWith('/') && request.path.size() > 1 ? request.path.chopped(1) : request.path;
    if (path == "/healthz" || path == "/livez" || path == "/readyz" || path == "/healthz/ping") {
        connection.respond(200, "text/plain; charset=utf-8", "ok");
        return true;
    }
    const auto answer = [&](const QJsonObject& o) {
        if (o.isEmpty())
            return false;
        if (request.method != "GET" && request.method != "HEAD")
            refuse(request, connection,
                   statusObject(405, u"MethodNotAllowed"_s,
                                u"the server does not allow this method on the requested resource"_s));
        else
            connection.respond(200, "application/json", compact(o) + '\n');
        return true;
    };
    if (path.startsWith("/openapi/v3"))
        return answer(openApiDocument(QString::fromUtf8(path.mid(11))));
    if (path == "/version")
        return answer(json(
            R"({'major':'1','minor':'32','gitVersion':'v1.32.4','gitCommit':'59526cd4867447956156ae3a602fcbac10a2c335',
            'gitTreeState':'clean','buildDate':'2025-04-22T16:02:27Z','goVersion':'go1.23.6','compiler':'gc','platform':'linux/amd64'})"));
    if (path == "/api" || path == "/apis") {
        const bool core = path == "/api";
        for (const QByteArray& clause : request.header("accept").split(',')) {
            if (!clause.contains("as=APIGroupDiscoveryList") || !clause.contains("application/json"))
                continue;
            const QByteArray version = clause.contains("v=v2beta1") ? "v2beta1" : "v2";
            connection.respond(200, "application/json;g=apidiscovery.k8s.io;v=" + version + ";as=APIGroupDiscoveryList",
                               compact(aggregatedDiscoveryDocument(core, QString::fromLatin1(version))) + '\n');
            return true;
        }
        return answer(core ? apiVersionsDocument(u"127.0.0.1:%1"_s.arg(m_http.port())) : apiGroupListDocument());
    }
    if (path == "/api/v1")
        return answer(apiResourceListDocument({}, u"v1"_s));
    if (path.startsWith("/apis/")) {
        const QStringList parts = QString::fromUtf8(path).split(u'/');
        if (parts.size() == 3)
            return answer(apiGroupDocument(parts[2]));
        if (parts.size() == 4)
            return answer(apiResourceListDocument(parts[2], parts[3]));
    }
    return false;
}

/// /api/v1/... and /apis/GROUP/VERSION/...: [namespaces/NS/]RESOURCE[/NAME[/SUBRESOURCE]]
bool ApiServer::parsePath(const QByteArray& path, Call& call) const
{
    QStringList parts;
    for (const QByteArray& p : path.split('/'))
        if (!p.isEmpty())
            parts.append(QUrl::fromPercentEncoding(p));
    if (parts.value(0) == u"api" && parts.size() >= 3) {
        call.version = parts[1];
        parts.remove(0, 2);
    } else if (parts.value(0) == u"apis" && parts.size() >= 4) {
        call.group = parts[1];
        call.version = parts[2];
        parts.remove(0, 3);
    } else {
        return false;
    }
    if (parts[0] == u"namespaces" && parts.size() >= 3) {
        call.space = parts[1];
        parts.remove(0, 2);
    }
    call.resourceName = parts.value(0);
    call.name = parts.value(1);
    call.subresource = parts.value(2);
    if (call.group.isEmpty() && call.resourceName == u"services" && call.subresource == u"proxy") {
        const qsizetype at = path.indexOf("/proxy", path.indexOf("/services/") + 10);
        call.rest = path.mid(at + 6);
        if (call.rest.isEmpty())
            call.rest = "/";
        parts.resize(3);
    }
    call.resource = findResource(call.group, call.version, call.resourceName);
    call.verb = verbOf(call.request, !call.name.isEmpty());
    return parts.size() <= 3;
}

/// Of a group that is served in a Status, of any other in plain text.
void ApiServer::unknownResource(Call& call)
{
    if (groupVersions().contains(QPair(call.group, call.version)))
        refuse(call, 404, u"NotFound"_s, u"the server could not find the requested resource"_s, QJsonObject());
    else
        pageNotFound(call.connection);
}

void ApiServer::handleResource(Call& call)
{
    if (call.resourceName == u"namespaces" && !call.name.isEmpty())
        call.space = call.name;
    const QString asked = call.subresource.isEmpty() ? call.resourceName : call.resourceName + u'/' + call.subresource;
    if (!Access::allowed(m_engine.store(), call.user, {call.verb, call.group, asked, call.space, call.name})) {
        forbid(call);
        return;
    }
    if (call.subresource == u"proxy" && !call.rest.isEmpty()) {
        proxy(call);
        return;
    }
    if (call.resourceName == u"namespaces")
        call.space.clear();
    const bool reading = call.verb == u"get" || call.verb == u"list" || call.verb == u"watch";
    const bool known = call.resource && (call.space.isEmpty() || call.resource->namespaced) && knowsSubresource(call);
    if (!known) {
        unknownResource(call);
        return;
    }
    if (call.resource->group.startsWith(u"auth") && call.resource->virtualKind) {
        review(call);
        return;
    }
    if (!reading) {
        // What is made has no place of its own yet; what is changed has one.
        const bool making = call.verb == u"create", fits = making == call.name.isEmpty() || !call.subresource.isEmpty();
        if (call.resource->verbs.contains(call.verb) && (fits || call.verb.startsWith(u"delete")))
            write(call);
        else
            refuse(call, 405, u"MethodNotAllowed"_s,
                   u"the server does not allow this method on the requested resource"_s);
        return;
    }
    if (call.resource->virtualKind) {
        metrics(call);
        return;
    }
    if (call.subresource == u"log") {
        log(call);
        return;
    }
    if (call.subresource == u"exec" || call.subresource == u"portforward") {
        channel(call);
        return;
    }
    if (call.subresource == u"scale") {
        getScale(call);
        return;
    }
    const bool protobuf = hasProtobuf(*call.resource);
    const auto format = formatFor(call);
    if (!format) {
        refuse(
            call, 406, u"NotAcceptable"_s,
            protobuf
                ? u"only the following media types are accepted: application/json, application/yaml, application/vnd.kubernetes.protobuf"_s
                : u"only the following media types are accepted: application/json;as=Table;v=v1, application/json"_s);
        return;
    }
    if (call.verb == u"watch")
        watch(call, *format);
    else if (call.verb == u"get")
        get(call, *format);
    else
        list(call, *format);
}

void ApiServer::getScale(Call& call)
{
    const auto scale = Writes(m_engine).scaleOf({call.resource, call.space, call.name, {}, {}});
    if (scale)
        answerObject(call, 200, *scale);
    else
        refuse(call.request, call.connection, scale.error());
}

/// Our protobuf carries the fields that tables need. Who would write back what it read (kubectl: rollout undo) gets
/// JSON where it takes both, so that nothing is lost on the way.
std::optional<Format> ApiServer::formatFor(const Call& call)
{
    const QByteArray accept = call.request.header("accept");
    const bool writesBack =
        call.request.header("user-agent").startsWith("kubectl") && accept.contains("application/json");
    return negotiate(accept, hasProtobuf(*call.resource) && !writesBack);
}

Encoder ApiServer::encoderFor(const Call& call, Format format) const
{
    QJsonObject definition;
    if (call.resource->custom)
        if (const ObjectPtr crd =
                m_engine.store().find(u"customresourcedefinitions.apiextensions.k8s.io"_s, {}, call.resource->id()))
            definition = crd->json;
    const QString include = call.request.query.value(u"includeObject"_s);
    return Encoder(
        *call.resource, format, definition, [engine = &m_engine] { return engine->nowMs(); },
        include == u"None"     ? Encoder::Include::None
        : include == u"Object" ? Encoder::Include::Object
                               : Encoder::Include::Metadata);
}

} // namespace wk::fleet
