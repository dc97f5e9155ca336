// SPDX-License-Identifier: GPL-3.0-or-later
#include "fleet/api/ChannelSocket.h"

namespace wk::fleet {

using net::SocketOpcode;

QByteArray ChannelSocket::protocolOf(const HttpRequest& request, const QList<QByteArray>& spoken)
{
    if (request.header("upgrade").toLower() != "websocket" || request.header("sec-websocket-version") != "13" ||
        request.header("sec-websocket-key").isEmpty())
        return {};
    for (const QByteArray& offered : request.header("sec-websocket-protocol").split(','))
        if (spoken.contains(offered.trimmed()))
            return offered.trimmed();
    return {};
}

ChannelSocket::ChannelSocket(const HttpRequest& request, HttpConnection& connection, const QByteArray& protocol,
                             Message message)
    : m_connection(connection), m_message(std::move(message))
{
    connection.upgrade({{"Upgrade", "websocket"},
                        {"Connection", "Upgrade"},
                        {"Sec-WebSocket-Accept", net::socketAcceptKey(request.header("sec-websocket-key"))},
                        {"Sec-WebSocket-Protocol", protocol}},
                       [this](const QByteArray& bytes) { read(bytes); });
}

void ChannelSocket::send(quint8 stream, QByteArrayView bytes)
{
    if (!m_over)
        m_connection.writeRaw(net::socketFrame(SocketOpcode::Binary, char(stream) + bytes.toByteArray()));
}

void ChannelSocket::close()
{
    if (std::exchange(m_over, true))
        return;
    m_connection.writeRaw(net::socketFrame(SocketOpcode::Close, net::closePayload(net::socketcode::Normal)));
    m_connection.hangUp();
}

void ChannelSocket::read(const QByteArray& bytes)
{
    m_frames.add(bytes);
    while (!m_over) {
        const auto message = m_frames.next();
        if (!message)
            break;
        if (message->opcode == SocketOpcode::Ping)
            m_connection.writeRaw(net::socketFrame(SocketOpcode::Pong, message->payload));
        else if (message->opcode == SocketOpcode::Close)
            close();
        else if (message->opcode != SocketOpcode::Pong && !message->payload.isEmpty())
            m_message(quint8(message->payload.front()), message->payload.mid(1));
    }
    if (m_frames.failure() != 0)
        close();
}

} // namespace wk::fleet
