// SPDX-License-Identifier: GPL-3.0-or-later
#include "series/Decimate.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace wk::series {
namespace {

/// Collects the values of one pixel column and gives back at most four of them, in the order of time.
class PixelColumn
{
public:
    void add(qint64 at, double value)
    {
        if (!m_any) {
            m_first = m_low = m_high = {at, value};
            m_any = true;
        }
        m_last = {at, value};
        if (value < m_low.value)
            m_low = m_last;
        if (value > m_high.value)
            m_high = m_last;
    }

    void flushInto(std::vector<Point>& run)
    {
        if (!m_any)
            return;
        std::array<Sample, 4> kept{m_first, m_low, m_high, m_last};
        if (kept[1].at > kept[2].at)
            std::swap(kept[1], kept[2]);
        qint64 last = std::numeric_limits<qint64>::min();
        for (const Sample& sample : kept) {
            if (sample.at != last)
                run.push_back({double(sample.at), sample.value});
            last = sample.at;
        }
        m_any = false;
    }

private:
    struct Sample
    {
        qint64 at = 0;
        double value = 0;
    };
    Sample m_first, m_low, m_high, m_last;
    bool m_any = false;
};

/// Cuts a walk over the values into runs, and runs into pixel columns.
class Walk
{
public:
    Walk(Drawn& drawn, qint64 fromMs, qint64 toMs, int pixels, qint64 gapMs)
        : m_drawn(drawn), m_from(fromMs), m_gap(gapMs),
          m_perColumn(std::max(1.0, double(toMs - fromMs) / std::max(1, pixels)))
    {
    }

    void add(qint64 at, double value)
    {
        const auto column = qint64(std::floor(double(at - m_from) / m_perColumn));
        if (m_hasLast && m_gap > 0 && at - m_lastAt > m_gap)
            m_broken = true;
        // A gap inside one pixel column cannot be seen, so it is not drawn: no more runs than pixels.
        if (m_broken && column != m_column)
            endRun();
        if (column != m_column) {
            m_pending.flushInto(m_run);
            m_column = column;
        }
        m_pending.add(at, value);
        m_lastAt = at;
        m_hasLast = true;
        m_broken = false;
    }

    /// The next value is not joined to what was before, if that can be seen.
    void breakLine() { m_broken = true; }

    void endRun()
    {
        m_pending.flushInto(m_run);
        if (!m_run.empty())
            m_drawn.runs.push_back(std::move(m_run));
        m_run = {};
        m_hasLast = false;
    }

private:
    Drawn& m_drawn;
    qint64 m_from, m_gap;
    double m_perColumn;
    std::vector<Point> m_run;
    PixelColumn m_pending;
    qint64 m_column = std::numeric_limits<qint64>::min(), m_lastAt = 0;
    bool m_hasLast = false, m_broken = false;
};

} // namespace

size_t Drawn::points() const
{
    size_t sum = 0;
    for (const auto& run : runs)
        sum += run.size();
    return sum;
}

Drawn decimate(const Columns& columns, qint64 fromMs, qint64 toMs, int pixels, qint64 gapMs)
{
    Drawn drawn;
    if (columns.isEmpty() || toMs < fromMs)
        return drawn;
    const auto& times = columns.time;
    const auto inside = std::lower_bound(times.begin(), times.end(), fromMs);
    const auto beyond = std::upper_bound(inside, times.end(), toMs);
    const size_t first = size_t(std::max<qptrdiff>(0, inside - times.begin() - 1));
    const size_t last = std::min(times.size(), size_t(beyond - times.begin()) + 1);

    Walk walk(drawn, fromMs, toMs, pixels, gapMs);
    for (size_t i = first; i < last; ++i) {
        const double value = columns.value[i];
        const bool within = times[i] >= fromMs && times[i] <= toMs;
        if (!std::isfinite(value)) {
            walk.breakLine();
            drawn.infinite += within && std::isinf(value);
            continue;
        }
        walk.add(times[i], value);
        if (!within)
            continue;
        const bool any = drawn.considered++ > 0;
        drawn.low = any ? std::min(drawn.low, value) : value;
        drawn.high = any ? std::max(drawn.high, value) : value;
    }
    walk.endRun();
    // A neighbour outside that is joined to nothing inside would be a run that nobody sees.
    std::erase_if(drawn.runs, [&](const std::vector<Point>& run) {
        return run.back().at < double(fromMs) || run.front().at > double(toMs);
    });
    return drawn;
}

qint64 usualGapMs(const Columns& columns)
{
    if (columns.size() < 3)
        return 0;
    std::vector<qint64> steps;
    const size_t stride = std::max<size_t>(1, columns.size() / 4096); // a sample is enough for a median
    steps.reserve(columns.size() / stride + 1);
    for (size_t i = 1; i < columns.size(); i += stride)
        steps.push_back(columns.time[i] - columns.time[i - 1]);
    const auto middle = steps.begin() + qptrdiff(steps.size() / 2);
    std::nth_element(steps.begin(), middle, steps.end());
    return *middle * 5 / 2;
}

double valueAt(const Columns& columns, qint64 atMs, qint64 gapMs)
{
    const auto next = std::upper_bound(columns.time.begin(), columns.time.end(), atMs);
    if (next == columns.time.begin())
        return std::numeric_limits<double>::quiet_NaN();
    const auto index = size_t(next - columns.time.begin()) - 1;
    if (gapMs > 0 && atMs - columns.time[index] > gapMs)
        return std::numeric_limits<double>::quiet_NaN();
    return columns.value[index];
}

} // namespace wk::series
