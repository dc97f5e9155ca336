// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtCore/QJsonObject>
#include <QtCore/QStringList>

namespace wk::changes {

/// The variables of an object's containers that hold a password or the like as plain text, as setEnv judges it:
/// "api: DB_PASSWORD". Plans and records are read by everybody, so such values must not get into them.
[[nodiscard]] QStringList secretVariables(const QJsonObject& object);
/// The object with those values hidden.
[[nodiscard]] QJsonObject withoutSecretVariables(QJsonObject object);

} // namespace wk::changes
