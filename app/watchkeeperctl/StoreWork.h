// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/Result.h"
#include "store/Session.h"

#include <QtCore/QStringList>

namespace wk::ctl {

/// What an administrator does to a store. Each waits for the database, on a thread of its own, and answers with the
/// lines to print.

/// A role as it stands on the command line: ROLE or ROLE@PLATFORM.
struct RoleGrant
{
    QString role;
    QString platform = QStringLiteral("*");
};
[[nodiscard]] Result<RoleGrant> parseRoleGrant(const QString& word);

/// Applies what is missing of the schema. Where `wantsSchema`, a database without any is refused.
[[nodiscard]] Result<QStringList> migrateStore(store::Session& session, bool wantsSchema);
/// Makes the database `name`; the session is of another database of the same server.
[[nodiscard]] Result<QStringList> createDatabase(store::Session& session, const QString& name);
/// The schema, and each of `admins` as a login role that is one of the admins.
[[nodiscard]] Result<QStringList> initStore(store::Session& session, const QStringList& admins);
/// Admits a person: a login role, made where it is missing, with `password` where one is given, and the roles.
[[nodiscard]] Result<QStringList> grantRoles(store::Session& session, const QString& person,
                                             const QList<RoleGrant>& roles, const QByteArray& password);
/// Takes roles back; without any, all of them and the admission.
[[nodiscard]] Result<QStringList> revokeRoles(store::Session& session, const QString& person,
                                              const QList<RoleGrant>& roles);

/// Of `words`, platform, name and class: registers a cluster, or agrees as another admin to a class that was lowered.
[[nodiscard]] Result<QStringList> setCluster(store::Session& session, const QStringList& words);
[[nodiscard]] Result<QStringList> confirmCluster(store::Session& session, const QStringList& words);
/// The clusters that are registered, with the class that each counts as.
[[nodiscard]] Result<QStringList> listClusters(store::Session& session);

} // namespace wk::ctl
