// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/Clock.h"
#include "series/TimeRange.h"

#include <QtCore/QObject>

#include <deque>

namespace wk::series {

/// The one time range that panels share, and the way back through where one has been. On the GUI thread.
class TimeRangeModel : public QObject
{
    Q_OBJECT
public:
    static constexpr size_t deepestUndo = 50;

    explicit TimeRangeModel(std::shared_ptr<Clock> clock, TimeRange range = TimeRange::last(3'600'000),
                            QObject* parent = nullptr);

    [[nodiscard]] const TimeRange& range() const { return m_range; }
    [[nodiscard]] qint64 fromMs() const { return m_range.fromMs(m_clock->nowMs()); }
    [[nodiscard]] qint64 toMs() const { return m_range.toMs(m_clock->nowMs()); }
    [[nodiscard]] qint64 nowMs() const { return m_clock->nowMs(); }

    /// What was shown before can be had back; the same range again is no change.
    void setRange(const TimeRange& range);
    void back();
    void forward();
    [[nodiscard]] bool canGoBack() const { return !m_past.empty(); }
    [[nodiscard]] bool canGoForward() const { return !m_future.empty(); }

    /// `factor` below 1 shows less; the instant `aroundMs` stays where it is on the screen. A range that follows goes
    /// on following, with its end where it is.
    void zoom(double factor, qint64 aroundMs);
    /// By a share of the span; -0.5 is half of it towards the past. A range that moves no longer follows.
    void pan(double share);
    /// Moves on with the clock, with the span it has; false: stands still where it is.
    void setFollows(bool follows);

signals:
    void changed();

private:
    void go(const TimeRange& range, std::deque<TimeRange>& keepIn);

    std::shared_ptr<Clock> m_clock;
    TimeRange m_range;
    std::deque<TimeRange> m_past, m_future;
};

} // namespace wk::series
