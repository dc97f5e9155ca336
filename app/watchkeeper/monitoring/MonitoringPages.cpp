// SPDX-License-Identifier: GPL-3.0-or-later
#include "watchkeeper/monitoring/MonitoringPages.h"

#include "widgets/monitoring/alerts/AlertsPage.h"
#include "widgets/monitoring/explore/ExplorePage.h"
#include "widgets/monitoring/explore/QueryHistory.h"
#include "widgets/monitoring/health/HealthPage.h"
#include "widgets/monitoring/objectives/ObjectivesPage.h"
#include "widgets/monitoring/rules/RulesPage.h"

#include <QtCore/QCoreApplication>

namespace wk::app {

using namespace Qt::StringLiterals;

namespace {

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(wk::app::MonitoringPages)
};

using Make = widgets::MonitoringPanel::MakePage;

/// To the question by hand, with that query.
std::function<void(const QString&)> exploring(widgets::MonitoringPanel& panel)
{
    return [&panel](const QString& promql) {
        panel.showPage(u"explore"_s);
        if (auto* page = qobject_cast<widgets::ExplorePage*>(panel.pageOf(u"explore"_s)))
            page->open(promql);
    };
}

Make makeAlerts(const MonitoringMeans& means)
{
    return [means](QWidget* parent) {
        auto* page = new widgets::AlertsPage(
            {means.clock, means.dialogs, means.acknowledgements, means.silences, means.who}, parent);
        if (means.notice)
            QObject::connect(page, &widgets::AlertsPage::notice, page, means.notice);
        return page;
    };
}

Make makeHealth(const MonitoringMeans& means)
{
    return [means](QWidget* parent) { return new widgets::HealthPage({means.clock, means.dialogs}, parent); };
}

Make makeObjectives(widgets::MonitoringPanel& panel, const MonitoringMeans& means)
{
    return [means, &panel](QWidget* parent) {
        auto* page = new widgets::ObjectivesPage({means.clock, means.dialogs}, parent);
        QObject::connect(page, &widgets::ObjectivesPage::queryRequested, &panel,
                         &widgets::MonitoringPanel::queryRequested);
        return page;
    };
}

Make makeRules(widgets::MonitoringPanel& panel, const MonitoringMeans& means)
{
    return [means, &panel](QWidget* parent) {
        auto* page = new widgets::RulesPage({means.clock, means.dialogs}, parent);
        QObject::connect(page, &widgets::RulesPage::queryRequested, &panel, &widgets::MonitoringPanel::queryRequested);
        return page;
    };
}

Make makeExplore(const MonitoringMeans& means)
{
    const auto history = std::make_shared<widgets::QueryHistory>(means.states, means.clock);
    return [means, history](QWidget* parent) {
        return new widgets::ExplorePage({means.clock, means.range, means.dialogs, history}, parent);
    };
}

} // namespace

QList<MonitoringPageName> monitoringPageNames()
{
    return {{u"alerts"_s, Texts::tr("Alerts")},
            {u"health"_s, Texts::tr("Health")},
            {u"objectives"_s, Texts::tr("Objectives")},
            {u"rules"_s, Texts::tr("Rules")},
            {u"explore"_s, Texts::tr("Explore")}};
}

void addMonitoringPages(widgets::MonitoringPanel& panel, const MonitoringMeans& means)
{
    // Every chart leads to the question by hand.
    QObject::connect(&panel, &widgets::MonitoringPanel::queryRequested, &panel, exploring(panel));
    const QHash<QString, Make> makers{{u"alerts"_s, makeAlerts(means)},
                                      {u"health"_s, makeHealth(means)},
                                      {u"objectives"_s, makeObjectives(panel, means)},
                                      {u"rules"_s, makeRules(panel, means)},
                                      {u"explore"_s, makeExplore(means)}};
    for (const MonitoringPageName& name : monitoringPageNames())
        panel.addPage(name.id, name.title, makers.value(name.id));
}

} // namespace wk::app
