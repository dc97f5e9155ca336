// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "change/ChangeSession.h"
#include "changes/plan/PlanBinding.h"

namespace wk::ctl {

/// Asks the plan's clusters for what it rests on, and goes on with the bound plan; steps that could not be bound are
/// said on standard error. With --no-pin the plan goes on as it is, and no cluster is asked.
void withBound(ChangeSession& session, const changes::Plan& plan, std::function<void(const changes::BoundPlan&)> then);
/// The same for a plan that is filed: ends the program where a step's state cannot be learnt.
void withBoundForFiling(ChangeSession& session, const changes::Plan& plan,
                        std::function<void(const changes::Plan&)> then);

} // namespace wk::ctl
