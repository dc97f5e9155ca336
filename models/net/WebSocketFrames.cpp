// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/WebSocketFrames.h"

#include <QtCore/QCryptographicHash>
#include <QtCore/QtEndian>

namespace wk::net {

namespace {

constexpr quint8 finalBit = 0x80;
constexpr quint8 maskBit = 0x80;
constexpr qsizetype maxControlBytes = 125;
constexpr qsizetype keptBytes = 1 << 20; ///< of what has been read, before the buffer is made smaller

void applyMask(char* bytes, qsizetype size, quint32 mask)
{
    std::array<uchar, 4> key{};
    qToBigEndian(mask, key.data());
    for (qsizetype i = 0; i < size; ++i)
        bytes[i] = char(uchar(bytes[i]) ^ key[size_t(i) % 4]);
}

template <typename T>
void appendBigEndian(QByteArray& to, T value)
{
    std::array<char, sizeof(T)> bytes{};
    qToBigEndian(value, bytes.data());
    to.append(bytes.data(), qsizetype(bytes.size()));
}

} // namespace

QByteArray socketFrame(SocketOpcode opcode, QByteArrayView payload, std::optional<quint32> mask)
{
    QByteArray out;
    out.reserve(payload.size() + 14);
    out.append(char(finalBit | quint8(opcode)));
    const quint8 masked = mask ? maskBit : 0;
    if (payload.size() < 126) {
        out.append(char(masked | quint8(payload.size())));
    } else if (payload.size() <= 0xffff) {
        out.append(char(masked | 126));
        appendBigEndian(out, quint16(payload.size()));
    } else {
        out.append(char(masked | 127));
        appendBigEndian(out, quint64(payload.size()));
    }
    if (mask)
        appendBigEndian(out, *mask);
    const qsizetype head = out.size();
    out.append(payload);
    if (mask)
        applyMask(out.data() + head, payload.size(), *mask);
    return out;
}

QByteArray closePayload(int code, const QByteArray& reason)
{
    QByteArray out;
    appendBigEndian(out, quint16(code));
    return out + reason.first(std::min(reason.size(), maxControlBytes - 2));
}

int closeCode(QByteArrayView payload)
{
    return payload.size() < 2 ? socketcode::None : qFromBigEndian<quint16>(payload.data());
}

QString closeReason(QByteArrayView payload)
{
    return payload.size() <= 2 ? QString() : QString::fromUtf8(payload.sliced(2).toByteArray());
}

QByteArray socketAcceptKey(const QByteArray& key)
{
    return QCryptographicHash::hash(key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11", QCryptographicHash::Sha1).toBase64();
}

void FrameReader::give(int code, const QByteArray& reason)
{
    m_failure = code;
    m_reason = reason;
    m_in.clear();
    m_at = 0;
    m_message.clear();
}

std::optional<FrameReader::Head> FrameReader::readHead()
{
    const qsizetype have = m_in.size() - m_at;
    if (have < 2)
        return std::nullopt;
    const char* p = m_in.constData() + m_at;
    Head head;
    head.final = (quint8(p[0]) & finalBit) != 0;
    head.opcode = quint8(p[0]) & 0x0f;
    head.length = quint8(p[1]) & 0x7f;
    head.bytes = head.length == 126 ? 4 : head.length == 127 ? 10 : 2;
    const bool masked = (quint8(p[1]) & maskBit) != 0, control = (head.opcode & 8) != 0;
    const auto broken = [this](const QByteArray& why) {
        give(socketcode::Protocol, why);
        return std::nullopt;
    };
    if ((quint8(p[0]) & 0x70) != 0)
        return broken("reserved bits are set");
    if (masked != (m_peer == Peer::Client))
        return broken(masked ? "a server masked a frame" : "a client did not mask a frame");
    if (control ? head.opcode > 10 : head.opcode > 2)
        return broken("unknown opcode");
    if (control && (!head.final || head.length > quint64(maxControlBytes)))
        return broken("a control frame is fragmented or too long");
    if (!control && (head.opcode == 0) != m_opcode.has_value())
        return broken(m_opcode ? "a message began within another" : "a message goes on that never began");
    if (have < head.bytes)
        return std::nullopt;
    if (head.length == 126)
        head.length = qFromBigEndian<quint16>(p + 2);
    else if (head.length == 127)
        head.length = qFromBigEndian<quint64>(p + 2);
    if ((head.bytes == 4 && head.length < 126) || (head.bytes == 10 && head.length <= 0xffff))
        return broken("a length is not written in its shortest form");
    if (!control && head.length > quint64(m_maxBytes - m_message.size())) {
        give(socketcode::TooBig, "a message is too large");
        return std::nullopt;
    }
    head.bytes += masked ? 4 : 0;
    return head;
}

QByteArray FrameReader::takePayload(const Head& head)
{
    QByteArray payload = m_in.mid(m_at + head.bytes, qsizetype(head.length));
    if (m_peer == Peer::Client)
        applyMask(payload.data(), payload.size(), qFromBigEndian<quint32>(m_in.constData() + m_at + head.bytes - 4));
    m_at += head.bytes + qsizetype(head.length);
    if (m_at == m_in.size()) {
        m_in.clear();
        m_at = 0;
    } else if (m_at > keptBytes) {
        m_in.remove(0, m_at);
        m_at = 0;
    }
    return payload;
}

std::optional<SocketMessage> FrameReader::next()
{
    while (m_failure == 0) {
        const auto head = readHead();
        if (!head || m_in.size() - m_at < head->bytes + qsizetype(head->length))
            return std::nullopt;
        QByteArray payload = takePayload(*head);
        if ((head->opcode & 8) != 0)
            return SocketMessage{SocketOpcode(head->opcode), std::move(payload)};
        if (!m_opcode)
            m_opcode = SocketOpcode(head->opcode);
        if (head->final && m_message.isEmpty())
            m_message = std::move(payload);
        else
            m_message.append(payload);
        if (!head->final)
            continue;
        SocketMessage message{*m_opcode, std::exchange(m_message, {})};
        m_opcode.reset();
        return message;
    }
    return std::nullopt;
}

} // namespace wk::net
