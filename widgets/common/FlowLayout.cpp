// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/common/FlowLayout.h"

#include <QtWidgets/QWidget>

namespace wk::widgets {

FlowLayout::FlowLayout(QWidget* parent) : QLayout(parent) { setContentsMargins(0, 0, 0, 0); }

FlowLayout::~FlowLayout() { qDeleteAll(m_items); }

void FlowLayout::setSpacings(int across, int down)
{
    m_across = across;
    m_down = down;
    invalidate();
}

void FlowLayout::addItem(QLayoutItem* item) { m_items.append(item); }

QLayoutItem* FlowLayout::takeAt(int index)
{
    return index >= 0 && index < m_items.size() ? m_items.takeAt(index) : nullptr;
}

void FlowLayout::setGeometry(const QRect& rect)
{
    QLayout::setGeometry(rect);
    arrange(rect, false);
}

QSize FlowLayout::minimumSize() const
{
    QSize size;
    for (const QLayoutItem* item : m_items)
        size = size.expandedTo(item->minimumSize());
    const QMargins margins = contentsMargins();
    return size + QSize(margins.left() + margins.right(), margins.top() + margins.bottom());
}

int FlowLayout::arrange(const QRect& rect, bool onlyMeasure) const
{
    const QRect area = rect.marginsRemoved(contentsMargins());
    int x = area.x(), y = area.y(), tallest = 0;
    for (QLayoutItem* item : m_items) {
        if (item->isEmpty())
            continue;
        const QSize size = item->sizeHint().boundedTo(QSize(std::max(area.width(), 1), QWIDGETSIZE_MAX));
        if (x > area.x() && x + size.width() > area.right() + 1) {
            x = area.x();
            y += tallest + m_down;
            tallest = 0;
        }
        if (!onlyMeasure)
            item->setGeometry(QRect(QPoint(x, y), size));
        x += size.width() + m_across;
        tallest = std::max(tallest, size.height());
    }
    return y + tallest - rect.y() + contentsMargins().bottom();
}

} // namespace wk::widgets
