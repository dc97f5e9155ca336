// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtCore/QString>

namespace wk::fleet {

/// The first minute after `afterMs` (UTC) that a five-field schedule names, in ms since the epoch; -1 where the
/// schedule cannot be read or names no time within 366 days. Fields know *, lists, ranges and steps; day of month and
/// day of week are combined as cron does: if both are restricted, either one suffices.
[[nodiscard]] qint64 nextCronTime(const QString& schedule, qint64 afterMs);

} // namespace wk::fleet
