// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtCore/QJsonObject>
#include <QtCore/QJsonValue>
#include <QtCore/QString>

namespace wk::changes {

/// True for "" and for texts that begin with "/" and escape "~" as RFC 6901 says.
[[nodiscard]] bool isJsonPointer(QStringView pointer);
/// What stands at a JSON pointer (RFC 6901); Undefined where nothing does.
[[nodiscard]] QJsonValue valueAt(const QJsonValue& root, QStringView pointer);
/// One member's name as a part of a pointer.
[[nodiscard]] QString pointerPart(const QString& name);

/// A merge patch applied (RFC 7396): null removes, objects merge, everything else replaces.
[[nodiscard]] QJsonValue mergePatched(const QJsonValue& target, const QJsonValue& patch);

/// The merge patch that makes `to` of `from`; an empty object where they are the same.
[[nodiscard]] QJsonObject mergeDifference(const QJsonObject& from, const QJsonObject& to);

/// True where `actual` has everything that `wanted` has: members beyond those of `wanted` are allowed, since a server
/// adds defaults; lists must be equally long; null in `wanted` means absent or null.
[[nodiscard]] bool covers(const QJsonValue& actual, const QJsonValue& wanted);

} // namespace wk::changes
