// SPDX-License-Identifier: GPL-3.0-or-later
#include "watchkeeper/monitoring/MonitoringPlaces.h"

#include "changes/SecretUses.h"
#include "changes/runners/Prometheus.h"
#include "cluster/ClusterView.h"
#include "monitoring/marks/AlertMarks.h"
#include "monitoring/marks/RolloutMarks.h"

#include <QtCore/QStandardPaths>

namespace wk::app {

using namespace Qt::StringLiterals;

namespace {

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(wk::app::MonitoringPlaces)
};

} // namespace

MonitoringPlaces::MonitoringPlaces(Platforms& platforms, Clusters& clusters, secrets::Credentials& credentials,
                                   Clock& clock)
    : m_platforms(platforms), m_clock(clock), m_clusters(platforms, clusters, clock), m_secrets(credentials)
{
}

const monitoring::MetricCatalog& MonitoringPlaces::catalog()
{
    if (!m_catalog)
        m_catalog = monitoring::loadMetrics({QString::fromUtf16(monitoring::builtinMetrics)}).catalog;
    return *m_catalog;
}

monitoring::ProbeWay MonitoringPlaces::probeWay(const QString& platform, const QString& cluster)
{
    monitoring::ProbeWay way;
    way.cluster = [this, platform, cluster](const net::Request& request, net::Handlers handlers) {
        const auto refused = [&](const Error& error) {
            return monitoring::exchangeOf(QtFuture::makeReadyFuture(Result<net::Response>(fail(error))),
                                          std::move(handlers));
        };
        const auto view = m_clusters.view(platform, cluster);
        if (!view)
            return refused(view.error());
        const auto live = std::dynamic_pointer_cast<cluster::LiveClusterView>(*view);
        const cluster::ConnectionState& state = (*view)->state();
        // Without a connection, silence would be taken for the service's.
        if (!live || state.phase != cluster::ConnectionState::Phase::Live)
            return refused(state.error.value_or(Error{
                Error::Kind::Network, Texts::tr("There is no connection to the cluster %1.").arg(cluster), {}, {}}));
        return monitoring::exchangeOf(live->connection()->ask(request), std::move(handlers));
    };
    return way;
}

std::shared_ptr<monitoring::Acknowledgements> MonitoringPlaces::acknowledgements()
{
    if (!m_acknowledgements)
        m_acknowledgements = std::make_shared<monitoring::Acknowledgements>(
            QStandardPaths::writableLocation(QStandardPaths::AppDataLocation) + u"/acknowledgements.json"_s);
    return m_acknowledgements;
}

std::shared_ptr<monitoring::AlertSource> MonitoringPlaces::alertsOf(monitoring::AlertSource::Places places)
{
    auto out = std::make_shared<monitoring::AlertSource>(std::move(places), m_clock);
    const auto tell = [known = acknowledgements().get(), source = out.get()] {
        source->setAcknowledgements(known->all());
    };
    QObject::connect(m_acknowledgements.get(), &monitoring::Acknowledgements::changed, out.get(), tell);
    tell();
    return out;
}

void MonitoringPlaces::addMarks(Kept& kept, const Place& place)
{
    const auto& platform = place.platform;
    auto board = std::make_shared<series::MarkBoard>(m_switches);
    board->add(std::make_shared<monitoring::RolloutMarks>(
        [this, name = platform->name, cluster = place.clusterName] { return m_clusters.view(name, cluster); },
        Platforms::specOf(place).spaces, m_clock));
    kept.changes = std::make_shared<changes::ChangeMarks>(platform->name, m_clock);
    kept.changes->setDesk(m_desk);
    board->add(kept.changes);
    board->add(std::make_shared<monitoring::AlertMarks>(kept.place.alerts, kept.place.source, platform, m_clock));
    QObject::connect(board.get(), &series::MarkBoard::activated, board.get(), [this, id = place.id](const auto& mark) {
        if (m_openMark)
            m_openMark(id, mark);
    });
    kept.place.marks = std::move(board);
}

void MonitoringPlaces::setDesk(changes::ChangeDesk* desk)
{
    m_desk = desk;
    for (const Kept& kept : std::as_const(m_kept)) {
        if (kept.changes)
            kept.changes->setDesk(desk);
    }
}

void MonitoringPlaces::forgetSecret(const QString& name)
{
    for (Kept& kept : m_kept) {
        if (kept.place.platform &&
            std::ranges::count(changes::secretUses(*kept.place.platform), name, &secrets::SecretUse::name) > 0)
            kept.place.source.reset(); // at() makes it anew
    }
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
        places.secrets = &m_secrets;
        // What is known of the services outlives a change of the platform's file.
        auto probes = kept.context == context ? kept.place.probes : nullptr;
        if (!probes)
            probes = std::make_shared<monitoring::ProbeSource>(probeWay(place->platform->name, place->clusterName),
                                                               m_clock, systemRandom());
        probes->setPlatform(place->platform);
        auto source = std::make_shared<monitoring::ServerSource>(places, m_clock);
        auto alerts = alertsOf({{source, places.get, place->platform, &m_secrets}, places.context});
        kept = {context,
                {place->title, place->platform, std::move(source),
                 std::make_shared<const monitoring::MetricCatalog>(catalog().with(*place->platform)), std::move(probes),
                 std::move(alerts), place->clusterName},
                nullptr};
        addMarks(kept, *place);
    }
    return kept.place;
}

} // namespace wk::app
