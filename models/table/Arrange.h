// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "table/Filter.h"
#include "table/Order.h"

#include <atomic>
#include <unordered_map>

namespace wk::table {

/// Where a row is kept in a RowStore; stable while the row lives, given to another afterwards.
using Slot = quint32;

/// Rows by id, each in a numbered slot.
class RowStore
{
public:
    struct Entry
    {
        RowPtr row; ///< null where the slot is free
        bool visible = false;
    };
    static constexpr Slot none = 0xffffffffu;

    [[nodiscard]] size_t size() const { return m_slots.size(); }
    /// Slots below this number may be in use.
    [[nodiscard]] size_t slotCount() const { return m_entries.size(); }
    [[nodiscard]] Slot find(const QString& id) const;
    [[nodiscard]] const Row& row(Slot slot) const { return *m_entries[slot].row; }
    [[nodiscard]] Entry& entry(Slot slot) { return m_entries[slot]; }
    [[nodiscard]] const Entry& entry(Slot slot) const { return m_entries[slot]; }
    Slot insert(RowPtr row);
    void remove(Slot slot);
    void reserve(size_t rows);

private:
    std::vector<Entry> m_entries;
    std::vector<Slot> m_free;
    std::unordered_map<QString, Slot> m_slots;
};

/// What is shown and in which order.
struct Arrangement
{
    Filter filter;
    RowOrder order;
};

/// The slots of the rows that pass, in order. Runs on any thread; gives up with an empty vector once `cancelled` is
/// set. `rows[slot]` may be null.
[[nodiscard]] std::vector<Slot> arrange(const std::vector<RowPtr>& rows, const Arrangement& arrangement, qint64 nowMs,
                                        const std::atomic<bool>* cancelled = nullptr);

} // namespace wk::table
