// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtCore/QByteArray>
#include <QtCore/QString>

#include <optional>

namespace wk::net {

// WebSocket framing (RFC 6455 §5), of both sides: the cockpit is a client, the simulated fleet a server.

enum class SocketOpcode : quint8 { Continuation = 0, Text = 1, Binary = 2, Close = 8, Ping = 9, Pong = 10 };

/// A whole message, or a control frame.
struct SocketMessage
{
    SocketOpcode opcode = SocketOpcode::Binary;
    QByteArray payload;
};

/// Close codes (RFC 6455 §7.4.1).
namespace socketcode {
inline constexpr int Normal = 1000;
inline constexpr int GoingAway = 1001;
inline constexpr int Protocol = 1002;
inline constexpr int None = 1005; ///< the peer gave none
inline constexpr int TooBig = 1009;
} // namespace socketcode

/// One frame that is a whole message. Clients give a `mask`, a new random one each time; servers none.
[[nodiscard]] QByteArray socketFrame(SocketOpcode opcode, QByteArrayView payload, std::optional<quint32> mask = {});

/// The payload of a Close frame, and what is in one.
[[nodiscard]] QByteArray closePayload(int code, const QByteArray& reason = {});
[[nodiscard]] int closeCode(QByteArrayView payload);
[[nodiscard]] QString closeReason(QByteArrayView payload);

/// The Sec-WebSocket-Accept that belongs to a Sec-WebSocket-Key.
[[nodiscard]] QByteArray socketAcceptKey(const QByteArray& key);

/// Bytes of a peer into messages, fragments put together. A peer that breaks the protocol is given up: failure() then
/// says with which close code, and nothing more comes.
class FrameReader
{
public:
    enum class Peer { Server, Client }; ///< whose bytes these are: those of clients are masked

    explicit FrameReader(Peer peer, qsizetype maxMessageBytes = 16 << 20) : m_peer(peer), m_maxBytes(maxMessageBytes) {}

    void add(QByteArrayView bytes) { m_in.append(bytes); }
    /// nullopt where more bytes are needed, or after a failure.
    [[nodiscard]] std::optional<SocketMessage> next();

    /// 0 while all is well.
    [[nodiscard]] int failure() const { return m_failure; }
    [[nodiscard]] const QByteArray& failureReason() const { return m_reason; }

private:
    struct Head
    {
        bool final = true;
        quint8 opcode = 0;
        qsizetype bytes = 0; ///< of the head itself, the mask included
        quint64 length = 0;
    };
    /// nullopt where more bytes are needed, or after a failure.
    [[nodiscard]] std::optional<Head> readHead();
    void give(int code, const QByteArray& reason);
    [[nodiscard]] QByteArray takePayload(const Head& head);

    Peer m_peer;
    qsizetype m_maxBytes;
    QByteArray m_in;
    qsizetype m_at = 0;   ///< read so far
    QByteArray m_message; ///< fragments of a message that is not whole
    std::optional<SocketOpcode> m_opcode;
    int m_failure = 0;
    QByteArray m_reason;
};

} // namespace wk::net
