// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cluster/connection/ClusterConnection.h"
#include "cluster/connection/Discovery.h"
#include "cluster/connection/Guest.h"
#include "cluster/connection/Heartbeat.h"
#include "cluster/connection/ReflectorFeed.h"

#include <unordered_map>

namespace wk::cluster {

/// Counters of a connection, written on its thread and read on any.
struct ConnectionCounters
{
    std::atomic<qint64> bytes = 0;
    std::atomic<qint64> objects = 0;
    std::atomic<qint64> events = 0;
};

/// The part of a ClusterConnection that lives on the connection's thread: heartbeat, discovery, one feed per table.
///
/// First asks /version (renderers depend on it, and an error of TLS or credentials is then told once); starts the
/// tables the moment that is answered, discovery beside them.
class ConnectionWorker : public QObject
{
    Q_OBJECT
public:
    using Table = quint64;
    using Answer = std::function<void(Result<QByteArray>)>;

    struct Setup
    {
        platform::ResolvedContext context;
        ClusterConnection::Options options;
    };
    /// What the worker tells; called on its thread.
    struct Outbox
    {
        std::function<void(ConnectionState)> state;
        std::function<void(QList<ResourceKind>)> kinds;
        std::function<void(Table, TableUpdate)> table;
    };
    /// What the worker needs; outlives it, except `transport`, which it takes.
    struct Services
    {
        std::unique_ptr<net::Transport> transport;
        Clock& clock;
        ConnectionCounters& counters;
        std::function<void()> dropConnections = [] {}; ///< pooled connections may be dead
        std::function<qint64()> credentialExpiresMs = [] { return qint64(0); };
    };

    ConnectionWorker(Setup setup, Services services, Outbox outbox, QObject* parent = nullptr);
    /// Calls that are under way are answered with Error::Kind::Cancelled.
    ~ConnectionWorker() override;

    void start();
    void openTable(Table id, const ResourceKind& kind, const QString& space);
    void closeTable(Table id);
    void followVersions(Table id);
    void acknowledge(Table id);
    /// One GET; `what` names it in errors.
    void get(const QByteArray& path, const QByteArray& query, const QByteArray& accept, const QString& what,
             Answer answer);
    void takeIn(quint64 id, const GuestMaker& make);
    void seeOff(quint64 id);
    void reconnect();
    /// Asks which kinds are served, also where nothing is watched.
    void findKinds();

private:
    struct Call;
    struct Follower;

    void onFound(const ServerVersion& version);
    void onAnswered(bool recovered);
    void onLost(const Error& error, bool timedOut);
    void discover();
    void discoverIn(qint64 ms);
    void onDiscovered(Result<std::vector<ApiGroup>> groups);
    void adaptFeeds();
    void reopenGuests();
    [[nodiscard]] bool isServed(const ResourceKind& kind) const;
    [[nodiscard]] std::shared_ptr<const Renderer> renderer(const ResourceKind& kind) const;
    void followUsage(Follower& follower);
    void linkChanged();
    void publishState();

    Setup m_setup;
    Clock& m_clock;
    ConnectionCounters& m_counters;
    std::function<void()> m_dropConnections;
    std::function<qint64()> m_credentialExpiresMs;
    Outbox m_outbox;
    MonitoredTransport m_transport;
    Heartbeat m_heartbeat;
    Discovery m_discovery;
    LinkHealth m_link;
    ConnectionState m_state;
    ConnectionState m_sentState;
    bool m_found = false;
    bool m_everUp = false;
    bool m_lossTimedOut = false;
    int m_minor = 0;
    bool m_discovered = false;
    bool m_wantsKinds = false;
    std::vector<ApiGroup> m_groups;
    QList<ResourceKind> m_kinds;
    std::unordered_map<Table, std::unique_ptr<Follower>> m_followers;
    std::vector<std::shared_ptr<Call>> m_calls;
    std::map<quint64, std::unique_ptr<Guest>> m_guests;
    std::shared_ptr<void> m_discoveryTimer;
    std::shared_ptr<void> m_staleTimer;
};

} // namespace wk::cluster
