// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtCore/QtGlobal>

#include <vector>

namespace wk::monitoring {

/// Both ends belong to it; ms since the epoch.
struct TimeRange
{
    qint64 from = 0, to = 0;
    [[nodiscard]] bool isEmpty() const { return to < from; }
    bool operator==(const TimeRange&) const = default;
};

/// The most points that Prometheus gives for one series (prometheus/web/api/v1/api.go: 11,000 steps).
inline constexpr qint64 maxPointsPerSeries = 11'000;

/// The shortest step of those that people count in (1, 2, 5, 10, 15, 30 s; 1 min … 30 d; then whole multiples of 30 d)
/// at which a series has no more points in any range of that length than there are pixels. Not below `leastMs`:
/// shorter than the scrape interval there is nothing to see. At least one pixel.
[[nodiscard]] qint64 stepFor(const TimeRange& range, int pixels, qint64 leastMs = 1'000);

/// The multiples of the step inside the range, the first and the last of them: two panels that look at nearly the same
/// time ask for the same instants, and a window that moves on keeps its points. Empty where there is none.
[[nodiscard]] TimeRange aligned(const TimeRange& range, qint64 stepMs);
[[nodiscard]] qint64 pointsIn(const TimeRange& aligned, qint64 stepMs);

/// The range in pieces of at most `maxPoints`, in order, without overlap and without a gap in the steps.
[[nodiscard]] std::vector<TimeRange> pieces(const TimeRange& aligned, qint64 stepMs,
                                            qint64 maxPoints = maxPointsPerSeries);

/// What of `wanted` is not in `known`, both aligned to the step: up to two ranges.
[[nodiscard]] std::vector<TimeRange> missing(const TimeRange& wanted, const TimeRange& known, qint64 stepMs);

} // namespace wk::monitoring
