// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/Rows.h"

#include "core/Duration.h"

#include <QtCore/QDateTime>
#include <QtCore/QJsonDocument>

#include <libpq-fe.h>

namespace wk::store {

namespace {

// Type numbers that never change: server/catalog/pg_type.dat.
enum TypeOid : Oid {
    BoolOid = 16,
    Int8Oid = 20,
    Int2Oid = 21,
    Int4Oid = 23,
    JsonOid = 114,
    VoidOid = 2278,
    JsonbOid = 3802
};

} // namespace

Value::Value(const QJsonObject& object) : m_text(QJsonDocument(object).toJson(QJsonDocument::Compact)) {}
Value::Value(const QJsonArray& array) : m_text(QJsonDocument(array).toJson(QJsonDocument::Compact)) {}

Value Value::timeMs(qint64 ms) { return {QDateTime::fromMSecsSinceEpoch(ms, Qt::UTC).toString(Qt::ISODateWithMs)}; }

Value Value::texts(const QStringList& list)
{
    QByteArray array("{");
    for (const QString& text : list) {
        QByteArray element = text.toUtf8();
        element.replace('\\', "\\\\").replace('"', "\\\"");
        array += (array.size() > 1 ? ",\"" : "\"") + element + '"';
    }
    return {array + '}'};
}

const QByteArray& Value::utf8() const
{
    static const QByteArray empty;
    return m_text ? *m_text : empty;
}

Rows::Rows(std::shared_ptr<pg_result> result)
    : m_result(std::move(result)), m_rows(PQntuples(m_result.get())), m_columns(PQnfields(m_result.get()))
{
}

QString Rows::columnName(int column) const { return QString::fromUtf8(PQfname(m_result.get(), column)); }

int Rows::column(const char* name) const
{
    for (int i = 0; i < m_columns; ++i) {
        if (qstrcmp(PQfname(m_result.get(), i), name) == 0)
            return i;
    }
    return -1;
}

qint64 Rows::affected() const { return m_result ? QByteArray(PQcmdTuples(m_result.get())).toLongLong() : 0; }

bool Rows::isNull(int row, int column) const
{
    return !has(row, column) || PQgetisnull(m_result.get(), row, column) == 1;
}

QByteArrayView Rows::bytes(int row, int column) const
{
    if (!has(row, column))
        return {};
    return {PQgetvalue(m_result.get(), row, column), PQgetlength(m_result.get(), row, column)};
}

QString Rows::text(int row, int column) const { return QString::fromUtf8(bytes(row, column)); }

qint64 Rows::number(int row, int column) const { return bytes(row, column).toByteArray().toLongLong(); }

bool Rows::boolean(int row, int column) const { return bytes(row, column) == "t"; }

std::optional<qint64> Rows::timeMs(int row, int column) const
{
    // ISO style in UTC, as every session is set up: "2026-11-20 08:00:00.123+00".
    std::string text(bytes(row, column).toByteArray().toStdString());
    const size_t gap = text.find(' ');
    if (gap == std::string::npos)
        return std::nullopt;
    text[gap] = 'T';
    if (text.ends_with("+00"))
        text.replace(text.size() - 3, 3, "Z");
    return parseRfc3339Ms(text);
}

QJsonValue Rows::json(int row, int column) const
{
    if (isNull(row, column))
        return QJsonValue::Null;
    switch (PQftype(m_result.get(), column)) {
    case JsonOid:
    case JsonbOid: {
        // A document is an object or an array; the brackets let it be any value.
        const QByteArray wrapped = '[' + bytes(row, column).toByteArray() + ']';
        return QJsonDocument::fromJson(wrapped).array().at(0);
    }
    case BoolOid: return boolean(row, column);
    case Int2Oid:
    case Int4Oid:
    case Int8Oid: return number(row, column);
    case VoidOid: return QJsonValue::Null;
    default: return text(row, column);
    }
}

} // namespace wk::store
