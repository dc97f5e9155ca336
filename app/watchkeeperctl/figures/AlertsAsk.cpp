// SPDX-License-Identifier: GPL-3.0-or-later
#include "figures/AlertsAsk.h"

#include "PlatformFiles.h"
#include "change/ActionCommand.h"
#include "changes/runners/Prometheus.h"

namespace wk::ctl {

using namespace Qt::StringLiterals;
using monitoring::AlertSource;

AlertsAsk::AlertsAsk(ChangeSession& session, const QString& where, Then then)
    : QObject(&session), m_session(session), m_then(std::move(then)),
      m_secrets(session.clock(), secrets::KeychainStore::service())
{
    const auto platform = platformOf(where);
    if (!platform) {
        m_session.fail(platform.error());
        return;
    }
    m_session.clusters().use((*platform)->name);
    AlertSource::Places places;
    places.where.platform = *platform;
    places.where.secrets = &m_secrets;
    if (const auto cluster = clusterOf(m_session.arguments(), platform->get())) {
        m_cluster = *cluster;
        const auto access = [&clusters = m_session.clusters(), name = *cluster] { return clusters.access(name); };
        if (access())
            places.where.get = changes::getterOf(access);
        places.context = [access]() -> std::shared_ptr<const platform::ResolvedContext> {
            const auto reached = access();
            return reached ? (*reached)->context() : nullptr;
        };
    }
    places.where.prometheus = std::make_shared<monitoring::ServerSource>(
        monitoring::ServerSource::Places{places.where.get, places.context, *platform, &m_secrets}, m_session.clock());
    m_source = std::make_unique<AlertSource>(places, m_session.clock());
    connect(m_source.get(), &AlertSource::changed, this, &AlertsAsk::follow);
    m_watch = m_source->watch();
}

/// An address stands for a platform that knows nothing else.
Result<std::shared_ptr<const platform::Platform>> AlertsAsk::platformOf(const QString& where)
{
    if (!where.startsWith("http://"_L1) && !where.startsWith("https://"_L1))
        return findPlatform(m_session.arguments(), where);
    auto out = std::make_shared<platform::Platform>();
    platform::Service service;
    service.name = u"alertmanager"_s;
    service.kind = platform::Service::Kind::Monitoring;
    platform::Endpoint endpoint;
    endpoint.url = where;
    service.healthEndpoints = {endpoint};
    out->services = {service};
    return out;
}

void AlertsAsk::follow()
{
    if (!m_then)
        return;
    if (m_source->state() == AlertSource::State::Failed) {
        m_then = nullptr;
        m_session.fail(*m_source->error());
        return;
    }
    const auto& replicas = m_source->book().replicas();
    if (m_source->state() != AlertSource::State::Found || replicas.size() < m_source->replicas().size())
        return;
    const auto then = std::exchange(m_then, nullptr);
    m_watch.reset();
    printNote(tr("%1: %2").arg(m_source->name(), m_source->reason()));
    const QStringList remarks = m_source->book().remarks();
    for (const QString& remark : remarks)
        printNote(remark);
    if (m_source->isStale())
        m_session.finish(NoConnection);
    else
        then(*m_source);
}

} // namespace wk::ctl
