// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "changes/unapproved/FieldChanges.h"

#include <QtCore/QStringList>

/// What looks like a password, a key or a token, for all that is filed, recorded or shown: everybody reads a plan and
/// the record, and the record stays for a year. A plan that holds one is refused; what comes from a cluster, a program
/// or a database is masked. It goes by names (DB_PASS, aws_secret_access_key) and by texts that give themselves away
/// (https://user:pass@host, PASSWORD '…', a private key). A random text under a harmless name is not found.
namespace wk::changes::passwords {

/// What stands in place of a value.
inline constexpr auto hidden = QLatin1StringView("(hidden)");

/// Whether `value` under that name is one. References ($(NAME), ${NAME}) and paths of files are none.
[[nodiscard]] bool isPassword(QStringView name, QStringView value);
/// Where a JSON value holds some: "data.db_password", "spec.template.spec.containers[api].env[DB_PASSWORD].value". A
/// value may be a Kubernetes object, the parameters of a step, a list of arguments.
[[nodiscard]] QStringList places(const QJsonValue& value);
/// The same value with them hidden.
[[nodiscard]] QJsonValue masked(const QJsonValue& value);
[[nodiscard]] QJsonObject masked(const QJsonObject& object);
[[nodiscard]] FieldChange masked(FieldChange change);
/// What a program or a server said.
[[nodiscard]] QString masked(const QString& text);

} // namespace wk::changes::passwords
