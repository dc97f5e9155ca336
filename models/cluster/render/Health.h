// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "table/Column.h"
#include "table/Row.h"

namespace wk::cluster::render {

/// What is thought of a row at a moment. A row's own health does not depend on the clock (rows are final, and equal
/// objects give equal rows); what time alone makes worse is added here when the row is shown or counted.
struct HealthNow
{
    table::Health health = table::Health::None;
    QString reason;
};

/// The row's own health, but Warning for an object that should have been deleted by now ("Terminating" for too long),
/// that is more than `patienceMs` after its deletion timestamp, in which the grace period is already contained. Needs
/// the extra column "deletion-deadline"; without it gives the row's own health.
[[nodiscard]] HealthNow healthAt(const table::Columns& columns, const table::Row& row, qint64 nowMs,
                                 qint64 patienceMs = 30'000);

} // namespace wk::cluster::render
