// SPDX-License-Identifier: GPL-3.0-or-later
#include "series/Ticks.h"

#include <QtCore/QDateTime>
#include <QtCore/QLocale>

#include <cmath>

namespace wk::series {
namespace {

using namespace Qt::StringLiterals;

double nextDecimalStep(double atLeast)
{
    const double power = std::pow(10., std::floor(std::log10(atLeast)));
    for (const double factor : {1., 2., 2.5, 5., 10.}) {
        if (power * factor >= atLeast * (1 - 1e-9))
            return power * factor;
    }
    return power * 10;
}

double nextStep(double atLeast, Unit unit)
{
    if ((unit == Unit::Bytes || unit == Unit::BytesPerSecond) && atLeast > 1)
        return std::pow(2., std::ceil(std::log2(atLeast) - 1e-9));
    if (unit == Unit::Seconds && atLeast > 5) {
        for (const double step :
             {10., 15., 30., 60., 120., 300., 600., 900., 1800., 3600., 7200., 10'800., 21'600., 43'200., 86'400.}) {
            if (step >= atLeast)
                return step;
        }
        return nextDecimalStep(atLeast / 86'400) * 86'400;
    }
    return nextDecimalStep(atLeast);
}

/// How far apart ticks of time may stand: seconds up to a day, then days, then months.
struct TimeStep
{
    enum class Kind { Seconds, Days, Months } kind;
    int count;
    [[nodiscard]] double aboutMs() const
    {
        return count * (kind == Kind::Seconds ? 1e3 : kind == Kind::Days ? 86'400e3 : 30.44 * 86'400e3);
    }
};

constexpr TimeStep timeSteps[] = {
    {TimeStep::Kind::Seconds, 1},      {TimeStep::Kind::Seconds, 2},      {TimeStep::Kind::Seconds, 5},
    {TimeStep::Kind::Seconds, 10},     {TimeStep::Kind::Seconds, 15},     {TimeStep::Kind::Seconds, 30},
    {TimeStep::Kind::Seconds, 60},     {TimeStep::Kind::Seconds, 120},    {TimeStep::Kind::Seconds, 300},
    {TimeStep::Kind::Seconds, 600},    {TimeStep::Kind::Seconds, 900},    {TimeStep::Kind::Seconds, 1'800},
    {TimeStep::Kind::Seconds, 3'600},  {TimeStep::Kind::Seconds, 7'200},  {TimeStep::Kind::Seconds, 10'800},
    {TimeStep::Kind::Seconds, 21'600}, {TimeStep::Kind::Seconds, 43'200}, {TimeStep::Kind::Days, 1},
    {TimeStep::Kind::Days, 2},         {TimeStep::Kind::Days, 4},         {TimeStep::Kind::Days, 7},
    {TimeStep::Kind::Days, 14},        {TimeStep::Kind::Months, 1},       {TimeStep::Kind::Months, 2},
    {TimeStep::Kind::Months, 3},       {TimeStep::Kind::Months, 6},       {TimeStep::Kind::Months, 12},
    {TimeStep::Kind::Months, 24},      {TimeStep::Kind::Months, 60},
};

QDate firstDate(const QDate& date, const TimeStep& step)
{
    if (step.kind == TimeStep::Kind::Months) {
        const int months = (date.year() * 12 + date.month() - 1) / step.count * step.count;
        return {months / 12, months % 12 + 1, 1};
    }
    // Monday, 5 January 1970, so that weeks begin on Mondays.
    const qint64 days = QDate(1970, 1, 5).daysTo(date);
    return date.addDays(-(((days % step.count) + step.count) % step.count));
}

QString dateText(const QDate& date, const TimeStep& step)
{
    const QLocale locale;
    if (step.kind == TimeStep::Kind::Months)
        return date.month() == 1 ? QString::number(date.year()) : locale.monthName(date.month(), QLocale::ShortFormat);
    return date.dayOfYear() == 1 && step.kind == TimeStep::Kind::Days
               ? QString::number(date.year())
               : u"%1 %2"_s.arg(date.day()).arg(locale.monthName(date.month(), QLocale::ShortFormat));
}

void ticksByDate(std::vector<TimeTick>& ticks, qint64 fromMs, qint64 toMs, const TimeStep& step, const QTimeZone& zone)
{
    QDate date = firstDate(QDateTime::fromMSecsSinceEpoch(fromMs, zone).date(), step);
    while (true) {
        const qint64 at = date.startOfDay(zone).toMSecsSinceEpoch();
        if (at > toMs)
            return;
        if (at >= fromMs)
            ticks.push_back({at, dateText(date, step), true});
        date = step.kind == TimeStep::Kind::Months ? date.addMonths(step.count) : date.addDays(step.count);
    }
}

void ticksByClock(std::vector<TimeTick>& ticks, qint64 fromMs, qint64 toMs, const TimeStep& step, const QTimeZone& zone)
{
    const qint64 stepMs = step.count * 1000ll;
    const QString format = step.count < 60 ? u"HH:mm:ss"_s : u"HH:mm"_s;
    // Round by the local clock: where the zone is half an hour off, so are the ticks; anew after a change of the clock.
    qint64 at = fromMs;
    while (at <= toMs) {
        const qint64 offset = zone.offsetFromUtc(QDateTime::fromMSecsSinceEpoch(at, Qt::UTC)) * 1000ll;
        const qint64 local = at + offset;
        const qint64 rounded = (local + stepMs - 1) / stepMs * stepMs - offset;
        if (rounded > toMs)
            return;
        const auto when = QDateTime::fromMSecsSinceEpoch(rounded, zone);
        if ((rounded + zone.offsetFromUtc(when) * 1000ll) % stepMs == 0) {
            const bool day = when.time().msecsSinceStartOfDay() == 0;
            ticks.push_back(
                {rounded, day ? dateText(when.date(), {TimeStep::Kind::Days, 2}) : when.toString(format), day});
        }
        at = rounded + 1;
    }
}

} // namespace

ValueTicks valueTicks(double low, double high, int atMost, Unit unit, bool honestZero)
{
    if (!std::isfinite(low) || !std::isfinite(high) || low > high)
        low = 0, high = 1;
    if (honestZero) {
        low = std::min(low, 0.);
        high = std::max(high, 0.);
    }
    if (high == low) {
        const double about = high == 0 ? 1 : std::abs(high) * 0.1;
        low = honestZero && low == 0 ? 0 : low - about;
        high += about;
    }
    atMost = std::max(2, atMost);
    ValueTicks ticks;
    // The ends grow to multiples of the step, which may take one more: try the next step then.
    ticks.step = nextStep((high - low) / atMost, unit);
    const auto steps = [&] { return std::ceil(high / ticks.step - 1e-9) - std::floor(low / ticks.step + 1e-9); };
    for (int tries = 0; steps() > atMost && tries < 8; ++tries)
        ticks.step = nextStep(ticks.step * 1.01, unit);
    const double first = std::floor(low / ticks.step + 1e-9);
    ticks.low = first * ticks.step;
    const auto count = int(std::max(1., steps()));
    ticks.high = (first + count) * ticks.step;
    const double largest = std::max(std::abs(ticks.low), std::abs(ticks.high));
    for (int i = 0; i <= count; ++i) {
        ticks.at.push_back((first + i) * ticks.step);
        ticks.text.push_back(tickText(ticks.at.back(), ticks.step, largest, unit));
    }
    return ticks;
}

std::vector<TimeTick> timeTicks(qint64 fromMs, qint64 toMs, int atMost, const QTimeZone& zone)
{
    std::vector<TimeTick> ticks;
    if (toMs <= fromMs)
        return ticks;
    const double atLeast = double(toMs - fromMs) / std::max(1, atMost);
    const auto step = std::find_if(std::begin(timeSteps), std::end(timeSteps) - 1,
                                   [&](const TimeStep& each) { return each.aboutMs() >= atLeast; });
    if (step->kind == TimeStep::Kind::Seconds)
        ticksByClock(ticks, fromMs, toMs, *step, zone);
    else
        ticksByDate(ticks, fromMs, toMs, *step, zone);
    return ticks;
}

} // namespace wk::series
