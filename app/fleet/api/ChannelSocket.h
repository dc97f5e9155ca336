// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "fleet/api/HttpServer.h"
#include "net/WebSocketFrames.h"

namespace wk::fleet {

/// The server's end of a WebSocket that speaks a channel protocol (v4 or v5 .channel.k8s.io): its connection has left
/// HTTP for good.
class ChannelSocket
{
    Q_DISABLE_COPY_MOVE(ChannelSocket)
public:
    using Message = std::function<void(quint8 stream, const QByteArray& bytes)>;

    /// The first of what the client offers that is spoken here; empty: none, or the request is no handshake.
    [[nodiscard]] static QByteArray protocolOf(const HttpRequest& request, const QList<QByteArray>& spoken);

    /// Answers the handshake.
    ChannelSocket(const HttpRequest& request, HttpConnection& connection, const QByteArray& protocol, Message message);

    void send(quint8 stream, QByteArrayView bytes);
    /// Says goodbye and hangs up.
    void close();

private:
    void read(const QByteArray& bytes);

    HttpConnection& m_connection;
    Message m_message;
    net::FrameReader m_frames{net::FrameReader::Peer::Client};
    bool m_over = false;
};

} // namespace wk::fleet
