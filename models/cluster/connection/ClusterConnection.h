// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cluster/ResourceKind.h"
#include "cluster/connection/ChannelPermit.h"
#include "cluster/connection/Guest.h"
#include "cluster/connection/LiveTable.h"
#include "cluster/connection/WritePermit.h"
#include "core/Clock.h"
#include "core/Random.h"
#include "core/Result.h"
#include "net/Send.h"
#include "platform/KubeConfig.h"

#include <QtCore/QFuture>
#include <QtCore/QObject>

#include <memory>
#include <optional>

namespace wk::cluster {

/// What is known about a connection as a whole, for the status bar.
struct ConnectionState
{
    enum class Phase { Connecting, Live, Reconnecting, Stale, Failed };
    Phase phase = Phase::Connecting;
    qint64 lastContactMs = 0;       ///< last byte received from the server; 0 where never
    std::optional<Error> error;     ///< why it is not live
    QString serverVersion;          ///< "v1.20.2"
    QString userName;               ///< who the kubeconfig says we are
    bool insecure = false;          ///< certificates are not verified: shown in red wherever the cluster is named
    qint64 credentialExpiresMs = 0; ///< 0 where the credential does not say
};

/// Counters of a connection since its start, for `--stats` and the diagnostics page.
struct ConnectionStats
{
    qint64 bytes = 0;
    qint64 objects = 0;
    qint64 events = 0;
};

/// One cluster under one identity, seen from the GUI thread. A thread of its own does network and decoding; every call
/// here returns at once.
class ClusterConnection : public QObject
{
    Q_OBJECT
public:
    struct Options
    {
        bool watch = true; ///< false: one list per table, then done (`get`)
        /// Where `watch` is off: read from etcd instead of from the API server's cache, as kubectl does.
        bool mostRecent = false;
        bool extraColumns = true; ///< see RenderOptions
        QByteArray labelSelector; ///< applied to every list and watch (`get -l`)
        QByteArray fieldSelector;
        /// Ask for streamed lists (KEP-3157); unset: where the server has them by default (1.32 and later).
        std::optional<bool> watchList = {};
        qint64 batchMs = 50; ///< shortest time between two batches to the GUI thread
        Random random = systemRandom();
    };

    ClusterConnection(platform::ResolvedContext context, Options options, QObject* parent = nullptr);
    explicit ClusterConnection(platform::ResolvedContext context, QObject* parent = nullptr);
    /// Aborts everything and waits for the connection's thread to end (no network wait).
    ~ClusterConnection() override;

    [[nodiscard]] const platform::ResolvedContext& context() const;
    [[nodiscard]] const ConnectionState& state() const;
    [[nodiscard]] ConnectionStats stats() const;

    /// Built-in kinds at once, the server's own after discovery; each at its best served version.
    [[nodiscard]] QList<ResourceKind> kinds() const;
    /// Asks the server which kinds it serves; kindsChanged() follows. Needed only where Options::watch is off: a
    /// connection that watches asks by itself.
    void discover();
    /// True once discovery has answered.
    [[nodiscard]] bool discovered() const;
    /// "po", "pod", "pods", "deployments.apps", "Deployment" -> the kind; fails with what was meant to be typed.
    [[nodiscard]] Result<ResourceKind> findKind(const QString& word) const;

    /// Follows a kind in a namespace (empty: all). Tables are shared: a second call returns the first one's table.
    [[nodiscard]] std::shared_ptr<LiveTable> open(const ResourceKind& kind, const QString& space = {});

    /// As open(); the table then also tells the version of every object that is listed or changed from now on, one
    /// whose row stays the same included (LiveTable::versionsSeen()).
    [[nodiscard]] std::shared_ptr<LiveTable> openVersions(const ResourceKind& kind, const QString& space = {});

    /// One object as the server's JSON; for secrets without its values unless `withSecretData`.
    [[nodiscard]] QFuture<Result<QByteArray>> fetchObject(const ResourceKind& kind, const QString& space,
                                                          const QString& name, bool withSecretData = false,
                                                          bool withManagedFields = false);
    /// Objects of a kind as the server's JSON list, in a namespace (empty: all); `query` narrows it down
    /// ("labelSelector=…&limit=500"). Not for secrets: those are read one at a time, without their values.
    [[nodiscard]] QFuture<Result<QByteArray>> fetchList(const ResourceKind& kind, const QString& space,
                                                        const QByteArray& query = {});
    /// What this identity may do in a namespace: the server's answer to a SelfSubjectRulesReview.
    [[nodiscard]] QFuture<Result<QByteArray>> fetchOwnRules(const QString& space);
    /// Any GET below the server's address, for tools: body of a 2xx answer.
    [[nodiscard]] QFuture<Result<QByteArray>> get(const QByteArray& path, const QByteArray& query = {},
                                                  const QByteArray& accept = "application/json");
    /// A GET, or the POST of a self subject review; whatever status the server answers with.
    [[nodiscard]] QFuture<Result<net::Response>> ask(const net::Request& request);
    /// A request that changes something, sent exactly once over a connection made for it. An error of kind Network: it
    /// is not known whether the server carried it out.
    [[nodiscard]] QFuture<Result<net::Response>> change(const net::Request& request, const WritePermit& permit);
    /// Takes in a guest, who stays on the connection's thread until what is returned is released (from this thread), or
    /// the connection goes. `make` is called there, soon.
    [[nodiscard]] std::shared_ptr<void> takeIn(GuestMaker make);
    /// As takeIn(), of a guest who opens channels into pods.
    [[nodiscard]] std::shared_ptr<void> takeIn(ChannelGuestMaker make, const ChannelPermit& permit);
    /// Drops every connection and starts over (after sleep, a network change, a changed kubeconfig).
    void reconnect();

signals:
    void stateChanged();
    void kindsChanged();

private:
    class Private;
    std::unique_ptr<Private> d;
};

} // namespace wk::cluster
