// SPDX-License-Identifier: GPL-3.0-or-later
#include "changes/unapproved/ObjectWatch.h"

namespace wk::changes {

using cluster::LiveTable;

LiveObjectWatch::LiveObjectWatch(std::shared_ptr<cluster::ClusterConnection> connection, QObject* parent)
    : ObjectWatch(parent), m_connection(std::move(connection))
{
    connect(m_connection.get(), &cluster::ClusterConnection::kindsChanged, this, [this] {
        if (isReady())
            emit ready();
    });
}

bool LiveObjectWatch::isReady() const { return m_connection->discovered(); }

std::optional<cluster::ResourceKind> LiveObjectWatch::kind(const QString& id) const
{
    const auto kinds = m_connection->kinds();
    const auto it = std::ranges::find_if(kinds, [&](const auto& kind) { return kind.id() == id; });
    return it == kinds.end() ? std::nullopt : std::optional(*it);
}

void LiveObjectWatch::follow(const cluster::ResourceKind& kind, const QString& space)
{
    const auto table = m_connection->openVersions(kind, space);
    m_tables.push_back(table);
    const QString id = kind.id();
    connect(table.get(), &LiveTable::versionsSeen, this,
            [this, id](const std::vector<cluster::ObjectVersion>& versions) { emit seen(id, versions); });
    connect(table.get(), &LiveTable::changed, this, [this, id](const table::Batch& batch) {
        if (!batch.removed.empty())
            emit missing(id, QStringList(batch.removed.begin(), batch.removed.end()));
    });
}

QFuture<Result<QByteArray>> LiveObjectWatch::get(const QByteArray& path, const QByteArray& query)
{
    return m_connection->get(path, query);
}

} // namespace wk::changes
