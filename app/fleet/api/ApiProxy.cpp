// SPDX-License-Identifier: GPL-3.0-or-later
// Services through the API server: /api/v1/namespaces/NS/services/[SCHEME:]NAME[:PORT]/proxy/PATH.
// Source: https://kubernetes.io/docs/tasks/access-application-cluster/access-cluster-services/ and kube-apiserver's
// pkg/registry/core/service/storage (ResourceLocation).
#include "fleet/api/ApiServer.h"
#include "fleet/manifests/Manifests.h"
#include "fleet/metrics/Metrics.h"
#include "fleet/world/Json.h"

#include <QtNetwork/QNetworkAccessManager>
#include <QtNetwork/QNetworkReply>
#include <QtNetwork/QNetworkRequest>

using namespace Qt::StringLiterals;

namespace wk::fleet {

namespace {

/// "http:prometheus:9090" names the service prometheus.
QString serviceOf(const QString& name)
{
    const QStringList parts = name.split(u':');
    return parts.size() == 3 ? parts[1] : parts.first();
}

const Workload* behind(const Cluster& cluster, const QString& space, const QString& service)
{
    for (const Workload& w : cluster.workloads)
        if (!w.gone && w.spec.hasService && w.spec.space == space && w.spec.name == service)
            return &w;
    return nullptr;
}

/// What every service of a platform answers.
void answerAs(const Cluster& cluster, const Pod& pod, const QByteArray& path, HttpConnection& connection)
{
    // Last those of products: MinIO, Consul, Prometheus and its like.
    static const QList<QByteArray> health{
        "/health", "/health/ready",      "/healthz",          "/ready",    "/api/health",
        "/",       "/minio/health/live", "/v1/status/leader", "/-/healthy"};
    if (path == "/metrics") {
        Exposition out;
        exposePod(out, cluster, pod);
        connection.respond(200, "text/plain; version=0.0.4; charset=utf-8", out.text());
    } else if (health.contains(path)) {
        connection.respond(200, "application/json", "{\"status\":\"ok\"}\n");
    } else {
        connection.respond(404, "text/plain; charset=utf-8", "404 page not found\n");
    }
}

} // namespace

void ApiServer::forward(const QString& space, const QString& service, quint16 port, int servicePort)
{
    m_forwards.insert(space + u'/' + service, port);
    if (m_engine.store().find(u"services"_s, space, service))
        return;
    // Without a selector, as for what runs somewhere else.
    const QJsonObject main{
        {u"name"_s, u"web"_s}, {u"protocol"_s, u"TCP"_s}, {u"port"_s, servicePort}, {u"targetPort"_s, servicePort}};
    const Cluster& cluster = m_engine.cluster();
    m_engine.accept(u"services"_s, kindObject(u"v1"_s, u"Service"_s,
                                              metadataFor(cluster, u"Service"_s, space, service, cluster.nowMs,
                                                          {{u"app.kubernetes.io/name"_s, service}}),
                                              {{u"spec"_s, QJsonObject{{u"type"_s, u"ClusterIP"_s},
                                                                       {u"ports"_s, QJsonArray{main}},
                                                                       {u"sessionAffinity"_s, u"None"_s}}}}));
}

void ApiServer::proxy(Call& call)
{
    const QString service = serviceOf(call.name);
    if (!m_engine.store().find(u"services"_s, call.space, service)) {
        call.name = service;
        notFound(call);
        return;
    }
    if (const auto port = m_forwards.constFind(call.space + u'/' + service); port != m_forwards.cend()) {
        passOn(call, *port);
        return;
    }
    const Cluster& cluster = m_engine.cluster();
    const Workload* workload = behind(cluster, call.space, service);
    const Pod* ready = nullptr;
    for (const qint64 id : workload ? workload->pods : std::vector<qint64>())
        if (const Pod& pod = *cluster.pods.at(id); pod.ready && !pod.nodeLost)
            ready = &pod;
    if (!ready)
        refuse(call, 503, u"ServiceUnavailable"_s, u"no endpoints available for service \"%1\""_s.arg(call.name));
    else
        answerAs(cluster, *ready, call.rest, call.connection);
}

/// To a real program on loopback that plays the service.
void ApiServer::passOn(Call& call, quint16 port)
{
    QUrl url(u"http://127.0.0.1:%1"_s.arg(port));
    url.setPath(QString::fromUtf8(call.rest), QUrl::TolerantMode);
    if (!call.request.rawQuery.isEmpty())
        url.setQuery(QString::fromUtf8(call.request.rawQuery), QUrl::StrictMode);
    QNetworkRequest request(url);
    request.setAttribute(QNetworkRequest::RedirectPolicyAttribute, QNetworkRequest::ManualRedirectPolicy);
    for (const char* name : {"accept", "content-type"})
        if (const QByteArray value = call.request.header(name); !value.isEmpty())
            request.setRawHeader(name, value);
    if (!m_network)
        m_network = new QNetworkAccessManager(this);
    QNetworkReply* reply = m_network->sendCustomRequest(request, call.request.method, call.request.body);
    HttpConnection* connection = &call.connection;
    connect(connection, &HttpConnection::closed, reply, [reply] { // nobody is left to be told
        reply->disconnect();
        reply->abort();
        reply->deleteLater();
    });
    connect(reply, &QNetworkReply::finished, connection, [this, reply, connection, request = call.request] {
        reply->deleteLater();
        const int status = reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
        if (status == 0)
            refuse(request, *connection,
                   statusObject(503, u"ServiceUnavailable"_s,
                                u"error trying to reach service: %1"_s.arg(reply->errorString())));
        else
            connection->respond(status, reply->rawHeader("content-type"), reply->readAll());
    });
}

} // namespace wk::fleet
