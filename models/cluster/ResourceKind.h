// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtCore/QByteArray>
#include <QtCore/QList>
#include <QtCore/QString>
#include <QtCore/QStringList>

namespace wk::cluster {

/// One resource as a server serves it (from discovery), or as it is known beforehand (pods, nodes, ...).
struct ResourceKind
{
    QString group;    ///< empty for the core group
    QString version;  ///< "v1", "v2beta2"
    QString resource; ///< plural, as in the path: "pods"
    QString kind;     ///< "Pod"
    QString singular; ///< "pod"
    QStringList shortNames;
    QStringList categories;
    QStringList verbs; ///< "list", "watch", ...
    bool namespaced = true;

    /// "pods", "deployments.apps": names the kind across versions; stable, used in settings and filters.
    [[nodiscard]] QString id() const { return group.isEmpty() ? resource : resource + u'.' + group; }
    /// "v1", "apps/v1"
    [[nodiscard]] QString apiVersion() const { return group.isEmpty() ? version : group + u'/' + version; }
    /// The collection's path: "/api/v1/pods", "/apis/apps/v1/namespaces/x/deployments" for `space` = "x".
    [[nodiscard]] QByteArray path(const QString& space = {}) const;
    /// The path of one object.
    [[nodiscard]] QByteArray objectPath(const QString& space, const QString& name) const;

    bool operator==(const ResourceKind&) const = default;
};

} // namespace wk::cluster
