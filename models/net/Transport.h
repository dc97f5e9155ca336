// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/Result.h"

#include <QtCore/QByteArray>
#include <QtCore/QList>
#include <QtCore/QPair>

#include <functional>
#include <memory>
#include <optional>

namespace wk::net {

using Headers = QList<QPair<QByteArray, QByteArray>>;

/// An HTTP request relative to a transport's base address.
struct Request
{
    /// Call: an answer that ends soon, limited by `idleTimeoutMs`. Stream: an answer that may last for minutes (a
    /// watch, a followed log); it gets a connection on which no call waits.
    enum class Lane { Call, Stream };

    QByteArray verb = "GET";
    QByteArray path;  ///< absolute, percent-encoded, without the base's own path prefix: "/api/v1/pods"
    QByteArray query; ///< percent-encoded, without '?'
    Headers headers;
    QByteArray body;
    Lane lane = Lane::Call;
    qint64 idleTimeoutMs = 30'000; ///< longest silence before the exchange fails; <= 0 for none
};

struct ResponseHead
{
    int status = 0;
    Headers headers;

    /// First header of that name, compared without regard to case; empty where absent.
    [[nodiscard]] QByteArray header(QByteArrayView name) const;
    /// Retry-After in milliseconds (delta-seconds form, RFC 9110 §10.2.3), -1 where absent or a date.
    [[nodiscard]] qint64 retryAfterMs() const;
};

/// Callbacks of one exchange. All come on the transport's thread, never from inside open(), and none after the Exchange
/// has been destroyed. `finished` comes exactly once and last: nullopt when the response ended in order (whatever its
/// status), an Error when it did not (no connection, TLS, timeout, truncated body).
struct Handlers
{
    std::function<void(const ResponseHead&)> head;
    std::function<void(QByteArrayView)> data; ///< decoded content (inflated), as it arrives
    std::function<void(std::optional<Error>)> finished;
};

/// A running request. Destroying it aborts it.
class Exchange
{
public:
    virtual ~Exchange() = default;
    /// Stop reading while a consumer is behind; the peer is slowed down by flow control.
    virtual void setPaused(bool) {}
};

/// Sends requests to one server under one identity. Lives on one thread.
class Transport
{
public:
    virtual ~Transport() = default;
    [[nodiscard]] virtual std::unique_ptr<Exchange> open(const Request& request, Handlers handlers) = 0;
};

} // namespace wk::net
