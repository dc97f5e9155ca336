// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/cluster/ActionBar.h"

#include "widgets/cluster/OfferedActions.h"
#include "widgets/common/Icons.h"

#include <QtWidgets/QHBoxLayout>
#include <QtWidgets/QMenu>
#include <QtWidgets/QToolButton>

namespace wk::widgets {

using namespace Qt::StringLiterals;

ActionBar::ActionBar(QWidget* parent) : QWidget(parent), m_row(new QHBoxLayout(this)), m_more(new QToolButton(this))
{
    setObjectName(u"actionBar"_s);
    m_row->setContentsMargins(0, 0, 0, 0);
    m_row->setSpacing(4);
    m_more->setObjectName(u"barMore"_s);
    m_more->setText(tr("More"));
    m_more->setIcon(icon(u"more"));
    m_more->setToolTip(tr("All actions on this object (Ctrl+.)"));
    m_more->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_more->setPopupMode(QToolButton::InstantPopup);
    m_row->addStretch(1);
    m_row->addWidget(m_more);
    hide();
}

void ActionBar::setObject(ObjectActions* offers, const ObjectActions::Object& object)
{
    for (QToolButton* button : std::as_const(m_buttons)) {
        button->hide();
        button->deleteLater();
    }
    m_buttons.clear();
    if (QMenu* before = std::exchange(m_menu, nullptr))
        before->deleteLater();
    if (!offers || object.name.isEmpty()) {
        hide();
        return;
    }
    m_menu = new QMenu(this);
    m_menu->setToolTipsVisible(true);
    const QList<QAction*> actions = offeredActions(*offers, {object}, m_menu);
    bool apart = false;
    for (QAction* action : actions) {
        if (isDanger(action) && !std::exchange(apart, true))
            m_menu->addSeparator();
        m_menu->addAction(action);
        if (m_buttons.size() == mostButtons || isDanger(action))
            continue;
        auto* button = new QToolButton(this);
        button->setObjectName(u"bar-"_s + action->objectName().mid(7));
        button->setDefaultAction(action);
        button->setToolButtonStyle(Qt::ToolButtonTextOnly);
        m_row->insertWidget(int(m_buttons.size()), button);
        m_buttons << button;
    }
    m_more->setMenu(m_menu);
    setVisible(!actions.isEmpty());
}

} // namespace wk::widgets
