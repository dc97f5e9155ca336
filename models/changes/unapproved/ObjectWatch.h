// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cluster/connection/ClusterConnection.h"

namespace wk::changes {

/// What the detector of unapproved changes sees of one cluster: an interface, so that it is tested without one. All on
/// the GUI thread.
class ObjectWatch : public QObject
{
    Q_OBJECT
public:
    using QObject::QObject;

    /// True once it is known which kinds the server has.
    [[nodiscard]] virtual bool isReady() const = 0;
    /// The kind as the server has it; nullopt where it has none of that id ("deployments.apps").
    [[nodiscard]] virtual std::optional<cluster::ResourceKind> kind(const QString& id) const = 0;
    /// From now on seen() tells of its objects in that namespace (empty: all).
    virtual void follow(const cluster::ResourceKind& kind, const QString& space) = 0;
    /// GET below the server's address; NotFound for a 404.
    [[nodiscard]] virtual QFuture<Result<QByteArray>> get(const QByteArray& path, const QByteArray& query) = 0;

signals:
    void ready();
    /// Objects that were listed, added or changed, whether a person would see a difference or not.
    void seen(const QString& kindId, const std::vector<wk::cluster::ObjectVersion>& versions);
    /// Objects that seem to have gone, by uid: worth another look, not a verdict.
    void missing(const QString& kindId, const QStringList& uids);
};

/// The real one, over the tables of a connection that other parts share.
class LiveObjectWatch final : public ObjectWatch
{
    Q_OBJECT
public:
    explicit LiveObjectWatch(std::shared_ptr<cluster::ClusterConnection> connection, QObject* parent = nullptr);

    [[nodiscard]] bool isReady() const override;
    [[nodiscard]] std::optional<cluster::ResourceKind> kind(const QString& id) const override;
    void follow(const cluster::ResourceKind& kind, const QString& space) override;
    [[nodiscard]] QFuture<Result<QByteArray>> get(const QByteArray& path, const QByteArray& query) override;

private:
    std::shared_ptr<cluster::ClusterConnection> m_connection;
    std::vector<std::shared_ptr<cluster::LiveTable>> m_tables;
};

} // namespace wk::changes
