// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "table/Column.h"
#include "table/Row.h"

#include <string>

namespace wk::table {

/// Natural order without regard to case: runs of ASCII digits compare as numbers ("pod-9" before "pod-10"), everything
/// else by folded code unit. Negative, zero or positive, as a comes before, with or after b.
[[nodiscard]] int naturalCompare(QStringView a, QStringView b);

struct SortKey
{
    int column = 0;
    Qt::SortOrder order = Qt::AscendingOrder;
    bool operator==(const SortKey&) const = default;
};
using SortKeys = QList<SortKey>;

/// A total order of rows: by the keys in turn, empty cells last in either direction, ages by instant (ascending shows
/// the youngest first, as the age grows), then by space, name and id, so that equal rows never trade places.
class RowOrder
{
public:
    RowOrder() = default;
    RowOrder(const Columns& columns, SortKeys keys);

    [[nodiscard]] const SortKeys& keys() const { return m_keys; }

    /// Negative, zero (the same id) or positive.
    [[nodiscard]] int compare(const Row& a, const Row& b) const;

    /// Bytes whose lexicographic order is compare()'s up to the id, appended to `out`. For sorting many rows at once.
    void appendSortBytes(const Row& row, std::string& out) const;

private:
    SortKeys m_keys;
    QList<Column::Kind> m_kinds;
};

} // namespace wk::table
