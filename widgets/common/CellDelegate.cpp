// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/common/CellDelegate.h"

#include "table/Gauge.h"
#include "table/TableModel.h"
#include "widgets/common/FrozenTableView.h"
#include "widgets/common/Health.h"

#include <QtGui/QHelpEvent>
#include <QtGui/QPainter>
#include <QtWidgets/QToolTip>

using namespace Qt::StringLiterals;

namespace wk::widgets {

namespace {

constexpr int padding = 8;
constexpr int iconSide = 14;
constexpr int barWidth = 40;
constexpr int barHeight = 6;
constexpr int barRoom = barWidth + 8;

using table::Column;
using table::Health;
using table::TableModel;

Column::Kind kindOf(const QModelIndex& index) { return Column::Kind(index.data(TableModel::KindRole).toInt()); }

Health healthOf(const QModelIndex& index) { return Health(index.data(TableModel::HealthRole).toInt()); }

/// Whether the column has bars; each row has its room then, so that they stand below each other.
bool hasGauge(const QModelIndex& index) { return index.data(TableModel::GaugeRole).isValid(); }

QColor mixed(const QColor& a, const QColor& b, double share)
{
    return QColor::fromRgbF(float(a.redF() * (1 - share) + b.redF() * share),
                            float(a.greenF() * (1 - share) + b.greenF() * share),
                            float(a.blueF() * (1 - share) + b.blueF() * share));
}

} // namespace

CellDelegate::CellDelegate(FrozenTableView* view) : QStyledItemDelegate(view), m_view(view) {}

QFont CellDelegate::fontOf(Column::Kind kind) const
{
    const bool digits = kind != Column::Kind::Text && kind != Column::Kind::Status && kind != Column::Kind::Labels;
    return Theme::of(m_view).font(digits ? Theme::Role::Digits : Theme::Role::Base);
}

QRect CellDelegate::textRect(const QRect& cell, const QModelIndex& index) const
{
    QRect rect = cell.adjusted(padding, 0, -padding, -1);
    // Room for the icon even where there is none, so that the words stand below each other.
    if (kindOf(index) == Column::Kind::Status || index.column() == m_healthColumn)
        rect.setLeft(rect.left() + iconRoom);
    if (hasGauge(index))
        rect.setLeft(std::min(rect.left() + barRoom, rect.right()));
    return rect;
}

void CellDelegate::paintGauge(QPainter* painter, const QRect& cell, const table::Gauge& gauge) const
{
    // A bar that has no room is left out: half of one would lie.
    if (!gauge.isKnown() || cell.width() < barRoom + 2 * padding)
        return;
    const Theme& theme = Theme::of(m_view);
    const QRect bar(cell.left() + padding, cell.center().y() - barHeight / 2, barWidth, barHeight);
    painter->fillRect(bar, theme.color(Theme::Token::Border));
    const int filled = gauge.fill <= 0 ? 0 : std::clamp(qRound(gauge.fill * barWidth), 1, barWidth);
    const Theme::Token ink = gauge.tight && !m_stale ? Theme::Token::Warning : Theme::Token::Muted;
    painter->fillRect(QRect(bar.topLeft(), QSize(filled, barHeight)), theme.color(ink));
    if (gauge.mark >= 0) {
        const int at = bar.left() + std::clamp(qRound(gauge.mark * barWidth), 0, barWidth - 1);
        painter->fillRect(QRect(at, bar.top() - 2, 1, barHeight + 4), theme.color(Theme::Token::Text));
    }
}

void CellDelegate::paintBackground(QPainter* painter, const QRect& rect, int row, bool selected, bool changed) const
{
    const Theme& theme = Theme::of(m_view);
    QColor background = theme.color(Theme::Token::Surface);
    if (selected)
        background = theme.color(Theme::Token::Selection);
    else if (m_view->hoveredRow() == row)
        background = theme.color(Theme::Token::Hover);
    if (changed)
        background =
            selected ? mixed(background, theme.color(Theme::Token::Glow), 0.5) : theme.color(Theme::Token::Glow);
    painter->fillRect(rect, background);
    painter->setPen(mixed(background, theme.color(Theme::Token::Border), 0.55));
    painter->drawLine(rect.bottomLeft(), rect.bottomRight());
}

void CellDelegate::paintRest(QPainter* painter, const QRect& rect, int row, bool selected) const
{
    paintBackground(painter, rect, row, selected, false);
}

void CellDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    const Theme& theme = Theme::of(m_view);
    painter->save();
    paintBackground(painter, option.rect, index.row(), option.state & QStyle::State_Selected,
                    index.data(TableModel::ChangedRole).toBool());
    const Column::Kind kind = kindOf(index);
    const Health health = healthOf(index);
    const bool status = kind == Column::Kind::Status && health != Health::None;
    const bool marked = index.column() == m_healthColumn && health != Health::None && health != Health::Good;
    if (status || marked) {
        const QRect box(option.rect.left() + padding, option.rect.center().y() - iconSide / 2, iconSide, iconSide);
        healthIcon(health).paint(painter, box);
    }
    QColor color = theme.color(Theme::Token::Text);
    // A table of a thousand green words hides the red one: what is well keeps its icon and speaks quietly.
    if (status && health != Health::Good)
        color = theme.color(health);
    else if (kind == Column::Kind::Labels || m_stale)
        color = theme.color(Theme::Token::Muted);
    if (const QVariant gauge = index.data(TableModel::GaugeRole); gauge.isValid())
        paintGauge(painter, option.rect, gauge.value<table::Gauge>());
    const QRect rect = textRect(option.rect, index);
    painter->setFont(fontOf(kind));
    painter->setPen(color);
    const QString text = index.data().toString();
    const auto alignment = Qt::Alignment(index.data(Qt::TextAlignmentRole).toInt());
    painter->drawText(rect, int(alignment) | Qt::TextSingleLine,
                      painter->fontMetrics().elidedText(text, Qt::ElideRight, rect.width()));
    if (m_view->hasFocus() && m_view->currentIndex() == index) {
        painter->setPen(theme.color(Theme::Token::Accent));
        painter->drawRect(option.rect.adjusted(0, 0, -1, -2));
    }
    painter->restore();
}

