// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "net/Transport.h"

#include <QtCore/QFuture>

namespace wk::net {

/// A response with its whole body.
struct Response
{
    ResponseHead head;
    QByteArray body;
};

/// Sends `request` and collects the body; fails with Error::Kind::Protocol beyond `maxBytes`. Any HTTP status is a
/// Response. Must be called on the transport's thread; the future is finished there, with Error::Kind::Cancelled where
/// the transport is destroyed before.
[[nodiscard]] QFuture<Result<Response>> send(Transport& transport, const Request& request,
                                             qint64 maxBytes = 64LL << 20);

} // namespace wk::net
