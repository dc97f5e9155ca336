// SPDX-License-Identifier: GPL-3.0-or-later
#include "cluster/connection/LiveTable.h"

namespace wk::cluster {

LiveTable::LiveTable(ResourceKind kind, QString space, table::Columns columns)
    : m_kind(std::move(kind)), m_space(std::move(space)), m_columns(std::move(columns))
{
    m_freshness.state = table::Freshness::State::Loading;
}

std::vector<table::RowPtr> LiveTable::rows() const
{
    std::vector<table::RowPtr> rows;
    rows.reserve(m_rows.size());
    for (const auto& [id, row] : m_rows)
        rows.push_back(row);
    return rows;
}

table::RowPtr LiveTable::row(const QString& id) const
{
    const auto it = m_rows.find(id);
    return it == m_rows.end() ? nullptr : it->second;
}

void LiveTable::apply(const table::Batch& batch)
{
    if (batch.reset) {
        m_rows.clear();
        m_rows.reserve(batch.upserts.size());
    }
    for (const QString& id : batch.removed)
        m_rows.erase(id);
    for (const table::RowPtr& row : batch.upserts)
        m_rows.insert_or_assign(row->id, row);
    emit changed(batch);
}

void LiveTable::setFreshness(const table::Freshness& freshness)
{
    const bool same = freshness.state == m_freshness.state &&
                      freshness.error.has_value() == m_freshness.error.has_value() &&
                      (!freshness.error || freshness.error->sentence == m_freshness.error->sentence);
    m_freshness = freshness;
    // A live table is as of now, again and again: no news. A table that is not live keeps its moment.
    if (!same)
        emit freshnessChanged();
}

void LiveTable::setColumns(const table::Columns& columns)
{
    m_columns = columns;
    emit columnsChanged();
}

void LiveTable::setKind(const ResourceKind& kind) { m_kind = kind; }

} // namespace wk::cluster
