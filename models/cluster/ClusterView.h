// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cluster/connection/ClusterConnection.h"
#include "table/TableSource.h"

#include <QtCore/QFuture>
#include <QtCore/QObject>

#include <memory>

namespace wk::cluster {

/// What a panel needs of a cluster: a seam, so that panels are tested with tables made by hand. All on the GUI thread.
class ClusterView : public QObject
{
    Q_OBJECT
public:
    using QObject::QObject;

    /// The context's name, as a person knows it.
    [[nodiscard]] virtual QString name() const = 0;
    [[nodiscard]] virtual const ConnectionState& state() const = 0;
    [[nodiscard]] virtual QList<ResourceKind> kinds() const = 0;
    /// True once discovery has answered: what is not among kinds() is not served.
    [[nodiscard]] virtual bool discovered() const = 0;
    /// Follows a kind; shared, see ClusterConnection::open().
    [[nodiscard]] virtual std::shared_ptr<table::TableSource> open(const ResourceKind& kind,
                                                                   const QString& space = {}) = 0;
    /// One object as JSON, managedFields included; see ClusterConnection::fetchObject().
    [[nodiscard]] virtual QFuture<Result<QByteArray>> fetchObject(const ResourceKind& kind, const QString& space,
                                                                  const QString& name, bool withSecretData = false) = 0;
    /// A JSON list, see ClusterConnection::fetchList().
    [[nodiscard]] virtual QFuture<Result<QByteArray>> fetchList(const ResourceKind& kind, const QString& space,
                                                                const QByteArray& query = {}) = 0;
    /// What this identity may do, see ClusterConnection::fetchOwnRules().
    [[nodiscard]] virtual QFuture<Result<QByteArray>> fetchOwnRules(const QString& space) = 0;
    virtual void reconnect() = 0;

signals:
    void stateChanged();
    void kindsChanged();
};

/// The real one. Shares the connection.
class LiveClusterView final : public ClusterView
{
    Q_OBJECT
public:
    explicit LiveClusterView(std::shared_ptr<ClusterConnection> connection, QObject* parent = nullptr);

    [[nodiscard]] QString name() const override;
    [[nodiscard]] const ConnectionState& state() const override;
    [[nodiscard]] QList<ResourceKind> kinds() const override;
    [[nodiscard]] bool discovered() const override;
    [[nodiscard]] std::shared_ptr<table::TableSource> open(const ResourceKind& kind, const QString& space) override;
    [[nodiscard]] QFuture<Result<QByteArray>> fetchObject(const ResourceKind& kind, const QString& space,
                                                          const QString& name, bool withSecretData) override;
    [[nodiscard]] QFuture<Result<QByteArray>> fetchList(const ResourceKind& kind, const QString& space,
                                                        const QByteArray& query) override;
    [[nodiscard]] QFuture<Result<QByteArray>> fetchOwnRules(const QString& space) override;
    void reconnect() override;

    [[nodiscard]] const std::shared_ptr<ClusterConnection>& connection() const { return m_connection; }

private:
    std::shared_ptr<ClusterConnection> m_connection;
};

} // namespace wk::cluster
