// SPDX-License-Identifier: GPL-3.0-or-later
#include "channels/PodCommandRun.h"

#include "channels/ChannelProtocol.h"

namespace wk::channels {

using namespace Qt::StringLiterals;

namespace {
constexpr qsizetype maxStatusBytes = 1 << 20;
} // namespace

PodCommandRun::PodCommandRun(CommandWish wish, net::SocketOpener& opener, Clock& clock, Ended ended)
    : m_wish(std::move(wish)), m_clock(clock), m_ended(std::move(ended)), m_startMs(clock.monotonicMs())
{
    net::SocketHandlers handlers;
    handlers.opened = [this](const QByteArray&) { m_open = true; };
    handlers.message = [this](const QByteArray& message) { onMessage(message); };
    handlers.closed = [this](const net::SocketEnd& closed) { onClosed(closed); };
    m_socket = opener.openSocket(commandRequest(m_wish.space, m_wish.pod, m_wish.container, m_wish.words),
                                 commandProtocols(), std::move(handlers));
    m_limit = m_clock.after(this, m_wish.limitMs, [this] {
        m_socket->close();
        end(fail(Error::Kind::Conflict,
                 tr("The command did not end within %1 s and was given up: it may go on in the container.")
                     .arg(m_wish.limitMs / 1000),
                 QString::fromUtf8(m_outcome.out.bytes + m_outcome.err.bytes),
                 tr("Look at what it does before you run it again.")));
    });
}

PodCommandRun::~PodCommandRun()
{
    m_socket.reset();
    end(fail(Error::Kind::Cancelled, tr("The command was given up: it may go on in the container.")));
}

void PodCommandRun::take(CommandOutput& to, QByteArrayView bytes) const
{
    const qint64 room = std::max<qint64>(0, m_wish.maxBytes - to.bytes.size());
    const qsizetype taken = std::min<qsizetype>(bytes.size(), room);
    to.bytes.append(bytes.first(taken));
    to.omitted += bytes.size() - taken;
}

void PodCommandRun::onMessage(const QByteArray& message)
{
    if (message.isEmpty())
        return;
    const QByteArrayView bytes = QByteArrayView(message).sliced(1);
    switch (CommandStream(quint8(message.front()))) {
    case CommandStream::Out: take(m_outcome.out, bytes); break;
    case CommandStream::Err: take(m_outcome.err, bytes); break;
    case CommandStream::Status:
        if (m_status.size() + bytes.size() <= maxStatusBytes)
            m_status.append(bytes);
        break;
    default: break; // v5 tells that a stream is over; all of them are when the connection is
    }
}

void PodCommandRun::onClosed(const net::SocketEnd& closed)
{
    if (!m_status.isEmpty()) {
        const auto code = exitCodeOf(m_status);
        if (!code) {
            end(fail(code.error()));
            return;
        }
        m_outcome.exitCode = *code;
        m_outcome.milliseconds = m_clock.monotonicMs() - m_startMs;
        end(std::move(m_outcome));
        return;
    }
    if (closed.error && !m_open) {
        end(fail(channelError(*closed.error, tr("run commands in pod %1").arg(m_wish.pod), u"pods/exec"_s)));
        return;
    }
    end(fail(Error::Kind::Network, tr("The connection broke while the command ran: it is not known how it ended."),
             closed.error ? closed.error->text() : closed.reason, tr("Look at what it did before you run it again.")));
}

void PodCommandRun::end(Result<CommandOutcome> result)
{
    m_limit.reset();
    if (const auto ended = std::exchange(m_ended, nullptr))
        ended(std::move(result));
}

} // namespace wk::channels
