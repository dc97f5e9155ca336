// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/charts/ChartContent.h"

namespace wk::widgets {

/// What a chart says about one instant.
struct ChartReadout
{
    static constexpr size_t mostLines = 12, mostMarks = 6;

    struct Line
    {
        size_t series; ///< its number in the content
        QString name, value;
    };
    qint64 atMs = 0;
    QString time;                 ///< in the person's own zone
    std::vector<Line> lines;      ///< largest first; series without a value there come last
    size_t more = 0;              ///< not among the lines
    std::vector<ChartMark> marks; ///< near that instant, or going on at it; the worst first
    size_t moreMarks = 0;

    [[nodiscard]] bool isEmpty() const { return time.isEmpty(); }
    /// One sentence for a screen reader.
    [[nodiscard]] QString words() const;
};

/// The series whose number is in `shown`, at `atMs`; `nearMs` is how far a mark may be away to be named.
[[nodiscard]] ChartReadout readoutAt(const ChartContent& content, const std::vector<size_t>& shown, qint64 atMs,
                                     qint64 nearMs);

/// The instant of a value that is nearest to `atMs` among the shown series; `atMs` itself where there is none.
[[nodiscard]] qint64 nearestInstant(const ChartContent& content, const std::vector<size_t>& shown, qint64 atMs);
/// The next instant with a value in a direction (+1, -1), bounded by [fromMs, toMs].
[[nodiscard]] qint64 nextInstant(const ChartContent& content, const std::vector<size_t>& shown, qint64 atMs,
                                 int direction, qint64 fromMs, qint64 toMs);

/// How far apart two values of a series may be and still be joined.
[[nodiscard]] qint64 gapOf(const ChartContent& content, const ChartSeries& series);

} // namespace wk::widgets
