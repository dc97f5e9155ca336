// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "changes/plan/Plan.h"

namespace wk::changes {

// What is known of the way back before anything is done, and by who reads a plan without seeing the cluster.

/// Why a step has no way back, as far as the plan itself tells. Empty where it has one, and where only the objects can
/// tell: then a preview says so.
[[nodiscard]] QString noWayBack(const Step& step);
/// "Step 2 cannot be taken back: …", one for each such step.
[[nodiscard]] QStringList noWayBack(const Plan& plan);

/// Why nobody could say, after an interruption, what became of a step; empty where its objects show it.
[[nodiscard]] QString cannotBeSeen(const Step& step);

} // namespace wk::changes
