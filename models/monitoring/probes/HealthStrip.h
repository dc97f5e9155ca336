// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "monitoring/probes/ProbeBook.h"

namespace wk::monitoring {

/// How the probes of a place stood in one stretch of time, each by the worst that it said.
struct HealthCell
{
    int up = 0, slow = 0, down = 0, unasked = 0;
    [[nodiscard]] int known() const { return up + slow + down; }
    bool operator==(const HealthCell&) const = default;
};

/// The last `spanMs` in so many cells, the newest last. An answer holds until the next one, though no longer than two
/// turns: what nobody asked for is in no cell.
[[nodiscard]] std::vector<HealthCell> healthStrip(const ProbeBook& book, qint64 nowMs, qint64 spanMs, int cells);

/// Whether services answer, in words and figures for one line.
struct HealthSummary
{
    int answer = 0, asked = 0; ///< of those that were asked
    int waiting = 0;           ///< that have not answered for the first time
    int unasked = 0;           ///< that could not be asked from here
    QStringList down, slow;    ///< ids
    QString why;               ///< why not, of the first that could not be asked
};
[[nodiscard]] HealthSummary healthSummary(const ProbeBook& book);

} // namespace wk::monitoring
