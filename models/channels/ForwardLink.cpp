// SPDX-License-Identifier: GPL-3.0-or-later
#include "channels/ForwardLink.h"

#include "channels/ChannelProtocol.h"

#include <QtCore/QTimer>

namespace wk::channels {

using namespace Qt::StringLiterals;

namespace {

constexpr qint64 readBytes = 64 << 10;
constexpr qint64 highWater = 1 << 20; ///< waiting on one side, before the other is read no more
constexpr qsizetype keptBytes = 256 << 10;

/// The kubelet's words where no connection to the port came about, so that the pod cannot have read anything.
bool neverConnected(const QString& refusal)
{
    for (const auto words : {"connection refused"_L1, "failed to dial"_L1, "failed to connect"_L1, "not found"_L1,
                             "no such"_L1, "not running"_L1}) {
        if (refusal.contains(words, Qt::CaseInsensitive))
            return true;
    }
    return false;
}

} // namespace

ForwardLink::ForwardLink(QTcpSocket* local, Services services, QObject* parent)
    : QObject(parent), m_services(std::move(services)), m_local(local), m_startMs(m_services.clock.monotonicMs())
{
    m_local->setParent(this);
    m_local->setReadBufferSize(readBytes * 4);
    m_local->setSocketOption(QAbstractSocket::LowDelayOption, 1);
    connect(m_local, &QTcpSocket::readyRead, this, &ForwardLink::pump);
    connect(m_local, &QTcpSocket::disconnected, this, &ForwardLink::onGone);
    connect(m_local, &QTcpSocket::bytesWritten, this, [this] {
        if (m_socket && m_local->bytesToWrite() < readBytes)
            m_socket->setPaused(false);
    });
    find();
}

ForwardLink::~ForwardLink() = default;

void ForwardLink::find()
{
    m_services.choose(this, [this](const Result<PodPort>& pod) {
        if (m_over)
            return;
        if (pod)
            openTo(*pod);
        else
            failed(pod.error());
    });
}

void ForwardLink::openTo(const PodPort& to)
{
    m_to = to;
    m_heads = 0;
    m_open = false;
    m_refusal.clear();
    net::SocketHandlers handlers;
    handlers.opened = [this](const QByteArray&) {
        if (m_over)
            return;
        m_open = true;
        sendKept();
        pump();
    };
    handlers.message = [this](const QByteArray& message) { onMessage(message); };
    handlers.drained = [this] { pump(); };
    handlers.closed = [this](const net::SocketEnd& end) { onClosed(end); };
    m_socket = m_services.open(to, std::move(handlers));
}

void ForwardLink::sendKept()
{
    for (qsizetype at = 0; at < m_kept.size(); at += readBytes)
        m_socket->send(channelMessage(quint8(PortStream::Data), m_kept.mid(at, readBytes)));
}

void ForwardLink::pump()
{
    while (m_open && m_socket && m_local->bytesAvailable() > 0 && m_socket->unsent() < highWater) {
        const QByteArray bytes = m_local->read(readBytes);
        if (bytes.isEmpty())
            return;
        m_traffic.sent += bytes.size();
        if (m_keeps && m_kept.size() + bytes.size() <= keptBytes) {
            m_kept += bytes;
        } else {
            m_keeps = false;
            m_kept.clear();
        }
        m_socket->send(channelMessage(quint8(PortStream::Data), bytes));
    }
    if (m_gone && (!m_open || m_local->bytesAvailable() == 0))
        finish(std::nullopt, false);
}

void ForwardLink::onMessage(const QByteArray& message)
{
    if (message.isEmpty() || m_over)
        return;
    const auto stream = quint8(message.front());
    const QByteArrayView bytes = QByteArrayView(message).sliced(1);
    // The first message of each stream is the port.
    const int head = 1 << stream;
    if (stream > quint8(PortStream::Error) || (m_heads & head) == 0) {
        m_heads |= stream > quint8(PortStream::Error) ? 0 : head;
        return;
    }
    if (stream == quint8(PortStream::Error)) {
        m_refusal += QString::fromUtf8(bytes.toByteArray());
        return;
    }
    if (bytes.isEmpty())
        return;
    if (m_takenBy.isEmpty()) {
        m_takenBy = m_to.pod;
        m_keeps = false;
        m_kept.clear();
        emit opened();
    }
    m_traffic.received += bytes.size();
    m_local->write(bytes.data(), bytes.size());
    if (m_local->bytesToWrite() > highWater)
        m_socket->setPaused(true);
}

void ForwardLink::onClosed(const net::SocketEnd& end)
{
    // Its own callback is on the stack.
    QTimer::singleShot(0, this, [old = std::shared_ptr<net::WebSocket>(std::move(m_socket))] {});
    if (m_over)
        return;
    if (!m_refusal.isEmpty()) {
        failed({Error::Kind::Server, tr("Pod %1 does not take connections at port %2.").arg(m_to.pod).arg(m_to.port),
                m_refusal.trimmed(), tr("Look whether the container listens there.")});
    } else if (end.error) {
        failed(channelError(*end.error, tr("forward ports of pod %1").arg(m_to.pod), u"pods/portforward"_s));
    } else {
        finish(std::nullopt, false);
    }
}

bool ForwardLink::mayTryAgain(const Error& error) const
{
    if (!m_takenBy.isEmpty() || m_services.clock.monotonicMs() - m_startMs >= patienceMs)
        return false;
    if (m_open && (!m_keeps || (m_traffic.sent > 0 && !neverConnected(m_refusal))))
        return false;
    switch (error.kind) {
    case Error::Kind::Forbidden:
    case Error::Kind::Unauthorized:
    case Error::Kind::Tls:
    case Error::Kind::Unsupported:
    case Error::Kind::BadInput: return error.httpStatus == 400; // a pod that is not running is a bad request, too
    default: return true;
    }
}

void ForwardLink::failed(const Error& error)
{
    if (!mayTryAgain(error)) {
        finish(error, true);
        return;
    }
    if (!m_to.pod.isEmpty())
        m_services.distrust(m_to.pod);
    m_open = false;
    m_to = {};
    m_retry = m_services.clock.after(this, retryMs, [this] { find(); });
}

void ForwardLink::onGone()
{
    m_gone = true;
    pump(); // what was said before hanging up
}

void ForwardLink::finish(const std::optional<Error>& why, bool reset)
{
    if (std::exchange(m_over, true))
        return;
    m_retry.reset();
    m_open = false;
    m_local->disconnect(this);
    if (reset)
        m_local->abort();
    else
        m_local->disconnectFromHost();
    if (m_socket)
        m_socket->close();
    emit ended(why);
}

} // namespace wk::channels
