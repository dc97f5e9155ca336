// SPDX-License-Identifier: GPL-3.0-or-later
#include "fleet/world/Types.h"

#include "core/Quantity.h"
#include "fleet/world/Json.h"

#include <QtCore/QJsonArray>
#include <QtCore/QSet>

using namespace Qt::StringLiterals;

namespace wk::fleet {

namespace {

enum class Wanted { Anything, Number, Text, Truth, Texts, Amounts };

/// By the field's name, which means the same wherever it stands in the kinds that are written here.
Wanted wantedAt(const QString& name)
{
    static const QSet<QString> numbers{u"replicas"_s,
                                       u"minReplicas"_s,
                                       u"maxReplicas"_s,
                                       u"revisionHistoryLimit"_s,
                                       u"progressDeadlineSeconds"_s,
                                       u"minReadySeconds"_s,
                                       u"terminationGracePeriodSeconds"_s,
                                       u"containerPort"_s,
                                       u"targetCPUUtilizationPercentage"_s,
                                       u"averageUtilization"_s,
                                       u"backoffLimit"_s,
                                       u"nodePort"_s};
    static const QSet<QString> texts{u"image"_s,       u"imagePullPolicy"_s, u"restartPolicy"_s,
                                     u"serviceName"_s, u"nodeName"_s,        u"schedule"_s};
    static const QSet<QString> truths{u"paused"_s, u"unschedulable"_s, u"immutable"_s, u"suspend"_s};
    static const QSet<QString> maps{u"labels"_s, u"annotations"_s, u"matchLabels"_s, u"nodeSelector"_s};
    return numbers.contains(name)                     ? Wanted::Number
           : texts.contains(name)                     ? Wanted::Text
           : truths.contains(name)                    ? Wanted::Truth
           : maps.contains(name)                      ? Wanted::Texts
           : name == u"limits" || name == u"requests" ? Wanted::Amounts
                                                      : Wanted::Anything;
}

QString typeName(const QJsonValue& v)
{
    return v.isString()   ? u"string"_s
           : v.isDouble() ? u"number"_s
           : v.isBool()   ? u"bool"_s
           : v.isArray()  ? u"array"_s
                          : u"object"_s;
}

QString mismatch(const QString& path, const QJsonValue& found, const QString& wanted)
{
    return u"json: cannot unmarshal %1 into Go struct field %2 of type %3"_s.arg(typeName(found), path, wanted);
}

QString wrongIn(const QJsonValue& value, const QString& path);

QString wrongAt(const QString& name, const QJsonValue& value, const QString& path)
{
    if (value.isNull())
        return {};
    const auto each = [&](const auto& wrong) {
        const QJsonObject map = value.toObject();
        for (auto it = map.begin(); it != map.end(); ++it)
            if (const QString why = wrong(*it, path + u'.' + it.key()); !why.isEmpty())
                return why;
        return value.isObject() ? QString() : mismatch(path, value, u"map"_s);
    };
    switch (wantedAt(name)) {
    case Wanted::Anything: return wrongIn(value, path);
    case Wanted::Number: return value.isDouble() ? QString() : mismatch(path, value, u"int32"_s);
    case Wanted::Text: return value.isString() ? QString() : mismatch(path, value, u"string"_s);
    case Wanted::Truth: return value.isBool() ? QString() : mismatch(path, value, u"bool"_s);
    case Wanted::Texts:
        return each([](const QJsonValue& v, const QString& at) {
            return v.isString() || v.isNull() ? QString() : mismatch(at, v, u"string"_s);
        });
    case Wanted::Amounts:
        return each([](const QJsonValue& v, const QString&) {
            const QString text = v.isDouble() ? QString::number(v.toDouble()) : v.toString();
            return parseQuantityMilli(text.toStdString())
                       ? QString()
                       : u"quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"_s;
        });
    }
    return {};
}

QString wrongIn(const QJsonValue& value, const QString& path)
{
    const QJsonArray list = value.toArray();
    for (const auto& item : list)
        if (const QString why = wrongIn(item, path); !why.isEmpty())
            return why;
    const QJsonObject object = value.toObject();
    for (auto it = object.begin(); it != object.end(); ++it)
        if (const QString why = wrongAt(it.key(), *it, path + u'.' + it.key()); !why.isEmpty())
            return why;
    return {};
}

QString wrongData(const Resource& r, const QJsonObject& object)
{
    const QJsonObject data = object.value(u"data").toObject();
    for (auto it = data.begin(); it != data.end(); ++it) {
        if (!it->isString())
            return mismatch(r.kind + u".data"_s, *it, u"string"_s);
        const auto bytes =
            QByteArray::fromBase64Encoding(it->toString().toLatin1(), QByteArray::AbortOnBase64DecodingErrors);
        if (r.id() == u"secrets" && !bytes)
            return u"illegal base64 data at input byte 0"_s;
    }
    return {};
}

} // namespace

QString unreadable(const Resource& r, const QJsonObject& object)
{
    if (r.custom || r.group == u"apiextensions.k8s.io") // a definition's schema names fields of other kinds
        return {};
    if (r.id() == u"configmaps" || r.id() == u"secrets")
        if (const QString why = wrongData(r, object); !why.isEmpty())
            return why;
    const QString metadata = wrongIn(object.value(u"metadata"), u"ObjectMeta.metadata"_s);
    return metadata.isEmpty() ? wrongIn(object.value(u"spec"), r.kind + u"Spec.spec"_s) : metadata;
}

} // namespace wk::fleet
