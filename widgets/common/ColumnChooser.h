// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "table/ColumnLayout.h"

#include <QtWidgets/QFrame>

class QLineEdit;
class QListWidget;

namespace wk::widgets {

/// A popup with a table's columns: tick to show, drag to order, type to find. Reports every change at once; closes by
/// Esc or a click elsewhere.
class ColumnChooser : public QFrame
{
    Q_OBJECT
public:
    ColumnChooser(const table::Columns& columns, const table::ColumnLayout& layout, QWidget* parent);

signals:
    void layoutChanged(const wk::table::ColumnLayout& layout);
    void resetRequested();

private:
    void fill();
    void report();
    void filter(const QString& text);

    table::Columns m_columns;
    table::ColumnLayout m_layout;
    QLineEdit* m_find;
    QListWidget* m_list;
    bool m_filling = false;
};

} // namespace wk::widgets
