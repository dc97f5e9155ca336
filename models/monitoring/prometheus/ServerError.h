// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/Error.h"
#include "net/Transport.h"

#include <optional>

namespace wk::monitoring {

/// Where a query is wrong, counted from 1, as Prometheus counts: columns in characters of the line.
struct QueryPosition
{
    int line = 1;
    int column = 1;
    bool operator==(const QueryPosition&) const = default;
};

/// The position in the server's own words ("invalid parameter "query": 1:5: parse error: …", which stand in
/// Error::detail); nullopt where they name none.
[[nodiscard]] std::optional<QueryPosition> queryPosition(const QString& serverWords);

/// What {"status":"error","errorType":…,"error":…} means. Types: prometheus/web/api/v1/api.go.
[[nodiscard]] Error serverError(const QString& errorType, const QString& words);

/// What an answer means that is no 2xx, or whose body is no JSON: the server's own error where the body holds one, the
/// API server's Status where it could not or would not reach the service, else the status or the web page. `server`
/// names it in sentences.
[[nodiscard]] Error answerError(const QString& server, const net::ResponseHead& head, QByteArrayView body);

[[nodiscard]] Error cutOff(qint64 bytes);
/// Decoded it would take more memory than that.
[[nodiscard]] Error tooMuch(std::size_t mib);
[[nodiscard]] Error tooLarge(const QString& server, qint64 limit);

/// Whether the answer is a page for people: by its type, or by how it begins.
[[nodiscard]] bool isWebPage(const net::ResponseHead& head, QByteArrayView body);

} // namespace wk::monitoring
