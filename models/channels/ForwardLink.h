// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "channels/Endpoints.h"
#include "core/Clock.h"
#include "net/WebSocket.h"

#include <QtCore/QObject>
#include <QtNetwork/QTcpSocket>

namespace wk::channels {

/// One local connection of a forward, and the WebSocket that carries it to a pod.
///
/// A pod that is gone is noticed here: while nothing has come back from a pod that could not be reached, what the local
/// program has said so far is told to the next one, for up to 10 s. Once a pod may have read it, nothing is said twice:
/// the local connection is then cut, as if the service itself had hung up.
class ForwardLink final : public QObject
{
    Q_OBJECT
public:
    /// What the forward does for a link; all outlive it.
    struct Services
    {
        /// Which pod is to be asked; called back from the event loop.
        std::function<void(QObject* receiver, std::function<void(const Result<PodPort>&)>)> choose;
        /// That pod did not take the connection.
        std::function<void(const QString& pod)> distrust;
        std::function<std::unique_ptr<net::WebSocket>(const PodPort&, net::SocketHandlers)> open;
        Clock& clock;
    };
    struct Traffic
    {
        qint64 sent = 0; ///< to the pod
        qint64 received = 0;
    };

    /// Takes the connection.
    ForwardLink(QTcpSocket* local, Services services, QObject* parent = nullptr);
    ~ForwardLink() override;

    [[nodiscard]] const Traffic& traffic() const { return m_traffic; }
    /// The pod that took it; empty until then.
    [[nodiscard]] const QString& pod() const { return m_takenBy; }

    static constexpr qint64 patienceMs = 10'000; ///< for a pod that takes it
    static constexpr qint64 retryMs = 200;

signals:
    void opened();
    /// Last; `why`: what went wrong, nullopt where it ended as it should.
    void ended(const std::optional<wk::Error>& why);

private:
    void find();
    void openTo(const PodPort& to);
    void onMessage(const QByteArray& message);
    void onClosed(const net::SocketEnd& end);
    void onGone();
    void pump();
    void sendKept();
    void failed(const Error& error);
    void finish(const std::optional<Error>& why, bool reset);
    [[nodiscard]] bool mayTryAgain(const Error& error) const;

    Services m_services;
    QTcpSocket* m_local;
    std::unique_ptr<net::WebSocket> m_socket;
    std::shared_ptr<void> m_retry;
    PodPort m_to;
    QString m_takenBy;
    QByteArray m_kept; ///< said by the local program, for as long as it may be said again
    QString m_refusal; ///< what the pod's side says went wrong
    Traffic m_traffic;
    qint64 m_startMs;
    int m_heads = 0; ///< streams whose first message has come
    bool m_keeps = true;
    bool m_open = false;
    bool m_gone = false; ///< the local program has hung up
    bool m_over = false;
};

} // namespace wk::channels
