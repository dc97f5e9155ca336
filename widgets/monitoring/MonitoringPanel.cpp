// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/monitoring/MonitoringPanel.h"

#include "platform/Platform.h"
#include "widgets/charts/TimeRangeBar.h"
#include "widgets/common/StateView.h"
#include "widgets/common/Theme.h"
#include "widgets/monitoring/DashboardView.h"

#include <QtWidgets/QHBoxLayout>
#include <QtWidgets/QLabel>
#include <QtWidgets/QStackedWidget>
#include <QtWidgets/QTabBar>
#include <QtWidgets/QVBoxLayout>

namespace wk::widgets {

using namespace Qt::StringLiterals;
using monitoring::ServerSource;

MonitoringPanel::MonitoringPanel(Parts parts, QWidget* parent)
    : QWidget(parent), m_parts(std::move(parts)), m_title(new QLabel(this)), m_origin(new QLabel(this)),
      m_tabs(new QTabBar(this)), m_rangeBar(new TimeRangeBar(*m_parts.range, this)), m_stack(new QStackedWidget(this)),
      m_state(new StateView(this))
{
    build();
    connect(m_tabs, &QTabBar::currentChanged, this, &MonitoringPanel::refresh);
    connect(m_state, &StateView::actionTriggered, this, [this] {
        if (m_place.source)
            m_place.source->look();
        else
            emit placeWanted();
    });
}

MonitoringPanel::~MonitoringPanel()
{
    // Charts and pages ask the place's servers.
    delete m_view;
    for (const Page& page : m_pages)
        delete page.widget;
}

void MonitoringPanel::build()
{
    const Theme& theme = Theme::of(this);
    m_title->setObjectName(u"monitoringTitle"_s);
    m_title->setFont(theme.font(Theme::Role::TitleStrong));
    m_origin->setObjectName(u"monitoringOrigin"_s);
    m_origin->setFont(theme.font(Theme::Role::Small));
    m_origin->setForegroundRole(QPalette::PlaceholderText);
    m_origin->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_origin->setAccessibleName(tr("Where the figures come from"));
    m_origin->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    m_tabs->setObjectName(u"monitoringTabs"_s);
    m_tabs->setAccessibleName(tr("Dashboards and pages"));
    m_tabs->setExpanding(false);
    m_tabs->setDrawBase(false);
    m_state->setObjectName(u"monitoringState"_s);
    m_stack->addWidget(m_state);
    auto* head = new QHBoxLayout;
    head->setContentsMargins(16, 12, 16, 0);
    head->addWidget(m_title, 1);
    head->addWidget(m_rangeBar);
    auto* second = new QHBoxLayout;
    second->setContentsMargins(8, 4, 16, 0);
    second->setSpacing(16);
    second->addWidget(m_tabs);
    second->addWidget(m_origin, 1);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins({});
    column->setSpacing(0);
    column->addLayout(head);
    column->addLayout(second);
    column->addWidget(m_stack, 1);
    setFocusProxy(m_tabs);
}

void MonitoringPanel::setPlace(const Place& place)
{
    if (place == m_place)
        return;
    if (m_place.source)
        m_place.source->disconnect(this);
    delete std::exchange(m_view, nullptr);
    m_shown.clear();
    m_place = place;
    if (m_place.source)
        connect(m_place.source.get(), &ServerSource::changed, this, &MonitoringPanel::refresh);
    fillTabs();
    for (const Page& page : m_pages) {
        if (page.widget)
            page.widget->setPlace(m_place);
    }
    if (isVisible() && m_place.source)
        m_place.source->look();
    refresh();
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
    const QString before = page();
    const QSignalBlocker quiet(m_tabs);
    while (m_tabs->count() > 0)
        m_tabs->removeTab(0);
    if (!m_place.platform)
        return;
    for (const platform::Dashboard& dashboard : m_place.platform->dashboards) {
        const int tab = m_tabs->addTab(dashboard.title.isEmpty() ? dashboard.name : dashboard.title);
        m_tabs->setTabData(tab, dashboard.name);
    }
    for (const Page& page : m_pages)
        m_tabs->setTabData(m_tabs->addTab(page.title), page.id);
    showPage(before);
}

void MonitoringPanel::addPage(const QString& id, const QString& title, MakePage make)
{
    m_pages.push_back({id, title, std::move(make), nullptr});
    fillTabs();
    refresh();
}

void MonitoringPanel::showPage(const QString& name)
{
    for (int i = 0; i < m_tabs->count(); ++i) {
        if (m_tabs->tabData(i).toString() == name)
            m_tabs->setCurrentIndex(i);
    }
}

QString MonitoringPanel::page() const { return m_tabs->tabData(m_tabs->currentIndex()).toString(); }

MonitoringPage* MonitoringPanel::pageOf(const QString& id)
{
    const auto it = std::ranges::find(m_pages, id, &Page::id);
    if (it == m_pages.end())
        return nullptr;
    if (!it->widget) {
        it->widget = it->make(this);
        m_stack->addWidget(it->widget);
        it->widget->setPlace(m_place);
    }
    return it->widget;
}

void MonitoringPanel::refresh()
{
    m_title->setText(m_place.title.isEmpty() ? tr("Monitoring") : tr("Monitoring of %1").arg(m_place.title));
    m_rangeBar->setEnabled(false);
    m_tabs->setVisible(m_tabs->count() > 0);
    m_origin->clear();
    const bool isPlace = m_place.source && m_place.platform;
    if (MonitoringPage* const page = isPlace ? pageOf(this->page()) : nullptr) {
        if (!page->needsServer() || !showMissing())
            showPage(page);
        return;
    }
    if (!showMissing())
        showDashboard();
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
    const QString origin = tr("%1: %2").arg(m_place.source->name(), m_place.source->reason());
    m_origin->setText(origin);
    m_origin->setToolTip(origin);
    return false;
}

void MonitoringPanel::showPage(MonitoringPage* page)
{
    m_rangeBar->setEnabled(page->usesRange());
    m_stack->setCurrentWidget(page);
}

void MonitoringPanel::showDashboard()
{
    const auto& dashboards = m_place.platform->dashboards;
    const QString name = page();
    const auto found = std::ranges::find(dashboards, name, &platform::Dashboard::name);
    if (found == dashboards.end()) {
        m_state->showEmpty(tr("No dashboard"), tr("The file of %1 describes none.").arg(m_place.title));
        return;
    }
    m_rangeBar->setEnabled(true);
    if (!m_view) {
        m_view = new DashboardView(
            {*m_place.source->server(), m_place.source->name(), *m_parts.range, *m_parts.dialogs, *m_parts.clock},
            this);
        connect(m_view, &DashboardView::queryRequested, this, &MonitoringPanel::queryRequested);
        m_stack->addWidget(m_view);
    }
    if (std::exchange(m_shown, name) != name)
        m_view->setPlan(monitoring::planOf(*found, *m_place.platform, *m_place.catalog));
    m_stack->setCurrentWidget(m_view);
}

} // namespace wk::widgets
