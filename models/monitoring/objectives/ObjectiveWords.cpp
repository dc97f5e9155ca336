// SPDX-License-Identifier: GPL-3.0-or-later
#include "monitoring/objectives/ObjectiveWords.h"

#include "monitoring/metrics/MetricUnits.h"

#include <QtCore/QCoreApplication>

#include <cmath>

using namespace Qt::StringLiterals;

namespace wk::monitoring {

namespace {

QString tr(const char* text) { return QCoreApplication::translate("wk::monitoring", text); }

} // namespace

QString goodShareText(double share)
{
    const double bad = 100 * (1 - share);
    if (bad == 0 || !std::isfinite(bad))
        return tr("%1 %").arg(100 * share);
    // Two digits of what is missing: 99.9987 %, and not 100 %.
    const int digits = int(std::clamp(1 - std::floor(std::log10(std::abs(bad))), 0.0, 6.0));
    QString text = QString::number(100 * share, 'f', digits);
    while (text.contains(u'.') && (text.endsWith(u'0') || text.endsWith(u'.')))
        text.chop(1);
    return tr("%1 %").arg(text);
}

QString measuredText(const ObjectiveFeed::Slo& slo)
{
    if (!slo.spec || slo.askedMs == 0)
        return {};
    const SloSpec& spec = *slo.spec;
    if (spec.kind == SloSpec::Kind::Level)
        return slo.report.level ? figureText(*slo.report.level, spec.metric->unit) : QString();
    if (!slo.report.status.good)
        return {};
    const double good = *slo.report.status.good;
    if (spec.terms.limit)
        return tr("%1 within %2").arg(goodShareText(good), figureText(*spec.terms.limit, u"s"));
    return spec.good ? goodShareText(good) : figureText(1 - good, u"ratio");
}

QString burnText(const SloReport& report)
{
    switch (report.burn) {
    case BurnState::Quiet: return tr("no");
    case BurnState::Unknown: return tr("not known");
    case BurnState::Ticket:
    case BurnState::Page: break;
    }
    for (size_t i = 0; i < burnPairs.size(); ++i) {
        if (!report.burns[i].burning)
            continue;
        const QString rate = QString::number(*report.burns[i].longRate, 'g', 3);
        const QString windows =
            tr("%1 times in %2 and %3").arg(rate, spanText(burnPairs[i].longMs), spanText(burnPairs[i].shortMs));
        return burnPairs[i].pages ? tr("page: %1").arg(windows) : tr("ticket: %1").arg(windows);
    }
    return {};
}

QString exhaustionText(const SloReport& report)
{
    if (report.status.remaining && *report.status.remaining <= 0)
        return tr("spent");
    if (report.rate && *report.rate == 0)
        return tr("lasts the period");
    if (!report.exhaustedMs)
        return {};
    if (report.status.elapsedMs + *report.exhaustedMs >= report.status.period.length())
        return tr("lasts the period");
    return spanText(*report.exhaustedMs);
}

Standing standingOf(const ObjectiveFeed::Slo& slo)
{
    if (!slo.spec || slo.askedMs == 0)
        return Standing::Unknown;
    const SloReport& report = slo.report;
    if (slo.spec->kind == SloSpec::Kind::Level)
        return !report.held ? Standing::Unknown : *report.held ? Standing::Good : Standing::Bad;
    if (report.status.state == SloStatus::State::Spent || report.burn == BurnState::Page)
        return Standing::Bad;
    if (report.status.state == SloStatus::State::Unknown)
        return Standing::Unknown;
    const bool sure = report.status.state == SloStatus::State::Kept && report.burn != BurnState::Ticket;
    return sure ? Standing::Good : Standing::Warning;
}

Standing standingOf(const KpiReading& reading)
{
    switch (reading.verdict) {
    case KpiReading::Verdict::Met: return Standing::Good;
    case KpiReading::Verdict::Missed: return Standing::Bad;
    case KpiReading::Verdict::NoTarget:
    case KpiReading::Verdict::Unknown: break;
    }
    return Standing::Unknown;
}

QString targetGroupText(const QString& group)
{
    static constexpr std::pair<QStringView, const char*> names[] = {
        {u"reliability", QT_TRANSLATE_NOOP("wk::monitoring", "Reliability")},
        {u"performance", QT_TRANSLATE_NOOP("wk::monitoring", "Performance")},
        {u"efficiency", QT_TRANSLATE_NOOP("wk::monitoring", "Efficiency")},
        {u"cost", QT_TRANSLATE_NOOP("wk::monitoring", "Cost")},
    };
    for (const auto& [name, text] : names) {
        if (group == name)
            return tr(text);
    }
    return group.isEmpty() ? tr("Other") : group;
}

QString trendText(KpiReading::Trend trend)
{
    switch (trend) {
    case KpiReading::Trend::Better: return tr("better");
    case KpiReading::Trend::Worse: return tr("worse");
    case KpiReading::Trend::Steady: return tr("steady");
    case KpiReading::Trend::Unknown: break;
    }
    return {};
}

} // namespace wk::monitoring
