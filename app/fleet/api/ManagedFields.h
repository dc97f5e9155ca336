// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtCore/QJsonArray>
#include <QtCore/QJsonObject>
#include <QtCore/QList>
#include <QtCore/QStringList>

#include <expected>

namespace wk::fleet {

// Who set which field of an object: metadata.managedFields and server-side apply, by the rules of
// sigs.k8s.io/structured-merge-diff. A field set is kept in the form of fieldsV1: {"f:spec":{"f:replicas":{}}},
// elements of lists by their keys ("k:{\"name\":\"c\"}") or values ("v:…").

/// Who writes, and how.
struct Author
{
    QString manager;
    bool apply = false; ///< server-side apply; otherwise an update of any kind
    QString apiVersion;
    QString subresource; ///< "scale", "status" or empty
    QString time;        ///< RFC 3339
};

/// Every field of an object but its identity (apiVersion, kind, name, uid, …).
[[nodiscard]] QJsonObject fieldsOf(const QJsonObject& object);

/// The object after an update, with managedFields that say so: what changed belongs to the author, what is gone to
/// nobody. `old` is empty for a creation.
[[nodiscard]] QJsonObject withUpdatedFields(const QJsonObject& old, QJsonObject object, const Author& author);

struct FieldConflict
{
    QString manager;
    QString apiVersion; ///< empty for a manager that applies
    QString path;       ///< ".spec.replicas"
};

/// Merges what a manager applies into the live object (empty: it is created). Without `force`, fields that others set
/// to another value are conflicts.
[[nodiscard]] std::expected<QJsonObject, QList<FieldConflict>>
applied(const QJsonObject& live, const QJsonObject& config, const Author& author, bool force);

} // namespace wk::fleet
