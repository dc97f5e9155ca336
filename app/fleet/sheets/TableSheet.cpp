// SPDX-License-Identifier: GPL-3.0-or-later
#include "fleet/sheets/TableSheet.h"

#include "core/Duration.h"
#include "fleet/world/Json.h"

using namespace Qt::StringLiterals;

namespace wk::fleet {

const QString none = u"<none>"_s;

QString age(const QJsonValue& time, qint64 now)
{
    const auto ms = parseRfc3339Ms(time.toString().toStdString());
    return ms ? humanDuration(now - *ms) : u"<unknown>"_s;
}

QString created(const QJsonObject& o, qint64 now) { return age(at(o, u"metadata", u"creationTimestamp"), now); }

QString orNone(const QStringList& list, const QString& separator)
{
    return list.isEmpty() ? none : list.join(separator);
}

QString textOrNone(const QJsonValue& v) { return v.toString().isEmpty() ? none : v.toString(); }

QStringList fields(const QJsonArray& list, const QString& key)
{
    QStringList out;
    for (const QJsonValue& v : list)
        out.append(v.toObject().value(key).toString());
    return out;
}

QString selectorText(const QJsonObject& labels)
{
    QStringList out;
    for (auto it = labels.begin(); it != labels.end(); ++it)
        out.append(it.key() + u'=' + it.value().toString());
    return orNone(out);
}

int number(const QJsonObject& o, QStringView section, QStringView key) { return at(o, section, key).toInt(); }

QJsonValue name(const QJsonObject& o) { return at(o, u"metadata", u"name"); }

const Sheet* sheetOf(const QString& resourceId)
{
    static const Sheets all = [] {
        Sheets sheets = workloadSheets();
        sheets.insert(networkSheets());
        sheets.insert(clusterSheets());
        return sheets;
    }();
    const auto it = all.constFind(resourceId);
    return it == all.constEnd() ? nullptr : &*it;
}

} // namespace wk::fleet
