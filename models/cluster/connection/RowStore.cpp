// SPDX-License-Identifier: GPL-3.0-or-later
#include "cluster/connection/RowStore.h"

namespace wk::cluster {

void RowStore::beginList(bool progressive)
{
    m_progressive = progressive;
    m_seen.clear();
    m_incoming.clear();
    if (!progressive)
        m_incoming.reserve(m_rows.size());
}

void RowStore::listed(Decoded&& object)
{
    if (!object.row)
        return;
    if (m_progressive) {
        m_seen.insert(object.key);
        put(object.key, object.row);
    } else {
        m_incoming.insert_or_assign(std::move(object.key), std::move(object.row));
    }
}

void RowStore::commitList()
{
    if (m_progressive) {
        for (auto it = m_rows.begin(); it != m_rows.end();) {
            if (m_seen.contains(it->first)) {
                ++it;
                continue;
            }
            m_sink(it->second, nullptr);
            it = m_rows.erase(it);
        }
    } else {
        for (auto it = m_rows.begin(); it != m_rows.end();) {
            if (m_incoming.contains(it->first)) {
                ++it;
                continue;
            }
            m_sink(it->second, nullptr);
            it = m_rows.erase(it);
        }
        for (auto& [key, row] : m_incoming)
            put(key, row);
    }
    abandonList();
}

void RowStore::abandonList()
{
    // Swapped, not cleared: a cleared container keeps its buckets.
    std::unordered_set<QString>().swap(m_seen);
    std::unordered_map<QString, table::RowPtr>().swap(m_incoming);
}

void RowStore::upsert(Decoded&& object)
{
    if (object.row)
        put(object.key, object.row);
}

void RowStore::put(const QString& key, const table::RowPtr& row)
{
    const auto [it, inserted] = m_rows.try_emplace(key, row);
    if (inserted) {
        m_sink(nullptr, row);
        return;
    }
    const table::RowPtr before = it->second;
    if (before->id != row->id) {
        // Deleted and made anew between two looks: another object of the same name.
        it->second = row;
        m_sink(before, nullptr);
        m_sink(nullptr, row);
    } else if (!before->sameContent(*row)) {
        it->second = row;
        m_sink(before, row);
    }
}

void RowStore::remove(const Decoded& object)
{
    const auto it = m_rows.find(object.key);
    if (it == m_rows.end())
        return;
    // A replayed delete of an earlier object must not take its successor away.
    if (object.row && !object.row->id.isEmpty() && object.row->id != it->second->id)
        return;
    const table::RowPtr before = it->second;
    m_rows.erase(it);
    m_sink(before, nullptr);
}

void RowStore::clear()
{
    abandonList();
    auto rows = std::move(m_rows);
    m_rows = {};
    for (const auto& [key, row] : rows)
        m_sink(row, nullptr);
}

table::RowPtr RowStore::find(const QString& key) const
{
    const auto it = m_rows.find(key);
    return it == m_rows.end() ? nullptr : it->second;
}

void RowStore::forEach(const std::function<void(const QString&, const table::RowPtr&)>& f) const
{
    for (const auto& [key, row] : m_rows)
        f(key, row);
}

} // namespace wk::cluster
