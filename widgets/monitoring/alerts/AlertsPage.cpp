// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/monitoring/alerts/AlertsPage.h"

#include "platform/Platform.h"
#include "widgets/common/DataTable.h"
#include "widgets/common/ElidedLabel.h"
#include "widgets/common/FileDialogs.h"
#include "widgets/common/FrozenTableView.h"
#include "widgets/common/Health.h"
#include "widgets/common/RowsTable.h"
#include "widgets/common/Theme.h"
#include "widgets/monitoring/alerts/AlertContent.h"
#include "widgets/monitoring/alerts/AlertRows.h"

#include <QtCore/QJsonArray>
#include <QtGui/QShortcut>
#include <QtWidgets/QHBoxLayout>
#include <QtWidgets/QLabel>
#include <QtWidgets/QSplitter>
#include <QtWidgets/QStackedWidget>
#include <QtWidgets/QTabBar>
#include <QtWidgets/QToolButton>

namespace wk::widgets {

using namespace Qt::StringLiterals;
using monitoring::AlertSource;
using monitoring::BookedAlert;
using monitoring::labelValue;
using monitoring::ManagedAlert;

namespace {

/// From this width on what is opened stands beside the list; below it takes its place.
constexpr int wideEnough = 940;
/// How often ages and remaining times are written anew.
constexpr qint64 tickMs = 5'000;

/// So many tell people now, or are kept from it.
struct Count
{
    QString id, text, filter;
    table::Health health;
};

/// By severity, the worst first; the same figures as on the platform's tile.
QList<Count> countsOf(const AlertSource& source, const platform::Platform* platform)
{
    const monitoring::AlertTally tally = monitoring::tallyOf(source.book(), platform);
    QList<Count> out;
    for (const auto& one : tally.firing) {
        const bool none = one.name.isEmpty();
        out << Count{none ? u"none"_s : one.name,
                     none ? AlertsPage::tr("%1 without severity").arg(one.count)
                          : u"%1 %2"_s.arg(one.count).arg(one.name),
                     tally.filterOf(one), one.health};
    }
    if (out.isEmpty() && source.heardAt() && !source.isStale())
        out << Count{u"quiet"_s, AlertsPage::tr("nothing fires"), u"state:firing"_s, table::Health::Good};
    if (tally.quiet() > 0)
        out << Count{u"kept"_s, u"%1 %2"_s.arg(tally.quiet()).arg(tally.quietWord()), tally.quietFilter(),
                     table::Health::Info};
    if (tally.elsewhere > 0)
        out << Count{u"elsewhere"_s, AlertsPage::tr("%1 of other platforms").arg(tally.elsewhere),
                     u"concerns=elsewhere -state:resolved"_s, table::Health::None};
    return out;
}

} // namespace

AlertsPage::AlertsPage(Parts parts, QWidget* parent)
    : MonitoringPage(parent), m_parts(std::move(parts)), m_tabs(new QTabBar(this)), m_origin(new ElidedLabel(this)),
      m_remarks(new QLabel(this)), m_counts(new QHBoxLayout), m_stack(new QStackedWidget(this)),
      m_splitter(new QSplitter(Qt::Horizontal, this)), m_detail(new AlertDetail(this))
{
    setObjectName(u"alertsPage"_s);
    buildLists();
    build();
    addShortcuts();
    for (const List one : {List::Alerts, List::Silences, List::Groups})
        connectList(one);
    connect(m_tabs, &QTabBar::currentChanged, this, [this](int index) {
        close();
        m_stack->setCurrentIndex(index);
    });
    connect(m_detail, &AlertDetail::closeRequested, this, &AlertsPage::close);
    connect(m_detail, &AlertDetail::acted, this, &AlertsPage::act);
    connect(m_detail, &AlertDetail::linkActivated, this, &AlertsPage::followLink);
    refresh();
}

AlertsPage::~AlertsPage() = default;

void AlertsPage::buildLists()
{
    const std::array names{u"alertsTable"_s, u"silencesTable"_s, u"groupsTable"_s};
    const std::array subjects{tr("Alerts"), tr("Silences"), tr("Groups")};
    const std::array columns{alerts::alertColumns(), alerts::silenceColumns(), alerts::groupColumns()};
    for (std::size_t i = 0; i < m_lists.size(); ++i) {
        Listed& one = m_lists[i];
        one.rows = std::make_shared<RowsTable>(columns[i]);
        one.table = new DataTable(m_parts.clock, this);
        one.table->setObjectName(names[i]);
        one.table->setSubject(subjects[i]);
        one.table->setFileDialogs(m_parts.dialogs);
        one.table->setLoadingText(tr("Looking for Alertmanager, and asking it"));
        one.table->setSource(one.rows);
        m_stack->addWidget(one.table);
        m_tabs->addTab(subjects[i]);
    }
    const auto sortBy = [this](List list, const QStringList& ids) {
        QJsonArray keys;
        for (const QString& column : ids)
            keys << QJsonObject{{u"column"_s, column}, {u"descending"_s, false}};
        table(list)->restoreState({{u"sort"_s, keys}});
    };
    sortBy(List::Alerts, {u"urgency"_s, u"since"_s}); // the worst first, the newest of them first
    sortBy(List::Silences, {u"state"_s, u"ends"_s});
}

void AlertsPage::build()
{
    m_tabs->setObjectName(u"alertsTabs"_s);
    m_tabs->setAccessibleName(tr("Alerts, silences and groups"));
    m_tabs->setExpanding(false);
    m_tabs->setDrawBase(false);
    m_origin->setObjectName(u"alertsOrigin"_s);
    m_origin->setFont(Theme::of(this).font(Theme::Role::Small));
    m_origin->setForegroundRole(QPalette::PlaceholderText);
    m_origin->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    m_origin->setAccessibleName(tr("Where the alerts come from"));
    m_remarks->setObjectName(u"alertsRemarks"_s);
    m_remarks->setTextFormat(Qt::PlainText);
    m_remarks->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_remarks->setFont(m_origin->font());
    m_remarks->setWordWrap(true);
    m_remarks->setContentsMargins(16, 0, 16, 4);
    m_counts->setSpacing(4);
    auto* head = new QHBoxLayout;
    head->setContentsMargins(8, 4, 16, 4);
    head->setSpacing(16);
    head->addWidget(m_tabs);
    head->addLayout(m_counts);
    head->addWidget(m_origin, 1);
    m_detail->setObjectName(u"alertsDetail"_s);
    m_detail->hide();
    m_splitter->setChildrenCollapsible(false);
    m_splitter->setHandleWidth(1);
    m_splitter->addWidget(m_stack);
    m_splitter->addWidget(m_detail);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins({});
    layout->setSpacing(0);
    layout->addLayout(head);
    layout->addWidget(m_remarks);
    layout->addWidget(m_splitter, 1);
    setFocusProxy(m_tabs);
}

void AlertsPage::connectList(List list)
{
    DataTable* table = listed(list).table;
    connect(table, &DataTable::activated, this, [this, list](const QString& id) { open(list, id); });
    connect(table, &DataTable::currentChanged, this, [this, list](const QString& id) {
        // As in a mail program; asked once the table has settled.
        QMetaObject::invokeMethod(
            this,
            [this, list, id] {
                if (!m_opened.isEmpty() && !id.isEmpty() && list == this->list() &&
                    listed(list).table->currentId() == id)
                    open(list, id);
            },
            Qt::QueuedConnection);
    });
    connect(table, &DataTable::retryRequested, this, [this] {
        if (m_place.alerts)
            m_place.alerts->askNow();
    });
    connect(table, &DataTable::notice, this, &AlertsPage::notice);
}

void AlertsPage::addShortcuts()
{
    const auto add = [this](const QString& key, auto does) {
        auto* shortcut = new QShortcut(QKeySequence(key), this);
        shortcut->setContext(Qt::WidgetWithChildrenShortcut);
        connect(shortcut, &QShortcut::activated, this, does);
    };
    add(u"K"_s, [this] {
        if (list() == List::Alerts)
            acknowledge(table(List::Alerts)->currentId());
    });
    add(u"M"_s, [this] { silence(list() == List::Alerts ? table(List::Alerts)->currentId() : QString()); });
    add(u"Esc"_s, [this] { close(); });
}

AlertsPage::List AlertsPage::list() const { return List(m_tabs->currentIndex()); }
void AlertsPage::showList(List list) { m_tabs->setCurrentIndex(int(list)); }

void AlertsPage::showAlerts(const QString& filter)
{
    showList(List::Alerts);
    table(List::Alerts)->setFilterText(filter);
}

void AlertsPage::setPlace(const MonitoringPlace& place)
{
    if (m_place.alerts != place.alerts) {
        if (m_place.alerts)
            m_place.alerts->disconnect(this);
        m_watch.reset();
        close();
        if (place.alerts)
            connect(place.alerts.get(), &AlertSource::changed, this, &AlertsPage::refresh);
    }
    m_place = place;
    follow();
    refresh();
}

void AlertsPage::showEvent(QShowEvent* event)
{
    MonitoringPage::showEvent(event);
    follow();
    refresh();
}

void AlertsPage::hideEvent(QHideEvent* event)
{
    MonitoringPage::hideEvent(event);
    follow();
}

/// Asks while somebody looks, and writes anew what depends on the time.
void AlertsPage::follow()
{
    m_tick.reset();
    if (!isVisible()) {
        m_watch.reset();
        return;
    }
    if (m_place.alerts && !m_watch)
        m_watch = m_place.alerts->watch();
    m_tick = m_parts.clock->after(this, tickMs, [this] {
        refresh();
        follow();
    });
}

void AlertsPage::refresh()
{
    const AlertSource* source = m_place.alerts.get();
    const qint64 now = m_parts.clock->nowMs();
    m_tabs->setEnabled(source);
    if (source) {
        listed(List::Alerts).rows->setRows(alerts::alertRows(*source, m_place.platform.get()));
        listed(List::Silences).rows->setRows(alerts::silenceRows(*source, now));
        listed(List::Groups).rows->setRows(alerts::groupRows(*source));
    }
    for (Listed& one : m_lists)
        one.rows->setFreshness(source ? alerts::freshnessOf(*source) : table::Freshness());
    table(List::Alerts)->setEmptyText(tr("No alert fires"), tr("What Prometheus sends to Alertmanager appears here."));
    table(List::Silences)
        ->setEmptyText(tr("Nothing is silenced"), tr("Press M on an alert to keep it from people for a while."));
    table(List::Groups)->setEmptyText(tr("Nothing is told to anybody"), tr("Alerts that fire are told in groups."));
    refreshCounts();
    refreshOrigin();
    refreshDetail();
}

/// A click leaves only those in the list.
void AlertsPage::refreshCounts()
{
    const QList<Count> shown = m_place.alerts ? countsOf(*m_place.alerts, m_place.platform.get()) : QList<Count>();
    while (m_countButtons.size() > shown.size())
        delete m_countButtons.takeLast();
    while (m_countButtons.size() < shown.size()) {
        auto* button = new QToolButton(this);
        button->setAutoRaise(true);
        button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
        connect(button, &QToolButton::clicked, this, [this, button] {
            const QString filter = button->property("filter").toString();
            showAlerts(table(List::Alerts)->filterText() == filter ? QString() : filter);
        });
        m_counts->addWidget(button);
        m_countButtons << button;
    }
    for (qsizetype i = 0; i < shown.size(); ++i) {
        m_countButtons[i]->setObjectName(u"alertsCount-"_s + shown[i].id);
        m_countButtons[i]->setText(shown[i].text);
        m_countButtons[i]->setIcon(healthIcon(shown[i].health));
        m_countButtons[i]->setProperty("filter", shown[i].filter);
        m_countButtons[i]->setToolTip(tr("Show only these"));
    }
}

void AlertsPage::refreshOrigin()
{
    const AlertSource* source = m_place.alerts.get();
    const qint64 now = m_parts.clock->nowMs();
    QString origin;
    if (source && source->state() == AlertSource::State::Found) {
        origin = tr("Alertmanager %1: %2").arg(source->name(), source->reason());
        if (source->heardAt())
            origin += tr(" · answered %1").arg(alerts::momentWords(source->heardAt(), now));
    }
    m_origin->setLine(origin);
    // Where nobody answers, the table itself says so.
    QStringList remarks = source && !source->isStale() ? source->book().remarks() : QStringList();
    if (const auto& problem = m_parts.acknowledgements->problem())
        remarks << problem->text();
    m_remarks->setText(remarks.join(u'\n'));
    m_remarks->setVisible(!remarks.isEmpty());
    const auto count = [](qsizetype n) { return n > 0 ? u" (%1)"_s.arg(n) : QString(); };
    m_tabs->setTabText(0, tr("Alerts") + count(source ? qsizetype(source->firing().size()) : 0));
    const auto active = [&](const monitoring::Silence& one) {
        return one.stateAt(now) != monitoring::Silence::State::Expired;
    };
    m_tabs->setTabText(1, tr("Silences") + count(source ? std::ranges::count_if(source->silences(), active) : 0));
    m_tabs->setTabText(2, tr("Groups") + count(source ? qsizetype(source->groups().size()) : 0));
}

void AlertsPage::close()
{
    const bool had = m_detail->isAncestorOf(focusWidget());
    m_opened.clear();
    m_detail->hide();
    divide();
    if (had)
        listed(list()).table->focusTable();
}

void AlertsPage::divide()
{
    const bool wide = width() >= wideEnough, open = !m_detail->isHidden();
    m_stack->setVisible(wide || !open);
    if (open && !wide)
        m_detail->setFocus();
    if (open && wide)
        m_splitter->setSizes({width() * 11 / 20, width() * 9 / 20});
}

void AlertsPage::resizeEvent(QResizeEvent* event)
{
    MonitoringPage::resizeEvent(event);
    if ((event->oldSize().width() >= wideEnough) != (width() >= wideEnough))
        divide();
}

} // namespace wk::widgets
