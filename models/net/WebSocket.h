// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/Clock.h"
#include "net/HttpOptions.h"
#include "net/Send.h"
#include "net/Transport.h"

namespace wk::net {

/// A WebSocket (RFC 6455), the client's end. Destroying it hangs up without a word.
class WebSocket
{
public:
    virtual ~WebSocket() = default;
    /// Sends one binary message. Nothing is sent before `opened`, nor after close().
    virtual void send(QByteArrayView message) = 0;
    /// Bytes that the network has not taken yet. Who sends much waits for `drained` while they are many.
    [[nodiscard]] virtual qint64 unsent() const = 0;
    /// Reads nothing for the time being; the peer is slowed down by flow control.
    virtual void setPaused(bool paused) = 0;
    /// Says goodbye; `closed` comes when the peer has answered, or after a moment.
    virtual void close() = 0;
};

/// How a WebSocket ended.
struct SocketEnd
{
    std::optional<Error> error;      ///< nullopt: in order, by a Close of either side
    std::optional<Response> refusal; ///< what the server answered instead of opening it; `error` is set as well
    int code = 0;                    ///< of the peer's Close; 0 where there was none
    QString reason;
};

/// All come on the thread of who opened it, never from inside openWebSocket(), and none after the WebSocket has been
/// destroyed.
struct SocketHandlers
{
    std::function<void(const QByteArray& protocol)> opened; ///< with the protocol that the server chose
    std::function<void(const QByteArray& message)> message; ///< a whole one, binary or text
    std::function<void()> drained;                          ///< little waits to be sent
    std::function<void(const SocketEnd&)> closed;           ///< exactly once, last
};

/// Opens WebSockets to one server under one identity. Lives on one thread.
class SocketOpener
{
public:
    virtual ~SocketOpener() = default;
    /// `protocols`: those that are offered, the best first; a server that chooses none of them is refused.
    [[nodiscard]] virtual std::unique_ptr<WebSocket>
    openSocket(const Request& request, const QList<QByteArray>& protocols, SocketHandlers handlers) = 0;
};

/// Over a connection made for it, once: nothing is tried again. `request` is a GET; its idleTimeoutMs bounds the
/// opening. After that the peer is asked for a sign of life (Ping) every 10 s of silence, and given up after 30 s.
/// `clock` outlives it.
[[nodiscard]] std::unique_ptr<WebSocket> openWebSocket(const HttpOptions& options, Clock& clock, const Request& request,
                                                       const QList<QByteArray>& protocols, SocketHandlers handlers);

inline constexpr qint64 socketPingMs = 10'000;
inline constexpr qint64 socketSilenceMs = 30'000;
inline constexpr qint64 socketCloseMs = 2'000; ///< how long the answer to a Close is waited for
/// Below this many bytes unsent, `drained` comes.
inline constexpr qint64 socketLowWater = 64 << 10;

} // namespace wk::net
