// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/charts/TimeRangeBar.h"

#include "widgets/charts/TimeRangeWords.h"
#include "widgets/common/Icons.h"

#include <QtWidgets/QDateTimeEdit>
#include <QtWidgets/QFormLayout>
#include <QtWidgets/QHBoxLayout>
#include <QtWidgets/QMenu>
#include <QtWidgets/QPushButton>
#include <QtWidgets/QToolButton>
#include <QtWidgets/QWidgetAction>

namespace wk::widgets {

using namespace Qt::StringLiterals;

namespace {

constexpr qint64 minute = 60'000, hour = 60 * minute, day = 24 * hour;
constexpr qint64 usualSpans[] = {15 * minute, hour,    3 * hour, 6 * hour, 12 * hour, day,
                                 2 * day,     7 * day, 14 * day, 30 * day, 90 * day};

} // namespace

TimeRangeBar::TimeRangeBar(series::TimeRangeModel& range, QWidget* parent) : QWidget(parent), m_range(range)
{
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins({});
    row->setSpacing(2);
    m_back = button(u"rangeBack"_s, u"chevron-left"_s, tr("The range before (Alt+Left)"), &TimeRangeBar::goBack);
    m_back->setShortcut(QKeySequence(Qt::ALT | Qt::Key_Left));
    m_forward =
        button(u"rangeForward"_s, u"chevron-right"_s, tr("The range after (Alt+Right)"), &TimeRangeBar::goForward);
    m_forward->setShortcut(QKeySequence(Qt::ALT | Qt::Key_Right));
    m_choose = new QToolButton(this);
    m_choose->setObjectName(u"rangeChoose"_s);
    m_choose->setIcon(icon(u"clock"));
    m_choose->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_choose->setPopupMode(QToolButton::InstantPopup);
    auto* menu = new QMenu(m_choose);
    fillMenu(*menu);
    m_choose->setMenu(menu);
    row->addWidget(m_choose);
    button(u"rangeNarrower"_s, u"plus"_s, tr("Show half as much"), &TimeRangeBar::narrow);
    button(u"rangeWider"_s, u"minus"_s, tr("Show twice as much"), &TimeRangeBar::widen);
    m_now = button(u"rangeNow"_s, u"play"_s, tr("Follow the clock"), &TimeRangeBar::toggleNow);
    m_now->setCheckable(true);
    m_now->setText(tr("Now"));
    m_now->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    connect(&m_range, &series::TimeRangeModel::changed, this, &TimeRangeBar::refresh);
    connect(menu, &QMenu::aboutToShow, this, [this] {
        m_from->setDateTime(QDateTime::fromMSecsSinceEpoch(m_range.fromMs()));
        m_to->setDateTime(QDateTime::fromMSecsSinceEpoch(m_range.toMs()));
    });
    refresh();
}

QToolButton* TimeRangeBar::button(const QString& name, const QString& iconName, const QString& tip,
                                  void (TimeRangeBar::*act)())
{
    auto* made = new QToolButton(this);
    made->setObjectName(name);
    made->setIcon(icon(iconName));
    made->setToolTip(tip);
    made->setAccessibleName(tip);
    made->setFocusPolicy(Qt::StrongFocus);
    connect(made, &QToolButton::clicked, this, act);
    layout()->addWidget(made);
    return made;
}

void TimeRangeBar::fillMenu(QMenu& menu)
{
    for (const qint64 span : usualSpans) {
        const auto range = series::TimeRange::last(span);
        menu.addAction(rangeWords(range, 0, QTimeZone::systemTimeZone()), this,
                       [this, range] { m_range.setRange(range); });
    }
    menu.addSeparator();
    auto* fields = new QWidget(&menu);
    auto* form = new QFormLayout(fields);
    form->setContentsMargins(8, 4, 8, 8);
    const auto field = [&](const QString& name, const QString& label) {
        auto* edit = new QDateTimeEdit(fields);
        edit->setObjectName(name);
        edit->setCalendarPopup(true);
        edit->setDisplayFormat(u"yyyy-MM-dd HH:mm:ss"_s);
        form->addRow(label, edit);
        return edit;
    };
    m_from = field(u"rangeFrom"_s, tr("From"));
    m_to = field(u"rangeTo"_s, tr("Until"));
    auto* apply = new QPushButton(tr("Show this range"), fields);
    apply->setObjectName(u"rangeApply"_s);
    form->addRow(apply);
    connect(apply, &QPushButton::clicked, this, &TimeRangeBar::takeFields);
    connect(apply, &QPushButton::clicked, &menu, &QMenu::close);
    auto* action = new QWidgetAction(&menu);
    action->setDefaultWidget(fields);
    menu.addAction(action);
}

QString TimeRangeBar::words() const { return m_choose->text(); }

void TimeRangeBar::refresh()
{
    m_choose->setText(rangeWords(m_range.range(), m_range.nowMs(), QTimeZone::systemTimeZone()));
    m_choose->setToolTip(tr("From %1\nuntil %2\nin the time zone %3")
                             .arg(instantWords(m_range.fromMs()), instantWords(m_range.toMs()),
                                  QString::fromLatin1(QTimeZone::systemTimeZoneId())));
    m_choose->setAccessibleName(tr("Time range: %1").arg(m_choose->text()));
    m_back->setEnabled(m_range.canGoBack());
    m_forward->setEnabled(m_range.canGoForward());
    m_now->setChecked(m_range.range().follows());
}

void TimeRangeBar::narrow() { m_range.zoom(0.5, (m_range.fromMs() + m_range.toMs()) / 2); }

void TimeRangeBar::widen() { m_range.zoom(2, (m_range.fromMs() + m_range.toMs()) / 2); }

void TimeRangeBar::toggleNow()
{
    m_range.setFollows(!m_range.range().follows());
    refresh();
}

void TimeRangeBar::takeFields()
{
    m_range.setRange(
        series::TimeRange::between(m_from->dateTime().toMSecsSinceEpoch(), m_to->dateTime().toMSecsSinceEpoch()));
}

} // namespace wk::widgets
