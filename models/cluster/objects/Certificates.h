// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cluster/objects/ObjectSummary.h"

namespace wk::cluster {

/// An expiry that is nearer than this is worth a warning; milliseconds.
inline constexpr qint64 expiresSoonMs = 30LL * 24 * 3600 * 1000;

/// The certificates in a secret's values, each with its subject, its issuer, the names it is for and its dates. Nothing
/// else of the values is told, no key and no text of a certificate. `secret` is the object with its values.
[[nodiscard]] QList<FactSection> certificateSections(const QJsonObject& secret, qint64 nowMs);

} // namespace wk::cluster
