// SPDX-License-Identifier: GPL-3.0-or-later
// Pictures of the monitoring panel: the dashboards of every platform and the pages beside them, on the Prometheus that
// each place has. Where there is none there is one picture, of the panel that says so.
#include "platform/Platform.h"
#include "table/TableModel.h"
#include "watchkeeper/Composition.h"
#include "watchkeeper/monitoring/MonitoringPages.h"
#include "watchkeeper/shots/Shots.h"
#include "widgets/charts/Chart.h"
#include "widgets/charts/ChartPlot.h"
#include "widgets/common/DataTable.h"
#include "widgets/common/StateView.h"
#include "widgets/monitoring/TableWithDetail.h"
#include "widgets/monitoring/alerts/AcknowledgeDialog.h"
#include "widgets/monitoring/alerts/AlertsPage.h"
#include "widgets/monitoring/alerts/SilenceDialog.h"
#include "widgets/monitoring/dashboards/DashboardView.h"
#include "widgets/monitoring/dashboards/PanelChart.h"
#include "widgets/monitoring/explore/ExplorePage.h"
#include "widgets/monitoring/health/HealthPage.h"
#include "widgets/monitoring/rules/RulesPage.h"

#include <QtWidgets/QTabBar>

namespace wk::app {

using namespace Qt::StringLiterals;
using monitoring::PanelFeed;
using widgets::AlertsPage;
using widgets::ExplorePage;
using widgets::RulesPage;

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
        // What is below the fold asks when it is seen, too.
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

QString rowsWords(const widgets::DataTable& table)
{
    return Shots::tr("%1 rows of %2").arg(table.model()->rowCount()).arg(table.model()->totalCount());
}

/// The id of the first row that is shown; empty where there is none.
QString firstRow(const widgets::DataTable& table)
{
    const auto rows = table.model()->visibleRows();
    return rows.empty() ? QString() : rows.front()->id;
}

} // namespace

widgets::MonitoringPanel& Shots::monitoring() { return *window().monitoringPanel(); }

void Shots::planMonitoring()
{
    m_steps.push_back(
        {.name = u"monitoring"_s,
         .title = tr("Monitoring: the first dashboard, or why there is none"),
         .prepare =
             [this] {
                 window().openPlace(m_home);
                 window().showPanel(u"monitoring"_s);
             },
         .missing = [this] { return refusalOf(monitoring()).isEmpty() ? chartsMissing(monitoring()) : QString(); },
         .describe =
             [this] {
                 const QString refusal = refusalOf(monitoring());
                 return refusal.isEmpty() ? chartsWords(monitoring()) : refusal;
             },
         .after =
             [this] {
                 // Whether there is a server is known only now: put in front of what is still to be drawn.
                 if (!refusalOf(monitoring()).isEmpty())
                     return;
                 std::deque<Step> rest = std::exchange(m_steps, {});
                 planDashboards();
                 planMonitoringPages();
                 planMonitoringDetails();
                 planExplore();
                 planMonitoringStates();
                 m_steps.insert(m_steps.end(), rest.begin(), rest.end());
             }});
}

/// Of every platform, and one with the crosshair on it.
void Shots::planDashboards()
{
    for (const QString& home : std::as_const(m_homes)) {
        const auto place = m_composition.platforms().place(home);
        if (!place || !place->platform)
            continue;
        for (const platform::Dashboard& dashboard : place->platform->dashboards)
            m_steps.push_back({.name = u"monitoring-%1-%2"_s.arg(place->platform->name, dashboard.name),
                               .title = tr("Monitoring of %1: dashboard \"%2\"").arg(place->title, dashboard.title),
                               .prepare =
                                   [this, home, name = dashboard.name] {
                                       window().openPlace(home);
                                       monitoring().showPage(name);
                                   },
                               .missing = [this] { return chartsMissing(monitoring()); },
                               .describe = [this] { return chartsWords(monitoring()); }});
    }
    m_steps.push_back({.name = u"monitoring-crosshair"_s,
                       .title = tr("Monitoring: what the charts say of one moment"),
                       .prepare =
                           [this] {
                               window().openPlace(m_home);
                               monitoring().showPage(u"overview"_s);
                           },
                       .missing = [this]() -> QString {
                           if (const QString missing = chartsMissing(monitoring()); !missing.isEmpty())
                               return missing;
                           for (const widgets::PanelChart* chart : monitoring().view()->charts()) {
                               auto* plot = chart->chart()->plot();
                               plot->setCrosshair((plot->frame().fromMs + plot->frame().toMs) / 2);
                           }
                           return {};
                       }});
}

void Shots::planMonitoringPages()
{
    for (const MonitoringPageName& name : monitoringPageNames()) {
        if (name.id == u"explore")
            continue; // nothing was asked yet
        m_steps.push_back(
            {.name = u"monitoring-"_s + name.id,
             .title = tr("Monitoring: %1").arg(name.title.toLower()),
             .prepare =
                 [this, id = name.id] {
                     window().openPlace(m_home);
                     monitoring().showPage(id);
                 },
             .missing = [this] { return m_waited.elapsed() < pageMs ? tr("the page is being filled") : QString(); }});
    }
}

