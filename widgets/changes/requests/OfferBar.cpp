// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/changes/requests/OfferBar.h"

#include "widgets/common/Icons.h"
#include "widgets/common/Theme.h"

#include <QtGui/QPainter>
#include <QtWidgets/QHBoxLayout>
#include <QtWidgets/QLabel>
#include <QtWidgets/QMenu>
#include <QtWidgets/QPushButton>
#include <QtWidgets/QToolButton>

namespace wk::widgets {

using namespace Qt::StringLiterals;

OfferBar::OfferBar(QWidget* parent) : QFrame(parent)
{
    setObjectName(u"offerBar"_s);
    m_reason = new QLabel(this);
    m_reason->setObjectName(u"offerReason"_s);
    m_reason->setTextFormat(Qt::PlainText);
    m_reason->setWordWrap(true);
    m_reason->setForegroundRole(QPalette::PlaceholderText);
    m_menu = new QMenu(this);
    m_menu->setToolTipsVisible(true);
    m_more = new QToolButton(this);
    m_more->setObjectName(u"offerMore"_s);
    m_more->setText(tr("More"));
    m_more->setIcon(icon(u"more"));
    m_more->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_more->setPopupMode(QToolButton::InstantPopup);
    m_more->setMenu(m_menu);
    m_buttons = new QHBoxLayout;
    m_buttons->setSpacing(8);
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(16, 8, 16, 8);
    layout->setSpacing(12);
    layout->addLayout(m_buttons);
    layout->addWidget(m_reason, 1);
    layout->addWidget(m_more);
}

void OfferBar::setOffers(const QList<RequestOffer>& offers)
{
    while (QLayoutItem* item = m_buttons->takeAt(0)) {
        item->widget()->hide();
        item->widget()->deleteLater();
        delete item;
    }
    m_menu->clear();
    QString reason;
    bool hadSafe = false;
    for (const RequestOffer& offer : offers) {
        const QString keys = offer.shortcut.isEmpty() ? QString() : u" (%1)"_s.arg(offer.shortcut);
        const QString tip = offer.enabled() ? offer.title + keys : offer.whyNot;
        const auto trigger = [this, act = offer.act] { emit triggered(act); };
        if (offer.fits) {
            auto* button = new QPushButton(offer.title, this);
            button->setObjectName(u"offer-"_s + offer.title.toLower());
            button->setEnabled(offer.enabled());
            button->setDefault(offer.wayOn && offer.enabled());
            button->setToolTip(tip);
            button->setAccessibleDescription(tip);
            connect(button, &QPushButton::clicked, this, trigger);
            m_buttons->addWidget(button);
            if (offer.wayOn && !offer.enabled() && reason.isEmpty())
                reason = offer.whyNot;
            continue;
        }
        if (offer.danger && hadSafe)
            m_menu->addSeparator();
        hadSafe = !offer.danger;
        auto* action = m_menu->addAction(offer.title, this, trigger);
        action->setEnabled(offer.enabled());
        action->setToolTip(tip);
        if (!offer.enabled())
            action->setText(u"%1 – %2"_s.arg(offer.title, offer.whyNot));
    }
    m_reason->setText(reason);
}

void OfferBar::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setPen(Theme::of(this).color(Theme::Token::Border));
    painter.drawLine(rect().topLeft(), rect().topRight());
}

} // namespace wk::widgets
