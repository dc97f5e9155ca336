// SPDX-License-Identifier: GPL-3.0-or-later
// What servers answer about themselves, and what we make of it.
#include "cluster/Decoder.h"
#include "cluster/connection/Discovery.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QJsonArray>
#include <QtCore/QJsonDocument>
#include <QtCore/QJsonObject>

namespace wk::cluster {

using namespace Qt::StringLiterals;

namespace {

QString tr(const char* text) { return QCoreApplication::translate("wk::cluster::Discovery", text); }

Result<QJsonObject> parseObject(const QByteArray& json, QLatin1StringView listName)
{
    QJsonParseError error;
    const QJsonDocument document = QJsonDocument::fromJson(json, &error);
    if (error.error != QJsonParseError::NoError || !document.object().value(listName).isArray()) {
        return fail(Error::Kind::Protocol, tr("The server's list of kinds cannot be read."),
                    error.error != QJsonParseError::NoError ? error.errorString() : u"no "_s + listName);
    }
    return document.object();
}

QStringList strings(const QJsonValue& value)
{
    QStringList list;
    for (const QJsonArray items = value.toArray(); const auto& item : items)
        list += item.toString();
    return list;
}

/// Versions that the renderers read, newest form first, where a server's own preference is another: an older server
/// prefers autoscaling/v1, which has no metrics but CPU.
const std::map<QString, QStringList>& knownVersions()
{
    static const std::map<QString, QStringList> versions{
        {u"horizontalpodautoscalers.autoscaling"_s, {u"v2"_s, u"v2beta2"_s, u"v1"_s}},
        {u"cronjobs.batch"_s, {u"v1"_s, u"v1beta1"_s}},
        {u"poddisruptionbudgets.policy"_s, {u"v1"_s, u"v1beta1"_s}},
        {u"endpointslices.discovery.k8s.io"_s, {u"v1"_s, u"v1beta1"_s}},
        {u"ingresses.networking.k8s.io"_s, {u"v1"_s, u"v1beta1"_s}},
        {u"customresourcedefinitions.apiextensions.k8s.io"_s, {u"v1"_s}},
    };
    return versions;
}

QStringList versionsByPreference(const ApiGroup& group, const ResourceKind& kind)
{
    QStringList order;
    const auto known = knownVersions().find(kind.id());
    if (known != knownVersions().end())
        order = known->second;
    return order + group.versions;
}

} // namespace

Result<std::vector<ApiGroup>> parseAggregatedDiscovery(const QByteArray& json)
{
    const auto root = parseObject(json, "items"_L1);
    if (!root)
        return fail(root.error());
    std::vector<ApiGroup> groups;
    for (const QJsonArray items = root->value("items"_L1).toArray(); const auto& item : items) {
        ApiGroup group;
        group.name = item["metadata"_L1]["name"_L1].toString();
        for (const QJsonArray values = item["versions"_L1].toArray(); const auto& v : values) {
            const QString version = v["version"_L1].toString();
            group.versions += version;
            QList<ResourceKind> resources;
            for (const QJsonArray rows = v["resources"_L1].toArray(); const auto& r : rows) {
                ResourceKind kind;
                kind.group = group.name;
                kind.version = version;
                kind.resource = r["resource"_L1].toString();
                kind.kind = r["responseKind"_L1]["kind"_L1].toString();
                kind.singular = r["singularResource"_L1].toString();
                kind.shortNames = strings(r["shortNames"_L1]);
                kind.categories = strings(r["categories"_L1]);
                kind.verbs = strings(r["verbs"_L1]);
                kind.namespaced = r["scope"_L1].toString() == "Namespaced"_L1;
                resources += kind;
            }
            // Stale: the server behind an aggregated API did not answer; what is listed is from before, or nothing.
            if (!resources.isEmpty())
                group.resources[version] = std::move(resources);
        }
        groups.push_back(std::move(group));
    }
    return groups;
}

Result<std::vector<ApiGroup>> parseGroupList(const QByteArray& json)
{
    const auto root = parseObject(json, "groups"_L1);
    if (!root)
        return fail(root.error());
    std::vector<ApiGroup> groups;
    for (const QJsonArray items = root->value("groups"_L1).toArray(); const auto& item : items) {
        ApiGroup group;
        group.name = item["name"_L1].toString();
        const QString preferred = item["preferredVersion"_L1]["version"_L1].toString();
        if (!preferred.isEmpty())
            group.versions += preferred;
        for (const QJsonArray values = item["versions"_L1].toArray(); const auto& v : values) {
            if (v["version"_L1].toString() != preferred)
                group.versions += v["version"_L1].toString();
        }
        groups.push_back(std::move(group));
    }
    return groups;
}

Result<ApiGroup> parseCoreVersions(const QByteArray& json)
{
    const auto root = parseObject(json, "versions"_L1);
    if (!root)
        return fail(root.error());
    return ApiGroup{{}, strings(root->value("versions"_L1)), {}};
}

Result<QList<ResourceKind>> parseResourceList(const QByteArray& json, const QString& group, const QString& version)
{
    const auto root = parseObject(json, "resources"_L1);
    if (!root)
        return fail(root.error());
    QList<ResourceKind> kinds;
    for (const QJsonArray rows = root->value("resources"_L1).toArray(); const auto& r : rows) {
        ResourceKind kind;
        kind.group = group;
        kind.version = version;
        kind.resource = r["name"_L1].toString();
        if (kind.resource.contains(u'/'))
            continue; // a subresource
        kind.kind = r["kind"_L1].toString();
        kind.singular = r["singularName"_L1].toString();
        kind.shortNames = strings(r["shortNames"_L1]);
        kind.categories = strings(r["categories"_L1]);
        kind.verbs = strings(r["verbs"_L1]);
        kind.namespaced = r["namespaced"_L1].toBool();
        kinds += kind;
    }
    return kinds;
}

QList<ResourceKind> chooseKinds(const std::vector<ApiGroup>& groups)
{
    QList<ResourceKind> all;
    for (const ApiGroup& group : groups) {
        QStringList seen;
        for (const QString& version : group.versions) {
            const auto listed = group.resources.find(version);
            if (listed == group.resources.end())
                continue;
            for (const ResourceKind& candidate : listed->second) {
                if (seen.contains(candidate.resource))
                    continue;
                seen += candidate.resource;
                ResourceKind best = candidate;
                for (const QString& v : versionsByPreference(group, candidate)) {
                    const auto at = group.resources.find(v);
                    if (at == group.resources.end())
                        continue;
                    const auto it = std::ranges::find(at->second, candidate.resource, &ResourceKind::resource);
                    if (it != at->second.end()) {
                        best = *it;
                        break;
                    }
                }
                if (best.singular.isEmpty())
                    best.singular = best.kind.toLower(); // servers before 1.27 leave it out for built-in kinds
                if (best.verbs.contains("list"_L1))
                    all += best;
            }
        }
    }
    QList<ResourceKind> kinds;
    for (const ResourceKind& known : builtInKinds()) {
        const auto it = std::ranges::find_if(all, [&](const ResourceKind& k) { return k.id() == known.id(); });
        if (it != all.end()) {
            kinds += *it;
            all.erase(it);
        }
    }
    return kinds + all;
}

Result<ResourceKind> findKind(const QList<ResourceKind>& kinds, const QString& word)
{
    const QString name = word.section(u'.', 0, 0).toLower();
    QString group = word.section(u'.', 1);
    const auto named = [&](const ResourceKind& k) {
        return k.resource == name || k.singular == name || k.kind.toLower() == name || k.shortNames.contains(name);
    };
    for (const ResourceKind& kind : kinds) {
        if (!named(kind))
            continue;
        if (group.isEmpty() || kind.group == group || kind.version + u'.' + kind.group == group ||
            (kind.group.isEmpty() && kind.version == group) || kind.group.startsWith(group + u'.'))
            return kind;
    }
    QStringList near;
    for (const ResourceKind& kind : kinds) {
        if (!name.isEmpty() && (kind.resource.startsWith(name.left(3)) || kind.resource.contains(name)) &&
            near.size() < 4)
            near += kind.id();
    }
    return fail(Error::Kind::NotFound, tr("The server has no kind “%1”.").arg(word), {},
                near.isEmpty() ? QString() : tr("Did you mean %1?").arg(near.join(u", "_s)));
}

} // namespace wk::cluster
