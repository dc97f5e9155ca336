// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtCore/QByteArray>
#include <QtCore/QList>
#include <QtCore/QPair>
#include <QtCore/QString>

namespace wk::logs {

/// The fields of a line that has some, in its own order.
struct LogFields
{
    enum class Form { Plain, Json, Logfmt };
    Form form = Form::Plain;
    QList<QPair<QString, QString>> values; ///< nested ones as "http.status"

    [[nodiscard]] QString value(QStringView name) const; ///< empty where there is none
};

/// Reads a line that is a JSON object, or at least two logfmt pairs (key=value key="a value"). Anything else is Plain,
/// a JSON text that ends too soon too. Text before a JSON object ("[api] {…}") is passed over.
[[nodiscard]] LogFields fieldsOf(QByteArrayView line);

/// The names of fields that several lines have, those of most lines first, each line counted once.
[[nodiscard]] QList<QPair<QString, int>> commonFields(const QList<QByteArray>& lines);

} // namespace wk::logs
