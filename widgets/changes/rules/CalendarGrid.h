// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/changes/rules/Calendar.h"

#include <QtWidgets/QWidget>

namespace wk::widgets {

/// Weeks as rows, days as cells with as many lines as find room. Arrows move, Enter opens.
class CalendarGrid : public QWidget
{
    Q_OBJECT
public:
    explicit CalendarGrid(QWidget* parent = nullptr);

    void setCalendar(Calendar calendar, const QDate& today);
    [[nodiscard]] const Calendar& calendar() const { return m_calendar; }
    void setCurrentDay(int day);
    [[nodiscard]] int currentDay() const { return m_current; }

    [[nodiscard]] QSize minimumSizeHint() const override;

signals:
    void dayChosen(int day);
    void dayActivated(int day);

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    bool event(QEvent* event) override;

private:
    [[nodiscard]] QRect cell(int day) const;
    [[nodiscard]] int dayAt(const QPoint& point) const;
    void paintDay(QPainter& painter, int day) const;
    void paintEntry(QPainter& painter, const QRect& line, const CalendarEntry& entry) const;

    Calendar m_calendar;
    QDate m_today;
    int m_current = 0;
};

/// "02:00–05:00 Nightly maintenance (streamgate)" and its remark on a second line.
[[nodiscard]] QString calendarEntryWords(const CalendarEntry& entry);

} // namespace wk::widgets
