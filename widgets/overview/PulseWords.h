// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "monitoring/ProbeSource.h"
#include "monitoring/Pulse.h"
#include "widgets/common/Theme.h"
#include "widgets/overview/OverviewRow.h"

namespace wk::widgets {

/// A line that leads to a page of the monitoring panel.
struct PulseLine
{
    OverviewRow::Content content;
    QString page; ///< id of the page, or name of the dashboard
    bool operator==(const PulseLine&) const = default;
};

/// A pulse in words; no widget, so that every sentence can be tested.
struct PulseText
{
    table::Health health = table::Health::None;
    QString verdict;         ///< "2 alerts are firing, errors 7.1 %"; empty where nothing is wrong
    QList<PulseLine> alerts; ///< the worst first; at most maxPulseAlerts, then "3 more"
    QList<PulseLine> budgets;
    QString origin; ///< where the figures come from, and of when
    QString why;    ///< why there are none; empty where there are, or will be
    bool operator==(const PulseText&) const = default;
};

inline constexpr int maxPulseAlerts = 3;
inline constexpr int maxPulseBudgets = 4;

[[nodiscard]] PulseText pulseText(const monitoring::Pulse& pulse);
/// The dashboard that draws this metric; else the first.
[[nodiscard]] QString dashboardOf(const QString& metric, const monitoring::Pulse& pulse);

/// One row of how many health endpoints answer and which do not; none where there is nothing to ask.
[[nodiscard]] QList<OverviewRow::Content> healthRows(const monitoring::ProbeSource& probes);

/// "14:03:22"
[[nodiscard]] QString clockText(qint64 ms);
/// Can be read from three metres on a common screen: digits of some 5 mm.
[[nodiscard]] QFont farFont(const Theme& theme);

} // namespace wk::widgets
