// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "search/FuzzyMatch.h"

#include <memory>

namespace wk::search {

/// Names prepared for searching: folded letters in one array, where words begin, and a mask for each. Final once built;
/// shared between threads. 100,000 names of 40 letters take 13 MB.
class NameList
{
public:
    void reserve(qsizetype names, qsizetype letters);
    void add(QStringView name);

    [[nodiscard]] int size() const { return int(m_ends.size()); }
    [[nodiscard]] QStringView folded(int at) const;
    [[nodiscard]] const quint8* starts(int at) const { return m_starts.data() + begin(at); }
    [[nodiscard]] quint64 mask(int at) const { return m_masks[size_t(at)]; }

private:
    [[nodiscard]] qsizetype begin(int at) const { return at == 0 ? 0 : m_ends[size_t(at) - 1]; }

    std::u16string m_letters;
    WordStarts m_starts;
    std::vector<qsizetype> m_ends;
    std::vector<quint64> m_masks;
};

using NameListPtr = std::shared_ptr<const NameList>;

} // namespace wk::search
