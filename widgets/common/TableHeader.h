// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "table/Order.h"

#include <QtCore/QSet>
#include <QtWidgets/QHeaderView>

namespace wk::widgets {

/// A quiet header: muted titles aligned as their columns, the sort shown by a chevron and, where several columns sort,
/// its rank.
class TableHeader : public QHeaderView
{
    Q_OBJECT
public:
    explicit TableHeader(QWidget* parent = nullptr);

    void setSortKeys(const table::SortKeys& keys);
    [[nodiscard]] const table::SortKeys& sortKeys() const { return m_keys; }
    /// Columns whose cells keep room for an icon: their titles stand over the words.
    void setIconColumns(const QSet<int>& columns);

protected:
    void paintEvent(QPaintEvent* event) override;
    void paintSection(QPainter* painter, const QRect& rect, int logicalIndex) const override;
    [[nodiscard]] QSize sectionSizeFromContents(int logicalIndex) const override;

private:
    table::SortKeys m_keys;
    QSet<int> m_iconColumns;
};

} // namespace wk::widgets
