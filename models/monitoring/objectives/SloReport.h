// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "monitoring/objectives/Burn.h"
#include "monitoring/objectives/SloBudget.h"
#include "monitoring/objectives/SloSpec.h"

namespace wk::monitoring {

/// One question about an SLO; its answer is one figure, or none.
struct SloQuestion
{
    enum class What {
        Share,  ///< that was bad in the window; of a Level the figure itself
        Known,  ///< for how many ms of the window that is known
        Events, ///< that the window held
    };
    What what = What::Share;
    QString window; ///< "1h"; of the period so far "20d19h"
    bool ofPeriod = false;
    QString promql;
};

/// What has to be asked for a report: about the period so far, and the share of each of the burn windows. Where the
/// server has our recording rules (`presence` knows recordedShare()), the windows are read from them.
[[nodiscard]] std::vector<SloQuestion> questionsOf(const SloSpec& spec, const Period& period, qint64 nowMs,
                                                   const SeriesPresence& presence = {});

/// An SLO at a moment.
struct SloReport
{
    SloStatus status; ///< of a Level only the period
    std::array<BurnReading, 4> burns;
    BurnState burn = BurnState::Unknown;
    std::optional<double> rate;        ///< how fast the budget was spent in the last hour
    std::optional<qint64> exhaustedMs; ///< until nothing is left, at that rate
    std::optional<double> level;       ///< of a Level: the figure over the period
    std::optional<bool> held;          ///< whether the objective is kept so far; nothing where it is not known
    QStringList words;                 ///< sentences, the most important first
};

/// @param answers one for each of the questions, in their order; nullopt or NaN where there was none
[[nodiscard]] SloReport reportOf(const SloSpec& spec, const Period& period, qint64 nowMs,
                                 const std::vector<SloQuestion>& questions,
                                 const std::vector<std::optional<double>>& answers);

} // namespace wk::monitoring
