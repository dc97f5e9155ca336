// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "table/TableSource.h"

#include <memory>
#include <unordered_map>
#include <vector>

namespace wk::cluster {

/// The tables of one kind in several clusters as one, with a column "cluster" in front. Columns are those that any of
/// them has; what a cluster does not say is empty. A cluster that fails takes nothing from the others: its rows stay as
/// of its last contact, and standings() says how each of them is doing.
class MergedTable final : public table::TableSource
{
    Q_OBJECT
public:
    struct Part
    {
        QString key;  ///< unique among the parts, without a line break: tells rows of the same uid apart
        QString name; ///< as a person calls the cluster
        std::shared_ptr<table::TableSource> source;
    };
    /// How one cluster is doing, for its lamp.
    struct Standing
    {
        QString key, name;
        table::Freshness freshness;
        qsizetype rows = 0;
    };

    explicit MergedTable(QList<Part> parts);

    [[nodiscard]] table::Columns columns() const override { return m_columns; }
    [[nodiscard]] std::vector<table::RowPtr> rows() const override;
    /// Live as soon as any cluster is, with those that are not named in `error`. Stale or reconnecting where rows of a
    /// cluster are shown that is.
    [[nodiscard]] table::Freshness freshness() const override;

    [[nodiscard]] QList<Standing> standings() const;
    /// Which cluster a row is of, and its id there.
    [[nodiscard]] static std::pair<QString, QString> originOf(const QString& rowId);

signals:
    void standingsChanged();

private:
    struct Merged
    {
        Part part;
        std::vector<int> positions;                      ///< of the merged columns in the part's, -1 where it has none
        std::unordered_map<QString, table::RowPtr> rows; ///< as the part has them
    };

    void readColumns();
    void onColumnsChanged(Merged& merged);
    void onBatch(Merged& merged, const table::Batch& batch);
    [[nodiscard]] table::RowPtr translated(const Merged& merged, const table::Row& row) const;

    std::vector<std::unique_ptr<Merged>> m_parts;
    table::Columns m_columns;
};

} // namespace wk::cluster
