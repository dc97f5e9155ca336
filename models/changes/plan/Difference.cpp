// SPDX-License-Identifier: GPL-3.0-or-later
#include "changes/plan/Difference.h"

#include "changes/actions/Kube.h"
#include "changes/plan/Passwords.h"
#include "cluster/objects/ObjectYaml.h"

namespace wk::changes {

using namespace Qt::StringLiterals;

namespace {

/// Beyond this many cells of the table both sides are shown whole: no object in a cluster is that long.
constexpr qsizetype maxCells = 16'000'000;

QStringList linesOf(const QJsonObject& object)
{
    if (object.isEmpty())
        return {};
    QString text = cluster::yamlFromValue(passwords::masked(cluster::withoutSecretValues(kube::recreatable(object))));
    if (text.endsWith(u'\n'))
        text.chop(1);
    return text.split(u'\n');
}

} // namespace

bool Difference::isEmpty() const
{
    return std::ranges::all_of(lines, [](const Line& line) { return line.mark == Mark::Same; });
}

QString Difference::text(int context) const
{
    QString out;
    qsizetype lastShown = -1;
    for (qsizetype i = 0; i < lines.size(); ++i) {
        const qsizetype from = std::max<qsizetype>(0, i - context),
                        to = std::min<qsizetype>(lines.size() - 1, i + context);
        const bool near = std::any_of(lines.begin() + from, lines.begin() + to + 1,
                                      [](const Line& line) { return line.mark != Mark::Same; });
        if (!near)
            continue;
        if (lastShown >= 0 && i > lastShown + 1)
            out += u"  …\n"_s;
        lastShown = i;
        const Line& line = lines.at(i);
        out += line.mark == Mark::Same ? u' ' : line.mark == Mark::Added ? u'+' : u'-';
        out += u' ' + line.text + u'\n';
    }
    return out;
}

QList<Difference::Line> Difference::lineDifference(const QStringList& before, const QStringList& after)
{
    QList<Line> out;
    qsizetype head = 0, tail = 0;
    while (head < before.size() && head < after.size() && before.at(head) == after.at(head))
        out << Line{Mark::Same, before.at(head++)};
    while (tail < before.size() - head && tail < after.size() - head &&
           before.at(before.size() - 1 - tail) == after.at(after.size() - 1 - tail))
        ++tail;
    const qsizetype n = before.size() - head - tail, m = after.size() - head - tail;
    // Longest common subsequence of what is between, counted from the end.
    const bool tooLong = n * m > maxCells;
    std::vector<int> common(tooLong ? 0 : size_t((n + 1) * (m + 1)), 0);
    const auto at = [&](qsizetype i, qsizetype j) -> int& { return common[size_t(i * (m + 1) + j)]; };
    for (qsizetype i = n - 1; !tooLong && i >= 0; --i) {
        for (qsizetype j = m - 1; j >= 0; --j)
            at(i, j) =
                before.at(head + i) == after.at(head + j) ? at(i + 1, j + 1) + 1 : std::max(at(i + 1, j), at(i, j + 1));
    }
    qsizetype i = 0, j = 0;
    while (i < n || j < m) {
        if (!tooLong && i < n && j < m && before.at(head + i) == after.at(head + j)) {
            out << Line{Mark::Same, before.at(head + i)};
            ++i;
            ++j;
        } else if (i < n && (tooLong || j == m || at(i + 1, j) >= at(i, j + 1))) {
            out << Line{Mark::Removed, before.at(head + i++)};
        } else {
            out << Line{Mark::Added, after.at(head + j++)};
        }
    }
    for (qsizetype k = before.size() - tail; k < before.size(); ++k)
        out << Line{Mark::Same, before.at(k)};
    return out;
}

Difference Difference::of(const QString& title, const QJsonObject& before, const QJsonObject& after)
{
    return {title, lineDifference(linesOf(before), linesOf(after))};
}

} // namespace wk::changes
