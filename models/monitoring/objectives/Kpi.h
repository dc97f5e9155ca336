// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "monitoring/metrics/MetricCatalog.h"
#include "monitoring/metrics/MetricQuery.h"

namespace wk::monitoring {

/// One target of a platform and how it is measured: its KPIs, and its unit costs as KPIs of the group "cost".
struct KpiPlan
{
    platform::Kpi kpi;
    const platform::Metric* metric = nullptr;  ///< of the catalogue that was given; nullptr where none fits
    std::optional<platform::Threshold> target; ///< in the metric's unit
    QString promql; ///< one figure; asked now, and once more a period earlier for the trend. Empty: `why`
    QString why;    ///< why Prometheus is not asked
};

/// @param period over which the figure is taken: "30d". What has no window of its own is averaged over it.
[[nodiscard]] std::vector<KpiPlan> kpisOf(const platform::Platform& platform, const MetricCatalog& catalog,
                                          const QString& period, const SeriesPresence& presence = {});

/// A target against what was measured.
struct KpiReading
{
    enum class Verdict { Met, Missed, NoTarget, Unknown };
    enum class Trend { Better, Steady, Worse, Unknown };
    Verdict verdict = Verdict::Unknown;
    Trend trend = Trend::Unknown;
    std::optional<double> value, previous; ///< in the metric's unit
    QString words;                         ///< "0.04 %, and < 0.1 % is the target"
    QString trendWords;                    ///< "0.01 % a period ago: better"
    QString query, source;                 ///< where the figure comes from, and the document of the target
    qint64 atMs = 0;                       ///< when it was asked
};

/// Better means nearer to the target, or further beyond it; a change of less than a hundredth is steady. NaN counts as
/// unknown. Without a target there is a change, but nothing is better.
[[nodiscard]] KpiReading readKpi(const KpiPlan& plan, std::optional<double> value, std::optional<double> previous,
                                 qint64 atMs);

} // namespace wk::monitoring
