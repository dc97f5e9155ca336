// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "table/Column.h"
#include "table/Row.h"

#include <QtCore/QLocale>
#include <QtCore/QMetaType>

namespace wk::table {

/// A number beside what it is measured against (Column::against), for a bar. The whole is the greatest yardstick that
/// the row has: a limit rather than the request below it.
struct Gauge
{
    double fill = -1;   ///< share of the whole, 0 and above; negative where the row has nothing to measure against
    double mark = -1;   ///< where a smaller yardstick stands, 0 to 1; negative where there is none
    bool tight = false; ///< at `tightShare` or more of a yardstick that bounds it

    /// From here on something is about to run out.
    static constexpr double tightShare = 0.9;

    [[nodiscard]] bool isKnown() const { return fill >= 0; }
    bool operator==(const Gauge&) const = default;
};

/// The gauge of one cell. Nothing is known where the cell is empty, or every yardstick is.
[[nodiscard]] Gauge gaugeOf(const Columns& columns, int column, const Row& row);

/// "76 % of request (250 m), 38 % of limit (500 m)"; empty where nothing is known. What is tight says so.
[[nodiscard]] QString gaugeText(const Columns& columns, int column, const Row& row, const QLocale& locale = QLocale());

} // namespace wk::table

Q_DECLARE_METATYPE(wk::table::Gauge)
