// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtCore/QHash>
#include <QtCore/QJsonArray>
#include <QtCore/QJsonObject>
#include <QtCore/QStringList>

#include <functional>

namespace wk::fleet {

/// How the server prints one kind.
struct Sheet
{
    /// "Name;Ready;Restarts*": an asterisk marks a wide column, a # an integer.
    const char* columns;
    std::function<QJsonArray(const QJsonObject&, qint64 nowMs)> cells;
};
using Sheets = QHash<QString, Sheet>; ///< by resource id

[[nodiscard]] Sheets workloadSheets();
[[nodiscard]] Sheets networkSheets();
[[nodiscard]] Sheets clusterSheets();
/// Among all of them; null for kinds that have none.
[[nodiscard]] const Sheet* sheetOf(const QString& resourceId);

// What cells are made of

extern const QString none; ///< "<none>"
[[nodiscard]] QJsonValue name(const QJsonObject& o);
/// "5d4h": since an RFC 3339 time.
[[nodiscard]] QString age(const QJsonValue& time, qint64 now);
[[nodiscard]] QString created(const QJsonObject& o, qint64 now);
[[nodiscard]] QString orNone(const QStringList& list, const QString& separator = QStringLiteral(","));
[[nodiscard]] QString textOrNone(const QJsonValue& v);
/// One text field of every object of a list.
[[nodiscard]] QStringList fields(const QJsonArray& list, const QString& key);
/// "a=b,c=d"
[[nodiscard]] QString selectorText(const QJsonObject& labels);
[[nodiscard]] int number(const QJsonObject& o, QStringView section, QStringView key);

} // namespace wk::fleet
