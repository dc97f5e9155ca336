// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/TextTable.h"

#include <QtCore/QRegularExpression>

#include <vector>

namespace wk::test {

using namespace Qt::StringLiterals;

TextTable TextTable::parse(const QByteArray& text)
{
    TextTable table;
    QStringList lines = QString::fromUtf8(text).split(u'\n');
    while (!lines.isEmpty() && lines.last().isEmpty())
        lines.removeLast();
    if (lines.isEmpty())
        return table;
    // kubectl pads by code points, QString counts UTF-16 units.
    const std::u32string header = lines.takeFirst().toStdU32String();
    std::vector<size_t> starts;
    for (size_t i = 0; i < header.size(); ++i) {
        if (header[i] != U' ' && (i == 0 || (header[i - 1] == U' ' && (i < 2 || header[i - 2] == U' '))))
            starts.push_back(i);
    }
    const auto cell = [&](const std::u32string& line, size_t column) {
        const size_t from = starts[column];
        if (from >= line.size())
            return QString();
        const size_t to = column + 1 < starts.size() ? starts[column + 1] : line.size();
        return QString::fromStdU32String(line.substr(from, to - from)).trimmed();
    };
    for (size_t column = 0; column < starts.size(); ++column)
        table.headers << cell(header, column);
    const qsizetype space = table.headers.indexOf(u"NAMESPACE"_s);
    const qsizetype name = table.headers.indexOf(u"NAME"_s);
    for (const QString& row : lines) {
        const std::u32string line = row.toStdU32String();
        QStringList cells;
        for (size_t column = 0; column < starts.size(); ++column)
            cells << cell(line, column);
        const QString key = (space >= 0 ? cells[space] + u'/' : QString()) + (name >= 0 ? cells[name] : row);
        if (table.rows.contains(key))
            table.problems << u"the row %1 came twice"_s.arg(key);
        table.rows.insert(key, cells);
    }
    return table;
}

std::optional<qint64> durationSeconds(const QString& text)
{
    static const QRegularExpression form(u"^(?:(\\d+)y)?(?:(\\d+)d)?(?:(\\d+)h)?(?:(\\d+)m)?(?:(\\d+)s)?$"_s);
    const auto match = form.match(text);
    if (text.isEmpty() || !match.hasMatch())
        return std::nullopt;
    static constexpr qint64 units[] = {31'536'000, 86'400, 3600, 60, 1};
    qint64 seconds = 0;
    for (int i = 0; i < 5; ++i)
        seconds += match.captured(i + 1).toLongLong() * units[i];
    return seconds;
}

namespace {

/// True where `ours` is an age that lies between two others. "<invalid>" is what kubectl prints for the future.
bool isBetween(const QString& before, const QString& ours, const QString& after)
{
    const auto low = durationSeconds(before);
    const auto value = durationSeconds(ours);
    const auto high = durationSeconds(after);
    if (!low || !value || !high)
        return false;
    return *value >= *low - 1 && *value <= *high + 1;
}

} // namespace

Comparison compare(const TextTable& before, const TextTable& ours, const TextTable& after)
{
    Comparison result;
    result.differences = ours.problems;
    result.objects = int(ours.rows.size());
    if (ours.rows.isEmpty() && before.rows.isEmpty() && after.rows.isEmpty())
        return result;
    const TextTable& headed = before.rows.isEmpty() ? after : before;
    if (!ours.rows.isEmpty() && !headed.rows.isEmpty() && ours.headers != headed.headers) {
        result.differences << u"columns: kubectl has %1, we have %2"_s.arg(headed.headers.join(u'|'),
                                                                           ours.headers.join(u'|'));
        return result;
    }
    for (auto it = ours.rows.begin(); it != ours.rows.end(); ++it) {
        const bool was = before.rows.contains(it.key());
        const bool is = after.rows.contains(it.key());
        if (!was && !is) {
            result.differences << u"only we have %1"_s.arg(it.key());
            continue;
        }
        const QStringList low = was ? before.rows[it.key()] : after.rows[it.key()];
        const QStringList high = is ? after.rows[it.key()] : low;
        for (qsizetype column = 0; column < it->size(); ++column) {
            const QString& value = it->at(column);
            if (value == low[column] || value == high[column] || isBetween(low[column], value, high[column]))
                continue;
            const QString line = u"%1, %2: kubectl says \"%3\", we say \"%4\""_s.arg(it.key(), ours.headers[column],
                                                                                     high[column], value);
            // An age moves by itself; anything else that differs between kubectl's two answers changed under us.
            const bool moved =
                low[column] != high[column] && !(durationSeconds(low[column]) && durationSeconds(high[column]));
            (moved ? result.unsettled : result.differences) << line;
        }
    }
    for (auto it = before.rows.begin(); it != before.rows.end(); ++it) {
        if (ours.rows.contains(it.key()))
            continue;
        if (after.rows.contains(it.key()))
            result.differences << u"we lack %1"_s.arg(it.key());
    }
    return result;
}

} // namespace wk::test
