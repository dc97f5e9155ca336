// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/common/HealthBadge.h"

#include "widgets/common/Health.h"

#include <QtGui/QPainter>

namespace wk::widgets {

namespace {
constexpr int iconSide = 16;
constexpr int gap = 6;
} // namespace

HealthBadge::HealthBadge(QWidget* parent) : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
}

void HealthBadge::setHealth(table::Health health, const QString& text)
{
    if (m_health == health && m_text == text)
        return;
    m_health = health;
    m_text = text;
    const QString word = healthWord(health);
    setAccessibleName(text.isEmpty() || word.isEmpty() ? HealthBadge::text() : word + QStringLiteral(": ") + text);
    setToolTip(HealthBadge::text());
    updateGeometry();
    update();
}

QString HealthBadge::text() const { return m_text.isEmpty() ? healthWord(m_health) : m_text; }

QSize HealthBadge::sizeHint() const
{
    const QFontMetrics metrics(font());
    const int icon = m_health == table::Health::None ? 0 : iconSide + gap;
    return {icon + metrics.horizontalAdvance(text()) + 2, std::max(iconSide, metrics.height()) + 4};
}

QSize HealthBadge::minimumSizeHint() const { return {iconSide + gap + 24, sizeHint().height()}; }

void HealthBadge::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    const Theme& theme = Theme::of(this);
    QRect rect = this->rect();
    if (m_health != table::Health::None) {
        healthIcon(m_health).paint(&painter,
                                   QRect(rect.left(), rect.center().y() - iconSide / 2 + 1, iconSide, iconSide));
        rect.setLeft(rect.left() + iconSide + gap);
    }
    painter.setPen(theme.color(m_health));
    painter.drawText(rect, Qt::AlignLeft | Qt::AlignVCenter,
                     fontMetrics().elidedText(text(), Qt::ElideRight, rect.width()));
}

} // namespace wk::widgets
