// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "changes/desk/ChangeDesk.h"
#include "table/Row.h"

#include <QtCore/QDate>

namespace wk::widgets {

/// Something on one day of the calendar.
struct CalendarEntry
{
    enum class Kind { Freeze, Maintenance, Request };
    Kind kind = Kind::Request;
    qint64 number = 0; ///< of a request
    qint64 window = 0; ///< of a window
    QString time;      ///< "22:00–24:00" of this day; empty: all of it
    QString title;
    QString remark; ///< why it deserves a look: "During the freeze …"
    table::Health health = table::Health::None;
    bool operator==(const CalendarEntry&) const = default;
};

/// Some weeks, Monday first, in local time.
struct Calendar
{
    static constexpr int weeks = 5;

    QDate first;                      ///< a Monday
    QList<QList<CalendarEntry>> days; ///< weeks × 7, freezes first, then by time
    [[nodiscard]] QDate date(int day) const { return first.addDays(day); }
};

/// What is known of the conflicts of requests, by their numbers.
using CalendarConflicts = QHash<qint64, QList<changes::RequestConflict>>;

/// Whether it stands on a calendar: it is coming or running, and has a time.
[[nodiscard]] bool isOnCalendar(const changes::RequestSummary& request);

/// The week of `today` and those after it: windows as far as the desk knows them (four weeks), requests that are
/// submitted, approved, scheduled or running and have a time.
[[nodiscard]] Calendar calendarOf(const changes::ChangeDesk& desk, const QDate& today,
                                  const CalendarConflicts& conflicts = {});

} // namespace wk::widgets
