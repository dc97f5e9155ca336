// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtCore/QJsonObject>
#include <QtCore/QList>
#include <QtCore/QString>
#include <QtCore/QStringList>

namespace wk::fleet {

/// A kind as this server serves it.
struct Resource
{
    QString group;
    QString version;
    QString resource;
    QString kind;
    QString singular;
    QStringList shortNames;
    QStringList categories;
    bool namespaced = true;
    bool custom = false;      ///< defined by a CRD: no protobuf
    bool virtualKind = false; ///< not in the store (reviews, metrics): no watch
    QStringList verbs = {};

    /// "pods", "deployments.apps"
    [[nodiscard]] QString id() const { return group.isEmpty() ? resource : resource + u'.' + group; }
    [[nodiscard]] QString apiVersion() const { return group.isEmpty() ? version : group + u'/' + version; }
};

/// Every kind of every simulated cluster, in the order of discovery.
[[nodiscard]] const QList<Resource>& resources();
[[nodiscard]] const Resource* findResource(QStringView group, QStringView version, QStringView resource);
[[nodiscard]] const Resource* findResourceById(QStringView id);

/// Groups in discovery order, the core group ("") first, with the preferred version of a group before the others.
[[nodiscard]] const QList<QPair<QString, QString>>& groupVersions();

/// Discovery documents. `aggregated` is apidiscovery.k8s.io/v2 (APIGroupDiscoveryList).
[[nodiscard]] QJsonObject apiVersionsDocument(const QString& serverAddress);
[[nodiscard]] QJsonObject apiGroupListDocument();
[[nodiscard]] QJsonObject apiGroupDocument(const QString& group);
[[nodiscard]] QJsonObject apiResourceListDocument(const QString& group, const QString& version);
[[nodiscard]] QJsonObject aggregatedDiscoveryDocument(bool core, const QString& discoveryVersion);

} // namespace wk::fleet
