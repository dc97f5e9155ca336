// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "table/Row.h"

#include <QtCore/QHash>

#include <unordered_map>

namespace wk::cluster {

/// Changes that the GUI thread has not been told yet, each id at most once. Bounded by the number of rows however far
/// behind the GUI is: a row that changes twice waits once.
class RowStorePending
{
public:
    /// As RowStore::Sink.
    void add(const table::RowPtr& before, const table::RowPtr& after);
    [[nodiscard]] bool isEmpty() const { return m_entries.empty(); }
    [[nodiscard]] size_t size() const { return m_entries.size(); }
    /// True where the GUI has, or is about to get, this change.
    [[nodiscard]] bool contains(const QString& id) const { return m_entries.contains(id); }
    void clear() { m_entries.clear(); }
    /// Everything that waits; leaves nothing behind.
    [[nodiscard]] table::Batch take();

private:
    struct Entry
    {
        table::RowPtr row; ///< null: removed
        bool known;        ///< the GUI has a row of this id
    };
    std::unordered_map<QString, Entry> m_entries;
};

} // namespace wk::cluster
