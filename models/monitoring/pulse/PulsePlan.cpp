// SPDX-License-Identifier: GPL-3.0-or-later
#include "monitoring/pulse/PulsePlan.h"

#include <QtCore/QCoreApplication>

namespace wk::monitoring {

using namespace Qt::StringLiterals;

namespace {

QString tr(const char* text) { return QCoreApplication::translate("wk::monitoring::Pulse", text); }

struct Looked
{
    GoldenSignal signal;
    QLatin1StringView key, metric;
    int quantile; ///< percent; 0: none
};

// What is short first is what the nodes, then the databases, then the containers have: all of them shares.
constexpr Looked lookedAt[] = {
    {GoldenSignal::Rate, "rate"_L1, "request-rate"_L1, 0},
    {GoldenSignal::Errors, "errors"_L1, "error-rate"_L1, 0},
    {GoldenSignal::Latency, "latency"_L1, "latency"_L1, 95},
    {GoldenSignal::Saturation, "saturation.cpu"_L1, "node-cpu"_L1, 0},
    {GoldenSignal::Saturation, "saturation.memory"_L1, "node-memory"_L1, 0},
    {GoldenSignal::Saturation, "saturation.disk"_L1, "disk"_L1, 0},
    {GoldenSignal::Saturation, "saturation.connections"_L1, "database-connections"_L1, 0},
    {GoldenSignal::Saturation, "saturation.container"_L1, "memory-of-limit"_L1, 0},
};

/// One figure of several series: the answer stays as small as a line, however large the platform is.
QString reduced(const platform::Metric& metric, const QString& promql)
{
    switch (metric.overall) {
    case platform::Metric::Overall::Max: return u"topk(1, %1)"_s.arg(promql);
    case platform::Metric::Overall::Min: return u"bottomk(1, %1)"_s.arg(promql);
    case platform::Metric::Overall::Sum: return u"sum(%1)"_s.arg(promql);
    case platform::Metric::Overall::Mean: return u"avg(%1)"_s.arg(promql);
    }
    return promql;
}

QString alternatives(QStringList words)
{
    words.prepend(QString()); // or none at all
    return promqlQuoted(words.join(u'|'));
}

} // namespace

QString firingAlerts(const platform::Platform& platform)
{
    return u"ALERTS{alertstate=\"firing\",severity!=\"none\",platform=~%1,namespace=~%2}"_s.arg(
        alternatives({platform.name}), alternatives(platform.namespaceNames()));
}

PulsePlan pulsePlan(const platform::Platform& platform, const MetricCatalog& catalog, const SeriesPresence& presence)
{
    PulsePlan out;
    for (const Looked& looked : lookedAt) {
        PulsePart part{looked.signal, QString(looked.key), {}, {}};
        platform::Dashboard dashboard;
        dashboard.panels.push_back({QString(looked.metric), {}, {}, {}});
        if (looked.quantile > 0)
            dashboard.panels.back().quantiles = {looked.quantile};
        part.plan = std::move(planOf(dashboard, platform, catalog, presence).panels.front());
        if (part.plan.why.isEmpty() && part.plan.metric && !part.plan.queries.empty())
            part.promql = reduced(*part.plan.metric, part.plan.queries.front().promql);
        out.parts.push_back(std::move(part));
    }
    for (const platform::Slo& slo : platform.slos) {
        if (auto spec = specOf(slo, platform, catalog); !spec)
            out.budgetGaps.push_back(slo.title);
        else if (spec->kind == SloSpec::Kind::Budget)
            out.budgets.push_back(std::move(*spec));
    }
    out.alerts = u"count by (severity, alertname, threshold, service) (%1)"_s.arg(firingAlerts(platform));
    return out;
}

QStringList pulseNeeds(const platform::Platform& platform, const MetricCatalog& catalog)
{
    QStringList out;
    const MetricScope scope{&platform, nullptr, nullptr, {}};
    for (const Looked& looked : lookedAt) {
        QueryTerms terms;
        if (looked.quantile > 0)
            terms.quantile = looked.quantile;
        if (const platform::Metric* const metric = catalog.named(QString(looked.metric)))
            out += neededSeries(*metric, scope, terms);
    }
    out.removeDuplicates();
    return out;
}

QString signalTitle(GoldenSignal signal)
{
    switch (signal) {
    case GoldenSignal::Rate: return tr("Requests");
    case GoldenSignal::Errors: return tr("Errors");
    case GoldenSignal::Latency: return tr("p95");
    case GoldenSignal::Saturation: return tr("Fullest");
    }
    return {};
}

} // namespace wk::monitoring
