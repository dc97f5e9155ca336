// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "net/Transport.h"

#include <QtCore/QString>
#include <QtCore/QUrl>

namespace wk::net {

/// One server under one identity: everything that decides how a connection to it is made.
struct HttpOptions
{
    enum class Compression {
        Auto, ///< gzip, except to loopback and private addresses: there a server compresses slower than it sends
        On,
        Off,
    };
    /// Whom sentences speak of when the connection fails, and where they say its settings stand.
    enum class Asked {
        Server,    ///< any
        ApiServer, ///< of Kubernetes, by a kubeconfig
    };

    Asked asked = Asked::Server;
    QUrl base;                ///< http or https; may have a path prefix, which precedes every Request::path
    QByteArray caPem;         ///< the only authorities that are trusted; empty: the system's
    bool insecure = false;    ///< verify nothing; only where a person has asked for it, and visibly so
    QString tlsServerName;    ///< name that the certificate must have, and that is sent as SNI; empty: the base's host
    QByteArray clientCertPem; ///< leaf first, then intermediates
    QByteArray clientKeyPem;  ///< RSA or EC, PKCS #1, SEC 1 or PKCS #8
    QUrl proxy; ///< http or socks5 (host names resolved by the proxy); empty: HTTPS_PROXY and NO_PROXY decide
    bool environmentProxy = true; ///< false: with an empty `proxy`, connect directly
    Compression compression = Compression::Auto;
    Headers defaultHeaders;          ///< sent with every request, before its own
    qint64 maxCallBytes = 8LL << 30; ///< decoded size at which a Call fails; guards against compression bombs
};

/// "host:port", with the port that the scheme implies, IPv6 in brackets: how sentences name a server.
[[nodiscard]] QString serverName(const QUrl& url);
[[nodiscard]] int serverPort(const QUrl& url);

/// Loopback, link-local, RFC 1918, RFC 6598 or unique local literal address, or "localhost". Names are not resolved.
[[nodiscard]] bool isNearAddress(const QString& host);

/// The proxy that the environment asks for, empty for none. Rules of Go's golang.org/x/net/http/httpproxy, which
/// kubectl follows: HTTPS_PROXY for https, HTTP_PROXY for http (either case), NO_PROXY with domains, addresses, CIDR
/// ranges and
/// "*"; loopback and "localhost" are never proxied.
[[nodiscard]] QUrl environmentProxy(const QUrl& base, const std::function<QString(const char*)>& environment);
/// The proxy that these options lead to: the given one, or the environment's.
[[nodiscard]] QUrl effectiveProxy(const HttpOptions& options);

} // namespace wk::net
