// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "changes/checks/CheckWorld.h"
#include "core/Clock.h"
#include "monitoring/prometheus/FindPrometheus.h"
#include "monitoring/prometheus/PrometheusServer.h"

#include <QtCore/QPromise>

#include <map>

namespace wk::changes {

/// How a finder asks a cluster, by the connection that there is at that moment.
[[nodiscard]] monitoring::PrometheusFinder::Get getterOf(std::function<Result<ClusterAccess*>()> cluster);

/// The Prometheus servers that the checks of one plan ask: the one of a cluster as the platform file or the cluster's
/// own services tell (monitoring::PrometheusFinder), or one at an address. On the GUI thread, never waiting; an answer
/// that nobody awaits any more (a cancelled future) is not waited for on the server, either.
class Prometheus final : public QObject, public MetricsAccess
{
    Q_OBJECT
public:
    struct Places
    {
        /// Empty: only addresses outside of clusters can be asked.
        std::function<Result<ClusterAccess*>(const QString& cluster)> cluster;
        std::function<const platform::Platform*()> platform; ///< may give null
        secrets::SecretStore* secrets = nullptr;             ///< of logins; null: there is no keychain
    };

    /// `clock` and all of `places` outlive it.
    Prometheus(Places places, Clock& clock, QObject* parent = nullptr);
    ~Prometheus() override;

    [[nodiscard]] QFuture<Result<Value>> ask(const QString& cluster, const QUrl& url, const QString& query) override;

private:
    struct Asking
    {
        quint64 id = 0;
        QString query;
        QPromise<Result<Value>> promise;
        monitoring::PrometheusServer::FlightPtr flight;
        bool ended = false;
        ~Asking();
        void end(Result<Value> result);
    };
    using AskingPtr = std::shared_ptr<Asking>;
    /// One server, once it is known where.
    struct Known
    {
        std::unique_ptr<monitoring::PrometheusFinder> finder;
        std::unique_ptr<monitoring::PrometheusServer> server;
        QString where;
        std::vector<AskingPtr> waiting; ///< for the finder
    };

    void find(const QString& cluster, Known& known);
    void onFound(const QString& cluster, Result<monitoring::FoundServer> found);
    void send(const Known& known, const AskingPtr& asking);
    void forget(quint64 id);

    Places m_places;
    Clock& m_clock;
    std::map<QString, Known> m_byCluster, m_byUrl;
    std::map<quint64, AskingPtr> m_asked;
    quint64 m_lastId = 0;
};

} // namespace wk::changes
