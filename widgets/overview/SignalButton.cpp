// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/overview/SignalButton.h"

#include "widgets/common/Health.h"
#include "widgets/common/Sparkline.h"
#include "widgets/overview/OverviewRow.h"
#include "widgets/overview/PulseWords.h"

#include <QtCore/QDateTime>
#include <QtGui/QKeyEvent>
#include <QtGui/QPainter>

namespace wk::widgets {

using namespace Qt::StringLiterals;
using table::Health;

namespace {

constexpr int margin = OverviewRow::margin;
constexpr int lineHeight = 24;
constexpr int iconPixels = 16;

bool isCalm(Health health) { return health == Health::Good || health == Health::None || health == Health::Unknown; }

/// A figure that is cut says something else: it rather becomes smaller, down to half.
QFont fitting(QFont font, const QString& text, int width)
{
    const double full = font.pointSizeF();
    // Two pixels of slack: an advance is rounded, what is painted is not.
    for (int step = 9; step >= 5 && full > 0 && QFontMetrics(font).horizontalAdvance(text) + 2 > width; --step)
        font.setPointSizeF(full * step / 10);
    return font;
}

} // namespace

SignalButton::SignalButton(QWidget* parent) : QAbstractButton(parent), m_line(new Sparkline(this))
{
    setFocusPolicy(Qt::StrongFocus);
    setCursor(Qt::PointingHandCursor);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setAttribute(Qt::WA_Hover);
    m_line->setAttribute(Qt::WA_TransparentForMouseEvents);
    connect(&Theme::of(this), &Theme::changed, this, [this] {
        updateGeometry();
        update();
    });
}

void SignalButton::setFigure(const monitoring::PulseFigure& figure, const QString& origin)
{
    m_figure = figure;
    QStringList spoken{figure.title, figure.text.isEmpty() ? tr("no figure") : figure.text};
    for (const QString& part : {figure.of, healthWord(figure.text.isEmpty() ? Health::None : figure.health),
                                isStale() ? QString() : figure.remark, note()}) {
        if (!part.isEmpty() && !spoken.contains(part))
            spoken << part;
    }
    setAccessibleName(spoken.join(u", "_s));
    QStringList tip = spoken;
    if (!figure.remark.isEmpty() && !tip.contains(figure.remark))
        tip << figure.remark;
    if (figure.error)
        tip << figure.error->text();
    if (figure.valueMs > 0)
        tip << tr("Value of %1, from %2").arg(clockText(figure.valueMs), origin);
    if (!figure.promql.isEmpty())
        tip << figure.promql;
    setToolTip(tip.join(u'\n'));
    m_line->setVisible(figure.line.size() > 1);
    m_line->setValues(QList<double>(figure.line.value.begin(), figure.line.value.end()), figure.title);
    m_line->setToken(isStale()               ? Theme::Token::Muted
                     : isCalm(figure.health) ? Theme::Token::Accent
                                             : healthToken(figure.health));
    m_line->setToolTip({});
    update();
}

QString SignalButton::note() const
{
    if (isStale())
        return tr("as of %1").arg(clockText(m_figure.askedMs));
    // Whose it is tells more than the limit that it breaks, which the tooltip has.
    if (!m_figure.text.isEmpty() && !m_figure.of.isEmpty())
        return m_figure.of;
    return m_figure.text.isEmpty() || !isCalm(m_figure.health) ? m_figure.remark : QString();
}

QSize SignalButton::sizeHint() const
{
    const Theme& theme = Theme::of(this);
    const QFontMetrics small(theme.font(Theme::Role::Small)), large(farFont(theme));
    return {140, 4 + small.height() + large.height() + small.height() + 4 + lineHeight + 4};
}

void SignalButton::resizeEvent(QResizeEvent* event)
{
    QAbstractButton::resizeEvent(event);
    m_line->setGeometry(margin, height() - lineHeight - 4, width() - 2 * margin, lineHeight);
}

void SignalButton::paintEvent(QPaintEvent*)
{
    const Theme& theme = Theme::of(this);
    QPainter painter(this);
    if (underMouse() || isDown())
        painter.fillRect(rect(), theme.color(Theme::Token::Hover));
    QRect box = rect().adjusted(margin, 4, -margin, -4);
    const auto line = [&](const QFont& font, const QColor& color, const QString& text, int indent) {
        painter.setFont(font);
        painter.setPen(color);
        const int height = painter.fontMetrics().height();
        const QRect part(box.left() + indent, box.top(), box.width() - indent, height);
        painter.drawText(part, Qt::AlignLeft | Qt::AlignVCenter,
                         painter.fontMetrics().elidedText(text, Qt::ElideRight, part.width()));
        box.setTop(box.top() + height);
    };
    const QColor muted = theme.color(Theme::Token::Muted);
    const bool none = m_figure.text.isEmpty();
    const bool calm = none || isCalm(m_figure.health);
    int indent = 0;
    const QFont small = theme.font(Theme::Role::Small);
    if (!calm) {
        healthIcon(m_figure.health)
            .paint(&painter, QRect(box.left(), box.top() + (QFontMetrics(small).height() - iconPixels) / 2, iconPixels,
                                   iconPixels));
        indent = iconPixels + 4;
    }
    line(small, muted, m_figure.title, indent);
    const QColor figure = none || isStale() ? muted
                          : calm            ? theme.color(Theme::Token::Text)
                                            : theme.color(healthToken(m_figure.health));
    line(fitting(farFont(theme), m_figure.text, box.width()), figure, none ? u"–"_s : m_figure.text, 0);
    line(small, calm || isStale() ? muted : figure, note(), 0);
    if (hasFocus()) {
        painter.setPen(QPen(theme.color(Theme::Token::Accent), 2));
        painter.drawRect(rect().adjusted(1, 1, -1, -1));
    }
}

void SignalButton::keyPressEvent(QKeyEvent* event)
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
