// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "monitoring/metrics/MetricCatalog.h"
#include "monitoring/metrics/MetricQuery.h"
#include "monitoring/rules/RuleFile.h"

namespace wk::monitoring {

/// The rules that a platform's file asks for: one for each alert's threshold and service (group
/// "platform.service.urgency"), for each trigger of scaling, and those of the SLOs (SloRules.h). Every rule is labelled
/// severity, platform, service and threshold, and comes with its tests. What gets no rule stands among the gaps with
/// the reason.
///
/// Without a presence the rules use the first form of each metric: the names of the documents and of the exporters
/// themselves, and nobody's recording rules.
[[nodiscard]] RuleFile rulesOf(const platform::Platform& platform, const MetricCatalog& catalog,
                               const SeriesPresence& presence = {});

/// The alerts of the file, and after them the triggers of scaling as alerts of the urgency `info`.
[[nodiscard]] std::vector<platform::Alert> thresholdsOf(const platform::Platform& platform);

/// The threshold in figures: as it stands, or what the metric takes its words for; nullopt for words it does not know.
[[nodiscard]] std::optional<platform::Threshold> limitOf(const platform::Alert& alert, const platform::Metric& metric);

} // namespace wk::monitoring
