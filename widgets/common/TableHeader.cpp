// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/common/TableHeader.h"

#include "widgets/common/CellDelegate.h"
#include "widgets/common/Icons.h"

#include <QtGui/QPainter>

using namespace Qt::StringLiterals;

namespace wk::widgets {

namespace {
constexpr int padding = 8;
constexpr int markSide = 12;
} // namespace

TableHeader::TableHeader(QWidget* parent) : QHeaderView(Qt::Horizontal, parent)
{
    setSectionsClickable(true);
    setSectionsMovable(true);
    setHighlightSections(false);
    setMinimumSectionSize(36);
    setContextMenuPolicy(Qt::CustomContextMenu);
    setMouseTracking(true);
    setTextElideMode(Qt::ElideRight);
}

void TableHeader::setSortKeys(const table::SortKeys& keys)
{
    m_keys = keys;
    viewport()->update();
}

void TableHeader::setIconColumns(const QSet<int>& columns)
{
    if (columns == m_iconColumns)
        return;
    m_iconColumns = columns;
    viewport()->update();
}

void TableHeader::paintEvent(QPaintEvent* event)
{
    QHeaderView::paintEvent(event);
    const int from = length() - offset();
    if (from >= viewport()->width())
        return;
    const QRect rest(from, 0, viewport()->width() - from, height());
    QPainter painter(viewport());
    painter.fillRect(rest, Theme::of(this).color(Theme::Token::Window));
    painter.setPen(Theme::of(this).color(Theme::Token::Border));
    painter.drawLine(rest.bottomLeft(), rest.bottomRight());
}

QSize TableHeader::sectionSizeFromContents(int logicalIndex) const
{
    const QString text = model() ? model()->headerData(logicalIndex, orientation()).toString() : QString();
    const QFontMetrics metrics(Theme::of(this).font(Theme::Role::SmallStrong));
    const int room = m_iconColumns.contains(logicalIndex) ? CellDelegate::iconRoom : 0;
    return {metrics.horizontalAdvance(text) + 2 * padding + markSide + 4 + room, Theme::of(this).rowHeight() + 2};
}

void TableHeader::paintSection(QPainter* painter, const QRect& rect, int logicalIndex) const
{
    if (!rect.isValid() || !model())
        return;
    const Theme& theme = Theme::of(this);
    painter->save();
    const bool hovered = rect.contains(viewport()->mapFromGlobal(QCursor::pos())) && viewport()->underMouse();
    painter->fillRect(rect, theme.color(hovered ? Theme::Token::Raised : Theme::Token::Window));
    painter->setPen(theme.color(Theme::Token::Border));
    painter->drawLine(rect.bottomLeft(), rect.bottomRight());

    int rank = -1;
    for (int i = 0; i < m_keys.size(); ++i) {
        if (m_keys[i].column == logicalIndex)
            rank = i;
    }
    const QString title = model()->headerData(logicalIndex, orientation()).toString();
    const auto alignment =
        Qt::Alignment(model()->headerData(logicalIndex, orientation(), Qt::TextAlignmentRole).toInt());
    const bool right = alignment & Qt::AlignRight;
    const int room = !right && m_iconColumns.contains(logicalIndex) ? CellDelegate::iconRoom : 0;
    QRect text = rect.adjusted(padding + room, 0, -padding, -1);
    painter->setFont(theme.font(Theme::Role::SmallStrong));
    painter->setPen(theme.color(rank >= 0 ? Theme::Token::Text : Theme::Token::Muted));
    if (rank >= 0) {
        const int markWidth = markSide + 2;
        const bool up = m_keys[rank].order == Qt::AscendingOrder;
        const int width = std::min(painter->fontMetrics().horizontalAdvance(title), text.width() - markWidth);
        // The mark stands on the inner side, so that right-aligned titles keep to their numbers' edge.
        const int x = right ? text.right() - width - markWidth : text.left() + width + 4;
        const QRect mark(std::max(x, text.left()), rect.center().y() - markSide / 2, markSide, markSide);
        icon(up ? u"chevron-up" : u"chevron-down", Theme::Token::Text).paint(painter, mark);
        if (m_keys.size() > 1) {
            QFont small = theme.font(Theme::Role::Small);
            small.setPointSizeF(small.pointSizeF() * 0.8);
            painter->setFont(small);
            painter->drawText(QRect(mark.left() + 2, mark.top() - 7, markSide - 4, 9), Qt::AlignCenter,
                              QString::number(rank + 1));
            painter->setFont(theme.font(Theme::Role::SmallStrong));
        }
        if (right)
            text.setLeft(text.right() - width);
        else
            text.setWidth(width + 1);
    }
    painter->drawText(text, int(alignment), painter->fontMetrics().elidedText(title, Qt::ElideRight, text.width() + 1));
    painter->restore();
}

} // namespace wk::widgets
