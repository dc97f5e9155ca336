// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/changes/rules/CalendarView.h"

#include "core/Future.h"
#include "widgets/changes/requests/RequestWords.h"
#include "widgets/changes/rules/CalendarGrid.h"
#include "widgets/changes/rules/PolicyView.h"
#include "widgets/changes/rules/WindowDialog.h"
#include "widgets/common/FreshnessLabel.h"
#include "widgets/common/Health.h"
#include "widgets/common/Theme.h"

#include <QtCore/QLocale>
#include <QtWidgets/QHBoxLayout>
#include <QtWidgets/QLabel>
#include <QtWidgets/QListWidget>
#include <QtWidgets/QPushButton>

namespace wk::widgets {

using namespace Qt::StringLiterals;

namespace {

constexpr int dayHeight = 104;
constexpr int mostAsked = 200; ///< requests whose conflicts are read

} // namespace

CalendarView::CalendarView(changes::ChangeDesk& desk, std::shared_ptr<Clock> clock, QWidget* parent)
    : QWidget(parent), m_desk(desk), m_clock(std::move(clock)), m_grid(new CalendarGrid(this)),
      m_dayTitle(new QLabel(this)), m_day(new QListWidget(this)), m_freshness(new FreshnessLabel(this)),
      m_new(new QPushButton(tr("New window"), this)), m_change(new QPushButton(tr("Change"), this)),
      m_end(new QPushButton(tr("End"), this))
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
    foot->setSpacing(8);
    foot->addWidget(m_dayTitle, 1);
    foot->addWidget(m_freshness);
    for (QPushButton* button : {m_end, m_change, m_new})
        foot->addWidget(button);
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
    buildActs();
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
    m_grid->setCalendar(calendarOf(m_desk, today, m_conflicts), today);
    readConflicts();
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
        item->setData(Qt::UserRole + 1, entry.window);
    }
    if (m_day->count() == 0) {
        auto* item = new QListWidgetItem(tr("No window, no freeze, no request with a time"), m_day);
        item->setFlags(Qt::NoItemFlags);
    }
    refreshActs();
}

void CalendarView::buildActs()
{
    m_new->setObjectName(u"calendarNew"_s);
    m_change->setObjectName(u"calendarChange"_s);
    m_end->setObjectName(u"calendarEnd"_s);
    connect(m_new, &QPushButton::clicked, this, &CalendarView::newWindow);
    connect(m_change, &QPushButton::clicked, this, &CalendarView::changeWindow);
    connect(m_end, &QPushButton::clicked, this, &CalendarView::endWindow);
    connect(m_day, &QListWidget::currentRowChanged, this, &CalendarView::refreshActs);
}

void CalendarView::refreshActs()
{
    const QString why = whyNotRules(m_desk);
    const QString which = chosenWindow() ? QString() : tr("Choose a window of the day above.");
    m_new->setEnabled(why.isEmpty());
    m_new->setToolTip(why.isEmpty() ? tr("Set a maintenance window or a freeze") : why);
    for (QPushButton* button : {m_change, m_end}) {
        button->setEnabled(why.isEmpty() && which.isEmpty());
        button->setToolTip(why.isEmpty() ? which : why);
    }
}

const changes::TimeWindow* CalendarView::chosenWindow() const
{
    const QListWidgetItem* item = m_day->currentItem();
    const qint64 id = item ? item->data(Qt::UserRole + 1).toLongLong() : 0;
    const auto& windows = m_desk.windows();
    const auto it = std::ranges::find(windows, id, &changes::TimeWindow::id);
    return id == 0 || it == windows.end() ? nullptr : &*it;
}

template <typename Dialog>
Dialog* CalendarView::open(Dialog* dialog, const QString& done)
{
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QDialog::accepted, this, [this, done] { emit notice(done); });
    dialog->open();
    return dialog;
}

WindowDialog* CalendarView::newWindow()
{
    if (!whyNotRules(m_desk).isEmpty())
        return nullptr;
    const QDate day = m_grid->calendar().date(m_grid->currentDay());
    return open(new WindowDialog(m_desk, {}, day, this), tr("The window is set"));
}

WindowDialog* CalendarView::changeWindow()
{
    const changes::TimeWindow* window = chosenWindow();
    if (!window || !whyNotRules(m_desk).isEmpty())
        return nullptr;
    return open(new WindowDialog(m_desk, *window, {}, this), tr("The window is changed"));
}

EndWindowDialog* CalendarView::endWindow()
{
    const changes::TimeWindow* window = chosenWindow();
    if (!window || !whyNotRules(m_desk).isEmpty())
        return nullptr;
    return open(new EndWindowDialog(m_desk, *window, this), tr("The window has ended"));
}

/// Of every request on the calendar, once for each revision and state of the others' list.
void CalendarView::readConflicts()
{
    for (const changes::RequestSummary& request : m_desk.rows()) {
        if (!isOnCalendar(request) || m_asked.value(request.number) == request.revision || m_asked.size() >= mostAsked)
            continue;
        m_asked.insert(request.number, request.revision);
        whenDone(m_desk.detail(request.number), this, [this](const Result<changes::RequestDetail>& detail) {
            if (!detail || m_conflicts.value(detail->summary.number) == detail->conflicts)
                return;
            m_conflicts.insert(detail->summary.number, detail->conflicts);
            follow();
        });
    }
}

} // namespace wk::widgets
