// SPDX-License-Identifier: GPL-3.0-or-later
#include "monitoring/objectives/Kpi.h"

#include "monitoring/metrics/MetricUnits.h"

#include <QtCore/QCoreApplication>

#include <cmath>

using namespace Qt::StringLiterals;

namespace wk::monitoring {

namespace {

using Comparison = platform::Threshold::Comparison;
using Verdict = KpiReading::Verdict;
using Trend = KpiReading::Trend;

QString tr(const char* text) { return QCoreApplication::translate("wk::monitoring", text); }

std::vector<platform::Kpi> targetsOf(const platform::Platform& platform)
{
    std::vector<platform::Kpi> all = platform.kpis;
    for (const platform::CostTarget& cost : platform.costs) {
        platform::Kpi kpi;
        kpi.name = cost.name;
        kpi.title = cost.period.isEmpty() ? tr("Cost per %1").arg(cost.per)
                                          : tr("Cost per %1 and %2").arg(cost.per, cost.period);
        kpi.group = u"cost"_s;
        kpi.metric = u"cost per "_s + cost.per;
        kpi.target = cost.limit;
        kpi.per = cost.period;
        kpi.source = cost.source;
        all.push_back(std::move(kpi));
    }
    return all;
}

QString aggregated(const platform::Metric& metric, const QString& query)
{
    static const QHash<platform::Metric::Overall, QString> names{{platform::Metric::Overall::Max, u"max"_s},
                                                                 {platform::Metric::Overall::Min, u"min"_s},
                                                                 {platform::Metric::Overall::Sum, u"sum"_s},
                                                                 {platform::Metric::Overall::Mean, u"avg"_s}};
    // Of utilisation the mean over nodes is the figure that targets speak of, not the worst of them.
    const bool mean = metric.scope == platform::Metric::Scope::Node && metric.unit == u"ratio";
    return metric.by.isEmpty() ? query : u"%1(%2)"_s.arg(mean ? u"avg"_s : names.value(metric.overall), query);
}

// How far a figure is from being as good as it can be: below 0 beyond the target.
double distance(const platform::Threshold& target, double value)
{
    switch (target.comparison) {
    case Comparison::Less:
    case Comparison::LessOrEqual: return value - target.value;
    case Comparison::Greater:
    case Comparison::GreaterOrEqual: return target.value - value;
    case Comparison::Equal: return std::abs(value - target.value);
    case Comparison::NotEqual: return -std::abs(value - target.value);
    // Inside the range every figure is as good as another.
    case Comparison::Between: return std::max({target.value - value, value - target.upper, 0.0});
    }
    return 0;
}

std::optional<double> finite(std::optional<double> value)
{
    return value && std::isfinite(*value) ? value : std::nullopt;
}

QString trendWord(Trend trend)
{
    switch (trend) {
    case Trend::Better: return tr("better");
    case Trend::Worse: return tr("worse");
    case Trend::Steady: return tr("steady");
    case Trend::Unknown: return tr("no trend");
    }
    return {};
}

} // namespace

std::vector<KpiPlan> kpisOf(const platform::Platform& platform, const MetricCatalog& catalog, const QString& period,
                            const SeriesPresence& presence)
{
    std::vector<KpiPlan> plans;
    for (platform::Kpi& kpi : targetsOf(platform)) {
        KpiPlan plan{std::move(kpi), nullptr, {}, {}, {}};
        plan.metric = catalog.find(plan.kpi.metric, plan.kpi.target);
        if (plan.metric && plan.kpi.target)
            plan.target = inUnit(*plan.kpi.target, plan.metric->unit);
        if (plan.metric) {
            const QueryTerms terms{plan.kpi.quantile, period, {}};
            const auto query = queryOf(*plan.metric, {&platform, nullptr, nullptr, {}}, terms, presence);
            if (!query) {
                plan.why = query.error().sentence;
            } else {
                plan.promql = aggregated(*plan.metric, query->promql);
                if (!query->form->query.contains(u"$window"))
                    // A minute of failure matters to availability; of a gauge, one sample an hour gives the same mean.
                    plan.promql = u"avg_over_time((%1)[%2:%3])"_s.arg(plan.promql, period,
                                                                      plan.metric->moments ? u"5m"_s : u"1h"_s);
            }
        } else {
            plan.why = tr("no metric is called \"%1\"").arg(plan.kpi.metric);
        }
        plans.push_back(std::move(plan));
    }
    return plans;
}

KpiReading readKpi(const KpiPlan& plan, std::optional<double> value, std::optional<double> previous, qint64 atMs)
{
    KpiReading reading;
    reading.value = finite(value);
    reading.previous = finite(previous);
    reading.query = plan.promql;
    reading.source = plan.kpi.source;
    reading.atMs = atMs;
    if (!reading.value) {
        reading.words = plan.why.isEmpty() ? tr("Not measured: Prometheus has no figure for the period") : plan.why;
        return reading;
    }
    const QString unit = plan.metric ? plan.metric->unit : QString();
    const QString figure = figureText(*reading.value, unit);
    const QString before = reading.previous ? figureText(*reading.previous, unit) : QString();
    if (!plan.target) {
        reading.verdict = Verdict::NoTarget;
        reading.words = tr("%1; the document gives no target").arg(figure);
        reading.trendWords = reading.previous ? tr("%1 a period ago").arg(before) : QString();
        return reading;
    }
    reading.verdict = plan.target->holds(*reading.value) ? Verdict::Met : Verdict::Missed;
    reading.words = reading.verdict == Verdict::Met ? tr("%1, as wanted: %2").arg(figure, plan.kpi.target->text())
                                                    : tr("%1, but %2 is wanted").arg(figure, plan.kpi.target->text());
    if (!reading.previous)
        return reading;
    const double change = distance(*plan.target, *reading.value) - distance(*plan.target, *reading.previous);
    const double scale = std::max(std::abs(*reading.value), std::abs(*reading.previous));
    reading.trend = std::abs(change) <= 0.01 * scale ? Trend::Steady : change < 0 ? Trend::Better : Trend::Worse;
    reading.trendWords = tr("%1 a period ago: %2").arg(before, trendWord(reading.trend));
    return reading;
}

} // namespace wk::monitoring
