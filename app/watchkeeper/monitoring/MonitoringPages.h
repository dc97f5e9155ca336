// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "monitoring/alerts/Acknowledgements.h"
#include "widgets/common/TableStates.h"
#include "widgets/monitoring/MonitoringPanel.h"

namespace wk::widgets {
class SilenceDoor;
}

namespace wk::app {

/// What the pages of the monitoring panel need beside their place. All outlive them.
struct MonitoringMeans
{
    std::shared_ptr<Clock> clock;
    std::shared_ptr<series::TimeRangeModel> range;
    std::shared_ptr<widgets::FileDialogs> dialogs;
    std::shared_ptr<monitoring::Acknowledgements> acknowledgements;
    widgets::SilenceDoor* silences = nullptr;          ///< nullptr: they can only be looked at
    std::function<QString()> who = {};                 ///< the person's name
    std::function<void(const QString&)> notice = {};   ///< a line for the status bar
    std::shared_ptr<widgets::TableStates> states = {}; ///< where the queries that were asked are kept
};

struct MonitoringPageName
{
    QString id, title;
};
/// The pages beside the dashboards, in the order of their tabs.
[[nodiscard]] QList<MonitoringPageName> monitoringPageNames();

/// Adds the pages beside the dashboards, in the order of their tabs.
void addMonitoringPages(widgets::MonitoringPanel& panel, const MonitoringMeans& means);

} // namespace wk::app
