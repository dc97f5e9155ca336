// SPDX-License-Identifier: GPL-3.0-or-later
#include "table/Arrange.h"

#include <cstring>

namespace wk::table {

Slot RowStore::find(const QString& id) const
{
    const auto it = m_slots.find(id);
    return it == m_slots.end() ? none : it->second;
}

Slot RowStore::insert(RowPtr row)
{
    Slot slot = 0;
    if (m_free.empty()) {
        slot = Slot(m_entries.size());
        m_entries.emplace_back();
    } else {
        slot = m_free.back();
        m_free.pop_back();
    }
    m_slots.emplace(row->id, slot);
    m_entries[slot] = {std::move(row), false};
    return slot;
}

void RowStore::remove(Slot slot)
{
    m_slots.erase(m_entries[slot].row->id);
    m_entries[slot] = {};
    m_free.push_back(slot);
}

void RowStore::reserve(size_t rows)
{
    m_entries.reserve(rows);
    m_slots.reserve(rows);
}

namespace {

/// Sort bytes lie in one arena; the first eight are kept beside the slot, which settles most comparisons without a
/// look.
struct Item
{
    quint64 prefix = 0;
    quint32 offset = 0;
    quint32 length = 0;
    Slot slot = 0;
};

quint64 prefixOf(const char* bytes, size_t length)
{
    quint64 prefix = 0;
    for (size_t i = 0; i < 8; ++i)
        prefix = prefix << 8 | (i < length ? quint8(bytes[i]) : 0);
    return prefix;
}

} // namespace

std::vector<Slot> arrange(const std::vector<RowPtr>& rows, const Arrangement& arrangement, qint64 nowMs,
                          const std::atomic<bool>* cancelled)
{
    const auto stop = [cancelled] { return cancelled && cancelled->load(std::memory_order_relaxed); };
    std::vector<Item> items;
    std::string arena;
    items.reserve(rows.size());
    for (size_t i = 0; i < rows.size(); ++i) {
        if ((i & 0xfff) == 0 && stop())
            return {};
        if (!rows[i] || !arrangement.filter.matches(*rows[i], nowMs))
            continue;
        const size_t start = arena.size();
        arrangement.order.appendSortBytes(*rows[i], arena);
        items.push_back({0, quint32(start), quint32(arena.size() - start), Slot(i)});
    }
    for (Item& item : items)
        item.prefix = prefixOf(arena.data() + item.offset, item.length);
    std::sort(items.begin(), items.end(), [&](const Item& a, const Item& b) {
        if (a.prefix != b.prefix)
            return a.prefix < b.prefix;
        const int bytes = std::memcmp(arena.data() + a.offset, arena.data() + b.offset, std::min(a.length, b.length));
        if (bytes != 0)
            return bytes < 0;
        if (a.length != b.length)
            return a.length < b.length;
        return rows[a.slot]->id.compare(rows[b.slot]->id) < 0;
    });
    if (stop())
        return {};
    std::vector<Slot> sorted(items.size());
    std::transform(items.begin(), items.end(), sorted.begin(), [](const Item& item) { return item.slot; });
    return sorted;
}

} // namespace wk::table
