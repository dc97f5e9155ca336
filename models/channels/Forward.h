// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "channels/EndpointFinder.h"
#include "channels/ForwardLink.h"
#include "cluster/connection/Guest.h"

#include <QtCore/QHash>
#include <QtNetwork/QTcpServer>

namespace wk::channels {

/// What is known of a forward.
struct ForwardState
{
    quint16 localPort = 0; ///< 0 until it listens
    QString pod;           ///< that took the last connection
    int open = 0;          ///< connections at present
    qint64 connections = 0;
    qint64 replaced = 0; ///< how often another pod took over
    qint64 sentBytes = 0;
    qint64 receivedBytes = 0;
    bool listening = false;
    std::optional<Error> error; ///< why it does not listen, or what became of the last connection
};

/// A port of this machine's loopback that leads to a service's pods, or to one pod, for as long as it lives. The local
/// port stays whatever becomes of the pods: where each connection leads to is looked up when it comes. On the thread of
/// a cluster's connection, as its guest.
class Forward final : public QObject, public cluster::Guest
{
    Q_OBJECT
public:
    using State = std::function<void(const ForwardState&)>;

    /// `localPort` 0: any that is free. The references outlive it; `state` is called on this thread, at each change.
    Forward(ForwardTarget target, quint16 localPort, net::Transport& transport, net::SocketOpener& opener, Clock& clock,
            State state);
    ~Forward() override;

    /// A stream of bytes cannot be taken up where it broke: connections that are dead find that out by themselves. What
    /// is known of pods is forgotten.
    void reopen() override { m_lookedMs = 0; }

    static constexpr qint64 knownMs = 1'000;    ///< how long an answer about pods is used for further connections
    static constexpr qint64 distrustMs = 5'000; ///< how long a pod that took no connection is asked last

private:
    void onConnection();
    void onEnded(ForwardLink* link, const std::optional<Error>& why);
    void choose(QObject* receiver, std::function<void(const Result<PodPort>&)> chosen);
    [[nodiscard]] PodPort best(const std::vector<PodPort>& pods) const;
    void publish();

    const ForwardTarget m_target;
    net::SocketOpener& m_opener;
    Clock& m_clock;
    State m_tell;
    EndpointFinder m_finder;
    QTcpServer m_server;
    ForwardState m_state;
    ForwardLink::Traffic m_past; ///< of connections that are over
    std::vector<PodPort> m_pods;
    qint64 m_lookedMs = 0;
    QHash<QString, qint64> m_distrusted; ///< pod -> until when (monotonic)
    std::shared_ptr<void> m_counting;
    std::vector<std::unique_ptr<ForwardLink>> m_links;
};

} // namespace wk::channels
