// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtCore/QByteArray>

#include <optional>

namespace wk::logs {

/// The time that a kubelet puts before a line (timestamps=true): RFC 3339 with up to nine digits of a second, UTC or
/// with an offset, and one space (kubernetes/pkg/kubelet/kuberuntime/logs, timeFormatOut).
struct Stamped
{
    qint64 ns = 0;       ///< since the Unix epoch
    QByteArrayView text; ///< what follows the space
};

/// nullopt where the line begins with no time: a message of the kubelet's own.
[[nodiscard]] std::optional<Stamped> readStamp(QByteArrayView line);

/// "2026-11-22T02:15:29.123456789Z"
[[nodiscard]] QByteArray stampText(qint64 ns);
/// "2026-11-22T02:15:29Z": API servers pass whole seconds on (sinceTime).
[[nodiscard]] QByteArray secondText(qint64 ns);

} // namespace wk::logs
