// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "monitoring/metrics/MetricCatalog.h"
#include "monitoring/metrics/MetricQuery.h"

namespace wk::monitoring {

/// What an SLO of a platform file comes to in Prometheus. Points into the platform and the catalogue it was made from.
struct SloSpec
{
    enum class Kind {
        Budget, ///< a share of what may be bad: availability, errors, requests slower than the limit
        Level   ///< a figure that has to be held (requests a second): no share, so no budget
    };
    Kind kind = Kind::Budget;
    const platform::Slo* slo = nullptr;
    const platform::Metric* metric = nullptr; ///< what is asked
    const platform::Metric* traffic =
        nullptr; ///< what counts the events; nullptr where time is measured, or nobody counts
    MetricScope scope;
    QueryTerms terms;
    bool good = false;             ///< the metric is the good share, not the bad one
    double allowed = 0;            ///< share that may be bad: 0.001 for 99.9 %; of a Level 0
    platform::Threshold objective; ///< in the unit of the SLO's own metric

    /// The bad share over a window, where the server has no recording rules of ours. Of a Level: the figure itself.
    [[nodiscard]] Result<QString> badShare(const QString& window, const SeriesPresence& presence = {}) const;
    /// For how many ms of the window the bad share is known, looked at every five minutes. Of a Level as well.
    [[nodiscard]] Result<QString> knownMs(const QString& window, const SeriesPresence& presence = {}) const;
    /// How many events the window held. Unsupported where there are none to count.
    [[nodiscard]] Result<QString> events(const QString& window, const SeriesPresence& presence = {}) const;
    /// The metric at each moment, of a metric that is true or false (Metric::moments).
    [[nodiscard]] Result<MetricQuery> moment(const SeriesPresence& presence = {}) const;
};

/// P95 < 200 ms means that at most 5 % of the requests take longer: that is the budget. Unsupported with the reason
/// where the metric is unknown, cannot be asked or has no objective that fits it.
[[nodiscard]] Result<SloSpec> specOf(const platform::Slo& slo, const platform::Platform& platform,
                                     const MetricCatalog& catalog);

/// "The document says 43m; of this period, 99.9 % leave 44 min 38 s": where what the file states is another budget than
/// its objective leaves by more than a hundredth; else empty.
[[nodiscard]] QString statedBudgetText(const platform::Slo& slo, qint64 allowedMs);

} // namespace wk::monitoring
