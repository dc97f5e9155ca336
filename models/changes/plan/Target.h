// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cluster/ResourceKind.h"

#include <QtCore/QJsonObject>
#include <QtCore/QString>

namespace wk::changes {

class Mistakes;

/// What a step acts on: an object of a cluster, a database of the platform, a program on this machine, or a silence of
/// the Alertmanager of a cluster.
struct Target
{
    enum class Kind { Object, Database, Command, Silence };

    QString cluster;  ///< its name in the platform file; empty for a command
    QString group;    ///< empty for the core group
    QString version;  ///< "v1"
    QString kind;     ///< "Deployment"; "Database", "Command", "Silence"
    QString resource; ///< "deployments"; empty for what is no object of a cluster
    QString space;    ///< the namespace; empty where the kind has none
    QString name;     ///< empty only where the action chooses objects itself (pods by selector)

    [[nodiscard]] Kind type() const;
    /// "deployments.apps", as cluster::ResourceKind::id().
    [[nodiscard]] QString resourceId() const;
    [[nodiscard]] cluster::ResourceKind resourceKind() const;
    /// The object's path on its server, the collection's where there is no name; percent-encoded.
    [[nodiscard]] QByteArray path() const;
    [[nodiscard]] QByteArray collectionPath() const;
    /// "deployment api-gateway in streamgate"
    [[nodiscard]] QString words() const;
    /// Tells objects apart, whatever the version: "production deployments.apps streamgate/api-gateway".
    [[nodiscard]] QString key() const;

    [[nodiscard]] QJsonObject toJson() const;
    /// Reads a plan's "target". What is wrong goes to `mistakes`; `place` names the member.
    [[nodiscard]] static Target fromJson(const QJsonValue& json, const QString& place, Mistakes& mistakes);

    bool operator==(const Target&) const = default;
};

} // namespace wk::changes
