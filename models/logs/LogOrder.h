// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "logs/LogLine.h"

#include <vector>

namespace wk::logs {

/// Lines in the order of time, whenever they arrived: what a reader sees from top to bottom. One thread.
class LogOrder
{
public:
    [[nodiscard]] qsizetype size() const { return qsizetype(m_places.size()); }
    [[nodiscard]] const LineKey& at(qsizetype position) const { return m_places[size_t(position)]; }
    /// Puts lines where they belong; returns the first position at which something else stands now, size() where
    /// nothing does.
    qsizetype merge(std::vector<LineKey> fresh);
    /// Lines with a smaller number were let go. Returns how many there were.
    qsizetype forget(quint32 first);
    /// The position of that line, or where it would stand.
    [[nodiscard]] qsizetype positionOf(const LineKey& place) const;
    void clear() { m_places.clear(); }
    [[nodiscard]] qint64 bytes() const { return qint64(m_places.capacity() * sizeof(LineKey)); }

private:
    std::vector<LineKey> m_places;
};

} // namespace wk::logs
