// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/monitoring/alerts/AlertDetail.h"

class QSplitter;

namespace wk::widgets {

class DataTable;

/// A table with one of its rows in full beside it, or in its place where there is not room for both. Enter opens, Esc
/// closes; while it is open it follows the current row.
class TableWithDetail : public QWidget
{
    Q_OBJECT
public:
    /// What is to be said of a row; nothing where there is no such row any more.
    using Describe = std::function<std::optional<AlertDetail::Content>(const QString& rowId)>;

    TableWithDetail(DataTable* table, Describe describe, QWidget* parent = nullptr);

    void open(const QString& rowId);
    void close();
    /// Empty: none.
    [[nodiscard]] const QString& opened() const { return m_opened; }
    /// What is open is described again; what is gone is closed.
    void refresh();
    [[nodiscard]] DataTable* table() const { return m_table; }
    [[nodiscard]] AlertDetail* detail() const { return m_detail; }

signals:
    void acted(const QString& rowId, const QString& act);
    void openedChanged(const QString& rowId);

protected:
    void resizeEvent(QResizeEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    void divide();

    Describe m_describe;
    DataTable* m_table;
    AlertDetail* m_detail;
    QSplitter* m_splitter;
    QString m_opened;
};

} // namespace wk::widgets
