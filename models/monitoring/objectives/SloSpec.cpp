// SPDX-License-Identifier: GPL-3.0-or-later
#include "monitoring/objectives/SloSpec.h"

#include "monitoring/metrics/MetricUnits.h"
#include "monitoring/objectives/SloBudget.h"

#include <QtCore/QCoreApplication>

using namespace Qt::StringLiterals;

namespace wk::monitoring {

namespace {

using Comparison = platform::Threshold::Comparison;

QString tr(const char* text) { return QCoreApplication::translate("wk::monitoring", text); }

bool isUpper(Comparison comparison) { return comparison == Comparison::Less || comparison == Comparison::LessOrEqual; }
bool isLower(Comparison comparison)
{
    return comparison == Comparison::Greater || comparison == Comparison::GreaterOrEqual;
}

} // namespace

Result<SloSpec> specOf(const platform::Slo& slo, const platform::Platform& platform, const MetricCatalog& catalog)
{
    const auto refuse = [&](const QString& why) {
        return fail(Error::Kind::Unsupported, tr("%1: %2").arg(slo.title, why));
    };
    SloSpec spec;
    spec.slo = &slo;
    spec.metric = slo.objective ? catalog.find(slo.metric, slo.objective) : nullptr;
    if (!spec.metric)
        return refuse(tr("no metric is called \"%1\" with an objective of %2")
                          .arg(slo.metric, slo.objective ? slo.objective->text() : tr("nothing")));
    if (spec.metric->forms.empty())
        return refuse(spec.metric->unmeasured);
    spec.scope = {&platform, slo.service.isEmpty() ? nullptr : platform.service(slo.service), nullptr, {}};
    spec.objective = *inUnit(*slo.objective, spec.metric->unit);
    const bool upper = isUpper(spec.objective.comparison);
    if (!upper && !isLower(spec.objective.comparison))
        return refuse(tr("an objective says \"less than\" or \"more than\""));

    if (spec.metric->unit == u"ratio") {
        spec.good = !upper;
        spec.allowed = upper ? spec.objective.value : 1 - spec.objective.value;
    } else if (spec.metric->unit == u"s" && upper && slo.quantile && !spec.metric->slow.isEmpty()) {
        spec.terms.limit = spec.objective.value;
        spec.allowed = 1 - *slo.quantile / 100;
        spec.metric = catalog.named(spec.metric->slow);
        if (!spec.metric)
            return refuse(tr("the share of slow requests is not described among the metrics"));
    } else {
        spec.kind = SloSpec::Kind::Level;
        spec.terms.quantile = slo.quantile;
        return spec;
    }
    spec.traffic = spec.metric->traffic.isEmpty() ? nullptr : catalog.named(spec.metric->traffic);
    if (spec.allowed <= 0 || spec.allowed >= 1)
        return refuse(tr("an objective of %1 leaves no budget").arg(slo.objective->text()));
    return spec;
}

QString statedBudgetText(const platform::Slo& slo, qint64 allowedMs)
{
    if (!slo.budgetMs || std::abs(*slo.budgetMs - allowedMs) <= allowedMs / 100)
        return {};
    return tr("The document says %1; of this period, %2 leave %3")
        .arg(spanText(*slo.budgetMs), slo.objective ? slo.objective->text() : tr("its objective"), spanText(allowedMs));
}

Result<MetricQuery> SloSpec::moment(const SeriesPresence& presence) const
{
    return queryOf(*metric, scope, terms, presence);
}

Result<QString> SloSpec::events(const QString& window, const SeriesPresence& presence) const
{
    const auto ms = promqlDurationMs(window);
    if (!traffic || !ms)
        return fail(Error::Kind::Unsupported, tr("\"%1\" counts no events").arg(slo->title));
    const auto query = queryOf(*traffic, scope, {{}, window, {}}, presence);
    if (!query)
        return fail(query.error());
    return u"%1 * (%2)"_s.arg(promqlNumber(double(*ms) / 1000), query->promql);
}

Result<QString> SloSpec::knownMs(const QString& window, const SeriesPresence& presence) const
{
    QueryTerms now = terms;
    now.window = u"5m"_s;
    const auto query = queryOf(*metric, scope, now, presence);
    if (!query)
        return fail(query.error());
    // NaN counts: where requests are counted and there are none, that is known. What is absent is not.
    return u"300000 * count_over_time((%1)[%2:5m])"_s.arg(query->promql, window);
}

Result<QString> SloSpec::badShare(const QString& window, const SeriesPresence& presence) const
{
    QueryTerms over = terms;
    over.window = window;
    const auto query = queryOf(*metric, scope, over, presence);
    if (!query)
        return fail(query.error());
    QString text = metric->moments ? u"avg_over_time((%1)[%2:1m])"_s.arg(query->promql, window) : query->promql;
    if (kind == Kind::Budget && good)
        text = u"1 - "_s + (metric->moments ? text : u'(' + text + u')');
    return text;
}

} // namespace wk::monitoring
