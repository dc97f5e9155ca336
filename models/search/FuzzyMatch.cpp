// SPDX-License-Identifier: GPL-3.0-or-later
#include "search/FuzzyMatch.h"

#include <array>
#include <limits>

namespace wk::search {

namespace {

// What a letter is worth. A letter at a word's beginning beats one in the middle after any gap, and a run of letters
// beats the same letters scattered over word beginnings.
constexpr int perLetter = 16, atWordStart = 10, atNameStart = 6, together = 12, firstGap = -3, laterGap = -1;
constexpr int never = std::numeric_limits<int>::min() / 2;
/// Names longer than this are compared as far as this goes: no object's name is, and the table below has its size.
constexpr int maxName = 256;

} // namespace

FuzzyMatcher::FuzzyMatcher(const QString& query)
{
    bool word = false;
    const QString folded = fold(query);
    for (const QChar c : folded) {
        if (c.isSpace()) {
            word = !m_query.isEmpty();
            continue;
        }
        if (m_query.size() == maxQuery)
            break;
        m_query += c;
        m_wordWanted.push_back(std::exchange(word, false));
    }
    m_mask = maskOf(m_query);
}

QString FuzzyMatcher::fold(QStringView name)
{
    QString out(name.size(), Qt::Uninitialized);
    for (qsizetype i = 0; i < name.size(); ++i)
        out[i] = name[i].toCaseFolded();
    return out;
}

quint64 FuzzyMatcher::maskOf(QStringView folded)
{
    quint64 mask = 0;
    for (const QChar c : folded)
        mask |= quint64(1) << (c.unicode() & 63U);
    return mask;
}

bool FuzzyMatcher::isWordStart(QStringView name, qsizetype at)
{
    if (!name[at].isLetterOrNumber())
        return false;
    if (at == 0)
        return true;
    const QChar before = name[at - 1];
    return !before.isLetterOrNumber() || (before.isLower() && name[at].isUpper()) ||
           (!before.isDigit() && name[at].isDigit());
}

bool FuzzyMatcher::isSubsequence(QStringView folded) const
{
    qsizetype found = 0;
    for (const QChar c : folded) {
        if (c == m_query[found] && ++found == m_query.size())
            return true;
    }
    return false;
}

std::optional<int> FuzzyMatcher::run(QStringView folded, const quint8* starts, std::vector<int>* ends) const
{
    const int n = int(std::min<qsizetype>(folded.size(), maxName)), m = int(m_query.size());
    folded = folded.first(n);
    if (m == 0)
        return 0;
    if (!isSubsequence(folded))
        return std::nullopt;
    // matched[j]: best score with the query's letters up to this one, the last of them at j. open[j]: the same with
    // the last of them before j, gap paid for.
    std::array<int, maxName> matched{}, before{};
    if (ends)
        ends->assign(size_t(n) * size_t(m), -1);
    for (int i = 0; i < m; ++i) {
        int open = never, openAt = -1; // the best end of the letters before, with the gap up to here paid
        for (int j = 0; j < n; ++j) {
            int best = never, from = -1;
            const bool fits = folded[j] == m_query[i] && (!m_wordWanted[size_t(i)] || starts[j]);
            if (fits) {
                if (i == 0) {
                    best = j == 0 ? atNameStart : std::max(-10, -j / 4);
                } else {
                    if (j > 0 && before[size_t(j - 1)] > never) {
                        best = before[size_t(j - 1)] + together;
                        from = j - 1;
                    }
                    if (open > never && open > best) {
                        best = open;
                        from = openAt;
                    }
                }
                if (best > never)
                    best += perLetter + (starts[j] ? atWordStart : 0);
            }
            matched[size_t(j)] = best;
            if (ends)
                (*ends)[size_t(i) * size_t(n) + size_t(j)] = from;
            if (open > never)
                open += laterGap;
            if (i > 0 && j > 0 && before[size_t(j - 1)] > never && before[size_t(j - 1)] + firstGap > open) {
                open = before[size_t(j - 1)] + firstGap;
                openAt = j - 1;
            }
        }
        before = matched;
    }
    const auto best = std::max_element(before.begin(), before.begin() + n);
    if (*best <= never)
        return std::nullopt;
    if (ends)
        ends->push_back(int(best - before.begin()));
    // Of names that fit as well the shorter one is meant more likely.
    return *best * 4 - std::min(n, 200) / 4 + (n == m ? 64 : 0);
}

std::optional<int> FuzzyMatcher::score(QStringView folded, const quint8* starts) const
{
    return run(folded, starts, nullptr);
}

std::optional<int> FuzzyMatcher::match(const QString& name, QList<int>& positions) const
{
    positions.clear();
    const QString folded = fold(name);
    WordStarts starts(size_t(name.size()));
    for (qsizetype i = 0; i < name.size(); ++i)
        starts[size_t(i)] = isWordStart(name, i) ? 1 : 0;
    std::vector<int> ends;
    const auto found = run(folded, starts.data(), &ends);
    if (!found || m_query.isEmpty())
        return found;
    const int n = int(std::min<qsizetype>(folded.size(), maxName));
    int at = ends.back();
    for (int i = int(m_query.size()) - 1; i >= 0 && at >= 0; --i) {
        positions.prepend(at);
        at = ends[size_t(i) * size_t(n) + size_t(at)];
    }
    return found;
}

} // namespace wk::search
