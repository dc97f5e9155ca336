// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "changes/desk/Request.h"
#include "store/Rows.h"

#include <functional>
#include <vector>

namespace wk::changes {

/// Columns by name, found once for all rows of one answer.
class ColumnNumbers
{
public:
    explicit ColumnNumbers(const store::Rows& rows) : m_rows(rows) {}
    /// `place`: the how-manieth name of the row this is. Rows are read in the same order of names, mostly.
    [[nodiscard]] int find(size_t place, const char* name);
    [[nodiscard]] const store::Rows& rows() const { return m_rows; }

private:
    const store::Rows& m_rows;
    std::vector<std::pair<const char*, int>> m_found;
};

/// Reads one record that came from the store, a row or a JSON object in one, strictly: the first thing that is not as
/// it has to be becomes error(), and what is read then is empty.
class RecordReader
{
public:
    enum class Need { Required, Optional };

    /// `what` names the record in errors: "request 12". Both outlive the reader.
    RecordReader(ColumnNumbers& columns, int row, QString what)
        : m_columns(&columns), m_row(row), m_what(std::move(what))
    {
    }
    RecordReader(const QJsonObject& object, QString what) : m_object(&object), m_what(std::move(what)) {}

    [[nodiscard]] QString text(const char* name, Need need = Need::Required);
    [[nodiscard]] QByteArray utf8(const char* name) { return text(name).toUtf8(); }
    /// 0 where it is optional and not there.
    [[nodiscard]] qint64 number(const char* name, qint64 low, qint64 high = maxNumber, Need need = Need::Required);
    [[nodiscard]] int integer(const char* name, int low, Need need = Need::Required)
    {
        return int(number(name, low, std::numeric_limits<int>::max(), need));
    }
    [[nodiscard]] bool boolean(const char* name, Need need = Need::Required);
    [[nodiscard]] Moment moment(const char* name, Need need = Need::Optional);
    /// 64 lower-case hexadecimal digits.
    [[nodiscard]] QByteArray hash(const char* name);
    [[nodiscard]] QJsonObject object(const char* name, Need need = Need::Optional);
    [[nodiscard]] QJsonArray array(const char* name, Need need = Need::Optional);
    [[nodiscard]] QStringList texts(const char* name, Need need = Need::Optional);
    /// One of a set of names, by the function that knows them.
    template <typename T>
    [[nodiscard]] T word(const char* name, std::optional<T> (*known)(QStringView))
    {
        const QString found = text(name);
        const std::optional<T> value = known(found);
        if (!value && !failed())
            refuse(name, found);
        return value.value_or(T{});
    }
    /// Each object of an array by `read`.
    template <typename T>
    [[nodiscard]] QList<T> list(const char* name, T (*read)(RecordReader&), const QString& what)
    {
        QList<T> out;
        const QJsonArray elements = array(name);
        for (const auto& element : elements) {
            const QJsonObject object = element.toObject();
            RecordReader inner(object, what);
            if (!element.isObject())
                refuse(name, QString());
            out << read(inner);
            adopt(inner);
        }
        return out;
    }

    void setWhat(const QString& what) { m_what = what; }
    void refuse(const char* name, const QString& found);
    [[nodiscard]] bool failed() const { return m_error.has_value(); }
    [[nodiscard]] const std::optional<Error>& error() const { return m_error; }
    template <typename T>
    [[nodiscard]] Result<T> result(T value) const
    {
        if (m_error)
            return fail(*m_error);
        return value;
    }

private:
    static constexpr qint64 maxNumber = std::numeric_limits<qint64>::max();

    void adopt(const RecordReader& inner);
    [[nodiscard]] QJsonValue value(const char* name, Need need);
    [[nodiscard]] int column(const char* name, Need need);

    ColumnNumbers* m_columns = nullptr;
    const QJsonObject* m_object = nullptr;
    int m_row = 0;
    size_t m_place = 0;
    QString m_what;
    std::optional<Error> m_error;
};

/// One value of every row, by a function that reads it out of its columns.
template <typename T>
[[nodiscard]] Result<QList<T>> readRows(const store::Rows& rows, const QString& what, T (*read)(RecordReader&))
{
    QList<T> out;
    out.reserve(rows.size());
    ColumnNumbers columns(rows);
    for (int row = 0; row < rows.size(); ++row) {
        RecordReader reader(columns, row, what);
        out << read(reader);
        if (reader.error())
            return fail(*reader.error());
    }
    return out;
}

/// One value of every row, which is one column of JSON.
template <typename T>
[[nodiscard]] Result<QList<T>> readObjects(const store::Rows& rows, const QString& what, T (*read)(RecordReader&))
{
    QList<T> out;
    out.reserve(rows.size());
    for (int row = 0; row < rows.size(); ++row) {
        const QJsonObject object = rows.json(row, 0).toObject();
        RecordReader reader(object, what);
        out << read(reader);
        if (reader.error())
            return fail(*reader.error());
    }
    return out;
}

} // namespace wk::changes
