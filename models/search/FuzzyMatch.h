// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtCore/QList>
#include <QtCore/QString>

#include <optional>
#include <vector>

namespace wk::search {

/// Where a word begins, for each letter of a name: after what is neither letter nor digit, and at a capital after a
/// small letter. Bit 0 of each byte.
using WordStarts = std::vector<quint8>;

/// How well a few letters fit a name: all of them in their order, letters at the beginning of a word and letters that
/// stand together count more, gaps count against it. Deterministic: the same letters and name always give the same
/// score. Letters are compared folded (case, not accents).
class FuzzyMatcher
{
public:
    /// More letters than this are compared as far as this goes.
    static constexpr int maxQuery = 64;

    /// Blanks in the query only say that a word begins there.
    explicit FuzzyMatcher(const QString& query);

    [[nodiscard]] bool isEmpty() const { return m_query.isEmpty(); }
    /// One bit for each of 64 classes of letters: a name whose mask lacks one of the query's cannot match.
    [[nodiscard]] quint64 mask() const { return m_mask; }
    /// The higher the better; nullopt where it does not match. `folded` is the name after fold(), `starts` as long.
    [[nodiscard]] std::optional<int> score(QStringView folded, const quint8* starts) const;
    /// The same with the letters that match, as positions in `name`, for marking them.
    [[nodiscard]] std::optional<int> match(const QString& name, QList<int>& positions) const;

    [[nodiscard]] static quint64 maskOf(QStringView folded);
    [[nodiscard]] static bool isWordStart(QStringView name, qsizetype at);
    /// Letter by letter, so that positions stay.
    [[nodiscard]] static QString fold(QStringView name);

private:
    [[nodiscard]] bool isSubsequence(QStringView folded) const;
    std::optional<int> run(QStringView folded, const quint8* starts, std::vector<int>* ends) const;

    QString m_query;
    std::vector<bool> m_wordWanted; ///< a blank stood before this letter
    quint64 m_mask = 0;
};

} // namespace wk::search
