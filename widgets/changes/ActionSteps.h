// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "changes/Plan.h"
#include "changes/Request.h"

namespace wk::widgets {

/// One thing that an action on an object asks for.
struct ActionField
{
    enum class Kind { Number, Text, Flag };
    QString name;  ///< "replicas"
    QString label; ///< "Replicas"
    Kind kind = Kind::Text;
    QString hint;
    bool optional = false;
};

/// The actions that are offered on an object directly, without the form of a request: those that need no more than a
/// line or two. In the order of a menu.
[[nodiscard]] QStringList directActions(const changes::Target& target);
[[nodiscard]] QString actionTitle(const QString& action);
/// Takes something away that does not come back by itself.
[[nodiscard]] bool isDangerous(const QString& action);
[[nodiscard]] QList<ActionField> actionFields(const QString& action);
/// `values` as typed, by ActionField::name.
[[nodiscard]] changes::Step actionStep(const QString& action, const changes::Target& target,
                                       const QHash<QString, QString>& values);
/// The step, and where it rolls something out a check that waits for that.
[[nodiscard]] changes::Plan::Made actionPlan(const QString& platform, const changes::Step& step);
/// What a request for it begins with.
[[nodiscard]] changes::RequestFields actionRequest(const changes::Plan& plan);

} // namespace wk::widgets
