// SPDX-License-Identifier: GPL-3.0-or-later
#include "changes/unapproved/FieldChanges.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QJsonArray>
#include <QtCore/QJsonDocument>
#include <QtCore/QSet>

namespace wk::changes {

using namespace Qt::StringLiterals;

namespace {

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(wk::changes::ObjectChange)
};

constexpr qsizetype maxSpoken = 80;
constexpr qsizetype maxNamed = 4;

QString spoken(const QJsonValue& value)
{
    if (value.isDouble())
        return QString::number(value.toDouble(), 'g', 15);
    if (value.isBool())
        return value.toBool() ? u"true"_s : u"false"_s;
    if (value.isObject() || value.isArray())
        return Texts::tr("something longer");
    const QString text = value.toString();
    if (text.size() > maxSpoken || text.contains(u'\n'))
        return Texts::tr("%n character(s)", nullptr, int(text.size()));
    return text.isEmpty() ? Texts::tr("nothing") : text;
}

/// What names an item of a list, as strategic merge does: its name, else its key, port or path.
QString nameOf(const QJsonValue& item)
{
    const QJsonObject object = item.toObject();
    for (const auto key : {"name"_L1, "key"_L1, "host"_L1, "path"_L1, "containerPort"_L1, "port"_L1}) {
        const QJsonValue value = object.value(key);
        if (value.isString())
            return value.toString();
        if (value.isDouble())
            return QString::number(value.toInteger());
    }
    return {};
}

/// The items by name; empty where not all have one of their own.
QMap<QString, QJsonValue> byName(const QJsonArray& list)
{
    QMap<QString, QJsonValue> out;
    for (const auto& item : list) {
        const QString name = nameOf(item);
        if (name.isEmpty() || out.contains(name))
            return {};
        out.insert(name, item);
    }
    return out;
}

QList<FieldChange> listChanges(const QJsonArray& before, const QJsonArray& after, const QString& path)
{
    const auto old = byName(before), now = byName(after);
    const bool named = old.size() == before.size() && now.size() == after.size() && !old.isEmpty() && !now.isEmpty();
    QList<FieldChange> out;
    if (!named) {
        if (before.size() != after.size())
            return {{path, before, after}};
        for (qsizetype i = 0; i < before.size(); ++i)
            out += fieldChanges(before.at(i), after.at(i), u"%1[%2]"_s.arg(path).arg(i));
        return out;
    }
    for (auto it = old.begin(); it != old.end(); ++it)
        out += fieldChanges(it.value(), now.value(it.key(), QJsonValue(QJsonValue::Undefined)),
                            u"%1[%2]"_s.arg(path, it.key()));
    for (auto it = now.begin(); it != now.end(); ++it) {
        if (!old.contains(it.key()))
            out << FieldChange{u"%1[%2]"_s.arg(path, it.key()), QJsonValue::Undefined, it.value()};
    }
    // The same items in another order is a change, too.
    if (out.isEmpty() && before != after)
        out << FieldChange{path, before, after};
    return out;
}

/// The item of a list that a "k:{…}" names.
QJsonValue itemBy(const QJsonArray& list, const QJsonObject& key)
{
    for (const auto& item : list) {
        const QJsonObject object = item.toObject();
        bool same = true;
        for (auto it = key.begin(); it != key.end() && same; ++it)
            same = object.value(it.key()) == it.value();
        if (same)
            return item;
    }
    return QJsonValue::Undefined;
}

bool isBookkeeping(const QString& annotation)
{
    static const QSet<QString> names{
        u"kubectl.kubernetes.io/last-applied-configuration"_s, u"deployment.kubernetes.io/revision"_s,
        u"deprecated.daemonset.template.generation"_s,         u"autoscaling.alpha.kubernetes.io/conditions"_s,
        u"autoscaling.alpha.kubernetes.io/current-metrics"_s,  u"control-plane.alpha.kubernetes.io/leader"_s};
    return names.contains(annotation);
}

} // namespace

