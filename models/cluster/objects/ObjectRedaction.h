// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/Result.h"

#include <QtCore/QByteArray>

namespace wk::cluster {

/// What an object is shown without.
struct Redaction
{
    bool hideSecretData = true;    ///< for secrets: their values (each is replaced by its size, "12 bytes") and the
                                   ///< last-applied annotation, which repeats them
    bool hideManagedFields = true; ///< which hold names of fields, never values
};

/// An object's JSON as a person may see it. Fails where the text is no JSON object.
[[nodiscard]] Result<QByteArray> redactObject(const QByteArray& json, const Redaction& redaction);

} // namespace wk::cluster
