// SPDX-License-Identifier: GPL-3.0-or-later
// The API client's inside, for its own files.
#pragma once

#include "cluster/connection/ApiClient.h"

#include "net/HttpTransport.h"

#include <QtCore/QCoreApplication>

#include <list>

namespace wk::cluster {

struct ApiClientTexts
{
    Q_DECLARE_TR_FUNCTIONS(wk::cluster::ApiClient)
};

/// One request of a caller; over it runs one exchange, or after a 401 a second one.
struct ApiFlight
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

using FlightPtr = std::shared_ptr<ApiFlight>;

/// One WebSocket of a caller; like a request it is tried a second time after a 401.
struct ApiSocketFlight
{
    net::Request request;
    QList<QByteArray> protocols;
    net::SocketHandlers handlers;
    std::unique_ptr<net::WebSocket> socket;
    QByteArray sentAuthorization;
    quint64 generation = 0;
    int calling = 0; ///< callbacks on the stack
    bool again = false;
    bool paused = false;
    bool done = false; ///< the caller has let go of it
};

using SocketFlightPtr = std::shared_ptr<ApiSocketFlight>;

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
    void launchSocket(const SocketFlightPtr& flight);
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
    void sendSocket(const SocketFlightPtr& flight);
    void endSocket(const SocketFlightPtr& flight, net::SocketEnd end);
    /// After a 401 for that credential: true where there may be another one.
    bool renew(quint64 generation, const QByteArray& sentAuthorization);

    std::list<std::unique_ptr<net::HttpTransport>> m_retired;
    QByteArray m_authorization;
    qint64 m_filesReadMs = 0;
    bool m_filesRead = false;
    quint64 m_preparedGeneration = 0;
};

} // namespace wk::cluster
