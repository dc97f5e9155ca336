// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "table/Column.h"

#include <QtWidgets/QStyledItemDelegate>

namespace wk::table {
struct Gauge;
class TableModel;
} // namespace wk::table

namespace wk::widgets {

class FrozenTableView;

/// Draws the cells of a TableModel: numbers in digits of equal width at the right, a status with its icon and colour,
/// cut texts with an ellipsis, a bar before what is measured against something, a changed cell with a tint for two
/// seconds. A table without a status column shows the health of its rows that are not well before their name.
class CellDelegate : public QStyledItemDelegate
{
    Q_OBJECT
public:
    /// What an icon before a text takes, with the gap after it.
    static constexpr int iconRoom = 20;

    explicit CellDelegate(FrozenTableView* view);

    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override;
    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;
    bool helpEvent(QHelpEvent* event, QAbstractItemView* view, const QStyleOptionViewItem& option,
                   const QModelIndex& index) override;

    /// The part of a row right of its last cell.
    void paintRest(QPainter* painter, const QRect& rect, int row, bool selected) const;

    /// Rows are as of some time ago: readable, and visibly not the present.
    /// True where that is news.
    bool setStale(bool stale) { return std::exchange(m_stale, stale) != stale; }
    /// The column before whose text the row's health is drawn; -1 for none.
    void setHealthColumn(int column) { m_healthColumn = column; }

private:
    void paintBackground(QPainter* painter, const QRect& rect, int row, bool selected, bool changed) const;
    void paintGauge(QPainter* painter, const QRect& cell, const table::Gauge& gauge) const;
    [[nodiscard]] QRect textRect(const QRect& cell, const QModelIndex& index) const;
    [[nodiscard]] QFont fontOf(table::Column::Kind kind) const;

    FrozenTableView* m_view;
    bool m_stale = false;
    int m_healthColumn = -1;
};

} // namespace wk::widgets
