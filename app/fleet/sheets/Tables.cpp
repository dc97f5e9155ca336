// SPDX-License-Identifier: GPL-3.0-or-later
#include "fleet/sheets/Tables.h"

#include "fleet/sheets/TableSheet.h"
#include "fleet/world/Json.h"

using namespace Qt::StringLiterals;

namespace wk::fleet {

namespace {

/// The JSONPath that printer columns use here: .a.b and .a[?(@.k=="v")].b.
QJsonValue follow(const QJsonObject& object, const QString& path)
{
    QJsonValue v = object;
    QString rest = path;
    while (rest.startsWith(u'.')) {
        rest.remove(0, 1);
        const qsizetype end = std::min(rest.indexOf(u'.') < 0 ? rest.size() : rest.indexOf(u'.'),
                                       rest.indexOf(u'[') < 0 ? rest.size() : rest.indexOf(u'['));
        v = v.toObject().value(rest.left(end));
        rest.remove(0, end);
        if (!rest.startsWith(u"[?(@."))
            continue;
        const QString key = rest.section(u"=="_s, 0, 0).mid(5);
        const QString wanted = rest.section(u'"', 1, 1);
        QJsonValue found(QJsonValue::Undefined);
        for (const QJsonArray items = v.toArray(); const QJsonValue& item : items)
            if (item.toObject().value(key).toString() == wanted) {
                found = item;
                break;
            }
        v = found;
        rest.remove(0, rest.indexOf(u']') + 1);
    }
    return v;
}

QJsonArray printerColumns(const QJsonObject& definition)
{
    return at(definition, u"spec", u"versions").toArray().at(0).toObject().value(u"additionalPrinterColumns").toArray();
}

QJsonObject column(const QString& columnName, const QString& type, int priority)
{
    return {{u"name"_s, columnName},
            {u"type"_s, type},
            {u"format"_s, columnName == u"Name"_s ? u"name"_s : QString()},
            {u"description"_s, QString()},
            {u"priority"_s, priority}};
}

} // namespace

QJsonArray tableColumns(const Resource& resource, const QJsonObject& definition)
{
    QJsonArray out;
    const Sheet* sheet = sheetOf(resource.id());
    if (!sheet) {
        out.append(column(u"Name"_s, u"string"_s, 0));
        if (!resource.custom)
            out.append(column(u"Age"_s, u"string"_s, 0));
        for (const QJsonArray printed = printerColumns(definition); const QJsonValue& v : printed) {
            const QJsonObject c = v.toObject();
            out.append(column(c.value(u"name").toString(), c.value(u"type").toString(), c.value(u"priority").toInt()));
        }
        return out;
    }
    for (QString c : QString::fromLatin1(sheet->columns).split(u';')) {
        const bool wide = c.contains(u'*'), integer = c.contains(u'#');
        c.remove(u'*');
        c.remove(u'#');
        out.append(column(c, integer ? u"integer"_s : u"string"_s, wide ? 1 : 0));
    }
    return out;
}

QJsonArray tableCells(const Resource& resource, const QJsonObject& definition, const QJsonObject& object, qint64 nowMs)
{
    if (const Sheet* sheet = sheetOf(resource.id()))
        return sheet->cells(object, nowMs);
    QJsonArray cells{name(object)};
    if (!resource.custom)
        cells.append(created(object, nowMs));
    for (const QJsonArray printed = printerColumns(definition); const QJsonValue& v : printed) {
        const QJsonObject c = v.toObject();
        const QJsonValue value = follow(object, c.value(u"jsonPath").toString());
        if (value.isUndefined())
            cells.append(QJsonValue::Null);
        else
            cells.append(c.value(u"type") == u"date"_s ? QJsonValue(age(value, nowMs)) : value);
    }
    return cells;
}

} // namespace wk::fleet
