// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/overview/OverviewRow.h"

#include "widgets/common/Health.h"
#include "widgets/common/Theme.h"

#include <QtGui/QKeyEvent>
#include <QtGui/QPainter>

#include <cmath>

namespace wk::widgets {

using namespace Qt::StringLiterals;

namespace {
constexpr int iconPixels = 16;
constexpr int barPixels = 56;
} // namespace

OverviewRow::OverviewRow(QWidget* parent) : QAbstractButton(parent)
{
    setFocusPolicy(Qt::StrongFocus);
    setCursor(Qt::PointingHandCursor);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setAttribute(Qt::WA_Hover);
}

void OverviewRow::setContent(const Content& content)
{
    if (content == m_content)
        return;
    const bool wider = content.text.size() != m_content.text.size();
    m_content = content;
    QStringList spoken{content.text};
    for (const QString& part : {healthWord(content.health), content.detail, content.figure}) {
        if (!part.isEmpty())
            spoken.append(part);
    }
    setAccessibleName(spoken.join(u", "_s));
    setToolTip(content.tooltip);
    if (wider)
        updateGeometry();
    update();
}

QSize OverviewRow::sizeHint() const
{
    const Theme& theme = Theme::of(this);
    const QFontMetrics metrics(theme.font(Theme::Role::Base));
    return {iconPixels + 3 * margin + metrics.horizontalAdvance(m_content.text) +
                metrics.horizontalAdvance(m_content.figure) + margin,
            theme.rowHeight()};
}

QSize OverviewRow::minimumSizeHint() const { return {120, Theme::of(this).rowHeight()}; }

void OverviewRow::paintEvent(QPaintEvent*)
{
    const Theme& theme = Theme::of(this);
    QPainter painter(this);
    if (underMouse() || isDown())
        painter.fillRect(rect(), theme.color(Theme::Token::Hover));
    QRect box = rect().adjusted(margin, 0, -margin, 0);
    if (m_content.health != table::Health::None)
        healthIcon(m_content.health)
            .paint(&painter, QRect(box.left(), box.center().y() - iconPixels / 2 + 1, iconPixels, iconPixels));
    box.setLeft(box.left() + iconPixels + margin);

    if (!m_content.figure.isEmpty()) {
        painter.setFont(theme.font(Theme::Role::Digits));
        const bool quiet = m_content.strong || m_content.quietFigure || m_content.health == table::Health::None ||
                           m_content.health == table::Health::Good;
        painter.setPen(quiet ? theme.color(Theme::Token::Muted) : theme.color(healthToken(m_content.health)));
        painter.drawText(box, Qt::AlignRight | Qt::AlignVCenter, m_content.figure);
        // Bars that stand below one another begin and end alike.
        const QString widest = m_content.bar ? u"00.0 % left"_s : QString();
        const QFontMetrics digits = painter.fontMetrics();
        box.setRight(box.right() - margin -
                     std::max(digits.horizontalAdvance(m_content.figure), digits.horizontalAdvance(widest)));
    }
    if (m_content.bar && box.width() > 3 * barPixels) {
        const QRect frame(box.right() - barPixels, box.center().y() - 2, barPixels, 5);
        painter.fillRect(frame, theme.color(Theme::Token::Border));
        const int left = int(std::lround(std::clamp(*m_content.bar, 0.0, 1.0) * barPixels));
        painter.fillRect(
            QRect(frame.topLeft(), QSize(left, frame.height())),
            theme.color(m_content.health == table::Health::Good ? Theme::Token::Muted : healthToken(m_content.health)));
        box.setRight(frame.left() - margin);
    }
    painter.setFont(theme.font(m_content.strong ? Theme::Role::BaseStrong : Theme::Role::Base));
    painter.setPen(theme.color(m_content.strong ? healthToken(m_content.health) : Theme::Token::Text));
    const QFontMetrics metrics = painter.fontMetrics();
    // The detail gives way first, down to nothing; only then is the text itself cut.
    const int textWidth = std::min(metrics.horizontalAdvance(m_content.text), box.width());
    painter.drawText(box, Qt::AlignLeft | Qt::AlignVCenter,
                     metrics.elidedText(m_content.text, Qt::ElideMiddle, box.width()));
    box.setLeft(box.left() + textWidth + margin);
    if (!m_content.detail.isEmpty() && box.width() > 40) {
        painter.setFont(theme.font(Theme::Role::Base));
        painter.setPen(theme.color(Theme::Token::Muted));
        painter.drawText(box, Qt::AlignLeft | Qt::AlignVCenter,
                         painter.fontMetrics().elidedText(m_content.detail, Qt::ElideRight, box.width()));
    }
    if (hasFocus()) {
        painter.setPen(QPen(theme.color(Theme::Token::Accent), 2));
        painter.drawRect(rect().adjusted(1, 1, -1, -1));
    }
}

void OverviewRow::keyPressEvent(QKeyEvent* event)
{
    switch (event->key()) {
    case Qt::Key_Return:
    case Qt::Key_Enter: click(); return;
    case Qt::Key_Down: focusNextChild(); return;
    case Qt::Key_Up: focusPreviousChild(); return;
    default: QAbstractButton::keyPressEvent(event);
    }
}

void OverviewRow::enterEvent(QEnterEvent* event)
{
    update();
    QAbstractButton::enterEvent(event);
}

void OverviewRow::leaveEvent(QEvent* event)
{
    update();
    QAbstractButton::leaveEvent(event);
}

} // namespace wk::widgets
