// SPDX-License-Identifier: GPL-3.0-or-later
#include "channels/EndpointFinder.h"

#include "cluster/Decoder.h"
#include "core/Future.h"

#include <QtCore/QTimer>
#include <QtCore/QUrl>

namespace wk::channels {

using namespace Qt::StringLiterals;

namespace {
constexpr qint64 lookMs = 5'000;
constexpr qint64 maxBytes = 16 << 20;
} // namespace

EndpointFinder::EndpointFinder(ForwardTarget target, net::Transport& transport, QObject* parent)
    : QObject(parent), m_target(std::move(target)), m_transport(transport)
{
}

void EndpointFinder::look(Found found)
{
    m_waiting.push_back(std::move(found));
    if (m_waiting.size() > 1)
        return;
    if (m_target.kind == ForwardTarget::Kind::Service) {
        read(u"services"_s, &EndpointFinder::onService);
        return;
    }
    QTimer::singleShot(0, this, [this] {
        bool ok = false;
        const int port = m_target.port.toInt(&ok);
        if (ok && port > 0 && port <= 0xffff)
            answer(std::vector<PodPort>{{m_target.name, port}});
        else
            answer(fail(Error::Kind::BadInput,
                        tr("A pod's port is named by its number, not by “%1”.").arg(m_target.port)));
    });
}

void EndpointFinder::read(const QString& resource, Taken taken)
{
    net::Request request;
    request.path = "/api/v1/namespaces/" + QUrl::toPercentEncoding(m_target.space) + '/' + resource.toLatin1() + '/' +
                   QUrl::toPercentEncoding(m_target.name);
    request.headers = {{"Accept", "application/json"}};
    request.idleTimeoutMs = lookMs;
    whenDone(net::send(m_transport, request, maxBytes), this,
             [this, resource, taken](const Result<net::Response>& response) {
                 if (!response) {
                     answer(fail(response.error()));
                 } else if (response->head.status != 200) {
                     const QString what = tr("Reading %1 %2/%3").arg(resource, m_target.space, m_target.name);
                     answer(fail(cluster::errorFromResponse(
                         response->head.status, response->head.header("Content-Type"), response->body, what)));
                 } else {
                     (this->*taken)(response->body);
                 }
             });
}

void EndpointFinder::onService(const QByteArray& body)
{
    const auto name = servicePortName(body, m_target);
    if (!name) {
        answer(fail(name.error()));
        return;
    }
    m_portName = *name;
    read(u"endpoints"_s, &EndpointFinder::onEndpoints);
}

void EndpointFinder::onEndpoints(const QByteArray& body)
{
    auto pods = readyPods(body, m_portName);
    if (pods.empty())
        answer(fail(Error::Kind::Server, tr("Service %1/%2 has no ready pod.").arg(m_target.space, m_target.name), {},
                    tr("It goes on by itself as soon as one is ready.")));
    else
        answer(std::move(pods));
}

void EndpointFinder::answer(const Result<std::vector<PodPort>>& result)
{
    for (const Found& found : std::exchange(m_waiting, {}))
        found(result);
}

} // namespace wk::channels
