// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "monitoring/objectives/SloBudget.h"
#include "series/Columns.h"

namespace wk::monitoring {

/// What was bad in the hour that ends at each time, and how many events that hour held.
struct SloHours
{
    series::Columns share;
    series::Columns events; ///< empty where time is measured: every hour counts the same
};

/// How an error budget went down: the share of the period's budget that was left after each hour, 1 at its beginning.
/// The whole budget is taken as `status` takes it, so that the line ends where the report stands. An hour that is not
/// known leaves a NaN, and costs nothing in this line.
[[nodiscard]] series::Columns budgetLine(const SloStatus& status, const SloHours& hours, qint64 nowMs);

} // namespace wk::monitoring
