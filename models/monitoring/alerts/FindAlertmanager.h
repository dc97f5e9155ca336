// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "monitoring/prometheus/ServerSource.h"

namespace wk::monitoring {

/// The replicas of one Alertmanager, and why it is that one: both are shown wherever its alerts are.
struct FoundAlertmanagers
{
    std::vector<ServerAddress> replicas; ///< at least one
    QString reason;                      ///< "the platform file gives this address"
    QStringList others;                  ///< further candidates: "lab/alertmanager"
};

/// As the platform file says it: the addresses under monitoring.alertmanager; else endpoints of monitoring services
/// that are called Alertmanager, each a replica; else such a service by its host and port, 9093 where it gives none.
/// NotFound where it says nothing, or `platform` is null.
[[nodiscard]] Result<FoundAlertmanagers> alertmanagersOf(const platform::Platform* platform);

/// The best of the services in a ServiceList that are known as an Alertmanager by their labels (of kube-prometheus, the
/// operator, the charts) or their name; `spaces` (of the platform) and "monitoring" before others.
[[nodiscard]] Result<FoundAlertmanagers> alertmanagersIn(const std::vector<QJsonObject>& serviceLists,
                                                         const QStringList& spaces);

/// Finds the Alertmanager of one place: by the platform file, else where its Prometheus says that it sends alerts, as
/// far as that can be reached from here, else among the services of its cluster.
class AlertmanagerFinder final : public QObject
{
    Q_OBJECT
public:
    struct Places
    {
        std::shared_ptr<ServerSource> prometheus; ///< may be null
        PrometheusFinder::Get get;                ///< GET below the API server's address; empty: there is no cluster
        std::shared_ptr<const platform::Platform> platform; ///< may be null
        secrets::SecretStore* secrets = nullptr; ///< of logins; outlives the finder; null: there is no keychain
    };
    using Then = std::function<void(Result<FoundAlertmanagers>)>;

    /// `then` is called once, from the event loop; not at all where the finder is destroyed before.
    AlertmanagerFinder(Places places, Then then, QObject* parent = nullptr);

private:
    void askPrometheus();
    void followPrometheus();
    void onPrometheus(const Result<QStringList>& urls);
    void list();
    void onList(const Result<net::Response>& answer);
    void end(Result<FoundAlertmanagers> result);
    void reach(FoundAlertmanagers found, const AccessFile& access, std::size_t next);
    void deliver(Result<FoundAlertmanagers> result);

    Places m_places;
    Then m_then;
    PrometheusServer::FlightPtr m_flight;
    bool m_asked = false;
    QString m_note; ///< why what Prometheus said was not taken
    std::vector<QJsonObject> m_lists;
    std::optional<Error> m_error;
    int m_open = 0;
};

} // namespace wk::monitoring