/// What is opened from a page: an entry beside its list, a dialog. Alerts of the place that was last in the list of
/// platforms; in the demo something goes wrong there.
void Shots::planMonitoringDetails()
{
    const auto alerts = [this] { return qobject_cast<AlertsPage*>(monitoring().pageOf(u"alerts"_s)); };
    const auto table = [alerts](AlertsPage::List list) { return alerts()->table(list); };
    const auto settled = [this] { return m_waited.elapsed() < pageMs ? tr("the page is being filled") : QString(); };
    const auto words = [table] { return rowsWords(*table(AlertsPage::List::Alerts)); };
    m_steps.push_back({.name = u"monitoring-alerts-firing"_s,
                       .title = tr("Monitoring: alerts where something is wrong"),
                       .prepare =
                           [this, alerts] {
                               window().openPlace(m_homes.last());
                               monitoring().showPage(u"alerts"_s);
                               alerts()->showList(AlertsPage::List::Alerts);
                           },
                       .missing = settled,
                       .describe = words});
    const auto add = [&](const QString& name, const QString& title, auto prepare) {
        m_steps.push_back(
            {.name = u"monitoring-alerts-"_s + name, .title = title, .prepare = prepare, .missing = settled});
    };
    add(u"groups"_s, tr("Monitoring: groups of alerts"), [alerts] { alerts()->showList(AlertsPage::List::Groups); });
    add(u"silences"_s, tr("Monitoring: silences"), [alerts] { alerts()->showList(AlertsPage::List::Silences); });
    add(u"detail"_s, tr("Monitoring: an alert"),
        [alerts, table] { alerts()->open(AlertsPage::List::Alerts, firstRow(*table(AlertsPage::List::Alerts))); });
    const auto dialog = [&](const QString& name, const QString& title, auto open, auto find) {
        m_steps.push_back({.name = u"monitoring-alerts-"_s + name,
                           .title = title,
                           .prepare = open,
                           .missing = settled,
                           .dialog = [find]() -> QDialog* { return find(); },
                           .after =
                               [find] {
                                   if (QDialog* shown = find())
                                       shown->reject();
                               }});
    };
    dialog(
        u"silence"_s, tr("Monitoring: silencing an alert"),
        [alerts, table] { alerts()->silence(firstRow(*table(AlertsPage::List::Alerts))); },
        [alerts]() -> QDialog* { return alerts()->dialog(); });
    dialog(
        u"acknowledge"_s, tr("Monitoring: acknowledging an alert"),
        [alerts, table] { alerts()->acknowledge(firstRow(*table(AlertsPage::List::Alerts))); },
        [alerts]() -> QDialog* { return alerts()->findChild<widgets::AcknowledgeDialog*>(); });
    const auto rules = [this] { return qobject_cast<RulesPage*>(monitoring().pageOf(u"rules"_s)); };
    const auto list = [&](const QString& name, const QString& title, const QString& page, auto open) {
        m_steps.push_back({.name = u"monitoring-"_s + name,
                           .title = title,
                           .prepare =
                               [this, page, open] {
                                   window().openPlace(m_homes.last());
                                   monitoring().showPage(page);
                                   open();
                               },
                           .missing = settled});
    };
    list(u"coverage"_s, tr("Monitoring: what the rules cover"), u"rules"_s,
         [rules] { rules()->showList(RulesPage::List::Coverage); });
    list(u"rules-detail"_s, tr("Monitoring: a rule"), u"rules"_s, [rules] {
        rules()->showList(RulesPage::List::Rules);
        rules()->list(RulesPage::List::Rules)->open(firstRow(*rules()->table(RulesPage::List::Rules)));
    });
    list(u"health-detail"_s, tr("Monitoring: one service's answers"), u"health"_s, [this] {
        auto* page = qobject_cast<widgets::HealthPage*>(monitoring().pageOf(u"health"_s));
        page->list()->open(firstRow(*page->table()));
    });
}

void Shots::planExplore()
{
    const auto add = [this](const QString& name, const QString& title, const QString& query, int tab) {
        m_steps.push_back(
            {.name = u"monitoring-explore-"_s + name,
             .title = title,
             .prepare =
                 [this, query, tab] {
                     window().openPlace(m_home);
                     monitoring().showPage(u"explore"_s);
                     auto* page = qobject_cast<ExplorePage*>(monitoring().pageOf(u"explore"_s));
                     if (!query.isEmpty())
                         page->open(query);
                     page->lists()->setCurrentIndex(tab);
                 },
             .missing = [this] { return m_waited.elapsed() < pageMs ? tr("the page is being filled") : QString(); }});
    };
    enum { Table, Chart, Past };
    add(u"empty"_s, tr("Monitoring: nothing was asked by hand yet"), {}, Table);
    add(u"table"_s, tr("Monitoring: a question by hand, as a table"), u"sum by (job) (up)"_s, Table);
    add(u"many"_s, tr("Monitoring: a question by hand with many series"),
        u"sum by (namespace, pod) (container_memory_working_set_bytes)"_s, Chart);
    add(u"mistake"_s, tr("Monitoring: a question by hand that cannot be understood"),
        u"sum by (job) (rate(http_requests_total[5m])"_s, Table);
    add(u"remark"_s, tr("Monitoring: a question by hand that does not ask what is meant"),
        u"histogram_quantile(0.95, rate(http_request_duration_seconds_bucket[5m]))"_s, Chart);
    add(u"nothing"_s, tr("Monitoring: a question by hand that has no answer"), u"sum by (job) (upp)"_s, Table);
    add(u"past"_s, tr("Monitoring: what was asked before"), {}, Past);
}

} // namespace wk::app
