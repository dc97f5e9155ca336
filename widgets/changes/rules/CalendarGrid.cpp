// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/changes/rules/CalendarGrid.h"

#include "widgets/common/Health.h"
#include "widgets/common/Theme.h"

#include <QtCore/QLocale>
#include <QtGui/QHelpEvent>
#include <QtGui/QPainter>
#include <QtWidgets/QToolTip>

namespace wk::widgets {

using namespace Qt::StringLiterals;
using Kind = CalendarEntry::Kind;

namespace {

constexpr int headHeight = 24; ///< names of the days
constexpr int lineHeight = 18; ///< of an entry
constexpr int dateHeight = 20;
constexpr int weekWidth = 44; ///< numbers of the weeks

} // namespace

QString calendarEntryWords(const CalendarEntry& entry)
{
    const QString kind = entry.kind == Kind::Freeze        ? CalendarGrid::tr("Freeze")
                         : entry.kind == Kind::Maintenance ? CalendarGrid::tr("Maintenance")
                                                           : CalendarGrid::tr("Request");
    const QString time = entry.time.isEmpty() ? CalendarGrid::tr("all day") : entry.time;
    const QString words = u"%1  %2: %3"_s.arg(time, kind, entry.title);
    return entry.remark.isEmpty() ? words : words + u". "_s + entry.remark + u'.';
}

CalendarGrid::CalendarGrid(QWidget* parent) : QWidget(parent)
{
    setObjectName(u"calendarGrid"_s);
    setFocusPolicy(Qt::StrongFocus);
    setAccessibleName(tr("Calendar"));
}

QSize CalendarGrid::minimumSizeHint() const
{
    return {weekWidth + 7 * 72, headHeight + Calendar::weeks * (dateHeight + 2 * lineHeight)};
}

void CalendarGrid::setCalendar(Calendar calendar, const QDate& today)
{
    m_calendar = std::move(calendar);
    m_today = today;
    update();
}

void CalendarGrid::setCurrentDay(int day)
{
    if (day < 0 || day >= m_calendar.days.size() || day == m_current)
        return;
    m_current = day;
    setAccessibleDescription(QLocale().toString(m_calendar.date(day), QLocale::LongFormat));
    update();
    emit dayChosen(day);
}

QRect CalendarGrid::cell(int day) const
{
    const int width = this->width() - weekWidth, height = this->height() - headHeight;
    const int column = day % 7, row = day / 7;
    const int left = weekWidth + width * column / 7, right = weekWidth + width * (column + 1) / 7;
    const int top = headHeight + height * row / Calendar::weeks,
              bottom = headHeight + height * (row + 1) / Calendar::weeks;
    return {left, top, right - left, bottom - top};
}

int CalendarGrid::dayAt(const QPoint& point) const
{
    for (int day = 0; day < m_calendar.days.size(); ++day)
        if (cell(day).contains(point))
            return day;
    return -1;
}

void CalendarGrid::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    const Theme& theme = Theme::of(this);
    painter.fillRect(rect(), theme.color(Theme::Token::Surface));
    painter.setFont(theme.font(Theme::Role::Small));
    painter.setPen(theme.color(Theme::Token::Muted));
    for (int day = 0; day < 7; ++day)
        painter.drawText(QRect(cell(day).left() + 6, 0, cell(day).width(), headHeight),
                         Qt::AlignLeft | Qt::AlignVCenter, QLocale().dayName(day + 1, QLocale::ShortFormat));
    for (int week = 0; week < Calendar::weeks; ++week)
        painter.drawText(QRect(0, cell(week * 7).top(), weekWidth - 8, dateHeight), Qt::AlignRight | Qt::AlignVCenter,
                         tr("W%1").arg(m_calendar.date(week * 7).weekNumber()));
    for (int day = 0; day < m_calendar.days.size(); ++day)
        paintDay(painter, day);
}

