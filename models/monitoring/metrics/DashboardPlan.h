// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "monitoring/metrics/MetricCatalog.h"
#include "monitoring/metrics/MetricQuery.h"

namespace wk::monitoring {

/// A limit that a chart draws as a band, in the unit of its axis.
struct PanelBand
{
    enum class Kind { Critical, Warning, Info, Target };
    Kind kind = Kind::Warning;
    platform::Threshold limit;
    std::optional<double> quantile; ///< only for the line of this one
    QString title, source;          ///< whose limit it is, and the document it stands in
};

struct PanelQuery
{
    QString promql;
    QString title; ///< "p95"; empty where the labels alone tell the series apart
};

/// One panel of a dashboard, ready to be asked and drawn.
struct PanelPlan
{
    QString name;
    const platform::Metric* metric = nullptr; ///< of the catalogue that was given
    QString unit;                             ///< of the axis: "%", "ms", "req/s"
    double factor = 1;                        ///< what values are multiplied by for it
    std::vector<PanelQuery> queries;
    QStringList legend; ///< the labels that tell series apart
    std::vector<PanelBand> bands;
    QString reading;     ///< the example value that the document shows
    QString why;         ///< why there is nothing to ask; empty where there is
    QStringList missing; ///< selectors that the server is known to have no series for
};

struct DashboardPlan
{
    QString name, title, source;
    std::vector<PanelPlan> panels;
};

/// One dashboard of a platform as queries. The thresholds of its alerts, SLOs and KPIs on the same metric become bands.
[[nodiscard]] DashboardPlan planOf(const platform::Dashboard& dashboard, const platform::Platform& platform,
                                   const MetricCatalog& catalog, const SeriesPresence& presence = {});

} // namespace wk::monitoring
