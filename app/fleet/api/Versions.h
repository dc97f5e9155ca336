// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "fleet/world/Resources.h"

#include <QtCore/QJsonObject>

namespace wk::fleet {

// An object is stored in one version of its kind and served in each that the server knows: autoscalers as v2 and v1.

/// The stored object as the version of `resource` shows it.
[[nodiscard]] QJsonObject inVersion(const Resource& resource, const QJsonObject& stored);
/// The stored form of an object in the version of `resource`.
[[nodiscard]] QJsonObject forStore(const Resource& resource, const QJsonObject& object);
/// True where both are the same.
[[nodiscard]] bool isStoredVersion(const Resource& resource);

} // namespace wk::fleet
