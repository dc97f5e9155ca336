// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/Result.h"
#include "net/HttpFailure.h"
#include "net/HttpOptions.h"
#include "net/Transport.h"

#include <QtNetwork/QSslCertificate>
#include <QtNetwork/QSslError>
#include <QtNetwork/QSslSocket>

namespace wk::net {

// HTTP/1.1 over a socket of one's own, for what QNetworkAccessManager cannot do: a request that is sent exactly once,
// and one whose connection becomes something else.

/// Connects as the options say, by their proxy, trust and name. https: encrypted() comes, else connected(). Fails where
/// the options cannot be used.
[[nodiscard]] Result<void> dial(QSslSocket& socket, const HttpOptions& options);

/// Request line and headers with the empty line after them: `wire` (Connection and its like), the options' own, the
/// request's. BadInput where one holds a line break, or the address a blank.
[[nodiscard]] Result<QByteArray> requestHead(const HttpOptions& options, const Request& request, const Headers& wire);

/// What stands before the empty line of an answer; nullopt where it is no HTTP/1.
[[nodiscard]] std::optional<ResponseHead> readResponseHead(QByteArrayView text);

/// The body of an answer, given all that came after its head; nullopt while it is not whole. `closed`: nothing more
/// will come.
[[nodiscard]] std::optional<QByteArray> wholeBody(const ResponseHead& head, QByteArrayView body, bool closed);

/// Why a socket's connection failed, in words. `tlsErrors` and `chain` as seen at sslErrors().
[[nodiscard]] Error connectionError(const HttpOptions& options, const QSslSocket& socket,
                                    const QList<QSslError>& tlsErrors, const QList<QSslCertificate>& chain,
                                    HttpPhase phase = HttpPhase::Connecting);

} // namespace wk::net
