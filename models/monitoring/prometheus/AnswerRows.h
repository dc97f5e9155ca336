// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "monitoring/prometheus/Answer.h"
#include "table/Column.h"
#include "table/Row.h"

namespace wk::monitoring {

/// An answer as a table: a column for each label that any series has, then "time" and "value". Every sample is a row;
/// a text has one row, a native histogram its count and sum.
struct AnswerRows
{
    table::Columns columns;
    std::vector<table::RowPtr> rows;
    size_t left = 0; ///< how many samples beyond `atMost` are left out
};

/// Series in the server's order, their samples in the order of time. NaN and the infinities stand as Prometheus writes
/// them. A label that is called time or value gets the column label_time or label_value.
[[nodiscard]] AnswerRows rowsOf(const Answer& answer, size_t atMost = 1'000'000);

/// "12 series", "1 number", "no series", "12 series, 2,880 samples".
[[nodiscard]] QString sizeText(const Answer& answer);

} // namespace wk::monitoring
