// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/Result.h"

#include <QtCore/QByteArray>

namespace wk::cluster {

/// An object's JSON as a person may see it: without managedFields; a secret also without its values (each is replaced
/// by its size, "12 bytes") and without the last-applied annotation, which repeats them. Fails where the text is no
/// JSON object.
[[nodiscard]] Result<QByteArray> redactObject(const QByteArray& json, bool hideSecretData);

} // namespace wk::cluster
