// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "table/Order.h"

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

protected:
    void paintEvent(QPaintEvent* event) override;
    void paintSection(QPainter* painter, const QRect& rect, int logicalIndex) const override;
    [[nodiscard]] QSize sectionSizeFromContents(int logicalIndex) const override;

private:
    table::SortKeys m_keys;
};

} // namespace wk::widgets
