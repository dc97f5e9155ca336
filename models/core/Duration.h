// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/Result.h"

#include <QtCore/QString>

namespace wk {

/// Reads a duration of one or more number-unit pairs ("90s", "5m", "1h30m", "30d", "2w", "1y" = 365 d; "0" alone is
/// allowed) into milliseconds. Fails on anything else.
[[nodiscard]] Result<qint64> parseDurationMs(QStringView text);

/// An age as kubectl prints it, always one or two units ("12s", "5m31s", "3h12m", "4d", "2y35d").
/// Source: k8s.io/apimachinery/pkg/util/duration.HumanDuration. `ms` may be slightly negative (clock skew): "0s"; below
/// -2 s it prints "<invalid>", as kubectl does.
[[nodiscard]] QString humanDuration(qint64 ms);

/// The same with the single largest unit only ("5m", "3h", "4d"). Source: duration.ShortHumanDuration.
[[nodiscard]] QString shortHumanDuration(qint64 ms);

/// RFC 3339 ("2026-11-20T08:00:00Z", fraction and offset allowed) to milliseconds since the epoch; nullopt where it is
/// not.
[[nodiscard]] std::optional<qint64> parseRfc3339Ms(std::string_view text);

} // namespace wk
