// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "fleet/world/Resources.h"

#include <QtCore/QJsonObject>
#include <QtCore/QList>

namespace wk::fleet {

/// One thing that is wrong with an object, as Status.details.causes names it.
struct Cause
{
    QString reason; ///< FieldValueInvalid, FieldValueRequired, FieldValueForbidden, FieldValueNotSupported
    QString message;
    QString field;
};

/// What the API server would not take: names, counts, templates that do not match their selectors, fields that may not
/// change (`old` is empty for a creation). Unknown fields are left alone.
[[nodiscard]] QList<Cause> validate(const Resource& resource, const QJsonObject& object, const QJsonObject& old);

/// The 422 of such causes.
[[nodiscard]] QJsonObject invalidStatus(const QString& group, const QString& kind, const QString& name,
                                        const QList<Cause>& causes);

} // namespace wk::fleet
