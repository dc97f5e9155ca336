// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "changes/unapproved/UnapprovedDesk.h"
#include "table/TableSource.h"
#include "widgets/common/RowsBetween.h"

namespace wk::widgets {

/// Unapproved changes as rows of a table; follows the desk. Row ids are UnapprovedItem::key().
class UnapprovedTable final : public table::TableSource
{
    Q_OBJECT
public:
    /// `desk` outlives it.
    explicit UnapprovedTable(changes::UnapprovedDesk& desk, QObject* parent = nullptr);

    [[nodiscard]] table::Columns columns() const override { return allColumns(); }
    [[nodiscard]] std::vector<table::RowPtr> rows() const override { return allRows(m_rows); }
    [[nodiscard]] table::Freshness freshness() const override;

    /// What known controllers did by themselves is folded away at first.
    void setControllersShown(bool shown);
    [[nodiscard]] bool controllersShown() const { return m_controllers; }

    [[nodiscard]] static table::Columns allColumns();
    [[nodiscard]] static table::RowPtr rowOf(const changes::UnapprovedItem& item);

private:
    void follow();

    changes::UnapprovedDesk& m_desk;
    bool m_controllers = false;
    RowsById m_rows;
};

} // namespace wk::widgets
