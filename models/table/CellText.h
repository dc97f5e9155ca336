// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "table/Column.h"
#include "table/Row.h"

#include <QtCore/QLocale>

namespace wk::table {

/// The unit in which cellText() shows the column's numbers; empty where it has none.
[[nodiscard]] QString unitOf(const Column& column);

/// The header as a panel shows it: the title, and the unit after a comma ("Memory, MiB").
[[nodiscard]] QString headerText(const Column& column);

/// A cell as a panel's table shows it. Ages are relative to `nowMs` with one unit and at least a minute coarse ("< 1
/// m", "45 m", "30 h", "12 d"), so that nothing jumps every second. Numbers follow `locale`. An empty cell is "".
[[nodiscard]] QString cellText(const Column& column, const Cell& cell, qint64 nowMs, const QLocale& locale = QLocale());

/// The value in full, for a tooltip: bytes and milli-CPU to the last one, moments in the local zone and in UTC.
[[nodiscard]] QString cellExactText(const Column& column, const Cell& cell, qint64 nowMs,
                                    const QLocale& locale = QLocale());

/// The value for machines, the same in every locale: whole base units (bytes, milli-CPU), ISO 8601 in UTC, "3/5".
[[nodiscard]] QString cellRawText(const Cell& cell);

/// "1 row", "10,100 rows".
[[nodiscard]] QString rowsText(qint64 count, const QLocale& locale = QLocale());

/// "45 m", "30 h": the time between a moment and `nowMs`. See cellText().
[[nodiscard]] QString relativeAge(qint64 momentMs, qint64 nowMs);

/// "2026-11-20 14:03:22 CET (13:03:22 UTC)".
[[nodiscard]] QString exactMoment(qint64 momentMs, const QLocale& locale = QLocale());

} // namespace wk::table
