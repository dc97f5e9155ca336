// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/monitoring/MonitoringPanel.h"

namespace wk::app {

/// What the pages of the monitoring panel need beside their place. All outlive them.
struct MonitoringMeans
{
    std::shared_ptr<Clock> clock;
    std::shared_ptr<series::TimeRangeModel> range;
    std::shared_ptr<widgets::FileDialogs> dialogs;
};

/// Adds the pages beside the dashboards, in the order of their tabs.
void addMonitoringPages(widgets::MonitoringPanel& panel, const MonitoringMeans& means);

} // namespace wk::app
