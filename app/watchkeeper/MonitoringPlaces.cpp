// SPDX-License-Identifier: GPL-3.0-or-later
#include "MonitoringPlaces.h"

#include "changes/Prometheus.h"

namespace wk::app {

using namespace Qt::StringLiterals;

MonitoringPlaces::MonitoringPlaces(Platforms& platforms, Clusters& clusters, Clock& clock)
    : m_platforms(platforms), m_clock(clock), m_clusters(platforms, clusters, clock)
{
}

const monitoring::MetricCatalog& MonitoringPlaces::catalog()
{
    if (!m_catalog)
        m_catalog = monitoring::loadMetrics({QString::fromUtf16(monitoring::builtinMetrics)}).catalog;
    return *m_catalog;
}

widgets::MonitoringPlace MonitoringPlaces::at(const QString& placeId)
{
    const auto place = m_platforms.place(placeId);
    if (!place || !place->platform)
        return {};
    const QString context = place->context ? Clusters::keyOf(place->context->id) : QString();
    Kept& kept = m_kept[placeId];
    if (!kept.place.source || kept.context != context || kept.place.platform != place->platform) {
        const auto access = [this, platform = place->platform->name, cluster = place->clusterName] {
            return m_clusters.access(platform, cluster);
        };
        monitoring::ServerSource::Places places;
        if (place->context)
            places.get = changes::getterOf(access);
        places.context = [access]() -> std::shared_ptr<const platform::ResolvedContext> {
            const auto reached = access();
            return reached ? (*reached)->context() : nullptr;
        };
        places.platform = place->platform;
        kept = {context,
                {place->title, place->platform, std::make_shared<monitoring::ServerSource>(std::move(places), m_clock),
                 std::make_shared<const monitoring::MetricCatalog>(catalog().with(*place->platform))}};
    }
    return kept.place;
}

} // namespace wk::app
