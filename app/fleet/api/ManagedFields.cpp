// SPDX-License-Identifier: GPL-3.0-or-later
#include "fleet/api/ManagedFields.h"

#include "fleet/api/Lists.h"
#include "fleet/world/Json.h"

using namespace Qt::StringLiterals;

namespace wk::fleet {

namespace {

const QString itself = u"."_s;

/// Fields of metadata that belong to the server.
const QStringList& serverFields()
{
    static const QStringList list{u"name"_s,
                                  u"namespace"_s,
                                  u"uid"_s,
                                  u"resourceVersion"_s,
                                  u"generation"_s,
                                  u"creationTimestamp"_s,
                                  u"selfLink"_s,
                                  u"managedFields"_s,
                                  u"deletionTimestamp"_s,
                                  u"deletionGracePeriodSeconds"_s};
    return list;
}

/// Maps whose existence is a field of its own, as the server writes them in an update.
bool isTextMap(const QString& name)
{
    return QStringList{u"labels"_s, u"annotations"_s, u"data"_s, u"nodeSelector"_s, u"limits"_s, u"requests"_s}
        .contains(name);
}

/// label selectors are set as a whole (x-kubernetes-map-type: atomic)
bool isAtomicMap(const QString& name) { return name == u"selector" || name == u"podSelector"; }

QString textOf(const QJsonValue& v)
{
    QByteArray text = QJsonDocument(QJsonArray{v}).toJson(QJsonDocument::Compact);
    return QString::fromUtf8(text.mid(1, text.size() - 2));
}

QString elementStep(const QJsonObject& element, const ListType& type)
{
    return u"k:"_s + QString::fromUtf8(compact(elementKeys(element, type)));
}

QJsonObject fieldsOfValue(const QJsonValue& value, QStringList& path, bool maps);

QJsonObject fieldsOfList(const QJsonArray& list, const ListType& type, QStringList& path, bool maps)
{
    QJsonObject out;
    if (type.kind == ListType::Kind::Set) {
        for (const QJsonValue& v : list)
            out[u"v:"_s + textOf(v)] = QJsonObject();
    } else if (type.kind == ListType::Kind::Map) {
        for (const QJsonValue& v : list) {
            QJsonObject fields = fieldsOfValue(v, path, maps);
            fields[itself] = QJsonObject();
            out[elementStep(v.toObject(), type)] = fields;
        }
    }
    return out;
}

QJsonObject fieldsOfValue(const QJsonValue& value, QStringList& path, bool maps)
{
    if (value.isArray())
        return fieldsOfList(value.toArray(), listTypeAt(path), path, maps);
    if (!value.isObject() || (!path.isEmpty() && isAtomicMap(path.back())))
        return {};
    QJsonObject out;
    const QJsonObject object = value.toObject();
    for (auto it = object.begin(); it != object.end(); ++it) {
        if (path.isEmpty() && (it.key() == u"apiVersion" || it.key() == u"kind"))
            continue;
        if (path == QStringList{u"metadata"_s} && serverFields().contains(it.key()))
            continue;
        if (it->isNull())
            continue;
        path.append(it.key());
        const QJsonObject inner = fieldsOfValue(*it, path, maps);
        path.removeLast();
        // An object with nothing but the server's own in it is no field that anybody sets.
        if (path.isEmpty() && it.key() == u"metadata" && inner.isEmpty())
            continue;
        out[u"f:"_s + it.key()] = inner;
    }
    if (maps && !path.isEmpty() && isTextMap(path.back()) && !out.isEmpty())
        out[itself] = QJsonObject();
    return out;
}

QJsonObject setOf(const QJsonObject& object, bool maps)
{
    QStringList path;
    return fieldsOfValue(object, path, maps);
}

QJsonObject united(QJsonObject a, const QJsonObject& b)
{
    for (auto it = b.begin(); it != b.end(); ++it)
        a[it.key()] = united(a.value(it.key()).toObject(), it->toObject());
    return a;
}

/// What is in `a` and not in `b`; a branch that loses everything goes.
QJsonObject without(const QJsonObject& a, const QJsonObject& b)
{
    QJsonObject out;
    for (auto it = a.begin(); it != a.end(); ++it) {
        if (!b.contains(it.key())) {
            out[it.key()] = *it;
            continue;
        }
        if (const QJsonObject rest = without(it->toObject(), b.value(it.key()).toObject()); !rest.isEmpty())
            out[it.key()] = rest;
    }
    return out;
}

/// The value that a step of a field set leads to; undefined where there is none.
QJsonValue follow(const QJsonValue& value, const QString& step)
{
    if (step.startsWith(u"f:"))
        return value.toObject().value(step.mid(2));
    if (step.startsWith(u"k:")) {
        const QJsonObject keys = QJsonDocument::fromJson(step.mid(2).toUtf8()).object();
        const ListType type{ListType::Kind::Map, {}, keys.keys(), true};
        const QJsonArray list = value.toArray();
        const qsizetype i = findElement(list, keys, type, type.mapKeys);
        return i < 0 ? QJsonValue(QJsonValue::Undefined) : list.at(i);
    }
    if (step.startsWith(u"v:")) {
        for (const QJsonArray values = value.toArray(); const QJsonValue& v : values)
            if (textOf(v) == step.mid(2))
                return v;
        return QJsonValue(QJsonValue::Undefined);
    }
    return value;
}

/// Of the fields in `set`, those whose values differ between two objects (or that only `b` has).
QJsonObject differing(const QJsonObject& set, const QJsonValue& a, const QJsonValue& b)
{
    QJsonObject out;
    for (auto it = set.begin(); it != set.end(); ++it) {
        const QJsonValue before = follow(a, it.key()), after = follow(b, it.key());
        const QJsonObject inner = it->toObject();
        if (inner.isEmpty()) {
            if (it.key() == itself ? a.isUndefined() != b.isUndefined() : before != after)
                out[it.key()] = inner;
        } else if (const QJsonObject deeper = differing(inner, before, after); !deeper.isEmpty()) {
            out[it.key()] = deeper;
        }
    }
    return out;
}

QString pathText(const QString& step)
{
    if (step.startsWith(u"f:"))
        return u'.' + step.mid(2);
    if (step.startsWith(u"v:"))
        return u"[=%1]"_s.arg(step.mid(2));
    QStringList parts;
    const QJsonObject keys = QJsonDocument::fromJson(step.mid(2).toUtf8()).object();
    for (auto it = keys.begin(); it != keys.end(); ++it)
        parts.append(it.key() + u'=' + textOf(*it));
    return u'[' + parts.join(u',') + u']';
}

/// Leaves that both sets have, as paths.
void commonPaths(const QJsonObject& a, const QJsonObject& b, const QString& prefix, QStringList& out)
{
    for (auto it = a.begin(); it != a.end(); ++it) {
        if (!b.contains(it.key()) || it.key() == itself)
            continue;
        const QString path = prefix + pathText(it.key());
        if (it->toObject().isEmpty())
            out.append(path);
        else
            commonPaths(it->toObject(), b.value(it.key()).toObject(), path, out);
    }
}

/// Removes the fields of a set from a value; elements and maps that the set names whole go with them.
QJsonValue removed(const QJsonValue& value, const QJsonObject& set)
{
    QJsonValue out = value;
    for (auto it = set.begin(); it != set.end(); ++it) {
        const QJsonObject inner = it->toObject();
        const QJsonValue child = follow(out, it.key());
        if (it.key() == itself || child.isUndefined())
            continue;
        const bool whole = inner.isEmpty() || (it.key().startsWith(u"k:") && inner.contains(itself));
        if (it.key().startsWith(u"f:")) {
            QJsonObject object = out.toObject();
            const QJsonValue left = whole ? QJsonValue() : removed(child, inner);
            if (whole || (left.isObject() && left.toObject().isEmpty() && inner.contains(itself)))
                object.remove(it.key().mid(2));
            else
                object[it.key().mid(2)] = left;
            out = object;
        } else {
            QJsonArray list = out.toArray();
            for (qsizetype i = list.size() - 1; i >= 0; --i)
                if (list.at(i) == child) {
                    if (whole)
                        list.removeAt(i);
                    else
                        list[i] = removed(child, inner);
                }
            out = list;
        }
    }
    return out;
}

QJsonValue merged(const QJsonValue& live, const QJsonValue& config, QStringList& path)
{
    if (config.isObject() && live.isObject() && (path.isEmpty() || !isAtomicMap(path.back()))) {
        QJsonObject out = live.toObject();
        const QJsonObject in = config.toObject();
        for (auto it = in.begin(); it != in.end(); ++it) {
            path.append(it.key());
            out[it.key()] = merged(out.value(it.key()), *it, path);
            path.removeLast();
        }
        return out;
    }
    const ListType type = listTypeAt(path);
    if (!config.isArray() || !live.isArray() || type.kind == ListType::Kind::Atomic)
        return config;
    QJsonArray out = live.toArray();
    for (const QJsonArray values = config.toArray(); const QJsonValue& v : values) {
        const qsizetype i = type.kind == ListType::Kind::Map ? findElement(out, v.toObject(), type, type.mapKeys)
                                                             : (out.contains(v) ? qsizetype(0) : qsizetype(-1));
        if (i < 0)
            out.append(v);
        else if (type.kind == ListType::Kind::Map)
            out[i] = merged(out.at(i), v, path);
    }
    return out;
}

bool sameAuthor(const QJsonObject& entry, const Author& a)
{
    return entry.value(u"manager").toString() == a.manager &&
           (entry.value(u"operation").toString() == u"Apply") == a.apply &&
           entry.value(u"apiVersion").toString() == a.apiVersion &&
           entry.value(u"subresource").toString() == a.subresource;
}

QJsonObject entryOf(const Author& a, const QJsonObject& set)
{
    QJsonObject e{{u"manager"_s, a.manager},        {u"operation"_s, a.apply ? u"Apply"_s : u"Update"_s},
                  {u"apiVersion"_s, a.apiVersion},  {u"time"_s, a.time},
                  {u"fieldsType"_s, u"FieldsV1"_s}, {u"fieldsV1"_s, set}};
    if (!a.subresource.isEmpty())
        e[u"subresource"_s] = a.subresource;
    return e;
}

QJsonObject withEntries(QJsonObject object, const QList<QJsonObject>& entries)
{
    QJsonArray list;
    for (const bool apply : {true, false}) // appliers stand first
        for (const QJsonObject& e : entries)
            if ((e.value(u"operation") == u"Apply"_s) == apply && !e.value(u"fieldsV1").toObject().isEmpty())
                list.append(e);
    QJsonObject metadata = object.value(u"metadata").toObject();
    if (list.isEmpty())
        metadata.remove(u"managedFields"_s);
    else
        metadata[u"managedFields"_s] = list;
    object[u"metadata"_s] = metadata;
    return object;
}

QJsonArray entriesOf(const QJsonObject& object) { return at(object, u"metadata", u"managedFields").toArray(); }

} // namespace

QJsonObject fieldsOf(const QJsonObject& object) { return setOf(object, true); }

QJsonObject withUpdatedFields(const QJsonObject& old, QJsonObject object, const Author& author)
{
    const QJsonObject before = fieldsOf(old), after = fieldsOf(object);
    const QJsonObject changed = united(without(after, before), differing(after, old, object));
    const QJsonObject lost = without(before, after);
    QList<QJsonObject> entries;
    QJsonObject mine;
    QString time = author.time;
    for (const QJsonArray managed = entriesOf(old); const QJsonValue& v : managed) {
        QJsonObject e = v.toObject();
        const QJsonObject set = without(e.value(u"fieldsV1").toObject(), lost);
        if (sameAuthor(e, author)) {
            mine = set;
            if (changed.isEmpty())
                time = e.value(u"time").toString();
            continue;
        }
        e[u"fieldsV1"_s] = without(set, changed);
        entries.append(e);
    }
    mine = united(mine, changed);
    Author stamped = author;
    stamped.time = time;
    entries.append(entryOf(stamped, mine));
    return withEntries(std::move(object), entries);
}

std::expected<QJsonObject, QList<FieldConflict>> applied(const QJsonObject& live, const QJsonObject& config,
                                                         const Author& author, bool force)
{
    const QJsonObject set = setOf(config, false);
    QList<QJsonObject> entries;
    QList<FieldConflict> conflicts;
    QJsonObject others, previous;
    const QJsonObject changes = differing(set, live, config);
    for (const QJsonArray managed = entriesOf(live); const QJsonValue& v : managed) {
        QJsonObject e = v.toObject();
        const QJsonObject theirs = e.value(u"fieldsV1").toObject();
        if (sameAuthor(e, author)) {
            previous = theirs;
            continue;
        }
        QStringList paths;
        commonPaths(changes, theirs, {}, paths);
        const bool applier = e.value(u"operation") == u"Apply"_s;
        for (const QString& path : paths)
            conflicts.append(
                {e.value(u"manager").toString(), applier ? QString() : e.value(u"apiVersion").toString(), path});
        if (force)
            e[u"fieldsV1"_s] = without(theirs, changes);
        others = united(others, e.value(u"fieldsV1").toObject());
        entries.append(e);
    }
    if (!conflicts.isEmpty() && !force)
        return std::unexpected(conflicts);
    // What this manager applied before and leaves out now goes, unless somebody else wants it, too.
    const QJsonObject dropped = without(without(previous, set), others);
    QStringList path;
    const QJsonObject kept = removed(live, dropped).toObject();
    QJsonObject out = merged(kept.isEmpty() ? QJsonValue(QJsonObject()) : QJsonValue(kept), config, path).toObject();
    Author stamped = author;
    if (set == previous)
        for (const QJsonArray managed = entriesOf(live); const QJsonValue& v : managed)
            if (sameAuthor(v.toObject(), author))
                stamped.time = v.toObject().value(u"time").toString();
    entries.prepend(entryOf(stamped, set));
    return withEntries(std::move(out), entries);
}

} // namespace wk::fleet
