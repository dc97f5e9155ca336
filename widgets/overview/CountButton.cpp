// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/overview/CountButton.h"

#include "widgets/common/Health.h"
#include "widgets/common/Theme.h"
#include "widgets/overview/PulseWords.h"

#include <QtGui/QKeyEvent>
#include <QtGui/QPainter>

namespace wk::widgets {

using namespace Qt::StringLiterals;
using table::Health;

namespace {
constexpr int margin = OverviewRow::margin, gap = 4;
} // namespace

CountButton::CountButton(QWidget* parent) : QAbstractButton(parent)
{
    setFocusPolicy(Qt::StrongFocus);
    setCursor(Qt::PointingHandCursor);
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    setAttribute(Qt::WA_Hover);
    connect(&Theme::of(this), &Theme::changed, this, [this] {
        updateGeometry();
        update();
    });
}

void CountButton::setContent(const Content& content)
{
    if (content == m_content)
        return;
    m_content = content;
    QStringList spoken{content.number.isEmpty() ? content.word : content.number + u' ' + content.word};
    if (const QString word = healthWord(content.health); !word.isEmpty())
        spoken << word;
    setAccessibleName(spoken.join(u", "_s));
    setToolTip(content.tooltip);
    updateGeometry();
    update();
}

QFont CountButton::wordFont() const
{
    return Theme::of(this).font(m_content.number.isEmpty() ? Theme::Role::Base : Theme::Role::BaseStrong);
}

int CountButton::widthWith(const QString& word) const
{
    const QFontMetrics number(farFont(Theme::of(this)));
    const int icon = m_content.health == Health::None ? 0 : iconSide() + gap;
    const int digits = m_content.number.isEmpty() ? 0 : number.horizontalAdvance(m_content.number) + gap;
    return margin + icon + digits + QFontMetrics(wordFont()).horizontalAdvance(word) + margin;
}

int CountButton::iconSide() const
{
    return m_content.number.isEmpty() ? 16 : QFontMetrics(farFont(Theme::of(this))).height() * 2 / 3;
}

QSize CountButton::sizeHint() const
{
    const Theme& theme = Theme::of(this);
    const int height = m_content.number.isEmpty() ? theme.rowHeight() : QFontMetrics(farFont(theme)).height() + 4;
    return {widthWith(m_content.word), height};
}

void CountButton::paintEvent(QPaintEvent*)
{
    const Theme& theme = Theme::of(this);
    QPainter painter(this);
    if (underMouse() || isDown())
        painter.fillRect(rect(), theme.color(Theme::Token::Hover));
    const QFont far = m_content.number.isEmpty() ? wordFont() : farFont(theme);
    const QFontMetrics metrics(far);
    const int base = (height() + metrics.ascent() - metrics.descent()) / 2;
    int x = margin;
    if (m_content.health != Health::None) {
        const int size = iconSide();
        healthIcon(m_content.health).paint(&painter, QRect(x, (height() - size) / 2, size, size));
        x += size + gap;
    }
    const bool quiet = m_content.health == Health::None || m_content.health == Health::Good ||
                       m_content.health == Health::Info || m_content.health == Health::Unknown;
    painter.setPen(theme.color(quiet ? Theme::Token::Muted : healthToken(m_content.health)));
    if (!m_content.number.isEmpty()) {
        painter.setFont(far);
        painter.drawText(x, base, m_content.number);
        x += metrics.horizontalAdvance(m_content.number) + gap;
    }
    painter.setFont(wordFont());
    painter.drawText(x, base, painter.fontMetrics().elidedText(m_content.word, Qt::ElideRight, width() - x));
    if (hasFocus()) {
        painter.setPen(QPen(theme.color(Theme::Token::Accent), 2));
        painter.drawRect(rect().adjusted(1, 1, -1, -1));
    }
}

void CountButton::keyPressEvent(QKeyEvent* event)
{
    switch (event->key()) {
    case Qt::Key_Return:
    case Qt::Key_Enter: click(); return;
    case Qt::Key_Right:
    case Qt::Key_Down: focusNextChild(); return;
    case Qt::Key_Left:
    case Qt::Key_Up: focusPreviousChild(); return;
    default: QAbstractButton::keyPressEvent(event);
    }
}

} // namespace wk::widgets
