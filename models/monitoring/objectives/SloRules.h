// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "monitoring/metrics/MetricCatalog.h"
#include "monitoring/metrics/MetricQuery.h"
#include "monitoring/rules/RuleFile.h"

namespace wk::monitoring {

/// For each SLO a group "platform.slo.name": the bad share over each window as slo:errors:ratio_rate5m … _rate3d,
/// labelled platform and slo; an alert for each pair of burnPairs; and one where nothing is measured, which would
/// otherwise look like nothing being wrong. An SLO that is a level (throughput) gets one alert on the mean of the last
/// hour.
void addSloRules(RuleFile& file, const platform::Platform& platform, const MetricCatalog& catalog,
                 const SeriesPresence& presence = {});

/// "slo:errors:ratio_rate5m{platform="shop",slo="availability"}": the recorded series of an SLO.
[[nodiscard]] QString recordedShare(const QString& platform, const QString& slo, const QString& window);

} // namespace wk::monitoring
