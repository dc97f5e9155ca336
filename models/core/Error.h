// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtCore/QString>

namespace wk {

/// What went wrong, as a value. `sentence` is for the person and names what failed and why; `remedy` says what to do
/// about it (may be empty); `detail` is the technical text (status lines, plugin stderr, library messages) shown on
/// demand.
struct Error
{
    enum class Kind {
        BadInput,     ///< a file, an argument or a filter that cannot be understood
        NotFound,     ///< file, host, object or kind that does not exist
        Network,      ///< no connection: DNS, refused, timed out, proxy, cut
        Tls,          ///< a certificate or a handshake was refused
        Unauthorized, ///< 401, or no usable credential
        Forbidden,    ///< 403
        Conflict,     ///< 409, precondition failed
        Gone,         ///< 410: the resource version or continue token has expired
        Throttled,    ///< 429
        Server,       ///< 5xx
        Protocol,     ///< bytes that do not follow the protocol
        Cancelled,    ///< the caller gave up; never shown
        Unsupported,  ///< understood, and not possible here
        Io,           ///< disk, permissions, full
    };

    Kind kind = Kind::Protocol;
    QString sentence;
    QString detail;
    QString remedy;
    int httpStatus = 0;       ///< 0 where no HTTP response was received
    qint64 retryAfterMs = -1; ///< from Retry-After, -1 where absent

    /// sentence, then the remedy, on one line.
    [[nodiscard]] QString text() const;
};

/// The stable lower-case name of a kind ("network", "tls", ...), for logs and JSON.
[[nodiscard]] QString errorKindName(Error::Kind kind);

} // namespace wk
