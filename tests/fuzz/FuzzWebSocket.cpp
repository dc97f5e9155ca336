// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/WebSocketFrames.h"

#include <cstdint>
#include <cstdlib>

using namespace wk::net;

/// Frames of a peer. The first byte says whose they are and in which pieces they come: as a whole or in pieces, the
/// messages are the same.
int fuzzWebSocket(const uint8_t* data, size_t size)
{
    if (size < 2)
        return 0;
    const auto peer = (data[0] & 1) != 0 ? FrameReader::Peer::Client : FrameReader::Peer::Server;
    const QByteArray bytes(reinterpret_cast<const char*>(data) + 1, qsizetype(size - 1));
    const auto read = [&](qsizetype piece) {
        FrameReader reader(peer, 1 << 16);
        QByteArray all;
        for (qsizetype at = 0; at < bytes.size(); at += piece) {
            reader.add(bytes.mid(at, piece));
            while (const auto message = reader.next())
                all += char(message->opcode) + message->payload + '\0';
        }
        return all + QByteArray::number(reader.failure());
    };
    if (read(bytes.size()) != read(1 + (data[0] >> 4)))
        std::abort();
    return 0;
}
