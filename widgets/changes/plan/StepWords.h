// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "changes/desk/Request.h"
#include "changes/plan/Plan.h"
#include "table/Row.h"

namespace wk::widgets {

/// Where a step acts and what happens if it fails: "Cluster production. If it fails: roll back."
[[nodiscard]] QString stepPlaceWords(const changes::Step& step);
[[nodiscard]] table::Health stepHealth(changes::StepState state);
/// What was sent by a step that is on record: "PATCH /apis/apps/v1/…", a line each.
[[nodiscard]] QStringList sentLines(const changes::StepRecord& record);

} // namespace wk::widgets
