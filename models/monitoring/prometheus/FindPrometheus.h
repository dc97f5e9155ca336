// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "monitoring/prometheus/ServerLogins.h"
#include "net/Send.h"

#include <QtCore/QFuture>
#include <QtCore/QJsonObject>
#include <QtCore/QObject>

namespace wk::platform {
struct Platform;
}

namespace wk::monitoring {

/// A server, and why it is that one: both are shown wherever its figures are.
struct FoundServer
{
    ServerAddress address; ///< of a service inside a cluster without `cluster`, which the finder does not know
    QString reason;        ///< "service monitoring/prometheus-k8s has the label app.kubernetes.io/name=prometheus"
    QStringList others;    ///< further candidates, best first: "lab/prometheus"
};

/// As the platform file says it: the address under monitoring.prometheus; else a monitoring service that is called
/// Prometheus, by an endpoint of that name, else by its host and port. A host without a dot is a service of the
/// platform's main namespace. NotFound where it says nothing, or `platform` is null.
[[nodiscard]] Result<FoundServer> prometheusOf(const platform::Platform* platform);

/// A service that may be a Prometheus.
struct ServiceCandidate
{
    QString space, name, sign; ///< sign: the label or the name that it is known by
    int port = 0;
    bool https = false;
    int weight = 0;
    bool operator==(const ServiceCandidate&) const = default;
};

/// Those of a ServiceList that are known as a Prometheus by their labels or their name, and not as one of its helpers
/// (operator, Alertmanager, exporters). Labels: of kube-prometheus, of the charts prometheus and
/// kube-prometheus-stack, and what the operator sets on its own service.
[[nodiscard]] std::vector<ServiceCandidate> candidatesIn(const QJsonObject& serviceList);
/// The best of them: known labels before names, `spaces` (of the platform) and "monitoring" before others, then in
/// alphabetical order.
[[nodiscard]] Result<FoundServer> chosenOf(std::vector<ServiceCandidate> candidates, const QStringList& spaces);

/// Finds the Prometheus of one cluster: by the platform file, where what it names exists; else among the cluster's
/// services, by a few selective lists, in the platform's namespaces where the person may not list all.
class PrometheusFinder final : public QObject
{
    Q_OBJECT
public:
    /// GET below the API server's address.
    using Get = std::function<QFuture<Result<net::Response>>(const QByteArray& path, const QByteArray& query)>;
    using Then = std::function<void(Result<FoundServer>)>;

    /// `then` is called once, from the event loop; not at all where the finder is destroyed before. Without `get` only
    /// the platform file is looked at. What that says of a login is in the address that is found, its secret from
    /// `secrets`, which outlives the finder; null: there is no keychain.
    PrometheusFinder(Get get, const platform::Platform* platform, Then then, secrets::SecretStore* secrets = nullptr,
                     QObject* parent = nullptr);

private:
    void confirmPlace(const FoundServer& place);
    void list(bool everywhere);
    void onList(const Result<net::Response>& answer, bool everywhere);
    void conclude();
    void end(Result<FoundServer> result);
    void deliver(Result<FoundServer> result);

    Get m_get;
    Then m_then;
    secrets::SecretStore* m_secrets;
    std::optional<AccessFile> m_access; ///< of the platform file
    QStringList m_spaces;
    QString m_note; ///< why what the platform file says was not taken
    std::vector<ServiceCandidate> m_candidates;
    std::optional<Error> m_error;
    int m_open = 0;
    bool m_refused = false;
};

} // namespace wk::monitoring
