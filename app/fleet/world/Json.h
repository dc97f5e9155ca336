// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtCore/QJsonArray>
#include <QtCore/QJsonDocument>
#include <QtCore/QJsonObject>

namespace wk::fleet {

/// Reads a literal in which single quotes stand for double ones: manifests stay readable in the source. For constants
/// only; a literal that is no JSON object is a bug and stops the program.
[[nodiscard]] inline QJsonObject json(QByteArray text)
{
    text.replace('\'', '"');
    QJsonParseError error;
    const QJsonDocument doc = QJsonDocument::fromJson(text, &error);
    if (!doc.isObject())
        qFatal("fleet: bad manifest literal: %s near %s", qPrintable(error.errorString()),
               text.mid(qMax(0, error.offset - 30), 60).constData());
    return doc.object();
}

[[nodiscard]] inline QByteArray compact(const QJsonObject& object)
{
    return QJsonDocument(object).toJson(QJsonDocument::Compact);
}

/// The member reached by a path of keys ("metadata", "name"); undefined where any step is missing.
template <typename... Keys>
[[nodiscard]] QJsonValue at(const QJsonObject& object, QStringView first, Keys... rest)
{
    const QJsonValue v = object.value(first);
    if constexpr (sizeof...(rest) == 0)
        return v;
    else
        return at(v.toObject(), QStringView(rest)...);
}

} // namespace wk::fleet
