// SPDX-License-Identifier: GPL-3.0-or-later
#include "search/NameList.h"

namespace wk::search {

void NameList::reserve(qsizetype names, qsizetype letters)
{
    m_letters.reserve(size_t(letters));
    m_starts.reserve(size_t(letters));
    m_ends.reserve(size_t(names));
    m_masks.reserve(size_t(names));
}

void NameList::add(QStringView name)
{
    quint64 mask = 0;
    for (qsizetype i = 0; i < name.size(); ++i) {
        const char16_t folded = name[i].toCaseFolded().unicode();
        m_letters.push_back(folded);
        m_starts.push_back(FuzzyMatcher::isWordStart(name, i) ? 1 : 0);
        mask |= quint64(1) << (folded & 63U);
    }
    m_ends.push_back(qsizetype(m_letters.size()));
    m_masks.push_back(mask);
}

QStringView NameList::folded(int at) const
{
    return QStringView(m_letters.data() + begin(at), m_ends[size_t(at)] - begin(at));
}

} // namespace wk::search
