// SPDX-License-Identifier: GPL-3.0-or-later
#include "table/FilterField.h"

#include <QtCore/QCoreApplication>

using namespace Qt::StringLiterals;

namespace wk::table {

const QList<BuiltinField>& builtinFields()
{
    using T = FilterField::Target;
    const auto tr = [](const char* text) { return QCoreApplication::translate("wk::Filter", text); };
    static const QList<BuiltinField> fields{
        {u"namespace"_s, T::Space, tr("where it lives")},
        {u"ns"_s, T::Space, tr("short for namespace")},
        {u"name"_s, T::Name, tr("what it is called")},
        {u"reason"_s, T::Reason, tr("why its health is what it is")},
        {u"health"_s, T::Health, tr("good, info, warning, bad, unknown")},
        {u"is"_s, T::Health, tr("trouble is warning or bad")},
        {u"label"_s, T::Label, tr("app=shop, or app alone")},
    };
    return fields;
}

QString plainTitle(const QString& title)
{
    QString plain;
    for (const QChar c : title) {
        if (c.isLetterOrNumber())
            plain.append(c.toLower());
    }
    return plain;
}

namespace {

/// Levenshtein distance, given up beyond `limit`.
int distance(QStringView a, QStringView b, int limit)
{
    if (std::abs(a.size() - b.size()) > limit)
        return limit + 1;
    std::vector<int> row(size_t(b.size()) + 1);
    for (size_t j = 0; j < row.size(); ++j)
        row[j] = int(j);
    for (qsizetype i = 0; i < a.size(); ++i) {
        int diagonal = row[0];
        row[0] = int(i) + 1;
        for (qsizetype j = 0; j < b.size(); ++j) {
            const int substituted = diagonal + (a[i] == b[j] ? 0 : 1);
            diagonal = row[size_t(j) + 1];
            row[size_t(j) + 1] = std::min({substituted, diagonal + 1, row[size_t(j)] + 1});
        }
    }
    return row.back();
}

} // namespace

QStringList nearest(const QString& word, const QStringList& candidates)
{
    std::vector<std::pair<int, QString>> found;
    for (const QString& candidate : candidates) {
        const int d = distance(word, candidate, 2);
        if (d <= 2 && d < word.size())
            found.emplace_back(d, candidate);
    }
    std::stable_sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    QStringList names;
    for (const auto& [d, name] : found)
        names.append(name);
    return names;
}

FilterField findField(const Columns& columns, QStringView name)
{
    const QString wanted = name.toString().toLower();
    if (const int at = indexOfColumn(columns, wanted); at >= 0)
        return {FilterField::Target::Column, at, {}};
    for (const BuiltinField& field : builtinFields()) {
        if (field.name == wanted)
            return {field.target, -1, {}};
    }
    const QString plain = plainTitle(wanted);
    for (int i = 0; i < columns.size(); ++i) {
        if (!plain.isEmpty() && (plainTitle(columns[i].title) == plain || plainTitle(columns[i].id) == plain))
            return {FilterField::Target::Column, i, {}};
    }
    QStringList all, starting;
    FilterField found;
    const auto offer = [&](const QString& candidate, const FilterField& field) {
        if (all.contains(candidate))
            return;
        all.append(candidate);
        if (candidate.startsWith(wanted)) {
            starting.append(candidate);
            found = field;
        }
    };
    for (int i = 0; i < columns.size(); ++i)
        offer(columns[i].id, {FilterField::Target::Column, i, {}});
    for (const BuiltinField& field : builtinFields())
        offer(field.name, {field.target, -1, {}});
    if (starting.size() == 1)
        return found;
    if (starting.size() > 1)
        return {FilterField::Target::Many, -1, starting};
    return {FilterField::Target::None, -1, nearest(wanted, all)};
}

} // namespace wk::table
