// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtWidgets/QTableView>

namespace wk::table {
class TableModel;
}

namespace wk::widgets {

class CellDelegate;
class TableHeader;

/// A table whose header and first columns stay where they are while the rest scrolls. The frozen columns are a second
/// view over the first one's left edge, with the same model and the same selection. Rows inserted or moved above what a
/// person reads do not push it away: unless the table stands at its very top, the current row (or the first one seen)
/// keeps its place on the screen.
class FrozenTableView : public QTableView
{
    Q_OBJECT
public:
    /// A column's own content asks for no more than this, in pixels.
    static constexpr int widestContent = 380;

    explicit FrozenTableView(QWidget* parent = nullptr);

    void setTable(table::TableModel* model);
    /// How many of the leftmost shown columns stay.
    void setFrozenColumns(int count);
    [[nodiscard]] int frozenColumns() const { return m_frozenCount; }
    /// Call after columns were hidden, shown or moved by program.
    void syncColumns();

    [[nodiscard]] TableHeader* header() const { return m_header; }
    [[nodiscard]] TableHeader* frozenHeader() const { return m_frozenHeader; }
    [[nodiscard]] QTableView* frozen() const { return m_frozen; }
    [[nodiscard]] CellDelegate* cells() const { return m_delegate; }
    [[nodiscard]] int hoveredRow() const { return m_hovered; }
    void setRowHeight(int height);
    void repaintCells();

    /// The width that the header and at most 200 rows, spread over the table, ask for; at most widestContent.
    [[nodiscard]] int contentWidth(int column) const;
    void keyboardSearch(const QString& search) override;
    void scrollTo(const QModelIndex& index, ScrollHint hint = EnsureVisible) override;

signals:
    void resized();
    void columnReordered();
    void headerMenuRequested(int column, const QPoint& globalPosition);
    void cellMenuRequested(const QModelIndex& index, const QPoint& globalPosition);
    void headerClicked(int column, Qt::KeyboardModifiers modifiers);

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void updateGeometries() override;
    bool eventFilter(QObject* watched, QEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;

private:
    void setUpFrozen();
    void placeFrozen();
    void setHovered(int row);
    void rememberAnchor();
    void restoreAnchor();
    void openMenuForCurrent();
    [[nodiscard]] bool isFrozen(int column) const;

    table::TableModel* m_table = nullptr;
    QTableView* m_frozen;
    QWidget* m_edge;
    TableHeader* m_header;
    TableHeader* m_frozenHeader;
    CellDelegate* m_delegate;
    int m_frozenCount = 1;
    int m_hovered = -1;
    bool m_syncing = false;
    QPersistentModelIndex m_anchor;
    int m_anchorOffset = 0;
    QString m_typed;
    qint64 m_typedAtMs = 0;
};

} // namespace wk::widgets
