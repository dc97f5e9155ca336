// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/common/StaleBanner.h"

#include "widgets/common/FreshnessLabel.h"
#include "widgets/common/Icons.h"

#include <QtGui/QPainter>
#include <QtWidgets/QHBoxLayout>
#include <QtWidgets/QLabel>

using namespace Qt::StringLiterals;

namespace wk::widgets {

StaleBanner::StaleBanner(QWidget* parent) : QFrame(parent), m_icon(new QLabel(this)), m_text(new QLabel(this))
{
    setObjectName(u"staleBanner"_s);
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(12, 4, 12, 4);
    layout->setSpacing(8);
    layout->addWidget(m_icon);
    layout->addWidget(m_text, 1);
    m_text->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_text->setWordWrap(true);
    hide();
}

void StaleBanner::setFreshness(const table::Freshness& freshness, qint64 nowMs)
{
    m_state = freshness.state;
    const bool warn = m_state == table::Freshness::State::Stale || m_state == table::Freshness::State::Failed;
    setVisible(warn);
    if (!warn)
        return;
    QString text = FreshnessLabel::describe(freshness, nowMs);
    if (freshness.error)
        text += u". "_s + freshness.error->text();
    if (text == m_text->text())
        return;
    m_text->setText(text);
    m_icon->setPixmap(icon(u"stale", Theme::Token::Warning).pixmap(QSize(16, 16), devicePixelRatioF()));
    setAccessibleName(text);
}

QString StaleBanner::text() const { return m_text->text(); }

void StaleBanner::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    const Theme& theme = Theme::of(this);
    painter.fillRect(rect(), theme.color(Theme::Token::Glow));
    painter.setPen(theme.color(Theme::Token::Border));
    painter.drawLine(rect().bottomLeft(), rect().bottomRight());
}

} // namespace wk::widgets
