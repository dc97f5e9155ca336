// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "fleet/HttpServer.h"
#include "fleet/Pki.h"

#include <QtCore/QHash>
#include <QtCore/QString>
#include <QtCore/QStringList>

#include <optional>

namespace wk::fleet {

struct User
{
    QString name;
    QStringList groups;
};

/// Who asks, and what each may do: system:masters everything; operator reads everything and would be allowed to change
/// workloads; viewer reads everything but secrets and access rules; anonymous only the public paths.
class Access
{
public:
    Access(const Pki& pki, QHash<QByteArray, QString> tokens) : m_pki(pki), m_tokens(std::move(tokens)) {}

    /// nullopt: a credential was shown and is wrong (401). Without one the answer is system:anonymous. Honours
    /// Impersonate-User of system:masters.
    [[nodiscard]] std::optional<User> authenticate(const HttpRequest& request, const HttpConnection& connection) const;
    [[nodiscard]] static bool allowed(const User& user, const QString& verb, const QString& group,
                                      const QString& resource);
    /// Paths that are no resources ("/version", "/apis").
    [[nodiscard]] static bool pathAllowed(const User& user, const QByteArray& path);

private:
    [[nodiscard]] std::optional<User> authenticated(const HttpRequest& request, const HttpConnection& connection) const;

    const Pki& m_pki;
    QHash<QByteArray, QString> m_tokens; ///< token -> user
};

} // namespace wk::fleet
