// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/monitoring/objectives/BudgetBar.h"

#include "monitoring/metrics/MetricUnits.h"
#include "widgets/common/Theme.h"

#include <QtGui/QPainter>

using namespace Qt::StringLiterals;

namespace wk::widgets {

BudgetBar::BudgetBar(QWidget* parent) : QWidget(parent) { setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed); }

void BudgetBar::setBudget(double left, double atWorst, table::Health health, const QString& words)
{
    m_left = left;
    m_atWorst = atWorst;
    m_health = health;
    setAccessibleName(tr("Error budget: %1").arg(words));
    setToolTip(words);
    update();
}

void BudgetBar::paintEvent(QPaintEvent*)
{
    const Theme& theme = Theme::of(this);
    QPainter painter(this);
    painter.setFont(theme.font(Theme::Role::BaseStrong));
    const QString figure = monitoring::figureText(m_left, u"ratio");
    const int room = std::max(64, painter.fontMetrics().horizontalAdvance(figure) + 12);
    const QRectF track(0, height() / 2.0 - 5, std::max(40, width() - room), 10);
    painter.setPen(theme.color(Theme::Token::Border));
    painter.setBrush(theme.color(Theme::Token::Raised));
    painter.drawRect(track.adjusted(0.5, 0.5, -0.5, -0.5));
    const QColor colour = theme.color(m_health);
    const auto fill = [&](double from, double to, const QBrush& brush) {
        from = std::clamp(from, 0.0, 1.0), to = std::clamp(to, 0.0, 1.0);
        if (to > from)
            painter.fillRect(
                QRectF(track.left() + from * track.width(), track.top(), (to - from) * track.width(), track.height()),
                brush);
    };
    fill(0, m_atWorst, colour);
    fill(m_atWorst, m_left, QBrush(colour, Qt::BDiagPattern));
    painter.setPen(theme.color(Theme::Token::Text));
    painter.drawText(QRectF(track.right() + 8, 0, room - 8, height()), Qt::AlignLeft | Qt::AlignVCenter, figure);
}

} // namespace wk::widgets
