// SPDX-License-Identifier: GPL-3.0-or-later
#include "monitoring/metrics/DashboardPlan.h"

#include "monitoring/metrics/MetricUnits.h"
#include "monitoring/rules/AlertRules.h"

#include <QtCore/QCoreApplication>

using namespace Qt::StringLiterals;

namespace wk::monitoring {

namespace {

QString tr(const char* text) { return QCoreApplication::translate("wk::monitoring", text); }

PanelBand::Kind bandKind(platform::Urgency urgency)
{
    switch (urgency) {
    case platform::Urgency::Critical: return PanelBand::Kind::Critical;
    case platform::Urgency::Warning: return PanelBand::Kind::Warning;
    case platform::Urgency::Info: return PanelBand::Kind::Info;
    }
    return PanelBand::Kind::Info;
}

// Collects the limits on one metric.
class Bands
{
public:
    Bands(const PanelPlan& panel, const platform::Dashboard::Panel& of, const MetricCatalog& catalog)
        : m_panel(panel), m_of(of), m_catalog(catalog)
    {
    }

    void add(PanelBand::Kind kind, const QString& metric, const std::optional<platform::Threshold>& limit,
             std::optional<double> quantile, const QString& title, const QString& source)
    {
        if (!limit || m_catalog.find(metric, limit) != m_panel.metric)
            return;
        // The limit of one quantile says nothing about the line of another, or of the mean.
        const bool drawn = !quantile || std::ranges::any_of(m_of.quantiles, [&](int q) { return q == *quantile; });
        if (!drawn || (!quantile && !m_of.quantiles.empty()))
            return;
        platform::Threshold scaled = *inUnit(*limit, m_panel.metric->unit);
        scaled.value *= m_panel.factor;
        scaled.upper *= m_panel.factor;
        const auto same = [&](const PanelBand& band) {
            return band.kind == kind && band.limit == scaled && band.quantile == quantile && band.source == source;
        };
        if (std::ranges::none_of(m_bands, same)) // an SLO and a KPI often say the same
            m_bands.push_back({kind, scaled, quantile, title, source});
    }

    [[nodiscard]] std::vector<PanelBand> take() { return std::move(m_bands); }

private:
    const PanelPlan& m_panel;
    const platform::Dashboard::Panel& m_of;
    const MetricCatalog& m_catalog;
    std::vector<PanelBand> m_bands;
};

std::vector<PanelBand> bandsOf(const PanelPlan& panel, const platform::Dashboard::Panel& of,
                               const platform::Platform& platform, const MetricCatalog& catalog)
{
    Bands bands(panel, of, catalog);
    for (const platform::Alert& alert : thresholdsOf(platform))
        bands.add(bandKind(alert.urgency), alert.metric, limitOf(alert, *panel.metric), alert.quantile, alert.title,
                  alert.source);
    for (const platform::Slo& slo : platform.slos)
        bands.add(PanelBand::Kind::Target, slo.metric, slo.objective, slo.quantile, slo.title, slo.source);
    for (const platform::Kpi& kpi : platform.kpis)
        bands.add(PanelBand::Kind::Target, kpi.metric, kpi.target, kpi.quantile, kpi.title, kpi.source);
    return bands.take();
}

PanelPlan planOf(const platform::Dashboard::Panel& panel, const platform::Platform& platform,
                 const MetricCatalog& catalog, const SeriesPresence& presence)
{
    PanelPlan plan;
    plan.name = panel.name;
    plan.reading = panel.reading;
    plan.metric = catalog.find(panel.name);
    if (!plan.metric) {
        plan.why = tr("No metric is called \"%1\"; the platform file may describe one under metrics").arg(panel.name);
        return plan;
    }
    plan.unit = displayUnit(plan.metric->unit);
    if (const auto factor = displayFactor(plan.metric->unit, panel.unit)) {
        plan.unit = panel.unit;
        plan.factor = *factor;
    } else if (plan.metric->unit == u"ratio") {
        plan.factor = 100;
    }
    if (plan.metric->unit == u"ratio" && plan.factor == 100)
        plan.unit = u"%"_s;
    plan.legend = plan.metric->by;
    std::vector<std::optional<double>> quantiles{std::nullopt};
    if (!panel.quantiles.empty())
        quantiles.assign(panel.quantiles.begin(), panel.quantiles.end());
    for (const std::optional<double>& quantile : quantiles) {
        const auto query = queryOf(*plan.metric, {&platform, nullptr, nullptr, {}}, {quantile, u"5m"_s, {}}, presence);
        if (!query) {
            plan.why = query.error().sentence;
            return plan;
        }
        // What is true or false at each moment is drawn as the share of the last hour.
        const QString promql =
            plan.metric->moments ? u"avg_over_time((%1)[1h:1m])"_s.arg(query->promql) : query->promql;
        plan.queries.push_back({promql, quantile ? u"p%1"_s.arg(*quantile) : QString()});
        plan.missing = query->missing;
    }
    plan.bands = bandsOf(plan, panel, platform, catalog);
    return plan;
}

} // namespace

DashboardPlan planOf(const platform::Dashboard& dashboard, const platform::Platform& platform,
                     const MetricCatalog& catalog, const SeriesPresence& presence)
{
    DashboardPlan plan{dashboard.name, dashboard.title, dashboard.source, {}};
    for (const platform::Dashboard::Panel& panel : dashboard.panels)
        plan.panels.push_back(planOf(panel, platform, catalog, presence));
    return plan;
}

} // namespace wk::monitoring
