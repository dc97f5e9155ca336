// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/Clock.h"
#include "widgets/changes/rules/Calendar.h"

#include <QtWidgets/QWidget>

class QLabel;
class QListWidget;
class QPushButton;

namespace wk::widgets {

class CalendarGrid;
class FreshnessLabel;

/// Five weeks of maintenance windows, freezes and requests that have a time; the day that is chosen in full below.
///
/// Whoever may, sets, changes and ends windows here. Of requests it says whose objects another one changes, too.
///
/// objectNames inside: "calendarNew", "calendarChange", "calendarEnd", "calendarGrid", "calendarDay",
/// "calendarDayTitle", "calendarFreshness".
class CalendarView : public QWidget
{
    Q_OBJECT
public:
    /// `desk` outlives it.
    CalendarView(changes::ChangeDesk& desk, std::shared_ptr<Clock> clock, QWidget* parent = nullptr);

    [[nodiscard]] const Calendar& calendar() const;
    void chooseDay(int day);
    /// Open the dialogs; nullptr where the person may not, or where no window is chosen.
    class WindowDialog* newWindow();
    class WindowDialog* changeWindow();
    class EndWindowDialog* endWindow();

signals:
    void requestLinked(qint64 number);
    void notice(const QString& text);

private:
    void follow();
    void showDay();
    void buildActs();
    void refreshActs();
    void readConflicts();
    [[nodiscard]] const changes::TimeWindow* chosenWindow() const;
    template <typename Dialog>
    Dialog* open(Dialog* dialog, const QString& done);

    changes::ChangeDesk& m_desk;
    std::shared_ptr<Clock> m_clock;
    CalendarGrid* m_grid;
    QLabel* m_dayTitle;
    QListWidget* m_day;
    FreshnessLabel* m_freshness;
    QPushButton *m_new, *m_change, *m_end;
    CalendarConflicts m_conflicts;
    QHash<qint64, int> m_asked; ///< the revision whose conflicts are known or on their way
};

} // namespace wk::widgets
