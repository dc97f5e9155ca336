// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cluster/ResourceKind.h"

#include <QtCore/QFuture>
#include <QtCore/QList>
#include <QtCore/QString>

namespace wk::widgets {

/// What can be done with an object, as somebody else knows it: the cluster panel offers it by name and hands it on.
class ObjectActions
{
public:
    struct Object
    {
        cluster::ResourceKind kind;
        QString space, name;
    };
    struct Action
    {
        QString id, title;
        bool danger = false; ///< stands apart
    };

    virtual ~ObjectActions() = default;

    /// In the order of a menu; empty where nothing is offered.
    [[nodiscard]] virtual QList<Action> actionsFor(const Object& object) const = 0;
    /// Why it is not available, as a sentence, for the tooltip; empty: it is.
    [[nodiscard]] virtual QFuture<QString> whyNot(const QString& id, const Object& object) = 0;
    virtual void trigger(const QString& id, const Object& object) = 0;
};

} // namespace wk::widgets
