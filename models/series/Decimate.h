// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "series/Columns.h"

namespace wk::series {

struct Point
{
    double at;    ///< milliseconds since the Unix epoch
    double value; ///< always finite
    bool operator==(const Point&) const = default;
};

/// What a line of some pixels can show of a series.
struct Drawn
{
    /// Unbroken runs, in order. A run of one point is a dot.
    std::vector<std::vector<Point>> runs;
    /// The span of the finite values inside the range; low > high where there is none.
    double low = 1, high = 0;
    size_t considered = 0; ///< values inside the range, gaps not counted
    size_t infinite = 0;   ///< values that no chart can place; they break the line

    [[nodiscard]] bool isEmpty() const { return runs.empty(); }
    [[nodiscard]] size_t points() const;
};

/// Reduces a series to what `pixels` columns of a range can show: of each column the first, the lowest, the highest and
/// the last value, so that no spike is lost and the drawn line is, pixel for pixel, the line of all values (M4:
/// Jugel et al., "M4: A Visualization-Oriented Time Series Data Aggregation", VLDB 2014). The points next to the range
/// on either side are kept, so that the line leaves the picture instead of ending in it.
///
/// Two values further apart than `gapMs` are not joined; 0 joins them however far. NaN and infinities break the line.
/// Time: one pass over the values inside the range. `pixels` below 1 counts as 1.
[[nodiscard]] Drawn decimate(const Columns& columns, qint64 fromMs, qint64 toMs, int pixels, qint64 gapMs);

/// The distance beyond which two values are a gap, where nobody said what it is: two and a half times the median
/// distance of neighbours; 0 for fewer than 3 values.
[[nodiscard]] qint64 usualGapMs(const Columns& columns);

/// The last value at or before `atMs` that is not older than `gapMs` (0: however old); NaN where there is none.
[[nodiscard]] double valueAt(const Columns& columns, qint64 atMs, qint64 gapMs);

} // namespace wk::series
