// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "Platforms.h"
#include "monitoring/metrics/DashboardPlan.h"
#include "monitoring/metrics/MetricExample.h"

#include <cmath>
#include <map>

namespace wk::test {

/// A history for everything that the dashboards of the platforms ask, made of the examples of their metrics: a sample a
/// minute, for `minutes` up to `endS`.
class ExampleHistory
{
public:
    void add(const platform::Platform& platform, const monitoring::MetricCatalog& catalog)
    {
        for (const platform::Dashboard& dashboard : platform.dashboards) {
            for (const platform::Dashboard::Panel& panel : dashboard.panels) {
                const platform::Metric* metric = catalog.find(panel.name);
                if (!metric)
                    continue;
                add(*metric, platform, {});
                for (const int quantile : panel.quantiles)
                    add(*metric, platform, double(quantile));
            }
        }
    }

    [[nodiscard]] QByteArray openMetrics(qint64 endS, int minutes) const
    {
        QByteArray out;
        int which = 0;
        for (const auto& [name, figure] : m_series) {
            double count = 0;
            for (int i = 0; i <= minutes; ++i) {
                // No two of them alike, and none of them still.
                const double now = figure.first * (1 + 0.1 * std::sin(i / 7.0 + which));
                count += figure.second ? std::abs(now) : 0;
                out += name.toUtf8() + ' ' + QByteArray::number(figure.second ? count : now, 'g', 12) + ' ' +
                       QByteArray::number(endS - qint64(minutes - i) * 60) + '\n';
            }
            ++which;
        }
        return out + "# EOF\n";
    }
    [[nodiscard]] size_t size() const { return m_series.size(); }

private:
    void add(const platform::Metric& metric, const platform::Platform& platform, std::optional<double> quantile)
    {
        const monitoring::MetricScope scope{&platform, nullptr, nullptr, {}};
        const monitoring::QueryTerms terms{quantile, QStringLiteral("5m"), {}};
        const auto query = monitoring::queryOf(metric, scope, terms);
        if (!query)
            return;
        for (const monitoring::ExampleInput& input : monitoring::exampleOf(metric, *query->form, scope, terms, 0.25)) {
            monitoring::Labels labels = input.labels;
            labels.insert(labels.begin(), {QStringLiteral("__name__"), input.series.section(u'{', 0, 0)});
            m_series.try_emplace(monitoring::labelsText(labels), input.figure.at(0.25), input.figure.counter);
        }
    }

    std::map<QString, std::pair<double, bool>> m_series; ///< figure, whether it is a counter
};

} // namespace wk::test
