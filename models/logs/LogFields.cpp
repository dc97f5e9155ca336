// SPDX-License-Identifier: GPL-3.0-or-later
#include "logs/LogFields.h"

#include <QtCore/QHash>
#include <QtCore/QSet>

#include <algorithm>
#include <simdjson.h>

namespace wk::logs {

namespace {

constexpr int deepest = 8;

QString textOf(const simdjson::dom::element& value)
{
    if (value.is_string())
        return QString::fromUtf8(value.get_string().value_unsafe());
    const std::string written = simdjson::minify(value);
    return QString::fromUtf8(written.data(), qsizetype(written.size()));
}

void flatten(const simdjson::dom::object& object, const QString& prefix, int depth, LogFields& out)
{
    for (const auto& [key, value] : object) {
        const QString name = prefix + QString::fromUtf8(key.data(), qsizetype(key.size()));
        if (value.is_object() && depth < deepest)
            flatten(value.get_object().value_unsafe(), name + u'.', depth + 1, out);
        else
            out.values.append({name, textOf(value)});
    }
}

bool readJson(QByteArrayView line, LogFields& out)
{
    const qsizetype begin = line.indexOf('{');
    if (begin < 0 || begin > 200 || !line.trimmed().endsWith('}'))
        return false;
    static thread_local simdjson::dom::parser parser;
    const auto object = parser.parse(line.data() + begin, size_t(line.size() - begin)).get_object();
    if (object.error() != simdjson::SUCCESS)
        return false;
    flatten(object.value_unsafe(), {}, 1, out);
    return !out.values.isEmpty();
}

bool isKeyChar(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.' ||
           c == '-' || c == '/';
}

/// The value that begins at `at`, which is moved behind it.
QByteArray logfmtValue(QByteArrayView line, qsizetype& at)
{
    QByteArray value;
    if (at < line.size() && line[at] == '"') {
        for (++at; at < line.size() && line[at] != '"'; ++at) {
            if (line[at] == '\\' && at + 1 < line.size()) {
                ++at;
                value += line[at] == 'n' ? '\n' : line[at] == 't' ? '\t' : line[at];
            } else {
                value += line[at];
            }
        }
        ++at;
        return value;
    }
    while (at < line.size() && line[at] != ' ')
        value += line[at++];
    return value;
}

bool readLogfmt(QByteArrayView line, LogFields& out)
{
    for (qsizetype at = 0; at < line.size();) {
        qsizetype end = at;
        while (end < line.size() && isKeyChar(line[end]))
            ++end;
        if (end > at && end < line.size() && line[end] == '=') {
            const QString name = QString::fromUtf8(line.sliced(at, end - at));
            at = end + 1;
            out.values.append({name, QString::fromUtf8(logfmtValue(line, at))});
        } else { // a word without a value
            at = end;
            while (at < line.size() && line[at] != ' ')
                ++at;
        }
        while (at < line.size() && line[at] == ' ')
            ++at;
    }
    return out.values.size() >= 2;
}

} // namespace

QString LogFields::value(QStringView name) const
{
    const auto it = std::ranges::find(values, name, [](const auto& field) { return QStringView(field.first); });
    return it == values.end() ? QString() : it->second;
}

LogFields fieldsOf(QByteArrayView line)
{
    LogFields out;
    if (readJson(line, out))
        out.form = LogFields::Form::Json;
    else if (readLogfmt(line, out = {}))
        out.form = LogFields::Form::Logfmt;
    else
        out = {};
    return out;
}

QList<QPair<QString, int>> commonFields(const QList<QByteArray>& lines)
{
    QHash<QString, int> counts;
    for (const QByteArray& line : lines) {
        QSet<QString> names;
        for (const auto& [name, value] : fieldsOf(line).values)
            names.insert(name);
        for (const QString& name : names)
            ++counts[name];
    }
    QList<QPair<QString, int>> out;
    for (auto it = counts.cbegin(); it != counts.cend(); ++it)
        out.append({it.key(), it.value()});
    std::ranges::sort(out, [](const auto& a, const auto& b) {
        return a.second != b.second ? a.second > b.second : a.first < b.first;
    });
    return out;
}

} // namespace wk::logs
