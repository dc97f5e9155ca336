// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "table/Row.h"

#include <map>

namespace wk::widgets {

using RowsById = std::map<QString, table::RowPtr>;

[[nodiscard]] inline std::vector<table::RowPtr> allRows(const RowsById& rows)
{
    std::vector<table::RowPtr> out;
    for (const auto& [id, row] : rows)
        out.push_back(row);
    return out;
}

/// What brings a follower from `before` to `now`.
[[nodiscard]] inline table::Batch rowsBetween(const RowsById& before, const RowsById& now)
{
    table::Batch batch;
    for (const auto& [id, row] : now) {
        const auto old = before.find(id);
        if (old == before.end() || !old->second->sameContent(*row))
            batch.upserts.push_back(row);
    }
    for (const auto& [id, row] : before)
        if (!now.contains(id))
            batch.removed.push_back(id);
    return batch;
}

} // namespace wk::widgets
