// SPDX-License-Identifier: GPL-3.0-or-later
#include "changes/plan/JsonTree.h"

#include <QtCore/QJsonArray>
#include <QtCore/QStringList>

namespace wk::changes {

using namespace Qt::StringLiterals;

bool isJsonPointer(QStringView pointer)
{
    if (pointer.isEmpty())
        return true;
    if (!pointer.startsWith(u'/'))
        return false;
    for (qsizetype i = 0; i < pointer.size(); ++i) {
        if (pointer[i] == u'~' && (i + 1 == pointer.size() || (pointer[i + 1] != u'0' && pointer[i + 1] != u'1')))
            return false;
    }
    return true;
}

QJsonValue valueAt(const QJsonValue& root, QStringView pointer)
{
    if (pointer.isEmpty())
        return root;
    if (!isJsonPointer(pointer))
        return QJsonValue(QJsonValue::Undefined);
    QJsonValue value = root;
    for (const QStringView raw : pointer.sliced(1).split(u'/')) {
        // "~1" first: "~01" means "~1", not "/".
        const QString part = raw.toString().replace("~1"_L1, "/"_L1).replace("~0"_L1, "~"_L1);
        if (value.isObject()) {
            value = value.toObject().value(part);
        } else if (value.isArray()) {
            bool ok = false;
            const auto index = part.toUInt(&ok);
            const bool plain = ok && (part == "0"_L1 || !part.startsWith(u'0')) && part.at(0).isDigit();
            const QJsonArray array = value.toArray();
            value = plain && qsizetype(index) < array.size() ? array.at(qsizetype(index))
                                                             : QJsonValue(QJsonValue::Undefined);
        } else {
            return QJsonValue(QJsonValue::Undefined);
        }
    }
    return value;
}

QString pointerPart(const QString& name) { return QString(name).replace(u'~', "~0"_L1).replace(u'/', "~1"_L1); }

QJsonValue mergePatched(const QJsonValue& target, const QJsonValue& patch)
{
    if (!patch.isObject())
        return patch;
    QJsonObject out = target.toObject();
    const QJsonObject changes = patch.toObject();
    for (auto it = changes.begin(); it != changes.end(); ++it) {
        if (it.value().isNull())
            out.remove(it.key());
        else
            out.insert(it.key(), mergePatched(out.value(it.key()), it.value()));
    }
    return out;
}

QJsonObject mergeDifference(const QJsonObject& from, const QJsonObject& to)
{
    QJsonObject patch;
    for (auto it = from.begin(); it != from.end(); ++it) {
        if (!to.contains(it.key()) && !it.value().isNull())
            patch.insert(it.key(), QJsonValue(QJsonValue::Null));
    }
    for (auto it = to.begin(); it != to.end(); ++it) {
        const QJsonValue before = from.value(it.key());
        if (before == it.value())
            continue;
        if (before.isObject() && it.value().isObject())
            patch.insert(it.key(), mergeDifference(before.toObject(), it.value().toObject()));
        else
            patch.insert(it.key(), it.value());
    }
    return patch;
}

bool covers(const QJsonValue& actual, const QJsonValue& wanted)
{
    if (wanted.isNull())
        return actual.isNull() || actual.isUndefined();
    if (wanted.isObject()) {
        const QJsonObject members = wanted.toObject();
        // A server leaves empty objects out.
        if (!actual.isObject())
            return members.isEmpty() && actual.isUndefined();
        const QJsonObject object = actual.toObject();
        for (auto it = members.begin(); it != members.end(); ++it) {
            if (!covers(object.value(it.key()), it.value()))
                return false;
        }
        return true;
    }
    if (wanted.isArray()) {
        const QJsonArray list = wanted.toArray(), other = actual.toArray();
        if (list.size() != other.size())
            return false;
        for (qsizetype i = 0; i < list.size(); ++i) {
            if (!covers(other.at(i), list.at(i)))
                return false;
        }
        return true;
    }
    return actual == wanted;
}

} // namespace wk::changes
