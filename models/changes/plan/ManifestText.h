// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "changes/plan/Target.h"
#include "core/Result.h"

#include <QtCore/QJsonObject>

namespace wk::changes {

/// A manifest as people write it, YAML or JSON, as the object that an action carries. One document. Fails with BadInput
/// and says the line. Plain scalars mean what they mean to kubectl (yaml.v2, resolve.go): yes and no are true and
/// false, 0755 is octal; a fraction is refused, because a plan holds none.
[[nodiscard]] Result<QJsonObject> manifestFromYaml(const QString& text);

/// What a manifest is about, in that cluster. Fails with BadInput where it lacks apiVersion, kind or name, or where
/// none of `kinds` is of that kind. `space`: for a namespaced object that names none itself; it is put into the
/// manifest.
[[nodiscard]] Result<Target> targetOfManifest(QJsonObject& manifest, const QString& cluster, const QString& space,
                                              const QList<cluster::ResourceKind>& kinds);

} // namespace wk::changes
