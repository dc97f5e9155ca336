// SPDX-License-Identifier: GPL-3.0-or-later
// How a WebSocket travels: as who, and what comes back when it is refused.
#include "cluster/connection/ApiClientParts.h"

#include <QtCore/QTimer>

namespace wk::cluster {

using Texts = ApiClientTexts;

namespace {

class Handle final : public net::WebSocket
{
public:
    explicit Handle(SocketFlightPtr flight) : m_flight(std::move(flight)) {}
    ~Handle() override
    {
        m_flight->done = true;
        m_flight->socket.reset();
        if (m_flight->calling == 0)
            const net::SocketHandlers old = std::exchange(m_flight->handlers, {});
    }
    void send(QByteArrayView message) override
    {
        if (m_flight->socket)
            m_flight->socket->send(message);
    }
    qint64 unsent() const override { return m_flight->socket ? m_flight->socket->unsent() : 0; }
    void setPaused(bool paused) override
    {
        m_flight->paused = paused;
        if (m_flight->socket)
            m_flight->socket->setPaused(paused);
    }
    void close() override
    {
        if (m_flight->socket)
            m_flight->socket->close();
    }

private:
    SocketFlightPtr m_flight;
};

/// Calls one handler of a flight whose caller may let go of it meanwhile.
template <typename F>
void call(const SocketFlightPtr& flight, const F& f)
{
    if (flight->done)
        return;
    ++flight->calling;
    f(flight->handlers);
    --flight->calling;
    if (flight->done && flight->calling == 0)
        const net::SocketHandlers old = std::exchange(flight->handlers, {});
}

} // namespace

std::unique_ptr<net::WebSocket> ApiClient::openSocket(const net::Request& request, const QList<QByteArray>& protocols,
                                                      net::SocketHandlers handlers, const ChannelPermit&)
{
    auto flight = std::make_shared<ApiSocketFlight>();
    flight->request = request;
    flight->protocols = protocols;
    flight->handlers = std::move(handlers);
    d->launchSocket(flight);
    return std::make_unique<Handle>(flight);
}

void ApiClient::Private::launchSocket(const SocketFlightPtr& flight)
{
    makeReady([weak = weak_from_this(), flight](const Result<void>& ready) {
        const auto self = weak.lock();
        if (!self || flight->done)
            return;
        if (!ready)
            self->endSocket(flight, {ready.error(), {}, 0, {}});
        else
            self->sendSocket(flight);
    });
}

void ApiClient::Private::sendSocket(const SocketFlightPtr& flight)
{
    net::Request request = flight->request;
    if (!m_authorization.isEmpty())
        request.headers.prepend(qMakePair(QByteArray("Authorization"), m_authorization));
    flight->sentAuthorization = m_authorization;
    flight->generation = m_preparedGeneration;
    const auto weak = weak_from_this();
    const std::weak_ptr<ApiSocketFlight> weakFlight = flight;
    net::SocketHandlers handlers;
    handlers.opened = [weak, weakFlight](const QByteArray& protocol) {
        const auto self = weak.lock();
        const auto f = weakFlight.lock();
        if (self && f) {
            self->lastContact = self->clock.nowMs();
            call(f, [&](const net::SocketHandlers& h) { h.opened(protocol); });
        }
    };
    handlers.message = [weak, weakFlight](const QByteArray& message) {
        const auto self = weak.lock();
        const auto f = weakFlight.lock();
        if (self && f) {
            self->bytes += message.size();
            self->lastContact = self->clock.nowMs();
            call(f, [&](const net::SocketHandlers& h) { h.message(message); });
        }
    };
    handlers.drained = [weakFlight] {
        if (const auto f = weakFlight.lock())
            call(f, [&](const net::SocketHandlers& h) {
                if (h.drained)
                    h.drained();
            });
    };
    handlers.closed = [weak, weakFlight](const net::SocketEnd& end) {
        const auto self = weak.lock();
        const auto f = weakFlight.lock();
        if (self && f)
            self->endSocket(f, end);
    };
    flight->socket = net::openWebSocket(transport->options(), clock, request, flight->protocols, std::move(handlers));
    if (flight->paused)
        flight->socket->setPaused(true);
}

void ApiClient::Private::endSocket(const SocketFlightPtr& flight, net::SocketEnd end)
{
    if (end.refusal && end.refusal->head.status == 401 && !flight->again &&
        renew(flight->generation, flight->sentAuthorization)) {
        flight->again = true;
        // Its own callback is on the stack.
        QTimer::singleShot(0, this, [this, flight] {
            flight->socket.reset();
            if (!flight->done)
                launchSocket(flight);
        });
        return;
    }
    if (end.refusal)
        end.error = statusError(context, end.refusal->head, end.refusal->body);
    call(flight, [&](const net::SocketHandlers& h) { h.closed(end); });
}

} // namespace wk::cluster
