// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/Clock.h"
#include "core/Result.h"
#include "monitoring/prometheus/PrometheusClient.h"
#include "net/Transport.h"

#include <QtCore/QUrl>

namespace wk::monitoring {

/// One question to one service: does it answer?
struct ProbeSpec
{
    enum class Kind {
        Http,       ///< GET: the expected status, and the expected word in the body
        Tcp,        ///< something takes the connection
        PostgreSql, ///< answers an SSLRequest; nobody logs in, and the server's log stays clean
        Redis,      ///< answers a PING; that it wants a password is an answer, too
        TlsExpiry,  ///< how long the certificates last that it shows, and whether this machine trusts them
    };
    QString id;      ///< stays the same while the file does: "auth/health"
    QString service; ///< its name in the platform file
    QString title;   ///< "health", "PostgreSQL", "certificate"
    QString reason;  ///< why there and not elsewhere, in words
    Kind kind = Kind::Http;
    /// Http: the whole address. The others: tcp://host:port. Of a service inside the cluster only its path, query and
    /// port count.
    QUrl url;
    QString space, inside; ///< the Kubernetes service that is asked through the API server; empty: directly
    QByteArray method = "GET";
    std::optional<int> expect; ///< HTTP status; none: 200 to 399, as the kubelet and curl --fail take it
    QString word;              ///< that the body must contain; empty: any body
    qint64 everyMs = 30'000;
    qint64 timeoutMs = 5'000;
    qint64 slowMs = 1'000;               ///< from there on the answer is slow
    int warnDays = 21;                   ///< TlsExpiry: from there on it is due
    [[nodiscard]] QString where() const; ///< "auth-service:8081 in tchat", "api.example.org:443"
};

/// What came of it.
struct ProbeResult
{
    enum class Verdict {
        Up,
        Slow,    ///< answers as it should, but late; of certificates: is about to expire
        Down,    ///< does not answer, or not as it should
        Unasked, ///< the question did not get there: no access, no connection to the cluster
    };
    Verdict verdict = Verdict::Unasked;
    qint64 atMs = 0;            ///< when it was asked, ms since the epoch
    qint64 latencyMs = 0;       ///< until the answer was judged
    QString answer;             ///< in words: "200", "wants a password", "expires in 83 days"
    std::optional<Error> error; ///< of Down and Unasked; of Slow where there is more to say
    int httpStatus = 0;
    std::optional<qint64> expiresMs; ///< TlsExpiry: the earliest end in the chain
    bool trusted = false;            ///< TlsExpiry: verified
};

/// How probes reach what they ask.
struct ProbeWay
{
    /// Opens an exchange below the API server's address (cluster::ApiClient); none: what is inside stays unasked.
    std::function<std::unique_ptr<net::Exchange>(const net::Request&, net::Handlers)> cluster;
    QByteArray caPem;             ///< the only authorities that are trusted; empty: the system's
    bool environmentProxy = true; ///< HTTP(S) only, as curl does
};

/// Asks once. `then` is called once, from the event loop of this thread, within timeoutMs; not at all where the flight
/// is destroyed before. `clock` and what `way` leads to outlive it.
[[nodiscard]] std::unique_ptr<Flight> startProbe(const ProbeSpec& spec, const ProbeWay& way, Clock& clock,
                                                 std::function<void(ProbeResult)> then);

} // namespace wk::monitoring
