// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/Transport.h"

namespace wk::net {

QByteArray ResponseHead::header(QByteArrayView name) const
{
    for (const auto& [key, value] : headers) {
        if (key.compare(name, Qt::CaseInsensitive) == 0)
            return value;
    }
    return {};
}

qint64 ResponseHead::retryAfterMs() const
{
    bool ok = false;
    const qint64 seconds = header("Retry-After").trimmed().toLongLong(&ok);
    return ok && seconds >= 0 && seconds < 86'400 ? seconds * 1000 : -1;
}

} // namespace wk::net
