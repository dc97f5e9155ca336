// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/Clock.h"
#include "widgets/changes/Calendar.h"

#include <QtWidgets/QWidget>

class QLabel;
class QListWidget;

namespace wk::widgets {

class CalendarGrid;
class FreshnessLabel;

/// Five weeks of maintenance windows, freezes and requests that have a time; the day that is chosen in full below.
///
/// objectNames inside: "calendarGrid", "calendarDay", "calendarDayTitle", "calendarFreshness".
class CalendarView : public QWidget
{
    Q_OBJECT
public:
    /// `desk` outlives it.
    CalendarView(changes::ChangeDesk& desk, std::shared_ptr<Clock> clock, QWidget* parent = nullptr);

    [[nodiscard]] const Calendar& calendar() const;
    void chooseDay(int day);

signals:
    void requestLinked(qint64 number);

private:
    void follow();
    void showDay();

    changes::ChangeDesk& m_desk;
    std::shared_ptr<Clock> m_clock;
    CalendarGrid* m_grid;
    QLabel* m_dayTitle;
    QListWidget* m_day;
    FreshnessLabel* m_freshness;
};

} // namespace wk::widgets
