// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "table/TableSource.h"
#include "widgets/common/RowsBetween.h"

namespace wk::widgets {

/// A table whose rows somebody else makes, all at once: tells its followers only what differs.
class RowsTable final : public table::TableSource
{
    Q_OBJECT
public:
    explicit RowsTable(table::Columns columns, QObject* parent = nullptr)
        : TableSource(parent), m_columns(std::move(columns))
    {
    }

    [[nodiscard]] table::Columns columns() const override { return m_columns; }
    [[nodiscard]] std::vector<table::RowPtr> rows() const override { return allRows(m_rows); }
    [[nodiscard]] table::Freshness freshness() const override { return m_freshness; }

    void setRows(RowsById rows);
    void setFreshness(const table::Freshness& freshness);

private:
    const table::Columns m_columns;
    RowsById m_rows;
    table::Freshness m_freshness;
};

} // namespace wk::widgets
