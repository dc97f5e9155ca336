// SPDX-License-Identifier: GPL-3.0-or-later
#include "channels/Forward.h"

#include "channels/ChannelProtocol.h"

#include <QtCore/QPointer>
#include <QtCore/QTimer>

namespace wk::channels {

namespace {
constexpr qint64 countMs = 1'000; ///< how often bytes are told of while there are connections
} // namespace

Forward::Forward(ForwardTarget target, quint16 localPort, net::Transport& transport, net::SocketOpener& opener,
                 Clock& clock, State state)
    : m_target(std::move(target)), m_opener(opener), m_clock(clock), m_tell(std::move(state)),
      m_finder(m_target, transport)
{
    connect(&m_server, &QTcpServer::pendingConnectionAvailable, this, &Forward::onConnection);
    if (m_server.listen(QHostAddress::LocalHost, localPort)) {
        m_state.localPort = m_server.serverPort();
        m_state.listening = true;
    } else {
        m_state.error = Error{Error::Kind::Io, tr("Port %1 of this machine cannot be opened.").arg(localPort),
                              m_server.errorString(), tr("Choose another local port.")};
    }
    publish();
}

Forward::~Forward()
{
    m_server.close();
    for (const auto& link : m_links)
        link->disconnect(this);
}

void Forward::onConnection()
{
    while (QTcpSocket* local = m_server.nextPendingConnection()) {
        ForwardLink::Services services{[this](QObject* receiver, std::function<void(const Result<PodPort>&)> chosen) {
                                           choose(receiver, std::move(chosen));
                                       },
                                       [this](const QString& pod) {
                                           m_distrusted[pod] = m_clock.monotonicMs() + distrustMs;
                                           m_lookedMs = 0;
                                       },
                                       [this](const PodPort& to, net::SocketHandlers handlers) {
                                           return m_opener.openSocket(portRequest(m_target.space, to.pod, to.port),
                                                                      portProtocols(), std::move(handlers));
                                       },
                                       m_clock};
        auto link = std::make_unique<ForwardLink>(local, std::move(services));
        ForwardLink* raw = link.get();
        connect(raw, &ForwardLink::opened, this, [this, raw] {
            if (!m_state.pod.isEmpty() && m_state.pod != raw->pod())
                ++m_state.replaced;
            m_state.pod = raw->pod();
            m_state.error.reset();
            publish();
        });
        connect(raw, &ForwardLink::ended, this, [this, raw](const std::optional<Error>& why) { onEnded(raw, why); });
        m_links.push_back(std::move(link));
        ++m_state.connections;
        publish();
    }
}

void Forward::onEnded(ForwardLink* link, const std::optional<Error>& why)
{
    m_past.sent += link->traffic().sent;
    m_past.received += link->traffic().received;
    if (why)
        m_state.error = why;
    const auto it = std::ranges::find_if(m_links, [link](const auto& l) { return l.get() == link; });
    // Its own signal is on the stack, and its goodbyes are on their way.
    std::shared_ptr<ForwardLink> leaving(std::move(*it));
    m_links.erase(it);
    QTimer::singleShot(int(net::socketCloseMs), this, [leaving] {});
    publish();
}

void Forward::choose(QObject* receiver, std::function<void(const Result<PodPort>&)> chosen)
{
    const auto tell = [this, guard = QPointer<QObject>(receiver),
                       chosen = std::move(chosen)](const Result<std::vector<PodPort>>& pods) {
        if (!guard)
            return;
        if (pods)
            chosen(best(*pods));
        else
            chosen(fail(pods.error()));
    };
    if (m_lookedMs > 0 && m_clock.monotonicMs() - m_lookedMs < knownMs) {
        QTimer::singleShot(0, this, [this, tell] { tell(m_pods); });
        return;
    }
    m_finder.look([this, tell](const Result<std::vector<PodPort>>& pods) {
        if (pods) {
            m_pods = *pods;
            m_lookedMs = m_clock.monotonicMs();
        } else {
            m_lookedMs = 0;
            m_state.error = pods.error();
            publish();
        }
        tell(pods);
    });
}

/// The pod that took the last connection, as long as it is ready; none that has just failed, where there is another.
PodPort Forward::best(const std::vector<PodPort>& pods) const
{
    const auto trusted = [this](const PodPort& p) { return m_distrusted.value(p.pod) <= m_clock.monotonicMs(); };
    const auto same = std::ranges::find(pods, m_state.pod, &PodPort::pod);
    if (same != pods.end() && trusted(*same))
        return *same;
    const auto any = std::ranges::find_if(pods, trusted);
    return any != pods.end() ? *any : pods.front();
}

void Forward::publish()
{
    m_state.open = int(m_links.size());
    m_state.sentBytes = m_past.sent;
    m_state.receivedBytes = m_past.received;
    for (const auto& link : m_links) {
        m_state.sentBytes += link->traffic().sent;
        m_state.receivedBytes += link->traffic().received;
    }
    m_tell(m_state);
    m_counting = m_links.empty() ? nullptr : m_clock.after(this, countMs, [this] { publish(); });
}

} // namespace wk::channels
