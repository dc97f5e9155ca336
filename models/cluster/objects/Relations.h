// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cluster/ResourceKind.h"
#include "cluster/objects/References.h"
#include "table/TableSource.h"

#include <functional>
#include <memory>

namespace wk::cluster {

/// An object among those that it has to do with.
struct Relation
{
    QString kindId; ///< empty where this cluster does not serve its kind
    QString kind;   ///< "ReplicaSet"
    QString space, name;
    table::Health health = table::Health::None;
    QString words;     ///< how it is, what it does here
    bool self = false; ///< the object that this is all about
    QList<Relation> parts;
    bool operator==(const Relation& other) const;
};

struct RelationGroup
{
    QString title;
    QList<Relation> roots;
    QString note; ///< what is not shown, and why
    bool operator==(const RelationGroup&) const = default;
};

/// The rows of a kind, where a panel has them; null where it has not.
using RowsOf = std::function<std::shared_ptr<table::TableSource>(const QString& kindId)>;

/// What an object has to do with others, both ways: who made it and what it made, down to the pods; where they run;
/// what they are reached through, scaled by, what they use; for a node, what runs on it. From the object itself and
/// from rows that are there anyway, without any request. `kinds` are those that the cluster serves.
[[nodiscard]] QList<RelationGroup> relationsOf(const QJsonObject& object, const QList<ResourceKind>& kinds,
                                               const RowsOf& rowsOf);

/// Objects that name this one, as a group of the same form, with how they are.
[[nodiscard]] RelationGroup usersGroup(const QList<Referrer>& users, const QList<ResourceKind>& kinds,
                                       const RowsOf& rowsOf);

} // namespace wk::cluster
