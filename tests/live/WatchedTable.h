// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cluster/connection/ClusterConnection.h"

#include <QtCore/QElapsedTimer>

namespace wk::test {

/// A kind followed live through a connection of its own, as the cockpit does it; remembers how its freshness went.
class WatchedTable
{
public:
    /// Fails (table() is null, error() says why) where the kubeconfig or the kind cannot be used.
    WatchedTable(const QString& kubeconfig, const QString& context, const QStringList& kinds);

    [[nodiscard]] QString error() const { return m_error; }
    [[nodiscard]] cluster::ClusterConnection& connection() { return *m_connection; }
    [[nodiscard]] cluster::LiveTable* table(int kind = 0) const { return m_tables[size_t(kind)].get(); }
    [[nodiscard]] int count() const { return int(m_tables.size()); }
    [[nodiscard]] bool allLive() const;
    /// True once the first table has been in a state that tells a person not to trust it, since the last
    /// clearHistory().
    [[nodiscard]] bool wasStale() const { return m_wasStale; }
    void clearHistory() { m_wasStale = false; }
    /// As kubectl -A -o wide prints it.
    [[nodiscard]] QByteArray print(int kind = 0) const;
    /// For a failing test: state of each table and of the connection.
    [[nodiscard]] QString describe() const;

private:
    std::unique_ptr<cluster::ClusterConnection> m_connection;
    std::vector<std::shared_ptr<cluster::LiveTable>> m_tables;
    QString m_error;
    bool m_wasStale = false;
};

} // namespace wk::test
