// SPDX-License-Identifier: GPL-3.0-or-later
#include "cluster/render/Health.h"

#include "cluster/render/Cells.h"
#include "core/Duration.h"

namespace wk::cluster::render {

HealthNow healthAt(const table::Columns& columns, const table::Row& row, qint64 nowMs, qint64 patienceMs)
{
    const int column = table::indexOfColumn(columns, u"deletion-deadline");
    const auto* deadline = column < 0 || size_t(column) >= row.cells.size()
                               ? nullptr
                               : std::get_if<table::Instant>(&row.cells[size_t(column)]);
    if (!deadline || nowMs - deadline->ms <= patienceMs || row.health == Health::Bad)
        return {row.health, row.reason};
    const QString late = words("should have been gone for %1").arg(humanDuration(nowMs - deadline->ms));
    return {Health::Warning, row.reason.isEmpty() ? late : row.reason + QStringLiteral("; ") + late};
}

} // namespace wk::cluster::render
