// SPDX-License-Identifier: GPL-3.0-or-later
#include "monitoring/SnapshotTable.h"

namespace wk::monitoring {

qint64 rankOf(table::Health health)
{
    switch (health) {
    case table::Health::Bad: return 4;
    case table::Health::Warning: return 3;
    case table::Health::Info: return 2;
    case table::Health::Unknown: return 1;
    case table::Health::Good:
    case table::Health::None: break;
    }
    return 0;
}

std::vector<table::RowPtr> SnapshotTable::rows() const
{
    std::vector<table::RowPtr> out;
    out.reserve(m_rows.size());
    for (const auto& [id, row] : m_rows)
        out.push_back(row);
    return out;
}

void SnapshotTable::replace(std::vector<table::RowPtr> rows, bool news)
{
    std::map<QString, table::RowPtr> next;
    for (table::RowPtr& row : rows)
        next[row->id] = std::move(row);
    table::Batch batch;
    batch.reset = !news;
    for (const auto& [id, row] : next) {
        const auto old = m_rows.find(id);
        if (!news || old == m_rows.end() || !old->second->sameContent(*row))
            batch.upserts.push_back(row);
    }
    if (news) {
        for (const auto& [id, row] : m_rows) {
            if (!next.contains(id))
                batch.removed.push_back(id);
        }
    }
    m_rows = std::move(next);
    if (batch.reset || !batch.upserts.empty() || !batch.removed.empty())
        emit changed(batch);
}

} // namespace wk::monitoring
