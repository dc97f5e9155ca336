// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "monitoring/probes/ProbeSource.h"
#include "monitoring/pulse/Pulse.h"
#include "widgets/common/Theme.h"
#include "widgets/overview/CountButton.h"
#include "widgets/overview/OverviewRow.h"

namespace wk::widgets {

/// Where something of a tile leads within the monitoring panel.
struct PulseLink
{
    QString page;        ///< its id, or the name of a dashboard
    QString filter = {}; ///< of its list; of objectives the name of one
    bool operator==(const PulseLink&) const = default;
};

struct PulseLine
{
    OverviewRow::Content content;
    PulseLink link;
    bool operator==(const PulseLine&) const = default;
};

/// How many alerts of a severity there are.
struct PulseCount
{
    CountButton::Content content;
    PulseLink link;
    bool operator==(const PulseCount&) const = default;
};

/// How much a tile has room for. Whatever is left out is a click or a key away.
enum class TileRoom {
    Full,
    Brief, ///< what can be told at a glance
    Tight, ///< the same, with nothing in rows that the verdict already counts
};

/// A pulse in words; no widget, so that every sentence can be tested.
struct PulseText
{
    table::Health health = table::Health::None;
    QString verdict;          ///< "2 alerts are firing, errors 7.1 %"; empty where nothing is wrong
    QList<PulseCount> counts; ///< of alerts by severity, the worst first; what is kept quiet last
    QString alertsNote;       ///< what has to be said of them: that only Prometheus was asked
    QList<PulseLine> alerts;  ///< the worst first; at most maxPulseAlerts, then "3 more"
    QList<PulseLine> budgets;
    QString origin; ///< where the figures come from, and of when
    QString why;    ///< why there are none; empty where there are, or will be
    bool operator==(const PulseText&) const = default;
};

inline constexpr int maxPulseAlerts = 3;
inline constexpr int maxPulseBudgets = 4;
inline constexpr qint64 healthSpanMs = 1'800'000; ///< that the strip shows

[[nodiscard]] PulseText pulseText(const monitoring::Pulse& pulse);
/// The dashboard that draws this metric; else the first.
[[nodiscard]] QString dashboardOf(const QString& metric, const monitoring::Pulse& pulse);

/// One line of how many health endpoints answer and which do not, with the last half hour; none where there is nothing
/// to ask.
[[nodiscard]] QList<PulseLine> healthLines(const monitoring::ProbeSource& probes, qint64 nowMs);
/// "2 health endpoints do not answer"; empty where none is known not to.
[[nodiscard]] QString healthVerdict(const monitoring::ProbeSource& probes);

/// "14:03:22"
[[nodiscard]] QString clockText(qint64 ms);
/// Can be read from three metres on a common screen: digits of some 5 mm.
[[nodiscard]] QFont farFont(const Theme& theme);

} // namespace wk::widgets
