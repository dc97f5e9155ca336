// SPDX-License-Identifier: GPL-3.0-or-later
#include "fleet/api/OpenApi.h"

#include "fleet/world/Resources.h"

#include <QtCore/QJsonArray>

using namespace Qt::StringLiterals;

namespace wk::fleet {

namespace {

QString rootOf(const QString& group, const QString& version)
{
    return group.isEmpty() ? u"api/"_s + version : u"apis/%1/%2"_s.arg(group, version);
}

QJsonObject operation(const Resource& r, const QStringList& parameters)
{
    QJsonArray list;
    for (const QString& name : parameters)
        list.append(QJsonObject{
            {u"name"_s, name}, {u"in"_s, u"query"_s}, {u"schema"_s, QJsonObject{{u"type"_s, u"string"_s}}}});
    return {{u"parameters"_s, list},
            {u"responses"_s, QJsonObject()},
            {u"x-kubernetes-group-version-kind"_s,
             QJsonObject{{u"group"_s, r.group}, {u"version"_s, r.version}, {u"kind"_s, r.kind}}}};
}

} // namespace

QJsonObject openApiDocument(const QString& path)
{
    if (path.isEmpty() || path == u"/") {
        QJsonObject paths;
        for (const auto& [group, version] : groupVersions()) {
            const QString root = rootOf(group, version);
            paths[root] = QJsonObject{{u"serverRelativeURL"_s, u"/openapi/v3/"_s + root}};
        }
        return {{u"paths"_s, paths}};
    }
    QJsonObject paths;
    for (const Resource& r : resources()) {
        const QString root = rootOf(r.group, r.version);
        if (path != u'/' + root || r.virtualKind)
            continue;
        const QString objects = u'/' + root + (r.namespaced ? u"/namespaces/{namespace}/"_s : u"/"_s) + r.resource;
        const QStringList common{u"dryRun"_s, u"fieldManager"_s, u"fieldValidation"_s};
        paths[objects + u"/{name}"_s] = QJsonObject{{u"patch"_s, operation(r, common + QStringList{u"force"_s})}};
        paths[objects] = QJsonObject{{u"post"_s, operation(r, common)}};
    }
    if (paths.isEmpty())
        return {};
    return {{u"openapi"_s, u"3.0.0"_s},
            {u"info"_s, QJsonObject{{u"title"_s, u"Kubernetes"_s}, {u"version"_s, u"v1.32.4"_s}}},
            {u"paths"_s, paths}};
}

} // namespace wk::fleet
