// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/Error.h"

namespace wk {

QString Error::text() const
{
    if (remedy.isEmpty())
        return sentence;
    return sentence + (sentence.endsWith(u'.') ? QStringLiteral(" ") : QStringLiteral(". ")) + remedy;
}

QString errorKindName(Error::Kind kind)
{
    switch (kind) {
    case Error::Kind::BadInput: return QStringLiteral("bad-input");
    case Error::Kind::NotFound: return QStringLiteral("not-found");
    case Error::Kind::Network: return QStringLiteral("network");
    case Error::Kind::Tls: return QStringLiteral("tls");
    case Error::Kind::Unauthorized: return QStringLiteral("unauthorized");
    case Error::Kind::Forbidden: return QStringLiteral("forbidden");
    case Error::Kind::Conflict: return QStringLiteral("conflict");
    case Error::Kind::Gone: return QStringLiteral("gone");
    case Error::Kind::Throttled: return QStringLiteral("throttled");
    case Error::Kind::Server: return QStringLiteral("server");
    case Error::Kind::Protocol: return QStringLiteral("protocol");
    case Error::Kind::Cancelled: return QStringLiteral("cancelled");
    case Error::Kind::Unsupported: return QStringLiteral("unsupported");
    case Error::Kind::Io: return QStringLiteral("io");
    }
    Q_UNREACHABLE();
}

} // namespace wk
