// SPDX-License-Identifier: GPL-3.0-or-later
#include "cluster/connection/RowStorePending.h"

namespace wk::cluster {

void RowStorePending::add(const table::RowPtr& before, const table::RowPtr& after)
{
    const QString& id = after ? after->id : before->id;
    const auto it = m_entries.find(id);
    if (it == m_entries.end()) {
        m_entries.emplace(id, Entry{after, before != nullptr});
        return;
    }
    if (!after && !it->second.known)
        m_entries.erase(it); // came and went between two batches
    else
        it->second.row = after;
}

table::Batch RowStorePending::take()
{
    table::Batch batch;
    batch.upserts.reserve(m_entries.size());
    for (auto& [id, entry] : m_entries) {
        if (entry.row)
            batch.upserts.push_back(std::move(entry.row));
        else
            batch.removed.push_back(id);
    }
    m_entries.clear();
    return batch;
}

} // namespace wk::cluster
