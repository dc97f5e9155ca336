// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "fleet/Pki.h"
#include "fleet/api/HttpServer.h"
#include "fleet/world/ObjectStore.h"

#include <QtCore/QHash>
#include <QtCore/QJsonArray>
#include <QtCore/QString>
#include <QtCore/QStringList>

#include <optional>

namespace wk::fleet {

struct User
{
    QString name;
    QStringList groups;
};

/// Who asks, and what each may do: system:masters everything, others what the roles and bindings in the cluster grant
/// (RBAC); anonymous only the public paths.
class Access
{
public:
    Access(const Pki& pki, QHash<QByteArray, QString> tokens) : m_pki(pki), m_tokens(std::move(tokens)) {}

    /// nullopt: a credential was shown and is wrong (401). Without one the answer is system:anonymous. Honours
    /// Impersonate-User of system:masters.
    [[nodiscard]] std::optional<User> authenticate(const HttpRequest& request, const HttpConnection& connection) const;
    struct Asked
    {
        QString verb;
        QString group;
        QString resource; ///< "deployments/scale" for a subresource
        QString space;
        QString name;
    };
    /// Why it is allowed, in the authorizer's words; nullopt: it is not.
    [[nodiscard]] static std::optional<QString> allowed(const ObjectStore& store, const User& user, const Asked& asked);
    /// Every rule that holds for a user in a namespace.
    [[nodiscard]] static QJsonArray allRules(const ObjectStore& store, const User& user, const QString& space);
    /// Paths that are no resources ("/version", "/apis").
    [[nodiscard]] static bool pathAllowed(const User& user, const QByteArray& path);

private:
    [[nodiscard]] static QJsonArray rules(const ObjectStore& store, const QJsonObject& binding);
    [[nodiscard]] static std::vector<ObjectPtr> bindings(const ObjectStore& store, const User& user,
                                                         const QString& space);
    [[nodiscard]] std::optional<User> authenticated(const HttpRequest& request, const HttpConnection& connection) const;

    const Pki& m_pki;
    QHash<QByteArray, QString> m_tokens; ///< token -> user
};

} // namespace wk::fleet
