// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "monitoring/metrics/DashboardPlan.h"
#include "monitoring/objectives/SloReport.h"

namespace wk::monitoring {

/// The four golden signals. Source: Site Reliability Engineering, chapter 6.
enum class GoldenSignal { Rate, Errors, Latency, Saturation };
inline constexpr std::array goldenSignals{GoldenSignal::Rate, GoldenSignal::Errors, GoldenSignal::Latency,
                                          GoldenSignal::Saturation};

/// One figure that a signal looks at; saturation looks at several.
struct PulsePart
{
    GoldenSignal signal = GoldenSignal::Rate;
    QString key;    ///< "errors", "saturation.disk"
    PanelPlan plan; ///< its one query, and the limits that the platform file sets
    QString promql; ///< one figure at each moment, of the worst where there are several; empty: see plan.why
};

/// What is asked about one platform so that one look at it tells how it is.
struct PulsePlan
{
    std::vector<PulsePart> parts;
    std::vector<SloSpec> budgets;
    std::vector<QString> budgetGaps; ///< titles of SLOs that have no figure
    /// Alerts that fire, as Prometheus itself knows them: counted by severity, name and service. An alert that names
    /// neither a platform nor a namespace is about what all of them stand on.
    QString alerts;
};

/// Points into the platform and the catalogue.
[[nodiscard]] PulsePlan pulsePlan(const platform::Platform& platform, const MetricCatalog& catalog,
                                  const SeriesPresence& presence = {});
/// The selectors whose presence decides how it is asked.
[[nodiscard]] QStringList pulseNeeds(const platform::Platform& platform, const MetricCatalog& catalog);

/// The selector of the alerts of a platform that fire: as PulsePlan::alerts, without counting.
[[nodiscard]] QString firingAlerts(const platform::Platform& platform);

/// "Requests", "Errors", "p95", "Fullest": as a tile calls it.
[[nodiscard]] QString signalTitle(GoldenSignal signal);

} // namespace wk::monitoring
