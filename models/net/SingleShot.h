// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/Clock.h"
#include "net/HttpOptions.h"
#include "net/Transport.h"

namespace wk::net {

/// Sends one request exactly once, over a connection that is made for it and closed after its answer (HTTP/1.1).
///
/// QNetworkAccessManager sends a request again when its connection breaks before an answer, whatever the verb, and also
/// on a connection that was made for it (seen with Qt 6.4: a server that reads a PATCH and hangs up gets it twice). For
/// what changes something that must not be.
///
/// The handlers are called when the whole answer is there. An Error after the request was written says that it is not
/// known whether the server carried it out. At most `maxSingleShotBytes` of answer. `options` give TLS, proxy and
/// default headers; answers are asked for without compression. `clock` outlives the exchange.
[[nodiscard]] std::unique_ptr<Exchange> openOnce(const HttpOptions& options, Clock& clock, const Request& request,
                                                 Handlers handlers);

inline constexpr qint64 maxSingleShotBytes = 64LL << 20;

} // namespace wk::net
