// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/changes/rules/Calendar.h"

#include "widgets/changes/requests/RequestWords.h"

#include <QtCore/QCoreApplication>

namespace wk::widgets {

using namespace Qt::StringLiterals;
using changes::RequestState;
using changes::RequestSummary;
using changes::TimeWindow;
using table::Health;
using Kind = CalendarEntry::Kind;

namespace {

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(wk::widgets::Calendar)
};

bool overlap(const QDateTime& from, const QDateTime& until, const QDateTime& otherFrom, const QDateTime& otherUntil)
{
    return from < otherUntil && otherFrom < until;
}

/// The part of [from, until) that lies on `day`: "22:00–24:00", empty where it is all of it; nullopt: none.
std::optional<QString> partOf(const QDate& day, const QDateTime& from, const QDateTime& until)
{
    const QDateTime begin = day.startOfDay(), end = day.addDays(1).startOfDay();
    const QDateTime a = std::max(from.toLocalTime(), begin), b = std::min(until.toLocalTime(), end);
    if (a >= b)
        return std::nullopt;
    if (a == begin && b == end)
        return QString();
    const QString last = b == end ? u"24:00"_s : b.toString(u"HH:mm"_s);
    return a.toString(u"HH:mm"_s) + u'\u2013' + last;
}

void put(Calendar& calendar, const CalendarEntry& entry, const QDateTime& from, const QDateTime& until)
{
    for (int day = 0; day < calendar.days.size(); ++day) {
        if (const auto time = partOf(calendar.date(day), from, until)) {
            CalendarEntry on = entry;
            on.time = *time;
            calendar.days[day] << on;
        }
    }
}

/// What stands against carrying it out in its time, as far as the calendar knows.
QString remarkOn(const RequestSummary& request, const changes::ChangeDesk& desk,
                 const QList<changes::RequestConflict>& conflicts)
{
    for (const TimeWindow& window : desk.windows()) {
        const bool concerns = window.freeze && (window.platform == u'*' || window.platform == request.platform);
        for (const auto& part : concerns ? window.occurrences : QList<TimeWindow::Occurrence>())
            if (part.starts && part.ends && overlap(*request.notBefore, *request.notAfter, *part.starts, *part.ends))
                return Texts::tr("During the freeze “%1”, in which it may not run").arg(window.name);
    }
    QStringList objects, spaces, others;
    for (const changes::RequestConflict& conflict : conflicts)
        (conflict.sameObject ? objects : spaces) << QString::number(conflict.number);
    if (!objects.isEmpty())
        return Texts::tr("Changes the same object as request %1").arg(objects.join(u", "_s));
    if (!spaces.isEmpty())
        return Texts::tr("In the same namespace as request %1").arg(spaces.join(u", "_s));
    for (const RequestSummary& other : desk.rows())
        if (other.number != request.number && other.platform == request.platform && isOnCalendar(other) &&
            overlap(*request.notBefore, *request.notAfter, *other.notBefore, *other.notAfter))
            others << QString::number(other.number);
    return others.isEmpty() ? QString() : Texts::tr("At the same time as request %1").arg(others.join(u", "_s));
}

} // namespace

bool isOnCalendar(const RequestSummary& request)
{
    const bool coming = request.state == RequestState::Submitted || request.state == RequestState::Approved ||
                        request.state == RequestState::Scheduled || request.state == RequestState::Running;
    return coming && request.notBefore && request.notAfter;
}

Calendar calendarOf(const changes::ChangeDesk& desk, const QDate& today, const CalendarConflicts& conflicts)
{
    Calendar out;
    out.first = today.addDays(1 - today.dayOfWeek());
    out.days.resize(Calendar::weeks * 7);
    for (const TimeWindow& window : desk.windows()) {
        const QString where = window.platform == u'*' ? Texts::tr("all platforms") : window.platform;
        CalendarEntry entry;
        entry.kind = window.freeze ? Kind::Freeze : Kind::Maintenance;
        entry.window = window.id;
        entry.title = Texts::tr("%1 (%2)").arg(window.name, where);
        entry.health = window.freeze ? Health::Bad : Health::Good;
        for (const auto& part : window.occurrences)
            if (part.starts && part.ends)
                put(out, entry, *part.starts, *part.ends);
    }
    for (const RequestSummary& request : desk.rows()) {
        if (!isOnCalendar(request))
            continue;
        CalendarEntry entry;
        entry.number = request.number;
        entry.title = u"%1 %2"_s.arg(request.number).arg(request.title);
        entry.remark = remarkOn(request, desk, conflicts.value(request.number));
        entry.health = !entry.remark.isEmpty() ? Health::Warning : Health::Info;
        put(out, entry, *request.notBefore, *request.notAfter);
    }
    for (auto& day : out.days)
        std::ranges::stable_sort(day, {},
                                 [](const CalendarEntry& entry) { return std::pair(int(entry.kind), entry.time); });
    return out;
}

} // namespace wk::widgets
