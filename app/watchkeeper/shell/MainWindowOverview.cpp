// SPDX-License-Identifier: GPL-3.0-or-later
// The overview in the main window: its tiles, their figures, what waits, and where all of it leads.
#include "watchkeeper/shell/MainWindow.h"

#include "watchkeeper/monitoring/MonitoringPlaces.h"
#include "watchkeeper/monitoring/OverviewPulses.h"
#include "widgets/changes/ChangesPanel.h"
#include "widgets/charts/TimeRangeBar.h"
#include "widgets/common/DataTable.h"
#include "widgets/monitoring/MonitoringPanel.h"
#include "widgets/monitoring/alerts/AlertsPage.h"
#include "widgets/monitoring/health/HealthPage.h"
#include "widgets/monitoring/objectives/ObjectivesPage.h"
#include "widgets/overview/OverviewPanel.h"

#include <QtWidgets/QStackedWidget>

namespace wk::app {

using namespace Qt::StringLiterals;
using widgets::OverviewPanel;

QWidget* MainWindow::makeOverviewPage()
{
    if (m_overview)
        return m_overview;
    m_pulses = std::make_unique<OverviewPulses>(m_parts.platforms, monitoringPlaces(), *m_parts.clock);
    m_overview = new OverviewPanel(m_parts.clock, this);
    m_stack->addWidget(m_overview);
    m_overview->addToHead(new widgets::TimeRangeBar(*timeRange(), m_overview));
    const auto followRange = [this] { m_pulses->setRange(timeRange()->range()); };
    connect(timeRange().get(), &series::TimeRangeModel::changed, m_overview, followRange);
    followRange();
    connect(m_overview, &OverviewPanel::openRequested, this, &MainWindow::openTarget);
    connect(m_overview, &OverviewPanel::explainRequested, this, [this](const QString& entry) { explain(entry); });
    connect(m_overview, &OverviewPanel::actionRequested, this, [this](const QString& entry) {
        if (entry.isEmpty())
            addKubeconfigFile();
        else
            chooseContextOf(entry);
    });
    connect(m_overview, &OverviewPanel::pageRequested, this, &MainWindow::openMonitoring);
    connect(m_overview, &OverviewPanel::changesRequested, this, [this] {
        showPanel(u"changes"_s);
        if (m_changes)
            m_changes->showPart(u"waiting"_s);
    });
    connect(m_overview, &OverviewPanel::watchedChanged, this, [this](bool watched) { m_pulses->setWatched(watched); });
    refreshOverview();
    if (m_parts.changes.isOpen())
        showWaiting(&m_parts.changes.desk());
    return m_overview;
}

/// A page of a place's monitoring, with what the filter leaves of its list.
void MainWindow::openMonitoring(const QString& placeId, const QString& page, const QString& filter)
{
    openPlace(placeId);
    showPanel(u"monitoring"_s);
    m_monitoring->showPage(page);
    QWidget* shown = m_monitoring->pageOf(page);
    if (auto* alerts = qobject_cast<widgets::AlertsPage*>(shown))
        alerts->showAlerts(filter);
    else if (auto* health = qobject_cast<widgets::HealthPage*>(shown))
        health->table()->setFilterText(filter);
    else if (auto* objectives = qobject_cast<widgets::ObjectivesPage*>(shown); objectives && !filter.isEmpty())
        objectives->showObjective(filter);
}

void MainWindow::refreshOverview()
{
    if (!m_overview || !m_parts.clusters.isLoaded())
        return;
    if (m_parts.clusters.contexts().isEmpty()) {
        const auto [title, why] = withoutContexts();
        m_overview->setEntries({});
        m_overview->setNoEntries(title, why, tr("Add a kubeconfig file"));
        return;
    }
    QList<widgets::OverviewEntry> entries = m_parts.platforms.entries(m_placeId);
    m_pulses->fill(entries);
    m_overview->setEntries(entries);
}

/// On the tiles, what waits for the person; nothing where there is no store.
void MainWindow::showWaiting(const changes::ChangeDesk* desk)
{
    if (!m_overview)
        return;
    QHash<QString, QStringList> sentences;
    static const QList<changes::Waiting> none;
    for (const changes::Waiting& waiting : desk ? desk->waitingForMe() : none) {
        const auto row = std::ranges::find(desk->rows(), waiting.number, &changes::RequestSummary::number);
        if (row != desk->rows().end())
            sentences[row->platform] << waiting.sentence;
    }
    m_overview->setWaiting(sentences);
}

widgets::OverviewPanel* MainWindow::overviewPanel()
{
    panel(u"overview"_s);
    return m_overview;
}

} // namespace wk::app
