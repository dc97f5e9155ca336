// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "changes/actions/ActionKind.h"

#include <QtCore/QJsonArray>

#include <functional>

/// What the actions share about objects of Kubernetes.
namespace wk::changes::kube {

[[nodiscard]] QJsonObject metadata(const QJsonObject& object);
[[nodiscard]] QString uid(const QJsonObject& object);
[[nodiscard]] QString resourceVersion(const QJsonObject& object);
/// A text at a JSON pointer, empty where there is none.
[[nodiscard]] QString textAt(const QJsonObject& object, QStringView pointer);
/// The items of a list, each with the kind and version that a list leaves out.
[[nodiscard]] QList<QJsonObject> items(const QJsonObject& list);
/// The owner reference that says "controller: true"; empty where there is none.
[[nodiscard]] QJsonObject controllerOf(const QJsonObject& object);

/// `patch` with the identity and the version of the object that it was made from.
[[nodiscard]] QJsonObject guarded(const QJsonObject& live, QJsonObject patch);
/// {"preconditions":{"uid","resourceVersion"}}; the version only where `exact`.
[[nodiscard]] QJsonObject deleteOptions(const QJsonObject& live, bool exact);
/// A merge patch of the target, pinned to `live`.
[[nodiscard]] Call merge(const Target& target, const QJsonObject& live, const QJsonObject& patch, const QString& words);
/// The object as it can be created again: without what the server adds by itself.
[[nodiscard]] QJsonObject recreatable(QJsonObject object);
/// A label selector as a query value, percent-encoded: {"matchLabels":…,"matchExpressions":…}.
[[nodiscard]] QByteArray selectorQuery(const QJsonObject& selector);
/// `text` as a query value.
[[nodiscard]] QByteArray encoded(const QString& text);

[[nodiscard]] Step action(const QString& name, const Target& target, const QJsonObject& parameters = {});
/// An inverse of one step, bound to the object's identity; none where its parameters hold what looks like a password.
[[nodiscard]] Inverse inverse(const QString& name, const Target& target, const QJsonObject& parameters,
                              const QJsonObject& live);
[[nodiscard]] Inverse noInverse(const QString& reason);

/// The target of an object as a server gave it; `resource` is its plural name.
[[nodiscard]] Target targetOf(const QString& cluster, const QJsonObject& object, const QString& resource);

/// Of a list of autoscalers, of whichever version, that of the workload; empty where it has none.
[[nodiscard]] QJsonObject autoscalerOf(const Target& workload, const QJsonObject& list);

/// `text` with its first letter large.
[[nodiscard]] QString capitalised(const QString& text);

} // namespace wk::changes::kube
