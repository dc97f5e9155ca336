// SPDX-License-Identifier: GPL-3.0-or-later
// How one request of a caller travels: once it may, as who, and what comes back.
#include "cluster/connection/ApiClientParts.h"
#include "net/SingleShot.h"

#include <QtCore/QTimer>

namespace wk::cluster {

using Texts = ApiClientTexts;

namespace {

/// Reviews are POSTs that store nothing: the server answers and forgets.
bool isRead(const net::Request& request)
{
    if (request.verb == "GET")
        return true;
    return request.verb == "POST" && request.path.startsWith("/apis/authorization.k8s.io/") &&
           (request.path.endsWith("/selfsubjectaccessreviews") || request.path.endsWith("/selfsubjectrulesreviews"));
}

class Handle final : public net::Exchange
{
public:
    Handle(std::weak_ptr<void> alive, std::function<void(const FlightPtr&)> drop, FlightPtr flight)
        : m_alive(std::move(alive)), m_drop(std::move(drop)), m_flight(std::move(flight))
    {
    }
    ~Handle() override
    {
        m_flight->done = true;
        m_flight->exchange.reset();
        if (!m_alive.expired())
            m_drop(m_flight);
    }
    void setPaused(bool paused) override
    {
        m_flight->paused = paused;
        if (m_flight->exchange)
            m_flight->exchange->setPaused(paused);
    }

private:
    std::weak_ptr<void> m_alive;
    std::function<void(const FlightPtr&)> m_drop;
    FlightPtr m_flight;
};

} // namespace

std::unique_ptr<net::Exchange> ApiClient::Private::fly(const net::Request& request, net::Handlers handlers,
                                                       bool changes)
{
    auto flight = std::make_shared<ApiFlight>();
    flight->request = request;
    flight->handlers = std::move(handlers);
    flight->changes = changes;
    flights.push_back(flight);
    launch(flight);
    return std::make_unique<Handle>(
        shared_from_this(), [this](const FlightPtr& f) { drop(f); }, flight);
}

void ApiClient::Private::launch(const FlightPtr& flight)
{
    if (!flight->changes && !isRead(flight->request)) {
        endLater(
            flight,
            {Error::Kind::Unsupported,
             Texts::tr("This connection only reads: %1 was not sent.").arg(QString::fromLatin1(flight->request.verb)),
             {},
             {}});
        return;
    }
    if (!plugin) {
        send(flight);
        return;
    }
    plugin->fetch([weak = weak_from_this(),
                   weakFlight = std::weak_ptr<ApiFlight>(flight)](const Result<platform::ExecCredential>& result) {
        const auto self = weak.lock();
        const auto waiting = weakFlight.lock();
        if (!self || !waiting || waiting->done)
            return;
        if (!result)
            self->end(waiting, result.error());
        else
            self->send(waiting);
    });
}

void ApiClient::Private::send(const FlightPtr& flight)
{
    if (const auto ready = prepare(); !ready) {
        endLater(flight, ready.error());
        return;
    }
    net::Request request = flight->request;
    if (!m_authorization.isEmpty())
        request.headers.prepend(qMakePair(QByteArray("Authorization"), m_authorization));
    flight->sentAuthorization = m_authorization;
    flight->generation = m_preparedGeneration;
    flight->exchange = flight->changes ? net::openOnce(transport->options(), clock, request, handlersFor(flight))
                                       : transport->open(request, handlersFor(flight));
    if (flight->paused)
        flight->exchange->setPaused(true);
}

net::Handlers ApiClient::Private::handlersFor(const FlightPtr& flight)
{
    // The caller may drop its Exchange, or this client, in any callback; so each one holds what it needs.
    const std::weak_ptr<ApiFlight> weakFlight = flight;
    const auto weak = weak_from_this();
    net::Handlers handlers;
    handlers.head = [weak, weakFlight](const net::ResponseHead& head) {
        const auto self = weak.lock();
        const auto f = weakFlight.lock();
        if (!self || !f || f->done)
            return;
        self->lastContact = self->clock.nowMs();
        if (head.status == 401 && self->tryAgain(f))
            return;
        ++f->calling;
        if (f->handlers.head)
            f->handlers.head(head);
        --f->calling;
    };
    handlers.data = [weak, weakFlight](QByteArrayView data) {
        const auto self = weak.lock();
        const auto f = weakFlight.lock();
        if (!self || !f || f->done)
            return;
        self->bytes += data.size();
        self->lastContact = self->clock.nowMs();
        ++f->calling;
        if (f->handlers.data)
            f->handlers.data(data);
        --f->calling;
    };
    handlers.finished = [weak, weakFlight](std::optional<Error> error) {
        const auto self = weak.lock();
        const auto f = weakFlight.lock();
        if (self && f && !f->done)
            self->end(f, std::move(error));
    };
    return handlers;
}

bool ApiClient::Private::renew(quint64 generation, const QByteArray& sentAuthorization)
{
    if (plugin) {
        plugin->refuse(generation);
        return true;
    }
    if (context.tokenFile.isEmpty())
        return false;
    m_filesRead = false;
    return prepare() && m_authorization != sentAuthorization;
}

/// True where the 401 stays between us and the server: the request goes out again under a new credential.
bool ApiClient::Private::tryAgain(const FlightPtr& flight)
{
    if (flight->again || !renew(flight->generation, flight->sentAuthorization))
        return false;
    flight->again = true;
    flight->exchange.reset();
    launch(flight);
    return true;
}

void ApiClient::Private::end(const FlightPtr& flight, std::optional<Error> error)
{
    if (flight->done)
        return;
    flight->done = true;
    std::erase(flights, flight);
    flight->exchange.reset();
    const net::Handlers handlers = std::exchange(flight->handlers, {});
    if (handlers.finished)
        handlers.finished(std::move(error));
}

void ApiClient::Private::endLater(const FlightPtr& flight, Error error)
{
    QTimer::singleShot(0, this, [weak = weak_from_this(), flight, error = std::move(error)] {
        if (const auto self = weak.lock())
            self->end(flight, error);
    });
}

void ApiClient::Private::drop(const FlightPtr& flight) { std::erase(flights, flight); }

} // namespace wk::cluster
