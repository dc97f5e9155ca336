// SPDX-License-Identifier: GPL-3.0-or-later
#include "changes/runners/SilenceReach.h"
#include "net/HttpTransport.h"
#include "net/SingleShot.h"

#include <QtCore/QTimer>

namespace wk::changes {

using namespace Qt::StringLiterals;
using monitoring::Silence;

void SilenceReach::find(Found found)
{
    m_found = std::move(found);
    const platform::Platform* platform = m_places.platform ? m_places.platform() : nullptr;
    std::shared_ptr<const platform::Platform> held(platform, [](const platform::Platform*) {}); // outlives the plan
    monitoring::PrometheusFinder::Get get;
    if (m_places.cluster && m_places.cluster(m_cluster))
        get = getterOf([this] { return m_places.cluster(m_cluster); });
    monitoring::ServerSource::Places places{get, {}, held, m_places.secrets};
    places.context = [this]() -> std::shared_ptr<const platform::ResolvedContext> {
        const auto access = m_places.cluster ? m_places.cluster(m_cluster) : Result<ClusterAccess*>(nullptr);
        return access && *access ? (*access)->context() : nullptr;
    };
    m_prometheus = std::make_shared<monitoring::ServerSource>(places, m_clock);
    m_finder = std::make_unique<monitoring::AlertmanagerFinder>(
        monitoring::AlertmanagerFinder::Places{m_prometheus, get, held, m_places.secrets},
        [this](Result<monitoring::FoundAlertmanagers> all) { onFound(std::move(all)); });
}

void SilenceReach::onFound(Result<monitoring::FoundAlertmanagers> found)
{
    m_finder.release()->deleteLater(); // it is on the stack
    if (!found) {
        std::exchange(m_found, nullptr)(fail(std::move(found.error())));
        return;
    }
    m_replicas = std::move(found->replicas);
    tryNext();
}

void SilenceReach::tryNext()
{
    if (m_next == m_replicas.size()) {
        std::exchange(m_found, nullptr)(fail(*m_error));
        return;
    }
    m_address = m_replicas[m_next++];
    if (!m_address.servicePath.isEmpty()) {
        const auto access = m_places.cluster ? m_places.cluster(m_cluster) : Result<ClusterAccess*>(nullptr);
        m_address.cluster = access && *access ? (*access)->context() : nullptr;
    }
    auto way = openWay(m_address, m_clock);
    if (!way) {
        m_error = std::move(way.error());
        QTimer::singleShot(0, this, &SilenceReach::tryNext);
        return;
    }
    m_prefix = way->prefix;
    m_client = std::make_unique<monitoring::AlertmanagerClient>(*std::move(way));
    m_flight = m_client->silences({}, [this](Result<std::vector<Silence>> all) {
        if (all) {
            std::exchange(m_found, nullptr)(std::move(all));
            return;
        }
        m_error = std::move(all.error());
        QTimer::singleShot(0, this, &SilenceReach::tryNext);
    });
}

void SilenceReach::send(const Call& call, Sent sent)
{
    m_sent = std::move(sent);
    if (!m_address.servicePath.isEmpty())
        return sendThroughCluster(call);
    const auto way = openWay(m_address, m_clock);
    const auto* transport = way ? dynamic_cast<const net::HttpTransport*>(way->transport.get()) : nullptr;
    if (!transport) {
        end(fail(way ? Error{Error::Kind::Unsupported, SilenceTexts::tr("%1 cannot be told.").arg(words()), {}, {}}
                     : way.error()));
        return;
    }
    net::Request request;
    request.verb = call.verb();
    request.path = call.path;
    request.headers = {{"Accept", "application/json"}};
    if (!call.body.isEmpty()) {
        request.headers.emplaceBack("Content-Type", "application/json");
        request.body = call.bodyFor(false);
    }
    net::Handlers handlers;
    handlers.head = [this](const net::ResponseHead& head) { m_status = head.status; };
    handlers.data = [this](QByteArrayView bytes) { m_body.append(bytes); };
    handlers.finished = [this](const std::optional<Error>& error) {
        end(error ? Result<QByteArray>(fail(*error)) : Result<QByteArray>(m_body));
    };
    m_exchange = net::openOnce(transport->options(), m_clock, request, std::move(handlers));
}

void SilenceReach::sendThroughCluster(const Call& call)
{
    const auto access = m_places.cluster(m_cluster);
    if (!access)
        return end(fail(access.error()));
    whenDone((*access)->send(call, false), this,
             [this, access = *access, what = call.words](const Result<Answer>& answer) {
                 if (!answer)
                     return end(fail(answer.error()));
                 // Of the API server itself; what Alertmanager says comes through as it is.
                 if (answer->status == 401 || answer->status == 403)
                     return end(fail(access->error(*answer, what)));
                 m_status = answer->status;
                 end(answer->body);
             });
}

void SilenceReach::end(Result<QByteArray> result)
{
    if (result && m_status >= 400) {
        const QString said = QString::fromUtf8(result->left(500)).trimmed();
        const bool refused = m_status < 500;
        result = fail({refused ? Error::Kind::Conflict : Error::Kind::Server,
                       SilenceTexts::tr("%1 answered with status %2: %3.").arg(words()).arg(m_status).arg(said),
                       {},
                       refused ? QString() : SilenceTexts::tr("Look at the silences before you do it again.")});
    }
    std::exchange(m_sent, nullptr)(std::move(result));
}

} // namespace wk::changes
