// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "PlanClusters.h"
#include "monitoring/Acknowledgements.h"
#include "monitoring/ServerSource.h"
#include "secrets/KeychainStore.h"
#include "widgets/monitoring/MonitoringPanel.h"

namespace wk::app {

/// What can be asked about each place: looked for once and kept while its context stays the same.
class MonitoringPlaces
{
public:
    /// All outlive it.
    MonitoringPlaces(Platforms& platforms, Clusters& clusters, Clock& clock);

    /// Empty where the place belongs to no platform.
    [[nodiscard]] widgets::MonitoringPlace at(const QString& placeId);
    /// Who has seen which alert, for all places.
    [[nodiscard]] std::shared_ptr<monitoring::Acknowledgements> acknowledgements();

private:
    struct Kept
    {
        QString context; ///< key of what the place is bound to
        widgets::MonitoringPlace place;
    };
    /// How the health of what runs in the place's cluster is asked: through the API server, by the connection that the
    /// cockpit has.
    [[nodiscard]] monitoring::ProbeWay probeWay(const QString& platform, const QString& cluster);
    [[nodiscard]] std::shared_ptr<monitoring::AlertSource> alertsOf(monitoring::AlertSource::Places places);
    /// The built-in metrics; read on the first call.
    [[nodiscard]] const monitoring::MetricCatalog& catalog();

    Platforms& m_platforms;
    Clock& m_clock;
    PlanClusters m_clusters;
    secrets::KeychainStore m_secrets;
    QHash<QString, Kept> m_kept;
    std::optional<monitoring::MetricCatalog> m_catalog;
    std::shared_ptr<monitoring::Acknowledgements> m_acknowledgements;
};

} // namespace wk::app
