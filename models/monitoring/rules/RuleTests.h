// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "monitoring/metrics/MetricQuery.h"
#include "monitoring/rules/RuleFile.h"

namespace wk::monitoring {

/// What a rule was made from: with this its tests are made up.
struct RuleSubject
{
    const platform::Metric* metric = nullptr;
    const platform::MetricForm* form = nullptr;
    MetricScope scope;
    QueryTerms terms;
    platform::Threshold limit;         ///< in the metric's unit
    std::vector<MetricScope> siblings; ///< for which the same alert has rules, this one among them
};

/// Two cases, or three: just beyond the threshold the rule fires after its time and not before; just below it is
/// silent; and where it also watches for what has vanished, it fires without any series. Nothing where the form has no
/// example.
void addTests(RuleFile& file, const PlannedRule& rule, const RuleSubject& subject);

/// An alert as promtool expects it, from a rule, the labels that its expression leaves and its value.
[[nodiscard]] std::pair<Labels, Labels> expectedAlert(const PlannedRule& rule, const Labels& left, double value,
                                                      QStringView unit);

} // namespace wk::monitoring
