// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/changes/requests/RequestOffers.h"

#include <QtWidgets/QFrame>

class QHBoxLayout;
class QLabel;
class QMenu;
class QToolButton;

namespace wk::widgets {

/// What can be done with a request: buttons for what belongs to its state, all else behind "More". What is not possible
/// is there, disabled, with the reason; that of the way on is written beside it.
///
/// objectNames inside: "offer-<title in lower case>", "offerReason", "offerMore".
class OfferBar : public QFrame
{
    Q_OBJECT
public:
    explicit OfferBar(QWidget* parent = nullptr);

    void setOffers(const QList<RequestOffer>& offers);

signals:
    void triggered(wk::widgets::RequestAct act);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QHBoxLayout* m_buttons;
    QLabel* m_reason;
    QToolButton* m_more;
    QMenu* m_menu;
};

} // namespace wk::widgets
