// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtCore/QByteArray>
#include <QtCore/QJsonArray>
#include <QtCore/QJsonObject>
#include <QtCore/QJsonValue>
#include <QtCore/QList>
#include <QtCore/QString>

#include <memory>
#include <optional>

struct pg_result;

namespace wk::store {

/// One parameter of a statement: null, or text in UTF-8 that the server reads as the type that the statement expects.
class Value
{
public:
    Value() = default; ///< null
    Value(std::nullptr_t) {}
    Value(const QString& text) : m_text(text.toUtf8()) {}
    Value(const char* text) : m_text(text) {}
    Value(QByteArray utf8) : m_text(std::move(utf8)) {}
    Value(bool value) : m_text(value ? "true" : "false") {}
    Value(int value) : m_text(QByteArray::number(value)) {}
    Value(qint64 value) : m_text(QByteArray::number(value)) {}
    Value(const QJsonObject& object);
    Value(const QJsonArray& array);
    /// An instant, milliseconds since the Unix epoch, for a timestamptz.
    [[nodiscard]] static Value timeMs(qint64 ms);
    /// text[]: a PostgreSQL array of texts.
    [[nodiscard]] static Value texts(const QStringList& list);

    [[nodiscard]] bool isNull() const { return !m_text; }
    [[nodiscard]] const QByteArray& utf8() const; ///< empty where null

private:
    std::optional<QByteArray> m_text;
};

using Parameters = QList<Value>;

/// The answer to a statement: rows and columns as libpq holds them, shared and never changed, so it may be handed from
/// thread to thread and copied for nothing. Columns are asked for by number; column() finds the number of a name.
class Rows
{
public:
    Rows() = default;
    explicit Rows(std::shared_ptr<pg_result> result);

    [[nodiscard]] int size() const { return m_rows; }
    [[nodiscard]] bool isEmpty() const { return m_rows == 0; }
    [[nodiscard]] int columns() const { return m_columns; }
    [[nodiscard]] QString columnName(int column) const;
    /// -1 where there is no column of that name.
    [[nodiscard]] int column(const char* name) const;
    /// Rows that an INSERT, UPDATE or DELETE touched.
    [[nodiscard]] qint64 affected() const;

    // Each answers null, empty, zero or false where the value is null or the place does not exist.
    [[nodiscard]] bool isNull(int row, int column) const;
    /// The server's text of the value; valid as long as a copy of these rows lives.
    [[nodiscard]] QByteArrayView bytes(int row, int column) const;
    [[nodiscard]] QString text(int row, int column) const;
    [[nodiscard]] qint64 number(int row, int column) const;
    [[nodiscard]] bool boolean(int row, int column) const;
    /// A timestamptz in milliseconds since the Unix epoch; nullopt where null.
    [[nodiscard]] std::optional<qint64> timeMs(int row, int column) const;
    /// By the column's type: json and jsonb parsed, whole numbers and booleans as such, void and null as null,
    /// everything else as a string.
    [[nodiscard]] QJsonValue json(int row, int column) const;

private:
    [[nodiscard]] bool has(int row, int column) const
    {
        return row >= 0 && row < m_rows && column >= 0 && column < m_columns;
    }

    std::shared_ptr<pg_result> m_result;
    int m_rows = 0;
    int m_columns = 0;
};

} // namespace wk::store
