// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "monitoring/alerts/Silence.h"

namespace wk::monitoring {

/// Matchers as people and amtool write them: alertname="DiskFull", node=~n[12]; one a line, or with commas between, in
/// braces or without. A value may stand without quotes; a first word without a sign is the name of an alert. Fails in
/// words that quote the part that cannot be understood.
[[nodiscard]] Result<std::vector<LabelMatcher>> parseMatchers(const QString& text);

} // namespace wk::monitoring
