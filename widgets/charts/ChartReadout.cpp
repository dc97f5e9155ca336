// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/charts/ChartReadout.h"

#include "series/Decimate.h"
#include "widgets/charts/ChartMarks.h"
#include "widgets/charts/TimeRangeWords.h"

#include <QtCore/QCoreApplication>

#include <cmath>

namespace wk::widgets {

using namespace Qt::StringLiterals;

qint64 gapOf(const ChartContent& content, const ChartSeries& series)
{
    return content.gapMs > 0 || !series.data ? content.gapMs : series::usualGapMs(*series.data);
}

QString ChartReadout::words() const
{
    QStringList parts{time};
    for (const Line& line : lines)
        parts += line.name + u": "_s + line.value;
    if (more > 0)
        parts += QCoreApplication::translate("wk::widgets::Chart", "%1 more").arg(more);
    for (const ChartMark& mark : marks)
        parts += markWords(mark, atMs);
    if (moreMarks > 0)
        parts += QCoreApplication::translate("wk::widgets::Chart", "%1 more").arg(moreMarks);
    return parts.join(u", "_s);
}

ChartReadout readoutAt(const ChartContent& content, const std::vector<size_t>& shown, qint64 atMs, qint64 nearMs)
{
    ChartReadout readout{.atMs = atMs, .time = instantWords(atMs), .lines = {}, .more = 0, .marks = {}, .moreMarks = 0};
    std::vector<std::pair<double, size_t>> values;
    for (const size_t index : shown) {
        const ChartSeries& series = content.series[index];
        values.emplace_back(series.data ? series::valueAt(*series.data, atMs, gapOf(content, series))
                                        : std::numeric_limits<double>::quiet_NaN(),
                            index);
    }
    std::ranges::stable_sort(values, [](const auto& a, const auto& b) {
        if (std::isnan(a.first) != std::isnan(b.first))
            return std::isnan(b.first);
        return a.first > b.first;
    });
    for (const auto& [value, index] : values) {
        if (readout.lines.size() == ChartReadout::mostLines) {
            readout.more = values.size() - readout.lines.size();
            break;
        }
        readout.lines.push_back({index, content.series[index].name, series::valueText(value, content.unit)});
    }
    for (const ChartMark& mark : content.marks) {
        if (std::abs(mark.atMs - atMs) <= nearMs || mark.touches(atMs, atMs))
            readout.marks.push_back(mark);
    }
    std::ranges::stable_sort(readout.marks, [](const ChartMark& a, const ChartMark& b) { return a.tone > b.tone; });
    if (readout.marks.size() > ChartReadout::mostMarks) {
        readout.moreMarks = readout.marks.size() - ChartReadout::mostMarks;
        readout.marks.resize(ChartReadout::mostMarks);
    }
    return readout;
}

qint64 nearestInstant(const ChartContent& content, const std::vector<size_t>& shown, qint64 atMs)
{
    std::optional<qint64> best;
    const auto consider = [&](qint64 at) {
        if (!best || std::abs(at - atMs) < std::abs(*best - atMs))
            best = at;
    };
    for (const size_t index : shown) {
        if (!content.series[index].data)
            continue;
        const auto& times = content.series[index].data->time;
        const auto next = std::ranges::lower_bound(times, atMs);
        if (next != times.end())
            consider(*next);
        if (next != times.begin())
            consider(*std::prev(next));
    }
    return best.value_or(atMs);
}

qint64 nextInstant(const ChartContent& content, const std::vector<size_t>& shown, qint64 atMs, int direction,
                   qint64 fromMs, qint64 toMs)
{
    std::optional<qint64> best;
    for (const size_t index : shown) {
        if (!content.series[index].data)
            continue;
        const auto& times = content.series[index].data->time;
        if (direction > 0) {
            const auto next = std::ranges::upper_bound(times, atMs);
            if (next != times.end() && (!best || *next < *best))
                best = *next;
        } else {
            const auto next = std::ranges::lower_bound(times, atMs);
            if (next != times.begin() && (!best || *std::prev(next) > *best))
                best = *std::prev(next);
        }
    }
    return std::clamp(best.value_or(atMs), fromMs, toMs);
}

} // namespace wk::widgets