QString FieldChange::words() const
{
    if (before.isUndefined())
        return Texts::tr("%1 was added (%2)").arg(path, spoken(after));
    if (after.isUndefined())
        return Texts::tr("%1 was removed (%2)").arg(path, spoken(before));
    return Texts::tr("%1 from %2 to %3").arg(path, spoken(before), spoken(after));
}

QList<FieldChange> fieldChanges(const QJsonValue& before, const QJsonValue& after, const QString& path)
{
    if (before == after)
        return {};
    if (before.isArray() && after.isArray())
        return listChanges(before.toArray(), after.toArray(), path);
    // A few annotations that came at once are named one by one.
    const QJsonObject all = before.isUndefined() ? after.toObject() : before.toObject();
    const bool cameOrWent = (before.isUndefined() && after.isObject()) || (after.isUndefined() && before.isObject());
    const bool few = !all.isEmpty() && all.size() <= maxNamed;
    if (!(before.isObject() && after.isObject()) && !(cameOrWent && few))
        return {{path, before, after}};
    QList<FieldChange> out;
    const QJsonObject old = before.toObject(), now = after.toObject();
    const auto place = [&](const QString& key) {
        if (path.isEmpty())
            return key;
        return key.contains(u'.') || key.contains(u'/') ? u"%1[%2]"_s.arg(path, key) : path + u'.' + key;
    };
    for (auto it = old.begin(); it != old.end(); ++it)
        out += fieldChanges(it.value(), now.value(it.key()), place(it.key()));
    for (auto it = now.begin(); it != now.end(); ++it) {
        if (!old.contains(it.key()))
            out += fieldChanges(QJsonValue::Undefined, it.value(), place(it.key()));
    }
    return out;
}

bool ownsAChange(const QJsonObject& fields, const QJsonValue& before, const QJsonValue& after)
{
    if (before == after)
        return false;
    for (auto it = fields.begin(); it != fields.end(); ++it) {
        QJsonValue old = QJsonValue::Undefined, now = QJsonValue::Undefined;
        if (it.key().startsWith(u"f:")) {
            const QString name = it.key().sliced(2);
            old = before.toObject().value(name);
            now = after.toObject().value(name);
        } else if (it.key().startsWith(u"k:")) {
            const QJsonObject key = QJsonDocument::fromJson(it.key().sliced(2).toUtf8()).object();
            old = itemBy(before.toArray(), key);
            now = itemBy(after.toArray(), key);
        } else {
            continue; // "." the thing itself, "v:" an item of a set of plain values: judged with what holds them
        }
        QJsonObject inner = it.value().toObject();
        const bool plain = std::ranges::none_of(
            inner.keys(), [](const QString& key) { return key.startsWith(u"f:") || key.startsWith(u"k:"); });
        if (old != now && (plain || ownsAChange(inner, old, now)))
            return true;
    }
    return false;
}

QJsonObject intentOf(const QJsonObject& object)
{
    QJsonObject out;
    for (const auto key : {"apiVersion"_L1, "kind"_L1, "spec"_L1, "data"_L1, "binaryData"_L1, "immutable"_L1}) {
        if (object.contains(key))
            out.insert(key, object.value(key));
    }
    const QString kind = object.value("kind"_L1).toString();
    const QJsonObject metadata = object.value("metadata"_L1).toObject();
    QJsonObject kept;
    for (const auto key : {"name"_L1, "namespace"_L1}) {
        if (metadata.contains(key))
            kept.insert(key, metadata.value(key));
    }
    if (kind == "Service"_L1 || kind == "Ingress"_L1 || kind == "HorizontalPodAutoscaler"_L1) {
        QJsonObject annotations = metadata.value("annotations"_L1).toObject();
        const QStringList names = annotations.keys();
        for (const QString& name : names) {
            if (isBookkeeping(name))
                annotations.remove(name);
        }
        if (!annotations.isEmpty())
            kept.insert(u"annotations"_s, annotations);
    }
    out.insert(u"metadata"_s, kept);
    return out;
}

} // namespace wk::changes
