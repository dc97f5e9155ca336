// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/Result.h"
#include "net/HttpOptions.h"

#include <QtNetwork/QNetworkProxy>
#include <QtNetwork/QSslConfiguration>

namespace wk::net {

/// The TLS configuration of an identity: its authorities (and only these), client certificate and key, HTTP/1.1 by
/// ALPN. Fails in words where a PEM text holds no certificate or key, where the key is encrypted or of a kind that
/// cannot be used. Never falls back to the system's authorities where the identity names its own.
[[nodiscard]] Result<QSslConfiguration> tlsSetup(const HttpOptions& options);

/// A proxy as Qt wants it. http and socks5/socks5h; anything else fails in words. Empty: no proxy.
[[nodiscard]] Result<QNetworkProxy> proxySetup(const QUrl& proxy, HttpOptions::Asked asked);

} // namespace wk::net
