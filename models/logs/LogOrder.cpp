// SPDX-License-Identifier: GPL-3.0-or-later
#include "logs/LogOrder.h"

#include <algorithm>

namespace wk::logs {

qsizetype LogOrder::merge(std::vector<LineKey> fresh)
{
    if (fresh.empty())
        return size();
    std::ranges::sort(fresh);
    const auto from = std::ranges::upper_bound(m_places, fresh.front());
    const qsizetype changed = from - m_places.begin();
    // From the end: only what is later than the oldest new line is moved.
    size_t old = m_places.size(), left = fresh.size(), to = old + left;
    m_places.resize(to);
    while (left > 0)
        m_places[--to] = old > size_t(changed) && m_places[old - 1] > fresh[left - 1] ? m_places[--old] : fresh[--left];
    return changed;
}

qsizetype LogOrder::forget(quint32 first)
{
    return qsizetype(std::erase_if(m_places, [first](const LineKey& place) { return place.id < first; }));
}

qsizetype LogOrder::positionOf(const LineKey& place) const
{
    return std::ranges::lower_bound(m_places, place) - m_places.begin();
}

} // namespace wk::logs
