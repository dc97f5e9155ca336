// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "monitoring/prometheus/FindPrometheus.h"
#include "monitoring/prometheus/PrometheusServer.h"

namespace wk::monitoring {

/// The Prometheus of one place: looked for when it is first wanted, and why it is that one. On the GUI thread.
class ServerSource : public QObject
{
    Q_OBJECT
public:
    enum class State { Idle, Looking, Found, Failed };

    struct Places
    {
        PrometheusFinder::Get get; ///< GET below the API server's address; empty: there is no cluster
        /// How the API server is reached, for a service behind it; may give null.
        std::function<std::shared_ptr<const platform::ResolvedContext>()> context;
        std::shared_ptr<const platform::Platform> platform; ///< may be null
        secrets::SecretStore* secrets = nullptr;            ///< outlives the source; null: there is no keychain
    };

    /// `clock` outlives it.
    ServerSource(Places places, Clock& clock, QObject* parent = nullptr);
    ~ServerSource() override;

    /// Begins, unless it was begun already; after a failure it looks again.
    void look();

    [[nodiscard]] State state() const { return m_state; }
    /// Null until it is found. Belongs to this; whoever asks it holds on to this.
    [[nodiscard]] PrometheusServer* server() const { return m_server.get(); }
    /// Whether it is a service inside the cluster: addresses that it names are of the cluster's network.
    [[nodiscard]] bool isInside() const { return m_inside; }
    /// Two places with the same key have the same server, asked as the same person. Empty until it is found.
    [[nodiscard]] QString key() const { return m_key; }
    /// "prometheus in monitoring"
    [[nodiscard]] QString name() const { return m_name; }
    /// Why it is that one, and which others there are, in sentences.
    [[nodiscard]] QString reason() const { return m_reason; }
    [[nodiscard]] const std::optional<Error>& error() const { return m_error; }

signals:
    void changed();

private:
    void take(Result<FoundServer> found);
    void set(State state);

    Places m_places;
    Clock& m_clock;
    State m_state = State::Idle;
    std::unique_ptr<PrometheusFinder> m_finder;
    std::unique_ptr<PrometheusServer> m_server;
    QString m_name, m_reason, m_key;
    bool m_inside = false;
    std::optional<Error> m_error;
};

} // namespace wk::monitoring
