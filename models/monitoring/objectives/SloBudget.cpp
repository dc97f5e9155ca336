// SPDX-License-Identifier: GPL-3.0-or-later
#include "monitoring/objectives/SloBudget.h"

#include "monitoring/metrics/MetricUnits.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QDateTime>

#include <algorithm>
#include <cmath>

using namespace Qt::StringLiterals;

namespace wk::monitoring {

namespace {

QString tr(const char* text) { return QCoreApplication::translate("wk::monitoring", text); }

// The time that stretches with figures cover between the beginning and now; overlaps count once.
qint64 coveredMs(const std::vector<SloStretch>& stretches, const Period& elapsed)
{
    std::vector<Period> known;
    for (const SloStretch& stretch : stretches) {
        const Period part{std::max(stretch.period.fromMs, elapsed.fromMs),
                          std::min(stretch.period.untilMs, elapsed.untilMs)};
        if (std::isfinite(stretch.total) && std::isfinite(stretch.bad) && part.length() > 0)
            known.push_back(part);
    }
    std::ranges::sort(known, {}, &Period::fromMs);
    qint64 covered = 0, until = elapsed.fromMs;
    for (const Period& part : known) {
        covered += std::max<qint64>(part.untilMs - std::max(part.fromMs, until), 0);
        until = std::max(until, part.untilMs);
    }
    return covered;
}

} // namespace

QString spanText(qint64 ms)
{
    struct Unit
    {
        qint64 ms;
        const char* text;
    };
    static constexpr Unit units[] = {{86'400'000, "%1 d"}, {3'600'000, "%1 h"}, {60'000, "%1 min"}, {1000, "%1 s"}};
    QString text = ms < 0 ? u"-"_s : QString();
    ms = std::abs(ms);
    int parts = 0;
    for (const Unit& unit : units) {
        const qint64 count = ms / unit.ms;
        if (parts == 2 || (count == 0 && parts == 0))
            continue;
        ++parts;
        if (count > 0)
            text += (parts > 1 ? u" "_s : QString()) + tr(unit.text).arg(count);
        ms -= count * unit.ms;
    }
    return parts == 0 ? tr("%1 s").arg(0) : text;
}

Period calendarMonth(qint64 atMs, const QTimeZone& zone)
{
    const QDate day = QDateTime::fromMSecsSinceEpoch(atMs, zone).date();
    const QDate first(day.year(), day.month(), 1);
    return {first.startOfDay(zone).toMSecsSinceEpoch(), first.addMonths(1).startOfDay(zone).toMSecsSinceEpoch()};
}

Period rollingWindow(qint64 atMs, qint64 lengthMs) { return {atMs - lengthMs, atMs}; }

std::optional<qint64> SloStatus::remainingMs() const
{
    return remaining ? std::optional(qint64(std::llround(*remaining * double(allowedMs)))) : std::nullopt;
}

SloStatus sloStatus(const Period& period, qint64 nowMs, double allowed, const std::vector<SloStretch>& stretches,
                    bool events)
{
    const Period elapsed{period.fromMs, std::clamp(nowMs, period.fromMs, period.untilMs)};
    SloMeasure measure{0, 0, coveredMs(stretches, elapsed)};
    for (const SloStretch& stretch : stretches) {
        // A stretch that only begins or ends in the period counts by its part.
        const qint64 inside =
            std::min(stretch.period.untilMs, elapsed.untilMs) - std::max(stretch.period.fromMs, elapsed.fromMs);
        if (inside <= 0 || !std::isfinite(stretch.total) || !std::isfinite(stretch.bad))
            continue;
        const double part = double(inside) / double(stretch.period.length());
        measure.total += stretch.total * part;
        measure.bad += stretch.bad * part;
    }
    return sloStatusFrom(period, nowMs, allowed, measure, events);
}

SloStatus sloStatusFrom(const Period& period, qint64 nowMs, double allowed, const SloMeasure& measure, bool events)
{
    SloStatus status;
    status.period = period;
    status.allowed = allowed;
    status.allowedMs = std::llround(double(period.length()) * allowed);
    status.elapsedMs = std::clamp(nowMs, period.fromMs, period.untilMs) - period.fromMs;
    status.knownMs = std::clamp<qint64>(measure.knownMs, 0, status.elapsedMs);
    const bool happened = std::isfinite(measure.total) && std::isfinite(measure.bad) && measure.total > 0;
    if (happened) {
        status.total = measure.total;
        status.bad = measure.bad;
        status.good = 1 - status.bad / status.total;
    }
    if (status.knownMs == 0)
        return status;

    // Where nothing happened, nothing was bad.
    const double badShare = happened ? status.bad / status.total : 0;
    const double passed = double(status.elapsedMs) / double(period.length());
    const double unknown = double(status.unknownMs()) / double(period.length());
    status.remaining = 1 - badShare * passed / allowed;
    status.remainingAtWorst = 1 - (badShare * (passed - unknown) + unknown) / allowed;
    if (events && happened) {
        const double ofPeriod = status.total / double(status.knownMs) * double(period.length());
        status.oneEvent = 1 / (allowed * ofPeriod);
    }
    if (*status.remaining <= 0)
        status.state = SloStatus::State::Spent;
    else
        status.state = *status.remainingAtWorst > 0 ? SloStatus::State::Kept : SloStatus::State::Uncertain;
    return status;
}

std::optional<qint64> exhaustionMs(const SloStatus& status, std::optional<double> burnRate)
{
    if (!status.remaining || !burnRate || *burnRate <= 0)
        return std::nullopt;
    if (*status.remaining <= 0)
        return 0;
    const double ms = *status.remaining * double(status.period.length()) / *burnRate;
    return ms < 1e17 ? std::optional<qint64>(std::llround(ms)) : std::nullopt;
}

QString lowTrafficText(const SloStatus& status)
{
    if (!status.oneEvent || *status.oneEvent < 0.01)
        return {};
    if (*status.oneEvent >= 1)
        return tr("Little traffic: one error is more than the whole budget");
    return tr("Little traffic: 1 error is %1 of the budget").arg(figureText(*status.oneEvent, u"ratio"));
}

QString unknownText(const SloStatus& status)
{
    if (status.elapsedMs > 0 && status.knownMs == 0)
        return tr("Nothing was measured in %1").arg(spanText(status.elapsedMs));
    if (status.unknownMs() <= 0 || !status.remainingAtWorst)
        return {};
    return tr("%1 of %2 are not known, and taken to be like the %3 that are; had all of it been bad, %4 of the budget "
              "would be left")
        .arg(spanText(status.unknownMs()), spanText(status.elapsedMs),
             figureText(double(status.knownMs) / double(status.elapsedMs), u"ratio"),
             figureText(std::max(*status.remainingAtWorst, 0.0), u"ratio"));
}

QString budgetText(const SloStatus& status)
{
    const auto left = status.remainingMs();
    if (!left)
        return tr("Not known");
    if (*left < 0)
        return tr("Overspent by %1; %2 were allowed").arg(spanText(-*left), spanText(status.allowedMs));
    return tr("%1 of %2 left (%3)")
        .arg(spanText(*left), spanText(status.allowedMs), figureText(*status.remaining, u"ratio"));
}

} // namespace wk::monitoring
