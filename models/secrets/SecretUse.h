// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtCore/QString>

namespace wk::secrets {

/// What a secret is for its owner; the programs treat all alike.
enum class SecretKind {
    Password,
    Token,
    Webhook,  ///< an address that lets whoever knows it write somewhere
    Database, ///< a whole postgresql:// address with its password
};

/// "password", "token", "webhook", "database": for files and command lines.
[[nodiscard]] QString secretKindName(SecretKind kind);
/// Password where the name is none of those.
[[nodiscard]] SecretKind secretKindOf(const QString& name);
/// "Webhook address", for people.
[[nodiscard]] QString secretKindWords(SecretKind kind);

/// That something of the configuration asks for a secret of that name.
struct SecretUse
{
    QString name; ///< of the secret
    SecretKind kind = SecretKind::Password;
    QString server;     ///< "prometheus", "alertmanager", "database", "store"
    QString platform;   ///< empty: none of them
    QString words;      ///< "Prometheus of Shop, as ops"
    bool needed = true; ///< false: used where it is there, and not missed where it is not
    bool operator==(const SecretUse&) const = default;
};

} // namespace wk::secrets
