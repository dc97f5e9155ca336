// SPDX-License-Identifier: GPL-3.0-or-later
#include "watchkeeper/shell/NavigationRail.h"

#include "widgets/common/Icons.h"
#include "widgets/common/Theme.h"

#include <QtWidgets/QButtonGroup>
#include <QtWidgets/QToolButton>
#include <QtWidgets/QVBoxLayout>

namespace wk::app {

using namespace Qt::StringLiterals;

NavigationRail::NavigationRail(QWidget* parent) : QFrame(parent), m_group(new QButtonGroup(this))
{
    setObjectName(u"navigationRail"_s);
    setAccessibleName(tr("Panels"));
    setFixedWidth(84);
    m_group->setExclusive(true);
    m_top = new QVBoxLayout;
    m_bottom = new QVBoxLayout;
    for (QVBoxLayout* part : {m_top, m_bottom})
        part->setSpacing(4);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(4, 8, 4, 8);
    layout->addLayout(m_top);
    layout->addStretch(1);
    layout->addLayout(m_bottom);
}

void NavigationRail::addPanel(const QString& id, const QString& title, const QString& iconName, bool bottom)
{
    auto* button = new QToolButton(this);
    button->setObjectName(u"rail-"_s + id);
    button->setText(title);
    button->setAccessibleName(title);
    button->setIcon(widgets::icon(iconName));
    button->setIconSize({22, 22});
    button->setToolButtonStyle(Qt::ToolButtonTextUnderIcon);
    button->setCheckable(true);
    button->setAutoRaise(true);
    button->setFixedSize(76, 56);
    button->setFont(widgets::Theme::of(this).font(widgets::Theme::Role::Small));
    m_ids.append(id);
    button->setToolTip(tr("%1 (Ctrl+%2)").arg(title).arg(m_ids.size()));
    m_group->addButton(button, int(m_ids.size()) - 1);
    (bottom ? m_bottom : m_top)->addWidget(button, 0, Qt::AlignHCenter);
    connect(button, &QToolButton::clicked, this, [this, id] { emit chosen(id); });
}

QString NavigationRail::title(const QString& id) const
{
    const QAbstractButton* button = m_group->button(int(m_ids.indexOf(id)));
    return button ? button->text() : id;
}

void NavigationRail::setCurrent(const QString& id)
{
    if (QAbstractButton* button = m_group->button(int(m_ids.indexOf(id))))
        button->setChecked(true);
}

} // namespace wk::app
