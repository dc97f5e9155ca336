// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/Result.h"

#include <QtCore/QString>

namespace wk::series {

/// From when until when a person looks: the last so many minutes, moving with the clock, or two fixed instants.
class TimeRange
{
public:
    static constexpr qint64 shortestMs = 10'000;                    ///< below it no scrape interval has two values
    static constexpr qint64 longestMs = 5ll * 366 * 86'400 * 1'000; ///< five years

    /// The last `spanMs`, brought into [shortestMs, longestMs].
    [[nodiscard]] static TimeRange last(qint64 spanMs);
    /// Two instants in milliseconds since the Unix epoch, in either order; widened or narrowed, about their middle, to
    /// what is allowed.
    [[nodiscard]] static TimeRange between(qint64 fromMs, qint64 toMs);
    /// "6h", "last 6h", "2026-11-20T08:00:00Z/2026-11-20T09:00:00Z" (ISO 8601 interval), or the second form with a
    /// duration on either side of the stroke.
    [[nodiscard]] static Result<TimeRange> parse(QStringView text);

    [[nodiscard]] bool follows() const { return m_follows; }
    [[nodiscard]] qint64 spanMs() const { return m_to - m_from; }
    [[nodiscard]] qint64 fromMs(qint64 nowMs) const { return m_follows ? nowMs - spanMs() : m_from; }
    [[nodiscard]] qint64 toMs(qint64 nowMs) const { return m_follows ? nowMs : m_to; }

    /// What parse() reads again.
    [[nodiscard]] QString text() const;
    /// The two instants, as of now.
    [[nodiscard]] TimeRange fixed(qint64 nowMs) const { return between(fromMs(nowMs), toMs(nowMs)); }

    bool operator==(const TimeRange&) const = default;

private:
    TimeRange(bool follows, qint64 fromMs, qint64 toMs) : m_follows(follows), m_from(fromMs), m_to(toMs) {}

    bool m_follows;
    qint64 m_from, m_to; ///< of a range that follows only the difference counts
};

} // namespace wk::series
