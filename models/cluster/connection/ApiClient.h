// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cluster/connection/ChannelPermit.h"
#include "cluster/connection/WritePermit.h"
#include "core/Clock.h"
#include "net/Transport.h"
#include "net/WebSocket.h"
#include "platform/ExecCredential.h"
#include "platform/KubeConfig.h"

#include <QtCore/QObject>

#include <memory>

namespace wk::cluster {

/// An API server as one context of a kubeconfig reaches it: TLS, proxy, credentials, impersonation. Requests are given
/// relative to the context's server. Lives on one thread, the connection's.
///
/// Credentials are the client's own business: an exec plugin runs before the first request (which waits meanwhile) and
/// again when its credential expires; on a 401 it runs once more, however many requests were refused, and each of these
/// is sent once more, unnoticed by its caller. Token and certificate files are read again every minute, as client-go
/// does; a rotated certificate leads to new connections, while what runs on the old ones ends in peace.
///
/// Only reads pass open(): GET, and POST of the self subject reviews, which change nothing on the server. Any other
/// verb fails with Error::Kind::Unsupported. What changes something goes through openChange(), with a permit.
class ApiClient final : public QObject, public net::Transport
{
public:
    /// `clock` outlives the client.
    ApiClient(const platform::ResolvedContext& context, Clock& clock, QObject* parent = nullptr);
    /// With a shared knowledge of the login shell's PATH.
    ApiClient(const platform::ResolvedContext& context, Clock& clock,
              std::shared_ptr<platform::ExecEnvironment> environment, QObject* parent = nullptr);
    ~ApiClient() override;

    [[nodiscard]] std::unique_ptr<net::Exchange> open(const net::Request& request, net::Handlers handlers) override;

    /// A request that changes something, or pretends to (dry run): sent once, over a connection made for it. After a
    /// 401, which says that the server did nothing, it is sent once more with a new credential.
    [[nodiscard]] std::unique_ptr<net::Exchange> openChange(const net::Request& request, net::Handlers handlers,
                                                            const WritePermit& permit);

    /// A channel into a pod, over a WebSocket of its own; see net::openWebSocket(). After a 401 it is opened once more
    /// with a new credential. Refusals are told as statusError() words them. It outlives reconnect(): what comes of it
    /// is its owner's business.
    [[nodiscard]] std::unique_ptr<net::WebSocket> openSocket(const net::Request& request,
                                                             const QList<QByteArray>& protocols,
                                                             net::SocketHandlers handlers, const ChannelPermit& permit);

    /// Makes ready what requests need, without sending one: runs the exec plugin, reads the files. `done` comes later,
    /// unless the client is destroyed before.
    void prepare(std::function<void(Result<void>)> done);

    /// Content received so far, after decompression.
    [[nodiscard]] qint64 bytesReceived() const;
    /// When the last byte came from the server (wall clock, UTC); 0 where never.
    [[nodiscard]] qint64 lastContactMs() const;
    /// When the credential in use expires: what the plugin said, or the end of the client certificate; 0 where unknown.
    [[nodiscard]] qint64 credentialExpiresMs() const;
    /// Of the exec plugin, for the doctor; empty where there is none.
    [[nodiscard]] platform::ExecRun lastPluginRun() const;
    [[nodiscard]] const platform::ResolvedContext& context() const;
    /// Drops pooled connections: after sleep or a change of network. Running exchanges end as if they had been cut.
    void reconnect();

private:
    class Private;
    std::shared_ptr<Private> d;
};

/// "User “x” is not allowed to see pods.": how a 403 reads wherever it is met.
[[nodiscard]] QString forbiddenSentence(const platform::ResolvedContext& context, const QString& what);

/// What a status of 400 and more means, as a sentence: of the API server's Status object where the body is one (JSON),
/// else of the code. `what` names what was asked for ("pods in shop"), may be empty.
[[nodiscard]] Error statusError(const platform::ResolvedContext& context, const net::ResponseHead& head,
                                QByteArrayView body, const QString& what = {});

} // namespace wk::cluster
