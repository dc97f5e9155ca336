// SPDX-License-Identifier: GPL-3.0-or-later
#include "monitoring/prometheus/Steps.h"

#include <algorithm>
#include <iterator>

namespace wk::monitoring {

namespace {

constexpr qint64 second = 1'000, minute = 60 * second, hour = 60 * minute, day = 24 * hour;

// Each divides the day, or is whole days: steps of different panels meet.
constexpr qint64 ladder[] = {second,  2 * second, 5 * second, 10 * second, 15 * second, 30 * second,
                             minute,  2 * minute, 5 * minute, 10 * minute, 15 * minute, 30 * minute,
                             hour,    2 * hour,   3 * hour,   6 * hour,    12 * hour,   day,
                             2 * day, 7 * day,    14 * day,   30 * day};

qint64 floorDiv(qint64 value, qint64 by) { return value / by - (value % by < 0 ? 1 : 0); }

} // namespace

qint64 stepFor(const TimeRange& range, int pixels, qint64 leastMs)
{
    const qint64 length = qMax<qint64>(0, range.to - range.from);
    // A range of n steps holds n or n + 1 multiples of the step.
    const qint64 gaps = qMax(1, pixels) - 1;
    const qint64 needed = qMax(gaps > 0 ? (length + gaps - 1) / gaps : length + 1, leastMs);
    const auto* found = std::ranges::lower_bound(ladder, needed);
    if (found != std::end(ladder))
        return *found;
    constexpr qint64 longest = 30 * day;
    return (needed + longest - 1) / longest * longest;
}

TimeRange aligned(const TimeRange& range, qint64 stepMs)
{
    return {-floorDiv(-range.from, stepMs) * stepMs, floorDiv(range.to, stepMs) * stepMs};
}

qint64 pointsIn(const TimeRange& aligned, qint64 stepMs)
{
    return aligned.isEmpty() ? 0 : (aligned.to - aligned.from) / stepMs + 1;
}

std::vector<TimeRange> pieces(const TimeRange& aligned, qint64 stepMs, qint64 maxPoints)
{
    std::vector<TimeRange> out;
    for (qint64 from = aligned.from; from <= aligned.to; from += maxPoints * stepMs)
        out.push_back({from, qMin(aligned.to, from + (maxPoints - 1) * stepMs)});
    return out;
}

std::vector<TimeRange> missing(const TimeRange& wanted, const TimeRange& known, qint64 stepMs)
{
    if (wanted.isEmpty())
        return {};
    if (known.isEmpty() || known.to < wanted.from || known.from > wanted.to)
        return {wanted};
    std::vector<TimeRange> out;
    if (wanted.from < known.from)
        out.push_back({wanted.from, known.from - stepMs});
    if (wanted.to > known.to)
        out.push_back({known.to + stepMs, wanted.to});
    return out;
}

} // namespace wk::monitoring
