// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "PlanClusters.h"
#include "monitoring/ServerSource.h"
#include "widgets/monitoring/MonitoringPanel.h"

namespace wk::app {

/// The Prometheus of each place, looked for once and kept while its context stays the same.
class MonitoringPlaces
{
public:
    /// All outlive it.
    MonitoringPlaces(Platforms& platforms, Clusters& clusters, Clock& clock);

    /// Empty where the place belongs to no platform.
    [[nodiscard]] widgets::MonitoringPanel::Place at(const QString& placeId);
    /// The built-in metrics; read on the first call.
    [[nodiscard]] const monitoring::MetricCatalog& catalog();

private:
    struct Kept
    {
        QString context; ///< key of what the place is bound to
        std::shared_ptr<const platform::Platform> platform;
        std::shared_ptr<monitoring::ServerSource> source;
    };

    Platforms& m_platforms;
    Clock& m_clock;
    PlanClusters m_clusters;
    QHash<QString, Kept> m_kept;
    std::optional<monitoring::MetricCatalog> m_catalog;
};

} // namespace wk::app
