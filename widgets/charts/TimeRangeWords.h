// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "series/TimeRange.h"

#include <QtCore/QTimeZone>

namespace wk::widgets {

/// "Last 6 hours", or "20 Nov 08:00 – 09:30" in the person's own zone; the year where it is not this one.
[[nodiscard]] QString rangeWords(const series::TimeRange& range, qint64 nowMs, const QTimeZone& zone);
/// "Fri 20 Nov 2026 08:10:05" in the machine's zone.
[[nodiscard]] QString instantWords(qint64 atMs);
/// "6 hours", "15 minutes", "1 hour 30 minutes": at most two units.
[[nodiscard]] QString spanWords(qint64 ms);

} // namespace wk::widgets
