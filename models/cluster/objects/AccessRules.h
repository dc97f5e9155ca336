// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cluster/ResourceKind.h"
#include "core/Result.h"

#include <QtCore/QJsonArray>
#include <QtCore/QList>
#include <QtCore/QString>

namespace wk::cluster {

/// One thing that can be done with an object, and whether it is allowed.
struct Right
{
    QString verb;        ///< "get", "delete"
    QString subresource; ///< "log", "scale"; empty for the object itself
    QString words;       ///< "read its logs"
    bool allowed = false;
    bool operator==(const Right&) const = default;
};

struct OwnRights
{
    QList<Right> rights;
    bool incomplete = false; ///< the server could not tell all (a webhook decides besides RBAC)
    QString why;             ///< then
};

/// What this identity may do with one object (or, without a name, with the kind), out of the server's answer to a
/// SelfSubjectRulesReview. Rules are matched as RBAC matches them:
/// k8s.io/kubernetes/pkg/apis/rbac/v1/evaluation_helpers.go.
[[nodiscard]] Result<OwnRights> ownRightsOf(const QByteArray& review, const ResourceKind& kind, const QString& name);

/// Somebody who may do something with an object, and what allows it.
struct Grant
{
    QString subjectKind; ///< "User", "Group", "ServiceAccount"
    QString subject;     ///< name; of a service account with its namespace ("shop/api")
    QStringList verbs;   ///< in RBAC's words, the usual ones first; "*" alone for everything
    QString roleKind;    ///< "ClusterRole", "Role"
    QString role;
    QString bindingKindId; ///< "clusterrolebindings.rbac.authorization.k8s.io"
    QString bindingSpace, binding;
    bool operator==(const Grant&) const = default;

    /// True where a verb is among those, which change things.
    [[nodiscard]] bool changes() const;
};

/// Roles and bindings as a server lists them: the "items" of four lists.
struct RoleBook
{
    QJsonArray roles, clusterRoles, bindings, clusterBindings;
};

/// Who may do what with one object: of the bindings of its namespace and of those for the whole cluster. Sorted by
/// subject. What other authorizers allow (nodes, webhooks, system:masters) stands in no role and is not told.
[[nodiscard]] QList<Grant> grantsOn(const RoleBook& book, const ResourceKind& kind, const QString& space,
                                    const QString& name);

} // namespace wk::cluster
