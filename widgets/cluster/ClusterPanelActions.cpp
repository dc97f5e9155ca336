// SPDX-License-Identifier: GPL-3.0-or-later
// What can be done with an object of the cluster panel's table.
#include "core/Future.h"
#include "widgets/cluster/ClusterPanel.h"
#include "widgets/common/DataTable.h"
#include "widgets/common/Icons.h"

#include <QtGui/QAction>
#include <QtGui/QCursor>
#include <QtWidgets/QMenu>

namespace wk::widgets {

using namespace Qt::StringLiterals;

void ClusterPanel::addObjectActions()
{
    m_act = new QAction(icon(u"command"), tr("Actions on the selected object"), this);
    m_act->setToolTip(tr("Actions on the selected object (Ctrl+.)"));
    m_act->setShortcut(QKeySequence(u"Ctrl+."_s));
    m_act->setShortcutContext(Qt::WidgetWithChildrenShortcut);
    addAction(m_act);
    m_table->addToolAction(m_act);
    connect(m_act, &QAction::triggered, this, [this] {
        auto* menu = new QMenu(this);
        menu->setAttribute(Qt::WA_DeleteOnClose);
        menu->setToolTipsVisible(true);
        fillActions(*menu, m_table->currentId());
        if (!menu->isEmpty()) {
            menu->popup(QCursor::pos());
            return;
        }
        delete menu;
        emit notice(m_table->currentId().isEmpty() ? tr("Choose an object first")
                                                   : tr("There are no actions on this object here"));
    });
    connect(m_table, &DataTable::contextMenuRequested, this, [this](QMenu* menu, const QString& rowId) {
        menu->setToolTipsVisible(true);
        fillActions(*menu, rowId);
    });
}

void ClusterPanel::fillActions(QMenu& menu, const QString& rowId)
{
    const table::RowPtr row = rowById(rowId);
    if (!m_objectActions || !row)
        return;
    const ObjectActions::Object object{m_kind, row->space, row->name};
    if (!menu.isEmpty())
        menu.addSeparator();
    bool apart = false;
    for (const ObjectActions::Action& offered : m_objectActions->actionsFor(object)) {
        if (offered.danger && !std::exchange(apart, true))
            menu.addSeparator();
        QAction* action = menu.addAction(offered.title);
        action->setObjectName(u"action-"_s + offered.id);
        // Until the cluster has said that it may be done.
        action->setEnabled(false);
        action->setToolTip(tr("The cluster is asked whether you may do this"));
        whenDone(m_objectActions->whyNot(offered.id, object), action, [action](const QString& why) {
            action->setEnabled(why.isEmpty());
            action->setToolTip(why);
        });
        connect(action, &QAction::triggered, this,
                [this, id = offered.id, object] { m_objectActions->trigger(id, object); });
    }
}

} // namespace wk::widgets
