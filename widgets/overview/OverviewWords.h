// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cluster/connection/ClusterTarget.h"
#include "cluster/tallies/Overview.h"
#include "widgets/overview/OverviewRow.h"

namespace wk::widgets {

/// A line of a tile and where it leads.
struct OverviewLine
{
    OverviewRow::Content content;
    cluster::ClusterTarget target;
    bool operator==(const OverviewLine&) const = default;
};

/// A snapshot in words; no widget, so that every sentence can be tested.
struct OverviewText
{
    table::Health health = table::Health::Unknown;
    QString verdict;             ///< "2 of 12 services need a look"
    QList<OverviewLine> trouble; ///< the worst first; at most `maxTrouble`
    int moreTrouble = 0;         ///< how many more there are
    QList<OverviewLine> services;
    QList<OverviewLine> facts; ///< services, workloads, pods, nodes
    QList<OverviewLine> warnings;
    int moreWarnings = 0;
    bool operator==(const OverviewText&) const = default;
};

inline constexpr int maxTrouble = 4;
inline constexpr int maxWarnings = 3;

[[nodiscard]] OverviewText overviewText(const cluster::OverviewSnapshot& snapshot, const cluster::OverviewSpec& spec,
                                        qint64 nowMs);

/// The filter, for the namespaces of the platform alone.
[[nodiscard]] QString inSpaces(const QString& filter, const cluster::OverviewSpec& spec);
[[nodiscard]] cluster::ClusterTarget podsInTrouble(const cluster::OverviewSpec& spec);

/// "deployments.apps" of "Deployment".
[[nodiscard]] QString workloadKindId(const QString& kind);

} // namespace wk::widgets
