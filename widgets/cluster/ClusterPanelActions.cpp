// SPDX-License-Identifier: GPL-3.0-or-later
// What can be done with the objects of the cluster panel's table: by menu, by key, above the detail.
#include "core/Future.h"
#include "table/TableModel.h"
#include "widgets/cluster/ActionBar.h"
#include "widgets/cluster/ClusterPanel.h"
#include "widgets/cluster/KindList.h"
#include "widgets/cluster/ObjectDetail.h"
#include "widgets/cluster/OfferedActions.h"
#include "widgets/common/DataTable.h"
#include "widgets/common/Icons.h"

#include <QtGui/QAction>
#include <QtGui/QCursor>
#include <QtGui/QShortcut>
#include <QtWidgets/QApplication>
#include <QtWidgets/QMenu>

namespace wk::widgets {

using namespace Qt::StringLiterals;

namespace {

/// More objects at once are no selection of a person's.
constexpr int mostObjects = 500;

} // namespace

void ClusterPanel::addObjectActions()
{
    m_act = new QAction(icon(u"command"), tr("Actions on what is selected"), this);
    m_act->setToolTip(tr("Actions on what is selected (Ctrl+.)"));
    m_act->setShortcut(QKeySequence(u"Ctrl+."_s));
    m_act->setShortcutContext(Qt::WidgetWithChildrenShortcut);
    addAction(m_act);
    m_table->addToolAction(m_act);
    connect(m_act, &QAction::triggered, this, [this] {
        auto* menu = new QMenu(this);
        menu->setObjectName(u"actionMenu"_s);
        menu->setAttribute(Qt::WA_DeleteOnClose);
        menu->setToolTipsVisible(true);
        fillActions(*menu, m_table->currentId());
        if (!menu->isEmpty()) {
            menu->popup(QCursor::pos());
            return;
        }
        delete menu;
        emit notice(selectedObjects().isEmpty() ? tr("Choose an object first")
                                                : tr("There are no actions on this object here"));
    });
    connect(m_table, &DataTable::contextMenuRequested, this,
            [this](QMenu* menu, const QString& rowId) { fillActions(*menu, rowId); });
    connect(qApp, &QApplication::focusChanged, this, [this](QWidget*, QWidget* now) {
        for (QShortcut* shortcut : std::as_const(m_actionKeys))
            shortcut->setEnabled(now != m_kinds && !m_kinds->isAncestorOf(now));
    });
    m_actionBar = new ActionBar(m_detail);
    m_detail->setActionBar(m_actionBar);
}

void ClusterPanel::setObjectActions(ObjectActions* actions)
{
    m_objectActions = actions;
    for (QShortcut* shortcut : std::as_const(m_actionKeys))
        delete shortcut;
    m_actionKeys.clear();
    if (!actions)
        return;
    // Letters as well as Del; while a line is edited they are that line's, in the list of kinds they find a kind.
    QStringList keys{u"Del"_s};
    for (char16_t letter = u'A'; letter <= u'Z'; ++letter)
        keys << QString(QChar(letter));
    for (const QString& key : std::as_const(keys)) {
        auto* shortcut = new QShortcut(QKeySequence(key), this);
        shortcut->setContext(Qt::WidgetWithChildrenShortcut);
        connect(shortcut, &QShortcut::activated, this, [this, key] { actByKey(key); });
        m_actionKeys << shortcut;
    }
}

ObjectActions::Objects ClusterPanel::selectedObjects() const
{
    ObjectActions::Objects out;
    if (cluster::usageOf(m_kind))
        return out; // sums are no objects
    QStringList ids = m_table->selectedIds();
    if (ids.isEmpty() && !m_table->currentId().isEmpty())
        ids << m_table->currentId();
    for (const QString& id : std::as_const(ids)) {
        if (const table::RowPtr row = rowById(id); row && out.size() < mostObjects)
            out << ObjectActions::Object{m_kind, row->space, row->name};
    }
    // Its row may not have come yet.
    if (out.isEmpty() && isDetailOpen())
        out << ObjectActions::Object{m_detail->kind(), m_detail->space(), m_detail->name()};
    return out;
}

ObjectActions::Object ClusterPanel::wholeKind() const
{
    return {m_kind, m_kind.namespaced ? spaceOfWhole() : QString(), {}};
}

/// The namespace that is chosen, else that of the selected object.
QString ClusterPanel::spaceOfWhole() const
{
    if (!space().isEmpty())
        return space();
    const table::RowPtr row = rowById(m_table->currentId());
    return row ? row->space : QString();
}

void ClusterPanel::fillActions(QMenu& menu, const QString& rowId)
{
    if (!m_objectActions || m_kind.resource.isEmpty() || cluster::usageOf(m_kind))
        return;
    ObjectActions::Objects chosen = selectedObjects();
    if (const table::RowPtr row = rowById(rowId); row && !m_table->selectedIds().contains(rowId))
        chosen = {{m_kind, row->space, row->name}};
    for (const ObjectActions::Objects& objects : {chosen, ObjectActions::Objects{wholeKind()}}) {
        if (objects.isEmpty())
            continue;
        bool apart = menu.isEmpty();
        for (QAction* action : offeredActions(*m_objectActions, objects, &menu)) {
            if (!std::exchange(apart, true) ||
                (isDanger(action) && !menu.actions().isEmpty() && !isDanger(menu.actions().last())))
                menu.addSeparator();
            menu.addAction(action);
        }
    }
}

void ClusterPanel::actByKey(const QString& key)
{
    if (!m_objectActions || m_kind.resource.isEmpty() || cluster::usageOf(m_kind))
        return;
    for (const ObjectActions::Objects& objects : {selectedObjects(), ObjectActions::Objects{wholeKind()}}) {
        if (objects.isEmpty())
            continue;
        for (const ObjectActions::Action& offered : m_objectActions->actionsFor(objects)) {
            if (offered.shortcut != key)
                continue;
            whenDone(m_objectActions->whyNot(offered.id, objects), this, [this, offered, objects](const QString& why) {
                if (!m_objectActions)
                    return;
                if (why.isEmpty())
                    m_objectActions->trigger(offered.id, objects);
                else
                    emit notice(tr("%1: %2").arg(offered.title, why));
            });
            return;
        }
    }
}

void ClusterPanel::showDetailActions()
{
    m_actionBar->setObject(m_objectActions, {m_detail->kind(), m_detail->space(), m_detail->name()});
}

} // namespace wk::widgets
