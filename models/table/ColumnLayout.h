// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "table/Column.h"

#include <QtCore/QHash>
#include <QtCore/QJsonObject>
#include <QtCore/QSet>
#include <QtCore/QStringList>

namespace wk::table {

/// A person's own arrangement of a table's columns, by column id, so that it outlives new and vanished columns.
struct ColumnLayout
{
    QStringList order;          ///< ids from left to right; columns not named here follow in their declared order
    QHash<QString, bool> shown; ///< the person's choice; a column not named here is shown unless it is wide
    QHash<QString, int> widths; ///< pixels at 96 dpi; a column not named here takes its width from its content

    bool operator==(const ColumnLayout&) const = default;

    [[nodiscard]] bool isShown(const Column& column) const { return shown.value(column.id, !column.wide); }
    /// Positions in `columns`, in display order, hidden ones included. Each position once.
    [[nodiscard]] QList<int> arranged(const Columns& columns) const;

    [[nodiscard]] QJsonObject toJson() const;
    /// Ignores what it does not understand: settings of another version must not cost a person the rest.
    [[nodiscard]] static ColumnLayout fromJson(const QJsonObject& json);
};

/// A sort that outlives a change of columns.
struct SortById
{
    QString column;
    Qt::SortOrder order = Qt::AscendingOrder;
    bool operator==(const SortById&) const = default;
};
using SortKeysById = QList<SortById>;

} // namespace wk::table