void CalendarGrid::paintDay(QPainter& painter, int day) const
{
    const Theme& theme = Theme::of(this);
    const QRect box = cell(day);
    const QDate date = m_calendar.date(day);
    const auto& entries = m_calendar.days.at(day);
    if (day == m_current)
        painter.fillRect(box, theme.color(Theme::Token::Selection));
    if (std::ranges::any_of(entries, [](const auto& entry) { return entry.kind == Kind::Freeze; })) {
        QColor tint = theme.color(Theme::Token::Bad);
        tint.setAlphaF(theme.isDark() ? 0.16F : 0.08F);
        painter.fillRect(box, tint);
    }
    painter.setPen(theme.color(Theme::Token::Border));
    painter.drawLine(box.topLeft(), box.topRight());
    if (day % 7 > 0)
        painter.drawLine(box.topLeft(), box.bottomLeft());
    const bool today = date == m_today, past = date < m_today;
    painter.setFont(theme.font(today ? Theme::Role::BaseStrong : Theme::Role::Base));
    painter.setPen(theme.color(today ? Theme::Token::Accent : past ? Theme::Token::Muted : Theme::Token::Text));
    const QString number =
        date.day() == 1 || day == 0 ? QLocale().toString(date, u"d MMM"_s) : QString::number(date.day());
    painter.drawText(box.adjusted(6, 1, -4, 0), Qt::AlignLeft | Qt::AlignTop,
                     today ? tr("%1, today").arg(number) : number);
    const int room = (box.height() - dateHeight - 2) / lineHeight;
    const int shown = entries.size() <= room ? int(entries.size()) : std::max(0, room - 1);
    for (int i = 0; i < shown; ++i)
        paintEntry(painter, QRect(box.left() + 4, box.top() + dateHeight + i * lineHeight, box.width() - 8, lineHeight),
                   entries.at(i));
    if (shown < entries.size()) {
        painter.setFont(theme.font(Theme::Role::Small));
        painter.setPen(theme.color(Theme::Token::Muted));
        painter.drawText(
            QRect(box.left() + 6, box.top() + dateHeight + shown * lineHeight, box.width() - 8, lineHeight),
            Qt::AlignLeft | Qt::AlignVCenter, tr("and %1 more").arg(entries.size() - shown));
    }
    if (day == m_current && hasFocus()) {
        painter.setPen(theme.color(Theme::Token::Accent));
        painter.drawRect(box.adjusted(0, 0, -1, -1));
    }
}

void CalendarGrid::paintEntry(QPainter& painter, const QRect& line, const CalendarEntry& entry) const
{
    const Theme& theme = Theme::of(this);
    const QColor colour = theme.color(entry.health);
    // A window is a bar at the edge, a request its icon: told apart without colour.
    QRect rest = line.adjusted(2, 0, 0, 0);
    if (entry.kind == Kind::Request) {
        healthIcon(entry.health).paint(&painter, QRect(rest.left(), rest.center().y() - 6, 13, 13));
        rest.setLeft(rest.left() + 17);
    } else {
        painter.fillRect(QRect(rest.left(), rest.top() + 2, 3, rest.height() - 4), colour);
        rest.setLeft(rest.left() + 8);
    }
    const QString start = entry.time.section(u'\u2013', 0, 0);
    QString text = start.isEmpty() ? entry.title : start + u' ' + entry.title;
    if (entry.kind == Kind::Freeze)
        text = tr("Freeze %1").arg(entry.title);
    painter.setFont(theme.font(Theme::Role::Small));
    painter.setPen(entry.kind == Kind::Maintenance ? theme.color(Theme::Token::Muted)
                                                   : theme.color(Theme::Token::Text));
    painter.drawText(rest, Qt::AlignLeft | Qt::AlignVCenter,
                     painter.fontMetrics().elidedText(text, Qt::ElideRight, rest.width()));
}

void CalendarGrid::mousePressEvent(QMouseEvent* event) { setCurrentDay(dayAt(event->position().toPoint())); }

void CalendarGrid::mouseDoubleClickEvent(QMouseEvent* event)
{
    if (const int day = dayAt(event->position().toPoint()); day >= 0)
        emit dayActivated(day);
}

void CalendarGrid::keyPressEvent(QKeyEvent* event)
{
    const int step = event->key() == Qt::Key_Left    ? -1
                     : event->key() == Qt::Key_Right ? 1
                     : event->key() == Qt::Key_Up    ? -7
                     : event->key() == Qt::Key_Down  ? 7
                                                     : 0;
    if (step != 0)
        setCurrentDay(m_current + step);
    else if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter)
        emit dayActivated(m_current);
    else
        QWidget::keyPressEvent(event);
}

bool CalendarGrid::event(QEvent* event)
{
    if (event->type() == QEvent::ToolTip) {
        const auto* help = static_cast<QHelpEvent*>(event);
        const int day = dayAt(help->pos());
        QStringList lines;
        if (day >= 0)
            for (const CalendarEntry& entry : m_calendar.days.at(day))
                lines << calendarEntryWords(entry);
        QToolTip::showText(help->globalPos(), lines.join(u'\n'), this);
        return true;
    }
    return QWidget::event(event);
}

} // namespace wk::widgets
