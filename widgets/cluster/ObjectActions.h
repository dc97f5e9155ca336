// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cluster/ResourceKind.h"

#include <QtCore/QFuture>
#include <QtCore/QList>
#include <QtCore/QString>

namespace wk::widgets {

/// What can be done with objects, as somebody else knows it: the cluster panel offers it by name and hands it on.
class ObjectActions
{
public:
    struct Object
    {
        cluster::ResourceKind kind;
        QString space;
        QString name; ///< empty: all objects of the kind in that namespace, as a whole
    };
    using Objects = QList<Object>;
    struct Action
    {
        QString id, title;
        QString shortcut{};  ///< "S": one key, while the table or the detail has the focus
        bool danger = false; ///< stands apart
    };

    virtual ~ObjectActions() = default;

    /// What can be done with all of them together, in the order of a menu; empty where nothing is offered.
    [[nodiscard]] virtual QList<Action> actionsFor(const Objects& objects) const = 0;
    /// Why it is not available, as a sentence, for the tooltip; empty: it is.
    [[nodiscard]] virtual QFuture<QString> whyNot(const QString& id, const Objects& objects) = 0;
    virtual void trigger(const QString& id, const Objects& objects) = 0;
};

} // namespace wk::widgets
