// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "changes/actions/ActionKind.h"
#include "changes/desk/Request.h"
#include "changes/plan/Plan.h"

namespace wk::widgets {

/// What a person wants to do with some objects of one cluster, before it has its parameters.
struct ActionAsk
{
    QString platform;
    QString action; ///< ActionKind::name()
    /// Of one cluster. Without a name: the collection, of which the action chooses by itself or makes a new object.
    QList<changes::Target> targets;
    QList<cluster::ResourceKind> kinds{}; ///< that the cluster serves: a manifest may be of any of them

    /// "Restart 3 deployments", "Scale deployment api-gateway in streamgate".
    [[nodiscard]] QString title() const;
    [[nodiscard]] const changes::ActionKind* kind() const { return changes::actionKind(action); }
    /// The first step, without parameters: what a form is made for.
    [[nodiscard]] changes::Step example() const;
};

/// One thing that can be done with the objects that are selected.
struct OfferedAction
{
    QString id; ///< as askFor() takes it
    QString title;
    QString shortcut; ///< "S"; while the table of objects has the focus
    bool danger = false;
};

/// Every kind of action that all of `targets` support, in the order of a menu; of several those whose parameters do not
/// depend on one object. Of a target without a name: what is done with its collection.
[[nodiscard]] QList<OfferedAction> offeredActions(const QList<changes::Target>& targets);
[[nodiscard]] ActionAsk askFor(const QString& id, const QString& platform, const QList<changes::Target>& targets,
                               const QList<cluster::ResourceKind>& kinds = {});
/// Takes something away that does not come back by itself.
[[nodiscard]] bool isDangerous(const QString& action);
/// "3 deployments in streamgate", "deployment api-gateway in streamgate".
[[nodiscard]] QString targetsWords(const QList<changes::Target>& targets);

/// A step for each object, and where it rolls pods out a check after it that waits for that.
[[nodiscard]] changes::Plan::Made actionPlan(const ActionAsk& ask, const QJsonObject& parameters);
/// What a request for it begins with; `classOf` as in changes::risk(), all clusters are production without it.
[[nodiscard]] changes::RequestFields actionRequest(
    const changes::Plan& plan, const std::function<platform::ClusterClass(const QString&)>& classOf =
                                   [](const QString&) { return platform::ClusterClass::Production; });

} // namespace wk::widgets
