// SPDX-License-Identifier: GPL-3.0-or-later
// Monitoring in the main window: the dashboards of the place that one is at.
#include "watchkeeper/shell/MainWindow.h"

#include "watchkeeper/changes/SilenceGate.h"
#include "watchkeeper/monitoring/MonitoringPages.h"
#include "watchkeeper/monitoring/MonitoringPlaces.h"
#include "watchkeeper/shell/StatusLine.h"
#include "widgets/changes/ChangesPanel.h"
#include "widgets/monitoring/alerts/AlertsPage.h"

#include <QtWidgets/QStackedWidget>

namespace wk::app {

using namespace Qt::StringLiterals;

MonitoringPlaces& MainWindow::monitoringPlaces()
{
    if (m_monitoringPlaces)
        return *m_monitoringPlaces;
    m_monitoringPlaces =
        std::make_unique<MonitoringPlaces>(m_parts.platforms, m_parts.clusters, m_parts.credentials, *m_parts.clock);
    m_monitoringPlaces->setOpenMark([this](const QString& place, const series::Mark& mark) { openMark(place, mark); });
    if (m_parts.changes.isOpen())
        m_monitoringPlaces->setDesk(&m_parts.changes.desk());
    series::MarkSwitches* switches = m_monitoringPlaces->markSwitches().get();
    switches->setOff(m_parts.settings.get(Settings::Key::MarksOff).toStringList());
    connect(switches, &series::MarkSwitches::changed, this,
            [this, switches] { m_parts.settings.set(Settings::Key::MarksOff, switches->off()); });
    return *m_monitoringPlaces;
}

const std::shared_ptr<series::TimeRangeModel>& MainWindow::timeRange()
{
    if (m_range)
        return m_range;
    m_range = std::make_shared<series::TimeRangeModel>(m_parts.clock);
    // What was shown last time; a text that cannot be read is as none.
    if (const auto range = series::TimeRange::parse(m_parts.settings.get(Settings::Key::TimeRange).toString()))
        m_range = std::make_shared<series::TimeRangeModel>(m_parts.clock, *range);
    connect(m_range.get(), &series::TimeRangeModel::changed, this,
            [this] { m_parts.settings.set(Settings::Key::TimeRange, m_range->range().text()); });
    return m_range;
}

void MainWindow::openMark(const QString& placeId, const series::Mark& mark)
{
    switch (mark.kind) {
    case series::Mark::Kind::Rollout:
        openTarget(placeId, {.kindId = mark.target.section(u'/', 0, 0),
                             .space = mark.target.section(u'/', 1, 1),
                             .name = mark.target.section(u'/', 2),
                             .filter = {}});
        break;
    case series::Mark::Kind::Change:
        showPanel(u"changes"_s);
        if (m_changes) // once a panel that was just made has chosen what it begins with
            QMetaObject::invokeMethod(
                m_changes, [panel = m_changes, number = mark.target.toLongLong()] { panel->openRequest(number); },
                Qt::QueuedConnection);
        break;
    case series::Mark::Kind::Alert: openAlert(placeId, mark.target); break;
    case series::Mark::Kind::Incident: break; // nobody tells of any yet
    }
}

void MainWindow::openAlert(const QString& placeId, const QString& target)
{
    const QString what = target.section(u':', 1);
    const bool known = target.startsWith(u"fingerprint:");
    // One that Alertmanager may have forgotten: then its filter says so.
    openMonitoring(placeId, u"alerts"_s, known ? QString() : u"alert:\"%1\""_s.arg(what));
    if (auto* page = qobject_cast<widgets::AlertsPage*>(m_monitoring->pageOf(u"alerts"_s)); page && known)
        page->open(widgets::AlertsPage::List::Alerts, what);
}

QWidget* MainWindow::makeMonitoringPage()
{
    if (m_monitoring)
        return m_monitoring;
    auto* silences = new SilenceGate(
        m_parts.changes, *m_parts.clock,
        [this](const changes::Plan& plan, const changes::RequestFields& fields) {
            showPanel(u"changes"_s);
            if (m_changes)
                m_changes->propose(plan, fields);
        },
        this);
    const MonitoringMeans means{m_parts.clock,
                                timeRange(),
                                m_parts.dialogs,
                                monitoringPlaces().acknowledgements(),
                                silences,
                                [] { return qEnvironmentVariable("USER", qEnvironmentVariable("USERNAME")); },
                                [this](const QString& text) { m_status->showNotice(text); },
                                m_parts.tableStates};
    m_monitoring = new widgets::MonitoringPanel({means.clock, means.range, means.dialogs}, this);
    addMonitoringPages(*m_monitoring, means);
    m_stack->addWidget(m_monitoring);
    connect(m_monitoring, &widgets::MonitoringPanel::placeWanted, this, [this] { choosePlace(); });
    refreshMonitoring();
    return m_monitoring;
}

void MainWindow::refreshMonitoring()
{
    if (m_monitoring)
        m_monitoring->setPlace(monitoringPlaces().at(m_placeId));
}

widgets::MonitoringPanel* MainWindow::monitoringPanel()
{
    panel(u"monitoring"_s);
    return m_monitoring;
}

} // namespace wk::app
