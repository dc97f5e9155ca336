// SPDX-License-Identifier: GPL-3.0-or-later
#include "cluster/ClusterView.h"

namespace wk::cluster {

LiveClusterView::LiveClusterView(std::shared_ptr<ClusterConnection> connection, QObject* parent)
    : ClusterView(parent), m_connection(std::move(connection))
{
    connect(m_connection.get(), &ClusterConnection::stateChanged, this, &ClusterView::stateChanged);
    connect(m_connection.get(), &ClusterConnection::kindsChanged, this, &ClusterView::kindsChanged);
}

QString LiveClusterView::name() const { return m_connection->context().id.context; }
const ConnectionState& LiveClusterView::state() const { return m_connection->state(); }
QList<ResourceKind> LiveClusterView::kinds() const { return m_connection->kinds(); }
bool LiveClusterView::discovered() const { return m_connection->discovered(); }

std::shared_ptr<table::TableSource> LiveClusterView::open(const ResourceKind& kind, const QString& space)
{
    return m_connection->open(kind, space);
}

QFuture<Result<QByteArray>> LiveClusterView::fetchObject(const ResourceKind& kind, const QString& space,
                                                         const QString& name, bool withSecretData)
{
    return m_connection->fetchObject(kind, space, name, withSecretData, true);
}

QFuture<Result<QByteArray>> LiveClusterView::fetchList(const ResourceKind& kind, const QString& space,
                                                       const QByteArray& query)
{
    return m_connection->fetchList(kind, space, query);
}

QFuture<Result<QByteArray>> LiveClusterView::fetchOwnRules(const QString& space)
{
    return m_connection->fetchOwnRules(space);
}

void LiveClusterView::reconnect() { m_connection->reconnect(); }

} // namespace wk::cluster
