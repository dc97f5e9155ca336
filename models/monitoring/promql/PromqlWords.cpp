// SPDX-License-Identifier: GPL-3.0-or-later
#include "monitoring/promql/PromqlWords.h"

#include <QtCore/QSet>

using namespace Qt::StringLiterals;

namespace wk::monitoring {

namespace {

const QSet<QString>& aggregations()
{
    static const QSet<QString> names{u"sum"_s,    u"avg"_s,      u"count"_s,        u"min"_s,        u"max"_s,
                                     u"group"_s,  u"stddev"_s,   u"stdvar"_s,       u"topk"_s,       u"bottomk"_s,
                                     u"limitk"_s, u"quantile"_s, u"count_values"_s, u"limit_ratio"_s};
    return names;
}

const QSet<QString>& functions()
{
    static const QSet<QString> names = [] {
        const QString all =
            u"abs absent absent_over_time acos acosh asin asinh atan atanh avg_over_time ceil changes clamp "
            "clamp_max clamp_min cos cosh count_over_time day_of_month day_of_week day_of_year "
            "days_in_month deg delta deriv double_exponential_smoothing exp floor histogram_avg "
            "histogram_count histogram_fraction histogram_quantile histogram_stddev histogram_stdvar "
            "histogram_sum holt_winters hour idelta increase irate label_join label_replace "
            "last_over_time ln log10 log2 mad_over_time max_over_time min_over_time minute month pi "
            "predict_linear present_over_time quantile_over_time rad rate resets round scalar sgn sin "
            "sinh sort sort_by_label sort_by_label_desc sort_desc sqrt stddev_over_time "
            "stdvar_over_time sum_over_time tan tanh time timestamp vector year"_s;
        const QStringList list = all.split(u' ');
        return QSet<QString>(list.begin(), list.end());
    }();
    return names;
}

QStringList sorted(const QSet<QString>& names)
{
    QStringList list(names.begin(), names.end());
    list.sort();
    return list;
}

} // namespace

QStringList promqlAggregations() { return sorted(aggregations()); }

QStringList promqlFunctions() { return sorted(functions()); }

bool isAggregation(const QString& word) { return aggregations().contains(word); }

bool isPromqlFunction(const QString& word) { return functions().contains(word); }

bool wantsRange(const QString& function)
{
    static const QSet<QString> others{
        u"changes"_s,        u"delta"_s,  u"deriv"_s,    u"double_exponential_smoothing"_s,
        u"holt_winters"_s,   u"idelta"_s, u"increase"_s, u"irate"_s,
        u"predict_linear"_s, u"rate"_s,   u"resets"_s};
    return function.endsWith(u"_over_time") || others.contains(function);
}

} // namespace wk::monitoring
