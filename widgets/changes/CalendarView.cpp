// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/changes/CalendarView.h"

#include "widgets/changes/CalendarGrid.h"
#include "widgets/changes/RequestWords.h"
#include "widgets/common/FreshnessLabel.h"
#include "widgets/common/Health.h"
#include "widgets/common/Theme.h"

#include <QtCore/QLocale>
#include <QtWidgets/QHBoxLayout>
#include <QtWidgets/QLabel>
#include <QtWidgets/QListWidget>

namespace wk::widgets {

using namespace Qt::StringLiterals;

namespace {

constexpr int dayHeight = 104;

} // namespace

CalendarView::CalendarView(changes::ChangeDesk& desk, std::shared_ptr<Clock> clock, QWidget* parent)
    : QWidget(parent), m_desk(desk), m_clock(std::move(clock)), m_grid(new CalendarGrid(this)),
      m_dayTitle(new QLabel(this)), m_day(new QListWidget(this)), m_freshness(new FreshnessLabel(this))
{
    setObjectName(u"calendarView"_s);
    m_dayTitle->setObjectName(u"calendarDayTitle"_s);
    m_dayTitle->setFont(Theme::of(this).font(Theme::Role::BaseStrong));
    m_day->setObjectName(u"calendarDay"_s);
    m_day->setAccessibleName(tr("The chosen day"));
    m_day->setFixedHeight(dayHeight);
    m_day->setFrameShape(QFrame::NoFrame);
    m_day->setWordWrap(true);
    m_day->viewport()->setAutoFillBackground(false);
    m_freshness->setObjectName(u"calendarFreshness"_s);
    auto* foot = new QHBoxLayout;
    foot->setContentsMargins(16, 8, 16, 4);
    foot->addWidget(m_dayTitle, 1);
    foot->addWidget(m_freshness);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_grid, 1);
    layout->addLayout(foot);
    auto* day = new QHBoxLayout;
    day->setContentsMargins(12, 0, 12, 8);
    day->addWidget(m_day);
    layout->addLayout(day);
    setFocusProxy(m_grid);
    connect(m_grid, &CalendarGrid::dayChosen, this, &CalendarView::showDay);
    connect(m_grid, &CalendarGrid::dayActivated, m_day, [this] { m_day->setFocus(); });
    connect(m_day, &QListWidget::itemActivated, this, [this](const QListWidgetItem* item) {
        if (const qint64 number = item->data(Qt::UserRole).toLongLong(); number > 0)
            emit requestLinked(number);
    });
    connect(&desk, &changes::ChangeDesk::changed, this, &CalendarView::follow);
    follow();
    const QDate today = QDateTime::fromMSecsSinceEpoch(m_clock->nowMs()).date();
    m_grid->setCurrentDay(today.dayOfWeek() - 1);
    showDay();
}

const Calendar& CalendarView::calendar() const { return m_grid->calendar(); }
void CalendarView::chooseDay(int day) { m_grid->setCurrentDay(day); }

void CalendarView::follow()
{
    const QDate today = QDateTime::fromMSecsSinceEpoch(m_clock->nowMs()).date();
    m_grid->setCalendar(calendarOf(m_desk, today), today);
    m_freshness->setFreshness(freshnessOf(m_desk.status()), m_clock->nowMs());
    showDay();
}

void CalendarView::showDay()
{
    const int day = m_grid->currentDay();
    const Calendar& calendar = m_grid->calendar();
    m_dayTitle->setText(QLocale().toString(calendar.date(day), QLocale::LongFormat));
    m_day->clear();
    for (const CalendarEntry& entry : calendar.days.at(day)) {
        auto* item = new QListWidgetItem(healthIcon(entry.health), calendarEntryWords(entry), m_day);
        item->setData(Qt::UserRole, entry.number);
    }
    if (m_day->count() == 0) {
        auto* item = new QListWidgetItem(tr("No window, no freeze, no request with a time"), m_day);
        item->setFlags(Qt::NoItemFlags);
    }
}

} // namespace wk::widgets
