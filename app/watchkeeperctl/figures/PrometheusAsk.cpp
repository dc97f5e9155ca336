// SPDX-License-Identifier: GPL-3.0-or-later
#include "figures/PrometheusAsk.h"

#include "PlatformFiles.h"
#include "changes/runners/Prometheus.h"

#include <QtCore/QCoreApplication>

namespace wk::ctl {

using namespace Qt::StringLiterals;
using monitoring::ServerSource;

namespace {

bool isAddress(const QString& where) { return where.startsWith("http://"_L1) || where.startsWith("https://"_L1); }

/// An address stands for a platform that knows nothing else.
std::shared_ptr<const platform::Platform> platformAt(const QString& address)
{
    auto out = std::make_shared<platform::Platform>();
    platform::Service service;
    service.name = u"prometheus"_s;
    service.kind = platform::Service::Kind::Monitoring;
    platform::Endpoint endpoint;
    endpoint.name = u"prometheus"_s;
    endpoint.url = address;
    service.healthEndpoints = {endpoint};
    out->services = {service};
    return out;
}

} // namespace

PrometheusAsk::PrometheusAsk(Arguments arguments, QString where)
    : m_arguments(std::move(arguments)), m_where(std::move(where)),
      m_secrets(m_clock, secrets::KeychainStore::service()), m_clusters(m_arguments, m_clock)
{
}

PrometheusAsk::~PrometheusAsk() = default;

int PrometheusAsk::start()
{
    ServerSource::Places places;
    if (isAddress(m_where)) {
        m_platform = platformAt(m_where);
    } else {
        auto found = findPlatform(m_arguments, m_where);
        if (!found) {
            printError(found.error());
            return Refused;
        }
        m_platform = std::move(*found);
        m_clusters.use(m_platform->name);
        QString cluster = m_arguments.value(u"cluster"_s);
        if (cluster.isEmpty() && !m_platform->clusters.empty())
            cluster = m_platform->clusters.front().name;
        const auto access = [this, cluster] { return m_clusters.access(cluster); };
        if (const auto reached = access()) {
            places.get = changes::getterOf(access);
            places.context = [access]() -> std::shared_ptr<const platform::ResolvedContext> {
                const auto there = access();
                return there ? (*there)->context() : nullptr;
            };
        } else {
            printNote(tr("no cluster is looked into: %1").arg(reached.error().text()));
        }
    }
    places.platform = m_platform;
    places.secrets = &m_secrets;
    m_source = std::make_unique<ServerSource>(std::move(places), m_clock);
    connect(m_source.get(), &ServerSource::changed, this, &PrometheusAsk::follow);
    m_source->look();
    return -1;
}

void PrometheusAsk::follow()
{
    if (m_asked)
        return;
    if (m_source->state() == ServerSource::State::Failed) {
        m_asked = true;
        fail(*m_source->error());
    } else if (m_source->state() == ServerSource::State::Found) {
        m_asked = true;
        m_serverName = m_source->name();
        printNote(tr("%1: %2").arg(m_source->name(), m_source->reason()));
        ask(*m_source->server());
    }
}

void PrometheusAsk::finish(int code)
{
    // Never from inside start(): there is no event loop yet that could be ended.
    QMetaObject::invokeMethod(
        qApp, [code] { QCoreApplication::exit(code); }, Qt::QueuedConnection);
}

void PrometheusAsk::fail(const Error& error)
{
    printError(error);
    finish(exitCodeOf(error));
}

} // namespace wk::ctl
