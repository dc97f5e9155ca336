// SPDX-License-Identifier: GPL-3.0-or-later
#include "MonitoringPages.h"

#include "widgets/monitoring/AlertsPage.h"
#include "widgets/monitoring/ExplorePage.h"
#include "widgets/monitoring/HealthPage.h"
#include "widgets/monitoring/ObjectivesPage.h"
#include "widgets/monitoring/QueryHistory.h"
#include "widgets/monitoring/RulesPage.h"

#include <QtCore/QCoreApplication>

namespace wk::app {

using namespace Qt::StringLiterals;

namespace {

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(wk::app::MonitoringPages)
};

/// Objectives, and questions by hand, to which every chart leads.
void addAskingPages(widgets::MonitoringPanel& panel, const MonitoringMeans& means)
{
    const auto explore = [&panel](const QString& promql) {
        panel.showPage(u"explore"_s);
        if (auto* page = qobject_cast<widgets::ExplorePage*>(panel.pageOf(u"explore"_s)))
            page->open(promql);
    };
    QObject::connect(&panel, &widgets::MonitoringPanel::queryRequested, &panel, explore);
    panel.addPage(u"objectives"_s, Texts::tr("Objectives"), [means, explore](QWidget* parent) {
        auto* page = new widgets::ObjectivesPage({means.clock, means.dialogs}, parent);
        QObject::connect(page, &widgets::ObjectivesPage::queryRequested, page, explore);
        return page;
    });
    const auto history = std::make_shared<widgets::QueryHistory>(means.states, means.clock);
    panel.addPage(u"explore"_s, Texts::tr("Explore"), [means, history](QWidget* parent) {
        return new widgets::ExplorePage({means.clock, means.range, means.dialogs, history}, parent);
    });
}

/// What the server watches for by itself, and whether the services answer.
void addWatchingPages(widgets::MonitoringPanel& panel, const MonitoringMeans& means)
{
    panel.addPage(u"rules"_s, Texts::tr("Rules"), [means, &panel](QWidget* parent) {
        auto* page = new widgets::RulesPage({means.clock, means.dialogs}, parent);
        QObject::connect(page, &widgets::RulesPage::queryRequested, &panel, &widgets::MonitoringPanel::queryRequested);
        return page;
    });
    panel.addPage(u"health"_s, Texts::tr("Health"), [means](QWidget* parent) {
        return new widgets::HealthPage({means.clock, means.dialogs}, parent);
    });
}

} // namespace

void addMonitoringPages(widgets::MonitoringPanel& panel, const MonitoringMeans& means)
{
    panel.addPage(u"alerts"_s, Texts::tr("Alerts"), [means](QWidget* parent) {
        auto* page = new widgets::AlertsPage(
            {means.clock, means.dialogs, means.acknowledgements, means.silences, means.who}, parent);
        if (means.notice)
            QObject::connect(page, &widgets::AlertsPage::notice, page, means.notice);
        return page;
    });
    addWatchingPages(panel, means);
    addAskingPages(panel, means);
}

} // namespace wk::app
