// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/changes/LoudBanner.h"

#include "widgets/common/Health.h"
#include "widgets/common/Theme.h"

#include <QtGui/QPainter>
#include <QtWidgets/QHBoxLayout>
#include <QtWidgets/QLabel>
#include <QtWidgets/QPushButton>

namespace wk::widgets {

using namespace Qt::StringLiterals;

LoudBanner::LoudBanner(QWidget* parent)
    : QFrame(parent), m_icon(new QLabel(this)), m_text(new QLabel(this)), m_action(new QPushButton(this))
{
    setObjectName(u"loudBanner"_s);
    m_text->setTextFormat(Qt::PlainText);
    m_text->setWordWrap(true);
    m_text->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_action->setObjectName(u"loudAction"_s);
    m_action->setAutoDefault(false);
    m_action->setFocusPolicy(Qt::TabFocus);
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(16, 6, 12, 6);
    layout->setSpacing(8);
    layout->addWidget(m_icon);
    layout->addWidget(m_text, 1);
    layout->addWidget(m_action);
    connect(m_action, &QPushButton::clicked, this, &LoudBanner::actionTriggered);
    connect(&Theme::of(this), &Theme::changed, this, &LoudBanner::restyle);
    hide();
}

void LoudBanner::setText(table::Health health, const QString& text, const QString& action)
{
    m_health = health;
    m_text->setText(text);
    setAccessibleName(text);
    m_action->setText(action);
    m_action->setVisible(!action.isEmpty());
    restyle();
    setVisible(!text.isEmpty());
}

QString LoudBanner::text() const { return m_text->text(); }

void LoudBanner::restyle()
{
    const Theme& theme = Theme::of(this);
    m_text->setFont(theme.font(Theme::Role::BaseStrong));
    m_icon->setPixmap(healthIcon(m_health).pixmap(16, 16));
    update();
}

void LoudBanner::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    const Theme& theme = Theme::of(this);
    QColor fill = theme.color(m_health);
    fill.setAlphaF(theme.isDark() ? 0.25F : 0.14F);
    painter.fillRect(rect(), theme.color(Theme::Token::Surface));
    painter.fillRect(rect(), fill);
    painter.fillRect(QRect(0, 0, 4, height()), theme.color(m_health));
}

} // namespace wk::widgets
