// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "change/ChangeSession.h"
#include "changes/plan/Plan.h"

namespace wk::ctl {

/// The cluster that is meant: --cluster, else the one that the platform file puts the namespace into, else the only
/// one.
[[nodiscard]] Result<QString> clusterOf(const Arguments& arguments, const platform::Platform* platform);
/// Carries the plan out where the Gate lets it without a request, after one more question unless --yes; ends the
/// program. The desk must be open.
void confirmAndDo(ChangeSession& session, const changes::Plan& plan);

} // namespace wk::ctl
