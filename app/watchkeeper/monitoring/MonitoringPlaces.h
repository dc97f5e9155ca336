// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "changes/desk/ChangeMarks.h"
#include "monitoring/alerts/Acknowledgements.h"
#include "monitoring/prometheus/ServerSource.h"
#include "secrets/Credentials.h"
#include "watchkeeper/changes/PlanClusters.h"
#include "widgets/monitoring/MonitoringPanel.h"

namespace wk::app {

/// What can be asked about each place: looked for once and kept while its context stays the same.
class MonitoringPlaces
{
public:
    /// All outlive it.
    MonitoringPlaces(Platforms& platforms, Clusters& clusters, secrets::Credentials& credentials, Clock& clock);

    /// Empty where the place belongs to no platform.
    [[nodiscard]] widgets::MonitoringPlace at(const QString& placeId);
    /// What a place's servers were found with is not right any more, because the secret of that name is another one:
    /// they are looked for again.
    void forgetSecret(const QString& name);
    /// Who has seen which alert, for all places.
    [[nodiscard]] std::shared_ptr<monitoring::Acknowledgements> acknowledgements();

    /// Which marks the charts of all places show.
    [[nodiscard]] const std::shared_ptr<series::MarkSwitches>& markSwitches() const { return m_switches; }
    /// The store of changes that is open; nullptr before it goes.
    void setDesk(changes::ChangeDesk* desk);
    /// Where a mark leads that somebody chose on a chart of a place.
    using OpenMark = std::function<void(const QString& placeId, const series::Mark& mark)>;
    void setOpenMark(OpenMark open) { m_openMark = std::move(open); }

private:
    struct Kept
    {
        QString context; ///< key of what the place is bound to
        widgets::MonitoringPlace place;
        std::shared_ptr<changes::ChangeMarks> changes;
    };
    /// What happened at a place beside the figures: alerts, rollouts, changes.
    void addMarks(Kept& kept, const Place& place);
    /// How the health of what runs in the place's cluster is asked: through the API server, by the connection that the
    /// cockpit has.
    [[nodiscard]] monitoring::ProbeWay probeWay(const QString& platform, const QString& cluster);
    [[nodiscard]] std::shared_ptr<monitoring::AlertSource> alertsOf(monitoring::AlertSource::Places places);
    /// The built-in metrics; read on the first call.
    [[nodiscard]] const monitoring::MetricCatalog& catalog();

    Platforms& m_platforms;
    Clock& m_clock;
    PlanClusters m_clusters;
    secrets::Credentials& m_secrets;
    QHash<QString, Kept> m_kept;
    std::optional<monitoring::MetricCatalog> m_catalog;
    std::shared_ptr<monitoring::Acknowledgements> m_acknowledgements;
    std::shared_ptr<series::MarkSwitches> m_switches = std::make_shared<series::MarkSwitches>();
    QPointer<changes::ChangeDesk> m_desk;
    OpenMark m_openMark;
};

} // namespace wk::app
