// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cluster/ResourceKind.h"
#include "cluster/objects/ObjectVersion.h"
#include "table/TableSource.h"

#include <unordered_map>

namespace wk::cluster {

/// The rows of one kind in one scope, followed live. Seen from the GUI thread; filled by its connection at most every
/// 50 ms. Obtained from ClusterConnection::open(); following ends when the last shared pointer to it goes.
class LiveTable : public table::TableSource
{
    Q_OBJECT
public:
    LiveTable(ResourceKind kind, QString space, table::Columns columns);

    [[nodiscard]] const ResourceKind& kind() const { return m_kind; }
    /// Namespace, or empty for all.
    [[nodiscard]] const QString& space() const { return m_space; }

    [[nodiscard]] table::Columns columns() const override { return m_columns; }
    [[nodiscard]] std::vector<table::RowPtr> rows() const override;
    /// Live also where only one list was wanted (ClusterConnection::Options::watch) and it is complete. While Live,
    /// `asOfMs` moves on with every sign of life, without freshnessChanged(); `error` may then name what is not shown
    /// (namespaces that cannot be listed).
    [[nodiscard]] table::Freshness freshness() const override { return m_freshness; }
    [[nodiscard]] qsizetype size() const { return qsizetype(m_rows.size()); }
    [[nodiscard]] table::RowPtr row(const QString& id) const;

    // For the connection only.
    void tellVersions(const std::vector<ObjectVersion>& versions) { emit versionsSeen(versions); }
    void apply(const table::Batch& batch);
    void setFreshness(const table::Freshness& freshness);
    void setColumns(const table::Columns& columns);
    /// Another version of the same kind, once discovery has told which one is served.
    void setKind(const ResourceKind& kind);

signals:
    /// After the rows of the same moment; see ClusterConnection::openVersions().
    void versionsSeen(const std::vector<wk::cluster::ObjectVersion>& versions);

private:
    ResourceKind m_kind;
    QString m_space;
    table::Columns m_columns;
    table::Freshness m_freshness;
    std::unordered_map<QString, table::RowPtr> m_rows;
};

} // namespace wk::cluster
