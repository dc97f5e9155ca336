// SPDX-License-Identifier: GPL-3.0-or-later
#include "series/TimeRangeModel.h"

#include <cmath>

namespace wk::series {

TimeRangeModel::TimeRangeModel(std::shared_ptr<Clock> clock, TimeRange range, QObject* parent)
    : QObject(parent), m_clock(std::move(clock)), m_range(range)
{
}

void TimeRangeModel::go(const TimeRange& range, std::deque<TimeRange>& keepIn)
{
    keepIn.push_back(m_range);
    if (keepIn.size() > deepestUndo)
        keepIn.pop_front();
    m_range = range;
}

void TimeRangeModel::setRange(const TimeRange& range)
{
    if (range == m_range)
        return;
    go(range, m_past);
    m_future.clear();
    emit changed();
}

void TimeRangeModel::back()
{
    if (m_past.empty())
        return;
    const TimeRange range = m_past.back();
    m_past.pop_back();
    go(range, m_future);
    emit changed();
}

void TimeRangeModel::forward()
{
    if (m_future.empty())
        return;
    const TimeRange range = m_future.back();
    m_future.pop_back();
    go(range, m_past);
    emit changed();
}

void TimeRangeModel::zoom(double factor, qint64 aroundMs)
{
    if (!std::isfinite(factor) || factor <= 0)
        return;
    const auto span =
        std::clamp(double(m_range.spanMs()) * factor, double(TimeRange::shortestMs), double(TimeRange::longestMs));
    if (m_range.follows()) {
        setRange(TimeRange::last(qint64(span)));
        return;
    }
    const double share = double(aroundMs - fromMs()) / double(m_range.spanMs());
    const auto from = qint64(double(aroundMs) - span * share);
    setRange(TimeRange::between(from, from + qint64(span)));
}

void TimeRangeModel::pan(double share)
{
    if (!std::isfinite(share))
        return;
    const auto by = qint64(double(m_range.spanMs()) * share);
    setRange(TimeRange::between(fromMs() + by, toMs() + by));
}

void TimeRangeModel::setFollows(bool follows)
{
    setRange(follows ? TimeRange::last(m_range.spanMs()) : m_range.fixed(m_clock->nowMs()));
}

} // namespace wk::series
