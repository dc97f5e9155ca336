// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "monitoring/objectives/ObjectiveFeed.h"

namespace wk::monitoring {

// An objective in words, the same in panels and in terminals.

/// A share with as many digits as tell it from all: "99.95 %", "99.9987 %", "100 %".
[[nodiscard]] QString goodShareText(double share);
/// "99.95 %", "0.02 %", "96.1 % within 200 ms", "812.5 a second"; empty where it is not measured.
[[nodiscard]] QString measuredText(const ObjectiveFeed::Slo& slo);
/// "page: 15 times in 1 h and 5 min", "ticket: …", "no", "not known"; empty where there is no budget.
[[nodiscard]] QString burnText(const SloReport& report);
/// "9 d 8 h", "lasts the period", "spent"; empty where it is not known.
[[nodiscard]] QString exhaustionText(const SloReport& report);

/// How bad that is. Bad: spent, or burning so fast that somebody is to be paged; Warning: burning, or not sure.
enum class Standing { Good, Warning, Bad, Unknown };
[[nodiscard]] Standing standingOf(const ObjectiveFeed::Slo& slo);
[[nodiscard]] Standing standingOf(const KpiReading& reading);

/// The seeds' four groups in the order of reports (reliability, performance, efficiency, cost), in words.
[[nodiscard]] QString targetGroupText(const QString& group);
/// "better", "worse", "steady"; empty where it is not known.
[[nodiscard]] QString trendText(KpiReading::Trend trend);

} // namespace wk::monitoring
