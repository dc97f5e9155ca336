// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "changes/actions/Kube.h"

/// What the forms of actions show of objects as they are. `live` is empty where it could not be read.
namespace wk::changes::fields {

using Kind = ActionField::Kind;

[[nodiscard]] ActionField number(const QString& name, const QString& label, qint64 low, qint64 high, bool optional,
                                 const QString& hint = {});
[[nodiscard]] ActionField flag(const QString& name, const QString& label);
/// A text that is prefilled, and sent where it becomes another one.
[[nodiscard]] ActionField changed(const QString& name, const QString& label, const QJsonValue& now,
                                  const QString& hint = {});

/// Where a workload keeps the template of its pods.
[[nodiscard]] QStringList templatePath(const Target& target);
/// An image for each container.
[[nodiscard]] QList<ActionField> images(const Target& target, const QJsonObject& live);
/// The container, and the variables of the one that `step` names, else of the first.
[[nodiscard]] QList<ActionField> environment(const Step& step, const QJsonObject& live);
[[nodiscard]] QList<ActionField> resources(const Step& step, const QJsonObject& live);
[[nodiscard]] QList<ActionField> configMap(const QJsonObject& live);
/// `list`: the deployments beside the service, whose labels tell versions apart.
[[nodiscard]] QList<ActionField> service(const QJsonObject& live, const QJsonObject& list);
/// `list`: the services beside the ingress.
[[nodiscard]] QList<ActionField> ingress(const QJsonObject& live, const QJsonObject& list);
/// `autoscaler` is empty where there is none.
[[nodiscard]] QList<ActionField> autoscaler(const QJsonObject& autoscaler);
/// Pods by labels; `list`: the deployments whose pods may be meant.
[[nodiscard]] ActionField podSelector(const QJsonObject& list);
/// The object as it can be applied again; of a Secret without its values, which must not stand in a plan.
[[nodiscard]] ActionField manifest(QJsonObject live);

/// Everything of another kind in the target's namespace.
[[nodiscard]] Read beside(const Target& target, const QString& group, const QString& version, const QString& resource);
[[nodiscard]] Read deploymentsBeside(const Target& target);

} // namespace wk::changes::fields
