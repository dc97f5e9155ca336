// SPDX-License-Identifier: GPL-3.0-or-later
#include "cluster/ApiClient.h"

#include "cluster/ApiIdentity.h"
#include "net/HttpTransport.h"
#include "net/SingleShot.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QTimer>
#include <QtNetwork/QSslCertificate>

#include <list>

namespace wk::cluster {

using namespace Qt::StringLiterals;

namespace {

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(wk::cluster::ApiClient)
};

/// How long files are trusted to be unchanged; client-go's token source re-reads after the same time.
constexpr qint64 FilesGoodMs = 60'000;

/// Reviews are POSTs that store nothing: the server answers and forgets.
bool isRead(const net::Request& request)
{
    if (request.verb == "GET")
        return true;
    return request.verb == "POST" && request.path.startsWith("/apis/authorization.k8s.io/") &&
           (request.path.endsWith("/selfsubjectaccessreviews") || request.path.endsWith("/selfsubjectrulesreviews"));
}

/// One request of a caller; over it runs one exchange, or after a 401 a second one.
struct Flight
{
    net::Request request;
    net::Handlers handlers;
    std::unique_ptr<net::Exchange> exchange;
    QByteArray sentAuthorization;
    quint64 generation = 0;
    int calling = 0;      ///< callbacks on the stack
    bool again = false;   ///< the second try after a 401
    bool changes = false; ///< has a permit to change something
    bool paused = false;
    bool done = false;
};

using FlightPtr = std::shared_ptr<Flight>;

} // namespace

class ApiClient::Private : public QObject, public std::enable_shared_from_this<ApiClient::Private>
{
public:
    Private(const platform::ResolvedContext& c, Clock& k, std::shared_ptr<platform::ExecEnvironment> environment)
        : context(c), clock(k)
    {
        if (context.exec) {
            if (!environment)
                environment = std::make_shared<platform::ExecEnvironment>(clock);
            plugin =
                std::make_unique<platform::ExecCredentialSource>(*context.exec, context, clock, std::move(environment));
        }
    }

    void makeReady(std::function<void(Result<void>)> done);
    [[nodiscard]] std::unique_ptr<net::Exchange> fly(const net::Request& request, net::Handlers handlers, bool changes);
    void launch(const FlightPtr& flight);
    void close();
    void drop(const FlightPtr& flight);
    void reconnect();

    const platform::ResolvedContext context;
    Clock& clock;
    std::unique_ptr<platform::ExecCredentialSource> plugin;
    std::unique_ptr<net::HttpTransport> transport;
    std::vector<FlightPtr> flights;
    qint64 bytes = 0;
    qint64 lastContact = 0;
    qint64 certificateExpires = 0;

private:
    void send(const FlightPtr& flight);
    void end(const FlightPtr& flight, std::optional<Error> error);
    void endLater(const FlightPtr& flight, Error error);
    Result<void> prepare();
    Result<void> readFiles();
    [[nodiscard]] const platform::ExecCredential* credential() const;
    [[nodiscard]] net::Handlers handlersFor(const FlightPtr& flight);
    bool tryAgain(const FlightPtr& flight);

    std::list<std::unique_ptr<net::HttpTransport>> m_retired;
    QByteArray m_authorization;
    qint64 m_filesReadMs = 0;
    bool m_filesRead = false;
    quint64 m_preparedGeneration = 0;
};

