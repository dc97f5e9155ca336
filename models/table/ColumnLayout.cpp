// SPDX-License-Identifier: GPL-3.0-or-later
#include "table/ColumnLayout.h"

#include <QtCore/QJsonArray>

using namespace Qt::StringLiterals;

namespace wk::table {

QList<int> ColumnLayout::arranged(const Columns& columns) const
{
    QList<int> result;
    QSet<int> taken;
    for (const QString& id : order) {
        const int at = indexOfColumn(columns, id);
        if (at >= 0 && !taken.contains(at)) {
            result.append(at);
            taken.insert(at);
        }
    }
    // A column the person has never seen goes where its left neighbour is, not to the far end.
    for (int i = 0; i < columns.size(); ++i) {
        if (taken.contains(i))
            continue;
        const qsizetype left = i == 0 ? -1 : result.indexOf(i - 1);
        result.insert(left + 1, i);
        taken.insert(i);
    }
    return result;
}

QJsonObject ColumnLayout::toJson() const
{
    QJsonObject json;
    if (!order.isEmpty())
        json.insert(u"order"_s, QJsonArray::fromStringList(order));
    QJsonObject shownJson, widthsJson;
    for (auto it = shown.begin(); it != shown.end(); ++it)
        shownJson.insert(it.key(), it.value());
    for (auto it = widths.begin(); it != widths.end(); ++it)
        widthsJson.insert(it.key(), it.value());
    if (!shownJson.isEmpty())
        json.insert(u"shown"_s, shownJson);
    if (!widthsJson.isEmpty())
        json.insert(u"widths"_s, widthsJson);
    return json;
}

ColumnLayout ColumnLayout::fromJson(const QJsonObject& json)
{
    ColumnLayout layout;
    const QJsonArray orderJson = json.value(u"order"_s).toArray();
    for (const QJsonValue& id : orderJson) {
        if (id.isString() && !layout.order.contains(id.toString()))
            layout.order.append(id.toString());
    }
    const QJsonObject shownJson = json.value(u"shown"_s).toObject();
    for (auto it = shownJson.begin(); it != shownJson.end(); ++it) {
        if (it.value().isBool())
            layout.shown.insert(it.key(), it.value().toBool());
    }
    const QJsonObject widthsJson = json.value(u"widths"_s).toObject();
    for (auto it = widthsJson.begin(); it != widthsJson.end(); ++it) {
        const int width = it.value().toInt(0);
        if (width >= 16 && width <= 4000)
            layout.widths.insert(it.key(), width);
    }
    return layout;
}

} // namespace wk::table
