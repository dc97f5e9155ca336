// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/monitoring/MonitoringPanel.h"

#include "platform/Platform.h"
#include "widgets/charts/TimeRangeBar.h"
#include "widgets/common/ElidedLabel.h"
#include "widgets/common/StateView.h"
#include "widgets/common/TabLine.h"
#include "widgets/common/Theme.h"
#include "widgets/monitoring/dashboards/DashboardsPage.h"

#include <QtGui/QShortcut>
#include <QtWidgets/QHBoxLayout>
#include <QtWidgets/QStackedWidget>
#include <QtWidgets/QTabBar>
#include <QtWidgets/QVBoxLayout>

namespace wk::widgets {

using namespace Qt::StringLiterals;
using monitoring::ServerSource;

MonitoringPanel::MonitoringPanel(Parts parts, QWidget* parent)
    : QWidget(parent), m_parts(std::move(parts)), m_title(new QLabel(this)), m_origin(new ElidedLabel(this)),
      m_rangeBar(new TimeRangeBar(*m_parts.range, this)), m_tabs(new TabLine(this)), m_stack(new QStackedWidget(this)),
      m_state(new StateView(this))
{
    build();
    addShortcuts();
    addPage(dashboardsId(), tr("Dashboards"), [this](QWidget* in) {
        m_dashboards = new DashboardsPage({m_parts.clock, m_parts.range, m_parts.dialogs}, in);
        connect(m_dashboards, &DashboardsPage::queryRequested, this, &MonitoringPanel::queryRequested);
        return m_dashboards;
    });
    connect(m_tabs->tabs(), &QTabBar::currentChanged, this, &MonitoringPanel::refresh);
    connect(m_state, &StateView::actionTriggered, this, [this] {
        if (m_place.source)
            m_place.source->look();
        else
            emit placeWanted();
    });
}

MonitoringPanel::~MonitoringPanel()
{
    // Pages ask the place's servers.
    for (const Page& page : m_pages)
        delete page.widget;
}

QString MonitoringPanel::dashboardsId() { return u"dashboards"_s; }

void MonitoringPanel::build()
{
    const Theme& theme = Theme::of(this);
    m_title->setObjectName(u"monitoringTitle"_s);
    m_title->setFont(theme.font(Theme::Role::TitleStrong));
    m_title->setMinimumHeight(m_rangeBar->sizeHint().height()); // not every page has it
    m_origin->setObjectName(u"monitoringOrigin"_s);
    m_origin->setFont(theme.font(Theme::Role::Small));
    m_origin->setForegroundRole(QPalette::PlaceholderText);
    m_origin->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    m_origin->setAccessibleName(tr("Where the figures come from"));
    m_tabs->tabs()->setObjectName(u"monitoringTabs"_s);
    m_tabs->setName(tr("Pages of monitoring"));
    m_state->setObjectName(u"monitoringState"_s);
    m_stack->addWidget(m_state);
    auto* head = new QHBoxLayout;
    head->setContentsMargins(16, 12, 16, 0);
    head->setSpacing(16);
    head->addWidget(m_title);
    head->addWidget(m_origin, 1);
    head->addWidget(m_rangeBar);
    auto* second = new QHBoxLayout;
    second->setContentsMargins(8, 4, 16, 4);
    second->addWidget(m_tabs, 1);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins({});
    column->setSpacing(0);
    column->addLayout(head);
    column->addLayout(second);
    column->addWidget(m_stack, 1);
    setFocusProxy(m_tabs);
}

void MonitoringPanel::addShortcuts()
{
    const auto add = [this](const QKeySequence& keys, auto does) {
        auto* shortcut = new QShortcut(keys, this);
        shortcut->setContext(Qt::WidgetWithChildrenShortcut);
        connect(shortcut, &QShortcut::activated, this, does);
    };
    for (int digit = 1; digit <= 9; ++digit) {
        add(QKeySequence(u"Alt+%1"_s.arg(digit)), [this, digit] {
            if (digit > m_tabs->tabs()->count())
                return;
            m_tabs->tabs()->setCurrentIndex(digit - 1);
            m_stack->currentWidget()->setFocus(Qt::ShortcutFocusReason); // whose keys hold from now on
        });
    }
    add(QKeySequence(Qt::CTRL | Qt::Key_PageDown), [this] { step(1); });
    add(QKeySequence(Qt::CTRL | Qt::Key_PageUp), [this] { step(-1); });
}

void MonitoringPanel::step(int by)
{
    const auto page = std::ranges::find(m_pages, m_tabs->current(), &Page::id);
    QTabBar* const lists = page != m_pages.end() && page->widget ? page->widget->lists() : nullptr;
    if (lists && lists->count() > 0)
        lists->setCurrentIndex((lists->currentIndex() + by + lists->count()) % lists->count());
}

void MonitoringPanel::setPlace(const Place& place)
{
    if (place == m_place)
        return;
    if (m_place.source)
        m_place.source->disconnect(this);
    const Place before = std::exchange(m_place, place); // pages may still hold on to what it has
    if (m_place.source)
        connect(m_place.source.get(), &ServerSource::changed, this, &MonitoringPanel::refresh);
    fillTabs();
    for (Page& page : m_pages) {
        if (page.widget)
            givePlace(page);
    }
    if (isVisible() && m_place.source)
        m_place.source->look();
    refresh();
}

void MonitoringPanel::givePlace(Page& page)
{
    page.server = m_place.source ? m_place.source->server() : nullptr;
    page.widget->setPlace(m_place);
}

void MonitoringPanel::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    if (m_place.source)
        m_place.source->look();
    refresh();
}