namespace {

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

const platform::ExecCredential* ApiClient::Private::credential() const
{
    return plugin && plugin->current() ? &*plugin->current() : nullptr;
}

Result<void> ApiClient::Private::readFiles()
{
    auto options = httpOptions(context, credential());
    if (!options)
        return fail(options.error());
    auto header = authorization(context, credential());
    if (!header)
        return fail(header.error());
    m_authorization = std::move(*header);
    const bool same = transport && transport->options().caPem == options->caPem &&
                      transport->options().clientCertPem == options->clientCertPem &&
                      transport->options().clientKeyPem == options->clientKeyPem;
    if (same)
        return {};
    const auto chain = QSslCertificate::fromData(options->clientCertPem, QSsl::Pem);
    certificateExpires = chain.isEmpty() ? 0 : chain.first().expiryDate().toMSecsSinceEpoch();
    // Qt takes pooled connections without regard to certificates: another identity needs another transport.
    if (transport && transport->running() > 0)
        m_retired.push_back(std::move(transport));
    transport = std::make_unique<net::HttpTransport>(std::move(*options), clock);
    return {};
}

Result<void> ApiClient::Private::prepare()
{
    std::erase_if(m_retired, [](const auto& old) { return old->running() == 0; });
    const quint64 generation = credential() ? credential()->generation : 0;
    const bool fresh =
        m_filesRead && clock.monotonicMs() - m_filesReadMs < FilesGoodMs && generation == m_preparedGeneration;
    if (fresh && transport)
        return {};
    const auto read = readFiles();
    if (!read && transport && generation == m_preparedGeneration) {
        // A file is being replaced at this moment: what was read before is still good.
        m_filesReadMs = clock.monotonicMs();
        return {};
    }
    if (!read)
        return fail(read.error());
    m_filesRead = true;
    m_filesReadMs = clock.monotonicMs();
    m_preparedGeneration = generation;
    return {};
}

void ApiClient::Private::makeReady(std::function<void(Result<void>)> done)
{
    if (plugin) {
        plugin->fetch(
            [weak = weak_from_this(), done = std::move(done)](const Result<platform::ExecCredential>& result) {
                const auto self = weak.lock();
                if (!self)
                    return;
                if (!result)
                    done(fail(result.error()));
                else
                    done(self->prepare());
            });
        return;
    }
    QTimer::singleShot(0, this, [this, done = std::move(done)] { done(prepare()); });
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
                   weakFlight = std::weak_ptr<Flight>(flight)](const Result<platform::ExecCredential>& result) {
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
    const std::weak_ptr<Flight> weakFlight = flight;
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

/// True where the 401 stays between us and the server: the request goes out again under a new credential.
bool ApiClient::Private::tryAgain(const FlightPtr& flight)
{
    if (flight->again)
        return false;
    if (plugin) {
        plugin->refuse(flight->generation);
    } else if (!context.tokenFile.isEmpty()) {
        m_filesRead = false;
        if (!prepare() || m_authorization == flight->sentAuthorization)
            return false;
    } else {
        return false;
    }
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

void ApiClient::Private::close()
{
    const auto all = std::exchange(flights, {});
    for (const FlightPtr& flight : all) {
        flight->done = true;
        flight->exchange.reset();
        // A function that is running is let go of by its caller, with the flight.
        if (flight->calling == 0)
            const net::Handlers old = std::exchange(flight->handlers, {});
    }
    transport.reset();
    m_retired.clear();
    plugin.reset();
}

void ApiClient::Private::reconnect()
{
    m_filesRead = false;
    const auto all = flights;
    for (const FlightPtr& flight : all) {
        // A change has a connection of its own, and its answer must not be lost.
        if (!flight->exchange || flight->changes)
            continue;
        flight->exchange.reset();
        endLater(flight, {Error::Kind::Network,
                          Texts::tr("The connection to %1 is being made anew.").arg(net::serverName(context.server)),
                          {},
                          {}});
    }
    transport.reset();
    m_retired.clear();
}

ApiClient::ApiClient(const platform::ResolvedContext& context, Clock& clock, QObject* parent)
    : ApiClient(context, clock, nullptr, parent)
{
}

ApiClient::ApiClient(const platform::ResolvedContext& context, Clock& clock,
                     std::shared_ptr<platform::ExecEnvironment> environment, QObject* parent)
    : QObject(parent), d(std::make_shared<Private>(context, clock, std::move(environment)))
{
}

ApiClient::~ApiClient() { d->close(); }

std::unique_ptr<net::Exchange> ApiClient::Private::fly(const net::Request& request, net::Handlers handlers,
                                                       bool changes)
{
    auto flight = std::make_shared<Flight>();
    flight->request = request;
    flight->handlers = std::move(handlers);
    flight->changes = changes;
    flights.push_back(flight);
    launch(flight);
    return std::make_unique<Handle>(
        shared_from_this(), [this](const FlightPtr& f) { drop(f); }, flight);
}

std::unique_ptr<net::Exchange> ApiClient::open(const net::Request& request, net::Handlers handlers)
{
    return d->fly(request, std::move(handlers), false);
}

std::unique_ptr<net::Exchange> ApiClient::openChange(const net::Request& request, net::Handlers handlers,
                                                     const WritePermit&)
{
    return d->fly(request, std::move(handlers), true);
}

void ApiClient::prepare(std::function<void(Result<void>)> done) { d->makeReady(std::move(done)); }

qint64 ApiClient::bytesReceived() const { return d->bytes; }
qint64 ApiClient::lastContactMs() const { return d->lastContact; }

qint64 ApiClient::credentialExpiresMs() const
{
    if (d->plugin && d->plugin->current() && d->plugin->current()->expiresMs > 0)
        return d->plugin->current()->expiresMs;
    return d->certificateExpires;
}

platform::ExecRun ApiClient::lastPluginRun() const { return d->plugin ? d->plugin->lastRun() : platform::ExecRun(); }
const platform::ResolvedContext& ApiClient::context() const { return d->context; }
void ApiClient::reconnect() { d->reconnect(); }

} // namespace wk::cluster
