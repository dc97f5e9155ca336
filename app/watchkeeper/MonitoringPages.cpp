// SPDX-License-Identifier: GPL-3.0-or-later
#include "MonitoringPages.h"

namespace wk::app {

void addMonitoringPages(widgets::MonitoringPanel& panel, const MonitoringMeans& means)
{
    Q_UNUSED(panel);
    Q_UNUSED(means);
}

} // namespace wk::app
