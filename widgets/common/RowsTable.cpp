// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/common/RowsTable.h"

namespace wk::widgets {

void RowsTable::setRows(RowsById rows)
{
    const table::Batch batch = rowsBetween(m_rows, rows);
    m_rows = std::move(rows);
    if (!batch.upserts.empty() || !batch.removed.empty())
        emit changed(batch);
}

void RowsTable::setFreshness(const table::Freshness& freshness)
{
    m_freshness = freshness;
    emit freshnessChanged();
}

} // namespace wk::widgets
