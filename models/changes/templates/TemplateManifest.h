// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "changes/plan/Mistakes.h"

#include <QtCore/QJsonObject>

namespace wk::changes {

/// {"copyOf": a workload as the cluster gives it, "name", "replicas", "container", "image", "labels"}: a second one
/// beside the first. The labels are added to the new one's selector and pods, so that the two can be told apart.
[[nodiscard]] bool isCopy(const QJsonValue& manifest);
/// The manifest that such a recipe asks for; empty, with a mistake at `place`, where it cannot be made.
[[nodiscard]] QJsonObject copyOf(const QJsonObject& recipe, const QString& place, Mistakes& mistakes);

/// A target as templates write it: {"of": another target, and what differs}, or a kind without group, version and
/// resource.
[[nodiscard]] QJsonObject completedTarget(QJsonObject target);

} // namespace wk::changes
