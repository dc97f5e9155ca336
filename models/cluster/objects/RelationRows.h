// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cluster/objects/Relations.h"

#include <QtCore/QHash>
#include <QtCore/QMap>

namespace wk::cluster {

using Labels = QMap<QString, QString>;

/// "a=b,c=d" → its parts.
[[nodiscard]] Labels labelsOf(const QString& text);
[[nodiscard]] Labels labelsOf(const QJsonObject& object);
/// True where `labels` has all of `selector`, which has at least one.
[[nodiscard]] bool selects(const Labels& selector, const Labels& labels);

/// The rows of several kinds, each asked for once: what a tree of relations is made from.
class RelationRows
{
public:
    RelationRows(const QList<ResourceKind>& kinds, const RowsOf& rowsOf) : m_kinds(kinds), m_rowsOf(rowsOf) {}

    /// Calls `f(row, text)` for every row of a kind, with the text of one of its columns.
    template <typename F>
    void each(const QString& kindId, QStringView column, F&& f)
    {
        const Sheet& all = sheet(kindId);
        const int at = table::indexOfColumn(all.columns, column);
        for (const table::RowPtr& row : all.rows)
            f(*row, textAt(*row, at));
    }
    [[nodiscard]] QString text(const QString& kindId, const table::Row& row, QStringView column);
    /// One object, by its row: how it is, or that it does not exist.
    [[nodiscard]] Relation find(const QString& kindId, const QString& space, const QString& name);
    [[nodiscard]] Relation of(const QString& kindId, const table::Row& row);
    /// "ReplicaSet/api-1" as rows name their owner → kind's id, of those that the cluster serves; empty where unknown.
    [[nodiscard]] QString kindIdOfOwner(const QString& word) const;
    [[nodiscard]] QString kindName(const QString& kindId) const;

private:
    struct Sheet
    {
        bool known = false; ///< all there are are among the rows
        table::Columns columns;
        std::vector<table::RowPtr> rows;
    };
    [[nodiscard]] const Sheet& sheet(const QString& kindId);
    /// Empty where there is no such column, or no text in it.
    [[nodiscard]] static const QString& textAt(const table::Row& row, int column);

    const QList<ResourceKind>& m_kinds;
    const RowsOf& m_rowsOf;
    QHash<QString, std::shared_ptr<Sheet>> m_sheets;
};

} // namespace wk::cluster
