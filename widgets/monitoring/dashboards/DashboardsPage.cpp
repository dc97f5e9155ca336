// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/monitoring/dashboards/DashboardsPage.h"

#include "monitoring/metrics/DashboardPlan.h"
#include "platform/Platform.h"
#include "widgets/common/FileDialogs.h"
#include "widgets/common/StateView.h"
#include "widgets/common/TabLine.h"
#include "widgets/monitoring/dashboards/DashboardView.h"

#include <QtWidgets/QStackedWidget>
#include <QtWidgets/QTabBar>
#include <QtWidgets/QVBoxLayout>

namespace wk::widgets {

using namespace Qt::StringLiterals;

DashboardsPage::DashboardsPage(Parts parts, QWidget* parent)
    : MonitoringPage(parent), m_parts(std::move(parts)), m_line(new TabLine(this)), m_stack(new QStackedWidget(this)),
      m_state(new StateView(this))
{
    m_line->tabs()->setObjectName(u"dashboardTabs"_s);
    m_line->setName(tr("Dashboards"));
    m_line->setContentsMargins(8, 0, 16, 0);
    m_state->setObjectName(u"dashboardState"_s);
    m_stack->addWidget(m_state);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins({});
    column->setSpacing(0);
    column->addWidget(m_line);
    column->addWidget(m_stack, 1);
    connect(m_line->tabs(), &QTabBar::currentChanged, this, &DashboardsPage::refresh);
    setFocusProxy(m_line);
    refresh();
}

DashboardsPage::~DashboardsPage()
{
    delete m_view; // its charts ask the place's server
}

QTabBar* DashboardsPage::lists() const { return m_line->tabs(); }

void DashboardsPage::setPlace(const MonitoringPlace& place)
{
    delete std::exchange(m_view, nullptr);
    m_shown.clear();
    m_place = place;
    QList<TabLine::Tab> tabs;
    if (m_place.platform) {
        for (const platform::Dashboard& dashboard : m_place.platform->dashboards)
            tabs << TabLine::Tab{dashboard.title.isEmpty() ? dashboard.name : dashboard.title, dashboard.name};
    }
    m_line->setTabs(tabs);
    m_line->setVisible(!tabs.isEmpty());
    refresh();
}

bool DashboardsPage::open(const QString& dashboard) { return m_line->setCurrent(dashboard); }

QString DashboardsPage::opened() const { return m_line->current(); }

void DashboardsPage::refresh()
{
    monitoring::PrometheusServer* const server = m_place.source ? m_place.source->server() : nullptr;
    const QString name = opened();
    if (name.isEmpty() || !server || !m_place.catalog) {
        if (m_place.platform)
            m_state->showEmpty(tr("No dashboard"),
                               tr("The file of %1 describes none: `dashboards` would.").arg(m_place.title));
        m_stack->setCurrentWidget(m_state);
        return;
    }
    if (!m_view) {
        m_view = new DashboardView(
            {*server, m_place.source->name(), *m_parts.range, *m_parts.dialogs, *m_parts.clock, m_place.marks}, this);
        connect(m_view, &DashboardView::queryRequested, this, &DashboardsPage::queryRequested);
        m_stack->addWidget(m_view);
    }
    if (std::exchange(m_shown, name) != name) {
        const auto found = std::ranges::find(m_place.platform->dashboards, name, &platform::Dashboard::name);
        m_view->setPlan(monitoring::planOf(*found, *m_place.platform, *m_place.catalog));
    }
    m_stack->setCurrentWidget(m_view);
}

} // namespace wk::widgets