void MonitoringPanel::fillTabs()
{
    QList<TabLine::Tab> tabs;
    if (m_place.platform) {
        for (const Page& page : m_pages)
            tabs << TabLine::Tab{page.title, page.id};
    }
    m_tabs->setTabs(tabs);
    m_tabs->setVisible(!tabs.isEmpty());
    for (int i = 0; i < std::min(9, m_tabs->tabs()->count()); ++i)
        m_tabs->tabs()->setTabToolTip(i, tr("Alt+%1").arg(i + 1));
}

void MonitoringPanel::addPage(const QString& id, const QString& title, MakePage make)
{
    m_pages.push_back({id, title, std::move(make)});
    fillTabs();
    refresh();
}

void MonitoringPanel::showPage(const QString& name)
{
    if (m_tabs->setCurrent(name) || !m_place.platform)
        return;
    if (std::ranges::find(m_place.platform->dashboards, name, &platform::Dashboard::name) ==
        m_place.platform->dashboards.end())
        return;
    if (pageOf(dashboardsId()))
        m_dashboards->open(name);
    m_tabs->setCurrent(dashboardsId());
}

QString MonitoringPanel::page() const
{
    const QString id = m_tabs->current();
    const QString dashboard = id == dashboardsId() && m_dashboards ? m_dashboards->opened() : QString();
    return dashboard.isEmpty() ? id : dashboard;
}

MonitoringPage* MonitoringPanel::pageOf(const QString& id)
{
    const auto it = std::ranges::find(m_pages, id, &Page::id);
    if (it == m_pages.end())
        return nullptr;
    if (!it->widget) {
        it->widget = it->make(this);
        m_stack->addWidget(it->widget);
        givePlace(*it);
    }
    return it->widget;
}

DashboardView* MonitoringPanel::view() const { return m_dashboards ? m_dashboards->view() : nullptr; }

void MonitoringPanel::refresh()
{
    m_title->setText(m_place.title.isEmpty() ? tr("Monitoring") : tr("Monitoring of %1").arg(m_place.title));
    m_origin->setLine({});
    m_rangeBar->hide();
    MonitoringPage* const page = m_place.source && m_place.platform ? pageOf(m_tabs->current()) : nullptr;
    if ((!page || page->needsServer()) && showMissing())
        return;
    if (!page)
        return;
    for (Page& each : m_pages) {
        // Made while the server was still being looked for.
        if (each.widget && each.server != m_place.source->server())
            givePlace(each);
    }
    m_rangeBar->setVisible(page->usesRange());
    m_stack->setCurrentWidget(page);
}

bool MonitoringPanel::showMissing()
{
    m_stack->setCurrentWidget(m_state);
    if (!m_place.source || !m_place.platform) {
        m_state->showEmpty(tr("No platform is open"),
                           tr("Dashboards belong to a platform: its file says what is measured and where it is asked."),
                           tr("Choose a platform"));
        return true;
    }
    switch (m_place.source->state()) {
    case ServerSource::State::Idle:
    case ServerSource::State::Looking:
        m_state->showLoading(tr("Looking for the Prometheus of %1").arg(m_place.title));
        return true;
    case ServerSource::State::Failed:
        m_state->showFailed(tr("No Prometheus was found"), *m_place.source->error(), tr("Look again"));
        return true;
    case ServerSource::State::Found: break;
    }
    m_origin->setLine(tr("%1: %2").arg(m_place.source->name(), m_place.source->reason()));
    return false;
}

} // namespace wk::widgets
