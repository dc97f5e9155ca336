// SPDX-License-Identifier: GPL-3.0-or-later
#include "cluster/tallies/SpaceSource.h"

namespace wk::cluster {

SpaceSource::SpaceSource(std::shared_ptr<table::TableSource> all, QString space)
    : m_all(std::move(all)), m_space(std::move(space))
{
    for (const table::RowPtr& row : m_all->rows()) {
        if (row->space == m_space)
            m_rows.emplace(row->id, row);
    }
    connect(m_all.get(), &table::TableSource::changed, this, &SpaceSource::follow);
    connect(m_all.get(), &table::TableSource::freshnessChanged, this, &table::TableSource::freshnessChanged);
    connect(m_all.get(), &table::TableSource::columnsChanged, this, &table::TableSource::columnsChanged);
}

std::vector<table::RowPtr> SpaceSource::rows() const
{
    std::vector<table::RowPtr> rows;
    rows.reserve(m_rows.size());
    for (const auto& [id, row] : m_rows)
        rows.push_back(row);
    return rows;
}

void SpaceSource::follow(const table::Batch& batch)
{
    table::Batch mine;
    mine.reset = batch.reset;
    if (batch.reset)
        m_rows.clear();
    for (const QString& id : batch.removed) {
        if (m_rows.erase(id) > 0)
            mine.removed.push_back(id);
    }
    for (const table::RowPtr& row : batch.upserts) {
        if (row->space != m_space)
            continue;
        m_rows[row->id] = row;
        mine.upserts.push_back(row);
    }
    if (mine.reset || !mine.removed.empty() || !mine.upserts.empty())
        emit changed(mine);
}

} // namespace wk::cluster
