// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "table/Column.h"
#include "table/Row.h"

namespace wk::table {

/// One thing that could be written at the cursor of a filter line.
struct Completion
{
    QString text;        ///< replaces the characters from Completions::position on
    QString description; ///< what it means, or how many rows have the value
};

struct Completions
{
    int position = 0; ///< the part to replace
    int length = 0;
    QList<Completion> items;
};

/// Fields that begin with what stands left of `cursor`, or after `field:` the values found most often in `rows` (at
/// most the first 5,000 are looked at). At most `limit` items.
[[nodiscard]] Completions completeFilter(const Columns& columns, const std::vector<RowPtr>& rows, const QString& text,
                                         int cursor, int limit = 12);

} // namespace wk::table
