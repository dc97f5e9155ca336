// SPDX-License-Identifier: GPL-3.0-or-later
#include "table/FilterCompletion.h"

#include "table/CellText.h"
#include "table/FilterField.h"

#include <QtCore/QHash>

using namespace Qt::StringLiterals;

namespace wk::table {

namespace {

QString quotedIfNeeded(const QString& value)
{
    const bool bare =
        std::none_of(value.begin(), value.end(), [](QChar c) { return c.isSpace() || c == u'"' || c == u'|'; });
    return bare ? value : u'"' + QString(value).remove(u'"') + u'"';
}

QString textOf(const FilterField& field, const Row& row)
{
    switch (field.target) {
    case FilterField::Target::Column: {
        const auto* text =
            size_t(field.column) < row.cells.size() ? std::get_if<QString>(&row.cells[size_t(field.column)]) : nullptr;
        return text ? *text : QString();
    }
    case FilterField::Target::Space: return row.space;
    case FilterField::Target::Name: return row.name;
    default: return {};
    }
}

QStringList labelsOf(const Columns& columns, const Row& row)
{
    QStringList labels;
    for (int i = 0; i < columns.size() && size_t(i) < row.cells.size(); ++i) {
        const auto* text = std::get_if<QString>(&row.cells[size_t(i)]);
        if (columns[i].kind == Column::Kind::Labels && text)
            labels += text->split(u',', Qt::SkipEmptyParts);
    }
    return labels;
}

QList<Completion> fieldItems(const Columns& columns, const QString& typed)
{
    QList<Completion> items;
    const auto offer = [&](const QString& name, const QString& description) {
        if (name.startsWith(typed, Qt::CaseInsensitive) &&
            std::none_of(items.begin(), items.end(), [&](const Completion& item) { return item.text == name + u':'; }))
            items.append({name + u':', description});
    };
    for (const Column& column : columns)
        offer(column.id, column.description.isEmpty() ? column.title : column.description);
    for (const BuiltinField& field : builtinFields())
        offer(field.name, field.description);
    return items;
}

QList<Completion> valueItems(const Columns& columns, const std::vector<RowPtr>& rows, const FilterField& field,
                             const QString& typed)
{
    if (field.target == FilterField::Target::Health) {
        QList<Completion> items;
        for (const QString& word :
             {u"trouble"_s, u"bad"_s, u"warning"_s, u"good"_s, u"info"_s, u"unknown"_s, u"none"_s}) {
            if (word.startsWith(typed, Qt::CaseInsensitive))
                items.append({word, {}});
        }
        return items;
    }
    QHash<QString, int> counts;
    const size_t limit = std::min<size_t>(rows.size(), 5000);
    for (size_t i = 0; i < limit; ++i) {
        if (field.target == FilterField::Target::Label) {
            for (const QString& label : labelsOf(columns, *rows[i]))
                ++counts[label];
        } else if (const QString text = textOf(field, *rows[i]); !text.isEmpty()) {
            ++counts[text];
        }
    }
    std::vector<std::pair<QString, int>> found;
    for (auto it = counts.begin(); it != counts.end(); ++it) {
        if (it.key().contains(typed, Qt::CaseInsensitive))
            found.emplace_back(it.key(), it.value());
    }
    std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) {
        return a.second != b.second ? a.second > b.second : a.first < b.first;
    });
    QList<Completion> items;
    for (const auto& [value, count] : found)
        items.append({quotedIfNeeded(value), rows.size() > limit ? QString() : rowsText(count)});
    return items;
}

} // namespace

Completions completeFilter(const Columns& columns, const std::vector<RowPtr>& rows, const QString& text, int cursor,
                           int limit)
{
    Completions result;
    const qsizetype end = std::clamp<qsizetype>(cursor, 0, text.size());
    qsizetype start = end;
    while (start > 0 && !text[start - 1].isSpace())
        --start;
    if (start < end && text[start] == u'-')
        ++start;
    const QStringView part = QStringView(text).sliced(start, end - start);
    qsizetype op = 0;
    while (op < part.size() && (part[op].isLetterOrNumber() || part[op] == u'-' || part[op] == u'_'))
        ++op;
    const bool afterField = op > 0 && op < part.size() && (part[op] == u':' || part[op] == u'=');
    if (!afterField && op < part.size())
        return result;
    qsizetype from = start;
    if (afterField) {
        const qsizetype bar = part.lastIndexOf(u'|');
        from = start + std::max(op, bar) + 1;
        const QString typed = text.sliced(from, end - from);
        result.items = valueItems(columns, rows, findField(columns, part.first(op)), typed);
        // Offering what already stands there helps nobody.
        result.items.removeIf([&](const Completion& item) { return item.text == typed; });
    } else if (!part.isEmpty()) {
        result.items = fieldItems(columns, part.toString());
    }
    result.position = int(from);
    result.length = int(end - from);
    if (result.items.size() > limit)
        result.items.resize(limit);
    return result;
}

} // namespace wk::table
