// SPDX-License-Identifier: GPL-3.0-or-later
// Monitoring in the main window: the dashboards of the place that one is at.
#include "MainWindow.h"

#include "MonitoringPages.h"
#include "MonitoringPlaces.h"
#include "SilenceGate.h"
#include "StatusLine.h"
#include "widgets/changes/ChangesPanel.h"

#include <QtWidgets/QStackedWidget>

namespace wk::app {

using namespace Qt::StringLiterals;

MonitoringPlaces& MainWindow::monitoringPlaces()
{
    if (!m_monitoringPlaces)
        m_monitoringPlaces = std::make_unique<MonitoringPlaces>(m_parts.platforms, m_parts.clusters, *m_parts.clock);
    return *m_monitoringPlaces;
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
                                std::make_shared<series::TimeRangeModel>(m_parts.clock),
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
