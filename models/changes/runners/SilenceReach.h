// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "changes/runners/SilenceRunner.h"
#include "monitoring/alerts/AlertmanagerClient.h"
#include "monitoring/alerts/FindAlertmanager.h"
#include "net/Transport.h"

namespace wk::changes {

struct SilenceTexts
{
    Q_DECLARE_TR_FUNCTIONS(wk::changes::SilenceRunner)
};

/// Finds the Alertmanager of a step's cluster and the first of its replicas that tells its silences; sends to that one.
class SilenceReach : public QObject
{
public:
    using Found = std::function<void(Result<std::vector<monitoring::Silence>>)>;
    using Sent = std::function<void(Result<QByteArray>)>;

    /// `places` and `clock` outlive it.
    SilenceReach(const SilenceRunner::Places& places, Clock& clock, QString cluster)
        : m_places(places), m_clock(clock), m_cluster(std::move(cluster))
    {
    }

    /// `found` is called once, with the silences.
    void find(Found found);
    /// To the replica that was found, once. An Error of kind Network: it is not known whether it was carried out.
    void send(const Call& call, Sent sent);
    /// Under the address of the replica: what goes before "/api/v2".
    [[nodiscard]] const QByteArray& prefix() const { return m_prefix; }
    [[nodiscard]] QString words() const { return m_address.words(); }

private:
    void onFound(Result<monitoring::FoundAlertmanagers> found);
    void tryNext();
    void sendThroughCluster(const Call& call);
    void end(Result<QByteArray> result);

    const SilenceRunner::Places& m_places;
    Clock& m_clock;
    const QString m_cluster;
    Found m_found;
    Sent m_sent;
    std::shared_ptr<monitoring::ServerSource> m_prometheus;
    std::unique_ptr<monitoring::AlertmanagerFinder> m_finder;
    std::vector<monitoring::ServerAddress> m_replicas;
    std::size_t m_next = 0;
    std::optional<Error> m_error;
    monitoring::ServerAddress m_address;
    QByteArray m_prefix;
    std::unique_ptr<monitoring::AlertmanagerClient> m_client;
    monitoring::AlertmanagerClient::FlightPtr m_flight;
    std::unique_ptr<net::Exchange> m_exchange;
    int m_status = 0;
    QByteArray m_body;
};

} // namespace wk::changes
