// SPDX-License-Identifier: GPL-3.0-or-later
// Pictures of the monitoring panel: the dashboards of the platform and the pages beside them, on the Prometheus that
// the place has. Where it has none there is one picture, of the panel that says so.
#include "Composition.h"
#include "Shots.h"
#include "widgets/common/StateView.h"
#include "widgets/monitoring/DashboardView.h"
#include "widgets/monitoring/ExplorePage.h"
#include "widgets/monitoring/MonitoringPanel.h"
#include "widgets/monitoring/PanelChart.h"

namespace wk::app {

using namespace Qt::StringLiterals;
using monitoring::PanelFeed;

namespace {

/// How long a page may take to ask and to draw what came, of which it does not speak.
constexpr qint64 pageMs = 2'500;

/// Why the panel has nothing to show, and will not have it by waiting.
QString refusalOf(const widgets::MonitoringPanel& panel)
{
    const auto* state = panel.findChild<widgets::StateView*>(u"monitoringState"_s);
    return state && state->isVisible() && state->state() != widgets::StateView::State::Loading
               ? state->title() + u": "_s + state->text()
               : QString();
}

QString chartsMissing(const widgets::MonitoringPanel& panel)
{
    if (!panel.view() || panel.view()->charts().isEmpty())
        return Shots::tr("the dashboard has no charts");
    for (const widgets::PanelChart* chart : panel.view()->charts()) {
        const PanelFeed& feed = chart->feed();
        if (feed.plan().why.isEmpty() && !feed.error() && feed.state() != PanelFeed::State::Current)
            return Shots::tr("the chart \"%1\" is being asked for").arg(feed.plan().name);
    }
    return {};
}

QString chartsWords(const widgets::MonitoringPanel& panel)
{
    qsizetype charts = 0, series = 0;
    if (panel.view())
        for (const widgets::PanelChart* chart : panel.view()->charts()) {
            ++charts;
            for (const PanelFeed::Part& part : chart->feed().parts())
                series += part.answer ? qsizetype(part.answer->series.size()) : 0;
        }
    return Shots::tr("%1 charts, %2 series").arg(charts).arg(series);
}

} // namespace

void Shots::planMonitoring()
{
    m_steps.push_back({u"monitoring"_s,
                       tr("Monitoring: the first dashboard, or why there is none"),
                       [this] {
                           window().openPlace(m_home);
                           window().showPanel(u"monitoring"_s);
                       },
                       [this] {
                           return refusalOf(*window().monitoringPanel()).isEmpty()
                                      ? chartsMissing(*window().monitoringPanel())
                                      : QString();
                       },
                       [this] {
                           const QString refusal = refusalOf(*window().monitoringPanel());
                           return refusal.isEmpty() ? chartsWords(*window().monitoringPanel()) : refusal;
                       },
                       {},
                       [this] {
                           const auto place = m_composition.platforms().place(m_home);
                           if (place && place->platform && refusalOf(*window().monitoringPanel()).isEmpty())
                               planDashboards(*place->platform);
                       }});
}

/// Put in front of what is still to be drawn: whether there is a server is known only now.
void Shots::planDashboards(const platform::Platform& platform)
{
    std::deque<Step> steps;
    for (const platform::Dashboard& dashboard : platform.dashboards)
        steps.push_back({u"monitoring-"_s + dashboard.name,
                         tr("Monitoring: dashboard \"%1\"").arg(dashboard.title),
                         [this, name = dashboard.name] { window().monitoringPanel()->showPage(name); },
                         [this] { return chartsMissing(*window().monitoringPanel()); },
                         [this] { return chartsWords(*window().monitoringPanel()); },
                         {},
                         {}});
    for (const auto& [id, title] :
         {std::pair{u"alerts"_s, tr("Monitoring: alerts and silences")},
          std::pair{u"rules"_s, tr("Monitoring: the server's rules and what they do not cover")},
          std::pair{u"health"_s, tr("Monitoring: whether services answer")},
          std::pair{u"objectives"_s, tr("Monitoring: objectives and what is left of their budgets")},
          std::pair{u"explore"_s, tr("Monitoring: a question by hand")}}) {
        if (!window().monitoringPanel()->pageOf(id))
            continue;
        steps.push_back({u"monitoring-"_s + id,
                         title,
                         [this, id = id] {
                             auto* panel = window().monitoringPanel();
                             panel->showPage(id);
                             if (auto* explore = qobject_cast<widgets::ExplorePage*>(panel->pageOf(id)))
                                 explore->open(u"sum by (job) (up)"_s);
                         },
                         [this] { return m_waited.elapsed() < pageMs ? tr("the page is being filled") : QString(); },
                         [] { return QString(); },
                         {},
                         {}});
    }
    m_steps.insert(m_steps.begin(), steps.begin(), steps.end());
}

} // namespace wk::app
