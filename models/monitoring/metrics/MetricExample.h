// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "monitoring/metrics/MetricQuery.h"
#include "monitoring/prometheus/Answer.h"

namespace wk::monitoring {

/// One series of the example that gives a form the value v, for one scope.
struct ExampleInput
{
    QString series;
    Labels labels;
    platform::ExampleSeries figure;
    bool bound = false; ///< the series itself depends on v: the bound of a histogram's bucket
};

/// The example of a form, filled in for the scope and the value. Empty where the form has none, or where the scope's
/// matchers cannot be met by a made-up series (a regular expression of a platform file).
[[nodiscard]] std::vector<ExampleInput> exampleOf(const platform::Metric& metric, const platform::MetricForm& form,
                                                  const MetricScope& scope, const QueryTerms& terms, double v);

/// promtool's notation of a series over time: `quiet` for so many minutes, then `loud`. A series whose name depends on
/// the value has no samples while it is quiet.
[[nodiscard]] QString exampleValues(const ExampleInput& input, double quiet, qint64 quietMinutes, double loud,
                                    qint64 loudMinutes);

} // namespace wk::monitoring
