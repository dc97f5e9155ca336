// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/changes/plan/StepDelegate.h"

#include "widgets/common/Theme.h"

#include <QtGui/QPainter>
#include <QtWidgets/QHeaderView>
#include <QtWidgets/QTreeView>

namespace wk::widgets {

namespace {

constexpr int side = 16, above = 5, between = 2, below = 5;
constexpr int iconSide = 14;
constexpr int wrapped = Qt::TextWordWrap | Qt::AlignLeft | Qt::AlignTop;

/// Images and paths may be broken after what separates their parts.
QString breakable(QString text)
{
    constexpr QChar maybe(0x200B); // zero-width space
    for (const QChar c : {u'/', u':', u'@', u'_', u'='})
        text.replace(c, QString(c) + maybe);
    return text;
}

} // namespace

StepDelegate::StepDelegate(QTreeView* view) : QStyledItemDelegate(view), m_view(view)
{
    connect(view->header(), &QHeaderView::sectionResized, view, &QTreeView::doItemsLayout);
}

int StepDelegate::heightOf(const QString& text, const QFont& font, int width) const
{
    return text.isEmpty() ? 0 : QFontMetrics(font).boundingRect(QRect(0, 0, width, 10'000), wrapped, text).height();
}

QSize StepDelegate::sizeHint(const QStyleOptionViewItem&, const QModelIndex& index) const
{
    const Theme& theme = Theme::of(m_view);
    const QModelIndex words = index.siblingAtColumn(0);
    const int width = m_view->columnWidth(0) - side - 8;
    const int first = heightOf(breakable(words.data().toString()), theme.font(Theme::Role::Base), width);
    const int second = heightOf(breakable(words.data(sentenceRole).toString()), theme.font(Theme::Role::Small), width);
    return {width, above + first + (second > 0 ? between + second : 0) + below};
}

void StepDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    const Theme& theme = Theme::of(m_view);
    painter->save();
    if (option.state & QStyle::State_Selected)
        painter->fillRect(option.rect, theme.color(Theme::Token::Selection));
    painter->setPen(theme.color(Theme::Token::Border));
    painter->drawLine(option.rect.bottomLeft(), option.rect.bottomRight());
    const QString text = index.column() == 0 ? breakable(index.data().toString()) : index.data().toString();
    if (index.column() == 0) {
        QRect rest = option.rect.adjusted(side, above, -8, 0);
        painter->setFont(theme.font(Theme::Role::Base));
        painter->setPen(theme.color(Theme::Token::Text));
        painter->drawText(rest, wrapped, text);
        rest.setTop(rest.top() + heightOf(text, painter->font(), rest.width()) + between);
        painter->setFont(theme.font(Theme::Role::Small));
        painter->setPen(theme.color(Theme::Token::Muted));
        painter->drawText(rest, wrapped, breakable(index.data(sentenceRole).toString()));
        painter->restore();
        return;
    }
    QRect line = option.rect.adjusted(8, above, -side / 2, 0);
    painter->setFont(theme.font(Theme::Role::Digits));
    line.setHeight(painter->fontMetrics().height());
    const QIcon icon = index.data(Qt::DecorationRole).value<QIcon>();
    if (!icon.isNull())
        icon.paint(painter, QRect(line.left(), line.center().y() - iconSide / 2 + 1, iconSide, iconSide));
    if (index.column() == 1)
        line.setLeft(line.left() + iconSide + 6);
    const QVariant colour = index.data(Qt::ForegroundRole);
    painter->setPen(colour.isValid() ? colour.value<QBrush>().color() : theme.color(Theme::Token::Muted));
    const bool right = Qt::Alignment(index.data(Qt::TextAlignmentRole).toInt()) & Qt::AlignRight;
    painter->drawText(line, (right ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter, text);
    painter->restore();
}

} // namespace wk::widgets