QSize CellDelegate::sizeHint(const QStyleOptionViewItem&, const QModelIndex& index) const
{
    const Column::Kind kind = kindOf(index);
    const bool icon = kind == Column::Kind::Status || index.column() == m_healthColumn;
    const int text = QFontMetrics(fontOf(kind)).horizontalAdvance(index.data().toString());
    const int room = (icon ? iconRoom : 0) + (hasGauge(index) ? barRoom : 0);
    return {text + 2 * padding + room + 2, Theme::of(m_view).rowHeight()};
}

bool CellDelegate::helpEvent(QHelpEvent* event, QAbstractItemView* view, const QStyleOptionViewItem& option,
                             const QModelIndex& index)
{
    if (event->type() != QEvent::ToolTip || !index.isValid())
        return QStyledItemDelegate::helpEvent(event, view, option, index);
    const QString shown = index.data().toString();
    QString exact = index.data(Qt::ToolTipRole).toString();
    const bool cut =
        QFontMetrics(fontOf(kindOf(index))).horizontalAdvance(shown) > textRect(option.rect, index).width();
    const Health health = healthOf(index);
    if (index.column() == m_healthColumn && health != Health::None) {
        const QString reason = index.data(TableModel::ReasonRole).toString();
        exact += u'\n' + healthWord(health) + (reason.isEmpty() ? QString() : u": "_s + reason);
    }
    if (exact.isEmpty() || (!cut && exact == shown))
        QToolTip::hideText();
    else
        QToolTip::showText(event->globalPos(), exact.toHtmlEscaped().replace(u'\n', u"<br>"_s), view);
    return true;
}

} // namespace wk::widgets
