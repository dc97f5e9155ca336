// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/Result.h"
#include "monitoring/promql/Promql.h"
#include "platform/Platform.h"

#include <functional>

namespace wk::monitoring {

/// For whom a metric is asked: the platform, one of its services, one workload of a service, or a node.
struct MetricScope
{
    const platform::Platform* platform = nullptr;
    const platform::Service* service = nullptr;
    const platform::Workload* workload = nullptr;
    QString node;
};

/// What stands for the words of a form.
struct QueryTerms
{
    std::optional<double> quantile; ///< percent: 95
    QString window = QStringLiteral("5m");
    std::optional<double> limit; ///< of a share of slow requests: seconds
};

/// Whether the server has a series for the selector; nullopt where nobody has asked.
using SeriesPresence = std::function<std::optional<bool>(const QString& selector)>;

struct MetricQuery
{
    QString promql;
    const platform::MetricForm* form = nullptr;
    /// Selectors without which there will be no answer, all of which the server is known not to have: why there is no
    /// data. Empty where the form is there, or nobody knows.
    QStringList missing;
};

/// The PromQL for a metric: of the first form whose series the server has. Forms that use somebody else's recording
/// rule are passed over unless the rule is known to be there. Unsupported with the reason where Prometheus cannot
/// answer; BadInput where a quantile or a limit is wanted and not given.
[[nodiscard]] Result<MetricQuery> queryOf(const platform::Metric& metric, const MetricScope& scope,
                                          const QueryTerms& terms = {}, const SeriesPresence& presence = {});

/// What has to be looked up for queryOf() to choose well.
[[nodiscard]] QStringList neededSeries(const platform::Metric& metric, const MetricScope& scope,
                                       const QueryTerms& terms = {});

/// The services of the platform that have the metric and whose series can be told from others.
[[nodiscard]] std::vector<const platform::Service*> servicesWith(const platform::Metric& metric,
                                                                 const platform::Platform& platform);

/// The matchers that find the scope's series.
[[nodiscard]] std::vector<PromqlNode::Matcher> matchersOf(const MetricScope& scope, platform::MetricForm::Find find);

/// A form's text with its words filled in.
[[nodiscard]] QString filledIn(const QString& text, const platform::Metric& metric, const platform::MetricForm& form,
                               const MetricScope& scope, const QueryTerms& terms);

} // namespace wk::monitoring
