// SPDX-License-Identifier: GPL-3.0-or-later
// The admin port: what tests and demonstrations do to the fleet. POST /COMMAND?cluster=ID&...; GET /state.
#include "core/Duration.h"
#include "fleet/Fleet.h"
#include "fleet/world/Json.h"

using namespace Qt::StringLiterals;

namespace wk::fleet {

namespace {

constexpr auto help = R"(GET  /state                                         what is served, with counters
POST /throttle?cluster=C&seconds=S&retry-after=R    429 for S seconds
POST /delay?cluster=C&ms=N                          wait before each answer; 0 ends it
POST /truncate?cluster=C&count=N                    the next N answers or events end in the middle
POST /garble?cluster=C&count=N                      bytes of the next N answers or events are changed
POST /cut?cluster=C                                 reset every connection now
POST /cut?cluster=C&per-mille=N                     at each write, the chance that its connection is reset
POST /stall?cluster=C&seconds=S                     connections stay open and silent
POST /down?cluster=C&seconds=S                      stop listening, reset everything, come back
POST /compact?cluster=C                             forget the history: watches get 410
POST /churn?cluster=C&rate=N                        touch N pods a second
POST /forward?cluster=C&service=NS/NAME&port=P[&as=Q]  that service, at its port Q, is what listens there on loopback
POST /fault?cluster=C&fault=F&target=T[&for=D]...   as an entry of a fault script
)";

qint64 integer(const HttpRequest& r, const QString& name, qint64 fallback, qint64 low, qint64 high)
{
    bool ok = false;
    const qint64 n = r.query.value(name).toLongLong(&ok);
    return ok ? std::clamp(n, low, high) : fallback;
}

} // namespace

void Fleet::administer(const HttpRequest& request, HttpConnection& connection)
{
    const QString name = QString::fromUtf8(request.path.mid(1));
    if (request.method == "GET" && name == u"state") {
        connection.respond(200, "application/json", compact(state()) + '\n');
        return;
    }
    if (request.method != "POST") {
        connection.respond(request.method == "GET" && name.isEmpty() ? 200 : 405, "text/plain; charset=utf-8", help);
        return;
    }
    const QString cluster = request.query.value(u"cluster"_s);
    QJsonArray done;
    for (Member& m : m_members) {
        if (!cluster.isEmpty() && m.engine->cluster().spec.id != cluster)
            continue;
        const auto result = command(name, request, m);
        if (!result) {
            connection.respond(400, "application/json", compact({{u"error"_s, result.error().text()}}) + '\n');
            return;
        }
        done.append(*result);
    }
    if (done.isEmpty())
        connection.respond(404, "application/json",
                           compact({{u"error"_s, u"There is no cluster %1."_s.arg(cluster)}}) + '\n');
    else
        connection.respond(200, "application/json", compact({{u"done"_s, done}}) + '\n');
}

Result<QJsonObject> Fleet::command(const QString& name, const HttpRequest& request, Member& m)
{
    HttpServer& http = m.api->http();
    const qint64 seconds = integer(request, u"seconds"_s, 10, 0, 3600);
    if (name == u"throttle") {
        m.api->throttle(seconds * 1000, int(integer(request, u"retry-after"_s, 1, 0, 3600)));
    } else if (name == u"delay") {
        http.chaos.delayMs = integer(request, u"ms"_s, 0, 0, 600'000);
    } else if (name == u"truncate") {
        http.chaos.truncate = int(integer(request, u"count"_s, 1, 0, 1'000'000));
    } else if (name == u"garble") {
        http.chaos.garble = int(integer(request, u"count"_s, 1, 0, 1'000'000));
    } else if (name == u"cut") {
        if (request.query.contains(u"per-mille"_s))
            http.chaos.cutPerMille = int(integer(request, u"per-mille"_s, 0, 0, 1000));
        else
            http.cutAll();
    } else if (name == u"stall") {
        http.chaos.stalled = true;
        QTimer::singleShot(int(seconds * 1000), &http, [&http] { http.chaos.stalled = false; });
    } else if (name == u"down") {
        http.goDown();
        QTimer::singleShot(int(seconds * 1000), &http, [&http] {
            if (const auto back = http.listen(http.port()); !back)
                qWarning("%s", qPrintable(back.error().text()));
        });
    } else if (name == u"compact") {
        m.engine->store().compact();
    } else if (name == u"churn") {
        m.engine->setChurn(double(integer(request, u"rate"_s, 0, 0, 5000)));
        m_timer.start(20);
    } else if (name == u"forward") {
        const QStringList service = request.query.value(u"service"_s).split(u'/');
        const qint64 port = integer(request, u"port"_s, 0, 0, 65'535);
        if (service.size() != 2 || port == 0)
            return fail(Error::Kind::BadInput, u"forward takes service=NAMESPACE/NAME and port=NUMBER."_s);
        m.api->forward(service[0], service[1], quint16(port), int(integer(request, u"as"_s, port, 1, 65'535)));
        m.recorded = m.recorded && service[1] != u"prometheus";
    } else if (name == u"fault") {
        QByteArray yaml = "- {at: 0s, cluster: " + m.engine->cluster().spec.id.toUtf8();
        for (const QString& key :
             {u"fault"_s, u"target"_s, u"for"_s, u"pods"_s, u"replicas"_s, u"factor"_s, u"tag"_s, u"lines"_s})
            if (request.query.contains(key))
                yaml += ", " + key.toUtf8() + ": \"" + request.query.value(key).toUtf8().replace('"', "") + '"';
        const auto faults = parseFaults(yaml + "}", u"request"_s);
        if (!faults)
            return fail(faults.error());
        if (const auto injected = m.engine->inject(faults->first()); !injected)
            return fail(injected.error());
    } else {
        return fail(Error::Kind::NotFound, u"There is no command %1."_s.arg(name), {}, QString::fromLatin1(help));
    }
    return QJsonObject{{u"cluster"_s, m.engine->cluster().spec.id}, {u"command"_s, name}};
}

QJsonObject Fleet::state() const
{
    QJsonArray clusters;
    for (const Member& m : m_members) {
        const ObjectStore& store = std::as_const(*m.engine).store();
        clusters.append(QJsonObject{{u"id"_s, m.engine->cluster().spec.id},
                                    {u"api"_s, m.port},
                                    {u"metrics"_s, m.exporterPort},
                                    {u"pods"_s, store.count(u"pods"_s)},
                                    {u"revision"_s, store.revision()},
                                    {u"nowMs"_s, m.engine->nowMs()},
                                    {u"connections"_s, m.api->http().connectionCount()},
                                    {u"watches"_s, m.api->counters().watches},
                                    {u"requests"_s, m.api->counters().requests},
                                    {u"dropped"_s, m.api->counters().dropped}});
    }
    return {{u"clusters"_s, clusters}, {u"seed"_s, QString::number(m_options.seed)}, {u"speed"_s, m_options.speed}};
}

} // namespace wk::fleet
