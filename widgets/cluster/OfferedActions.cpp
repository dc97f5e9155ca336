// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/cluster/OfferedActions.h"

#include "core/Future.h"

#include <QtCore/QCoreApplication>
#include <QtGui/QAction>

namespace wk::widgets {

using namespace Qt::StringLiterals;

namespace {

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(wk::widgets::OfferedActions)
};

constexpr auto dangerProperty = "danger";

} // namespace

QList<QAction*> offeredActions(ObjectActions& offers, const ObjectActions::Objects& objects, QObject* owner)
{
    QList<QAction*> out;
    for (const ObjectActions::Action& offered : offers.actionsFor(objects)) {
        // The key is only shown here: the panel itself listens to it.
        auto* action =
            new QAction(offered.shortcut.isEmpty() ? offered.title : offered.title + u'\t' + offered.shortcut, owner);
        action->setIconText(offered.title);
        action->setObjectName(u"action-"_s + offered.id);
        action->setProperty(dangerProperty, offered.danger);
        action->setEnabled(false);
        action->setToolTip(Texts::tr("The cluster is asked whether you may do this"));
        whenDone(offers.whyNot(offered.id, objects), action, [action, offered](const QString& why) {
            action->setEnabled(why.isEmpty());
            action->setToolTip(!why.isEmpty()               ? why
                               : offered.shortcut.isEmpty() ? offered.title
                                                            : u"%1 (%2)"_s.arg(offered.title, offered.shortcut));
        });
        QObject::connect(action, &QAction::triggered, owner,
                         [&offers, id = offered.id, objects] { offers.trigger(id, objects); });
        out << action;
    }
    return out;
}

bool isDanger(const QAction* action) { return action->property(dangerProperty).toBool(); }

} // namespace wk::widgets
