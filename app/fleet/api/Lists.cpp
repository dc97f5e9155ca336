// SPDX-License-Identifier: GPL-3.0-or-later
#include "fleet/api/Lists.h"

using namespace Qt::StringLiterals;

namespace wk::fleet {

namespace {

struct Entry
{
    QStringView name;
    QStringView parent; ///< the field around it; empty: any
    ListType type;
};

const QList<Entry>& entries()
{
    using Kind = ListType::Kind;
    const auto byName = [](const QString& key) { return ListType{Kind::Map, key, {key}}; };
    static const QList<Entry> list{
        {u"containers", u"", byName(u"name"_s)},
        {u"initContainers", u"", byName(u"name"_s)},
        {u"ephemeralContainers", u"", byName(u"name"_s)},
        {u"env", u"", byName(u"name"_s)},
        {u"volumes", u"", byName(u"name"_s)},
        {u"imagePullSecrets", u"", byName(u"name"_s)},
        {u"ports", u"containers", {Kind::Map, u"containerPort"_s, {u"containerPort"_s, u"protocol"_s}, true}},
        {u"ports", u"initContainers", {Kind::Map, u"containerPort"_s, {u"containerPort"_s, u"protocol"_s}, true}},
        {u"ports", u"spec", {Kind::Map, u"port"_s, {u"port"_s, u"protocol"_s}, true}},
        {u"volumeMounts", u"", byName(u"mountPath"_s)},
        {u"volumeDevices", u"", byName(u"devicePath"_s)},
        {u"hostAliases", u"", byName(u"ip"_s)},
        {u"topologySpreadConstraints", u"", {Kind::Map, u"topologyKey"_s, {u"topologyKey"_s, u"whenUnsatisfiable"_s}}},
        {u"ownerReferences", u"", byName(u"uid"_s)},
        {u"conditions", u"", byName(u"type"_s)},
        {u"addresses", u"status", byName(u"type"_s)},
        {u"secrets", u"", byName(u"name"_s)},
        {u"taints", u"spec", {Kind::Atomic, u"key"_s, {}}},
        {u"finalizers", u"metadata", {Kind::Set, {}, {}}},
    };
    return list;
}

QJsonValue keyValue(const QJsonObject& element, const QString& key, const ListType& type)
{
    const QJsonValue v = element.value(key);
    return v.isUndefined() && type.defaultsProtocol && key == u"protocol" ? QJsonValue(u"TCP"_s) : v;
}

} // namespace

ListType listTypeAt(const QStringList& path)
{
    if (path.isEmpty())
        return {};
    const QString& name = path.back();
    const QString parent = path.value(path.size() - 2);
    for (const Entry& e : entries())
        if (e.name == name && (e.parent.isEmpty() || e.parent == parent))
            return e.type;
    return {};
}

qsizetype findElement(const QJsonArray& list, const QJsonObject& wanted, const ListType& type, const QStringList& keys)
{
    for (qsizetype i = 0; i < list.size(); ++i) {
        const QJsonObject element = list.at(i).toObject();
        if (std::ranges::all_of(
                keys, [&](const QString& k) { return keyValue(element, k, type) == keyValue(wanted, k, type); }))
            return i;
    }
    return -1;
}

QJsonObject elementKeys(const QJsonObject& element, const ListType& type)
{
    QJsonObject keys;
    for (const QString& key : type.mapKeys)
        keys[key] = keyValue(element, key, type);
    return keys;
}

} // namespace wk::fleet
