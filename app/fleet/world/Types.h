// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "fleet/world/Resources.h"

#include <QtCore/QJsonObject>

namespace wk::fleet {

/// Why an object cannot be read as its kind: text where a number has to be, an amount that is none, a secret that is
/// not base64. Empty where it can. Kubernetes finds this out before it looks at what the object says (400 for a whole
/// object, 422 for a patch).
[[nodiscard]] QString unreadable(const Resource& resource, const QJsonObject& object);

} // namespace wk::fleet
