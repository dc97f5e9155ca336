// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/Clock.h"
#include "net/HttpFailure.h"
#include "net/HttpOptions.h"
#include "net/Transport.h"

#include <memory>

namespace wk::net {

/// HTTP/1.1 over QNetworkAccessManager, for one server under one identity. Lives on the thread that made it.
///
/// QNetworkAccessManager opens six connections per host and lets the seventh request wait without a word, and it takes
/// a connection from its pool without regard to the TLS configuration. So this transport has managers of its own: one
/// for all Calls, and one for every four Streams.
///
/// A body that ends early is an Error, with one exception that Qt hides: a gzip body with a Content-Length. API servers
/// send gzip in chunks, and the decoders notice a text that has no end.
///
/// A GET whose connection breaks before the first byte of an answer is sent again by Qt, up to three times.
class HttpTransport final : public Transport
{
public:
    /// `clock` outlives the transport.
    HttpTransport(HttpOptions options, Clock& clock);
    /// Aborts what is running, without a callback.
    ~HttpTransport() override;

    [[nodiscard]] std::unique_ptr<Exchange> open(const Request& request, Handlers handlers) override;

    [[nodiscard]] const HttpOptions& options() const;
    /// Exchanges that have not finished.
    [[nodiscard]] int running() const;
    /// Managers that carry streams at present, for tests and diagnostics.
    [[nodiscard]] int streamManagers() const;

    class Pool;

private:
    std::shared_ptr<Pool> m_pool;
};

} // namespace wk::net
