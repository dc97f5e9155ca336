// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/common/PaletteDelegate.h"

#include "widgets/common/PaletteModel.h"
#include "widgets/common/Theme.h"

#include <QtGui/QPainter>
#include <QtGui/QTextLayout>

namespace wk::widgets {

using namespace Qt::StringLiterals;

namespace {

constexpr int rowHeight = 30, sectionWidth = 112, margin = 12, gap = 12;

void drawTitle(QPainter& painter, const QRect& rect, const QString& text, const QList<int>& marked,
               const QColor& colour, const QColor& accent, const QFont& font)
{
    QTextLayout layout(text, font);
    QList<QTextLayout::FormatRange> formats;
    for (const int at : marked) {
        QTextCharFormat format;
        format.setForeground(accent);
        format.setFontWeight(QFont::Bold);
        formats << QTextLayout::FormatRange{at, 1, format};
    }
    layout.setFormats(formats);
    layout.beginLayout();
    QTextLine line = layout.createLine();
    line.setLineWidth(100'000);
    layout.endLayout();
    painter.setPen(colour);
    layout.draw(&painter, QPointF(rect.left(), rect.top() + (rect.height() - line.height()) / 2));
}

} // namespace

QSize PaletteDelegate::sizeHint(const QStyleOptionViewItem& option, const QModelIndex&) const
{
    return {option.rect.width(), rowHeight};
}

void PaletteDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    using Token = Theme::Token;
    const Theme& theme = Theme::of(option.widget);
    const QString whyNot = index.data(PaletteModel::WhyNotRole).toString();
    const bool selected = option.state & QStyle::State_Selected;
    painter->save();
    if (selected)
        painter->fillRect(option.rect, theme.color(Token::Selection));
    else if (option.state & QStyle::State_MouseOver)
        painter->fillRect(option.rect, theme.color(Token::Hover));
    QRect rest = option.rect.adjusted(margin, 0, -margin, 0);
    const auto text = [&](QRect& from, int width, const QString& what, const QFont& font, Token token, int align) {
        const QFontMetrics metrics(font);
        painter->setFont(font);
        painter->setPen(theme.color(token));
        painter->drawText(from, align | Qt::AlignVCenter | Qt::TextSingleLine,
                          metrics.elidedText(what, Qt::ElideRight, width));
    };
    QRect section = rest;
    section.setWidth(sectionWidth);
    text(section, sectionWidth - gap, index.data(PaletteModel::SectionRole).toString(), theme.font(Theme::Role::Small),
         Token::Muted, Qt::AlignLeft);
    rest.setLeft(section.right());
    const QString keys = index.data(PaletteModel::ShortcutRole).toString();
    if (!keys.isEmpty()) {
        const QFont mono = theme.font(Theme::Role::Mono);
        text(rest, rest.width(), keys, mono, Token::Muted, Qt::AlignRight);
        rest.setRight(rest.right() - QFontMetrics(mono).horizontalAdvance(keys) - gap);
    }
    // A title gives way to nothing; what explains it takes the rest.
    const QFont base = theme.font(Theme::Role::Base);
    QFont bold = base;
    bold.setWeight(QFont::Bold);
    const QString title = index.data(Qt::DisplayRole).toString();
    const QString shown = QFontMetrics(bold).elidedText(title, Qt::ElideRight, rest.width());
    const auto marked = index.data(PaletteModel::MatchRole).value<QList<int>>();
    painter->setClipRect(rest);
    drawTitle(*painter, rest, shown, shown == title ? marked : QList<int>(),
              theme.color(whyNot.isEmpty() ? Token::Text : Token::Muted), theme.color(Token::Accent), base);
    rest.setLeft(rest.left() + QFontMetrics(bold).horizontalAdvance(shown) + gap);
    const QString detail = whyNot.isEmpty() ? index.data(PaletteModel::DetailRole).toString() : whyNot;
    if (rest.width() > 40)
        text(rest, rest.width(), detail, theme.font(Theme::Role::Small), Token::Muted, Qt::AlignLeft);
    painter->restore();
}

} // namespace wk::widgets
