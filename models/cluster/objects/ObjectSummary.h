// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cluster/ResourceKind.h"
#include "table/Row.h"

#include <QtCore/QJsonObject>

namespace wk::cluster {

/// One line of an object's summary.
struct Fact
{
    QString label;
    QString value;
    table::Health health = table::Health::None;
    QString linkKind; ///< id of the kind that `value` names ("nodes", "replicasets.apps"); empty where it names none
    QString linkSpace;
    QString linkName;
    qint64 instantMs = 0; ///< set where the value is a moment: shown as an age, exact on hover
};

/// Lines below one another, or a small table.
struct FactSection
{
    QString title;
    QList<Fact> facts;
    QStringList headers;     ///< set for a table
    QList<QList<Fact>> rows; ///< its cells; labels unused
    bool folded = false;     ///< secondary: labels, annotations
};

/// What a person wants to know of one object, by kind: from the server's JSON, without any further request.
struct ObjectSummary
{
    QList<FactSection> sections;
    /// Keys of a Secret, whose values can be asked for one by one.
    QStringList secretKeys;
};

/// Pure. Fields that are missing or of another type than documented are left out.
[[nodiscard]] ObjectSummary summariseObject(const QJsonObject& object);

/// Since when an object has not been well, by its conditions, in milliseconds since the epoch; 0 where they are all as
/// they should be or do not say.
[[nodiscard]] qint64 unwellSinceMs(const QJsonObject& object);

/// The id of the kind that "apiVersion" and "kind" of a reference mean ("apps/v1", "ReplicaSet" -> "replicasets.apps");
/// empty for kinds that are not built in.
[[nodiscard]] QString kindIdOf(const QString& apiVersion, const QString& kind);

} // namespace wk::cluster
