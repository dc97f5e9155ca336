// SPDX-License-Identifier: GPL-3.0-or-later
#include "cluster/connection/ApiClientParts.h"

#include "cluster/connection/ApiIdentity.h"

#include <QtCore/QTimer>
#include <QtNetwork/QSslCertificate>

namespace wk::cluster {

using Texts = ApiClientTexts;

namespace {

/// How long files are trusted to be unchanged; client-go's token source re-reads after the same time.
constexpr qint64 FilesGoodMs = 60'000;

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
