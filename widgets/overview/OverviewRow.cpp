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
constexpr int stripPixels = 5, stripHeight = 14;
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
    paintBar(painter, box);
    paintStrip(painter, box);
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

void OverviewRow::paintBar(QPainter& painter, QRect& box) const
{
    if (!m_content.bar || box.width() <= 3 * barPixels)
        return;
    const Theme& theme = Theme::of(this);
    const QRect frame(box.right() - barPixels, box.center().y() - 2, barPixels, 5);
    const auto pixels = [](double share) { return int(std::lround(std::clamp(share, 0.0, 1.0) * barPixels)); };
    painter.fillRect(frame, theme.color(Theme::Token::Border));
    QColor colour =
        theme.color(m_content.health == table::Health::Good ? Theme::Token::Muted : healthToken(m_content.health));
    const int left = pixels(*m_content.bar), certain = std::min(left, pixels(m_content.barAtLeast.value_or(1)));
    painter.fillRect(QRect(frame.topLeft(), QSize(certain, frame.height())), colour);
    // What is only supposed to be left is paler.
    colour.setAlphaF(0.4F);
    painter.fillRect(QRect(frame.left() + certain, frame.top(), left - certain, frame.height()), colour);
    box.setRight(frame.left() - margin);
}

/// A cell fills the height where something was down, most of it where something was slow: colour is not needed.
void OverviewRow::paintStrip(QPainter& painter, QRect& box) const
{
    // In a narrow row the newest of them, so that the words keep the most of it.
    const int cells = std::min(int(m_content.strip.size()), box.width() / 4 / stripPixels);
    if (cells <= 0)
        return;
    const int width = cells * stripPixels;
    const std::size_t first = m_content.strip.size() - std::size_t(cells);
    const Theme& theme = Theme::of(this);
    const QRect frame(box.right() - width, box.center().y() - stripHeight / 2, width, stripHeight);
    for (int i = 0; i < cells; ++i) {
        const monitoring::HealthCell& cell = m_content.strip[first + std::size_t(i)];
        const auto [token, tall] = cell.down > 0      ? std::pair(Theme::Token::Bad, stripHeight)
                                   : cell.slow > 0    ? std::pair(Theme::Token::Warning, stripHeight * 3 / 4)
                                   : cell.up > 0      ? std::pair(Theme::Token::Good, stripHeight / 2)
                                   : cell.unasked > 0 ? std::pair(Theme::Token::Unknown, stripHeight / 4)
                                                      : std::pair(Theme::Token::Border, 2);
        painter.fillRect(QRect(frame.left() + i * stripPixels, frame.bottom() + 1 - tall, stripPixels - 1, tall),
                         theme.color(token));
    }
    box.setRight(frame.left() - margin);
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
