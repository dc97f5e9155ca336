// SPDX-License-Identifier: GPL-3.0-or-later
#include "monitoring/metrics/MetricUnits.h"

#include <QtCore/QCoreApplication>

#include <cmath>

using namespace Qt::StringLiterals;

namespace wk::monitoring {

namespace {

QString tr(const char* text) { return QCoreApplication::translate("wk::monitoring", text); }

struct Conversion
{
    const char16_t* unit;
    const char16_t* metricUnit;
    double factor; ///< from `unit` to `metricUnit`
};

constexpr Conversion conversions[] = {
    {u"%", u"ratio", 0.01},
    {u"ratio", u"ratio", 1},
    {u"of the limit", u"ratio", 0.01},
    {u"ms", u"s", 0.001},
    {u"s", u"s", 1},
    {u"min", u"s", 60},
    {u"h", u"s", 3600},
    {u"d", u"s", 86400},
    {u"MB", u"bytes", 1e6},
    {u"MiB", u"bytes", 1048576},
    {u"GiB", u"bytes", 1073741824},
    {u"bytes", u"bytes", 1},
    {u"Mbps", u"bytes/s", 125000},
    {u"MB/s", u"bytes/s", 1e6},
    {u"bytes/s", u"bytes/s", 1},
    {u"req/s", u"1/s", 1},
    {u"errors/s", u"1/s", 1},
    {u"IOPS", u"1/s", 1},
    {u"1/s", u"1/s", 1},
    {u"per minute", u"1/s", 1 / 60.0},
    {u"per day", u"1/d", 1},
    {u"1/d", u"1/d", 1},
    {u"count", u"count", 1},
    {u"connections", u"count", 1},
    {u"queries", u"count", 1},
    {u"USD", u"USD", 1},
};

const Conversion* conversion(QStringView unit, QStringView metricUnit)
{
    const auto it = std::ranges::find_if(conversions, [&](const Conversion& c) {
        return unit == QStringView(c.unit) && metricUnit == QStringView(c.metricUnit);
    });
    return it == std::end(conversions) ? nullptr : it;
}

QString number(double value) { return QString::number(value, 'g', 4); }

// Go's %.4g: an exponent has two digits at least, as in C.
QString scaled(double value, double step, std::initializer_list<const char16_t*> prefixes, bool down,
               const QString& unit)
{
    QString prefix;
    for (const char16_t* next : prefixes) {
        if (down ? std::abs(value) >= 1 : std::abs(value) < step)
            break;
        prefix = QString::fromUtf16(next);
        value = down ? value * step : value / step;
    }
    return number(value) + prefix + unit;
}

// humanizeDuration: whole days, hours and minutes and then seconds; below a second with a prefix.
QString goDuration(double value)
{
    if (value == 0)
        return u"0s"_s;
    if (std::abs(value) < 1)
        return scaled(value, 1000, {u"m", u"u", u"n", u"p"}, true, u"s"_s);
    const QString sign = value < 0 ? u"-"_s : QString();
    value = std::abs(value);
    const qint64 whole = qint64(value);
    const qint64 minutes = whole / 60 % 60, hours = whole / 3600 % 24, days = whole / 86400;
    if (days != 0)
        return sign + u"%1d %2h %3m %4s"_s.arg(days).arg(hours).arg(minutes).arg(whole % 60);
    if (hours != 0)
        return sign + u"%1h %2m %3s"_s.arg(hours).arg(minutes).arg(whole % 60);
    if (minutes != 0)
        return sign + u"%1m %2s"_s.arg(minutes).arg(whole % 60);
    return sign + number(value) + u's';
}

} // namespace

std::optional<double> inUnit(double value, QStringView unit, QStringView metricUnit)
{
    if (unit.isEmpty())
        return value;
    const Conversion* found = conversion(unit, metricUnit);
    if (!found)
        return std::nullopt;
    // 5 * 0.01 is not 0.05 to the last bit, 5 / 100 is.
    return found->factor < 1 ? value / std::round(1 / found->factor) : value * found->factor;
}

std::optional<platform::Threshold> inUnit(const platform::Threshold& threshold, QStringView metricUnit)
{
    const auto value = inUnit(threshold.value, threshold.unit, metricUnit);
    const auto upper = inUnit(threshold.upper, threshold.unit, metricUnit);
    if (!value || !upper)
        return std::nullopt;
    platform::Threshold result = threshold;
    result.value = *value;
    result.upper = *upper;
    result.unit.clear();
    return result;
}

QString figureText(double value, QStringView metricUnit)
{
    if (!std::isfinite(value))
        return tr("no figure");
    if (metricUnit == u"ratio")
        return number(value * 100) + u" %"_s;
    if (metricUnit == u"s") {
        if (std::abs(value) < 1)
            return number(value * 1000) + u" ms"_s;
        return value < 120 ? number(value) + u" s"_s : goDuration(std::round(value));
    }
    if (metricUnit == u"bytes" || metricUnit == u"bytes/s")
        return scaled(value, 1024, {u" Ki", u" Mi", u" Gi", u" Ti", u" Pi"}, false,
                      metricUnit == u"bytes" ? u"B"_s : u"B/s"_s);
    if (metricUnit == u"1/s")
        return tr("%1 a second").arg(number(value));
    if (metricUnit == u"1/d")
        return tr("%1 a day").arg(number(value));
    return metricUnit == u"USD" ? number(value) + u" USD"_s : number(value);
}

QString valueTemplate(QStringView metricUnit)
{
    if (metricUnit == u"ratio")
        return u"{{ $value | humanizePercentage }}"_s;
    if (metricUnit == u"s")
        return u"{{ $value | humanizeDuration }}"_s;
    if (metricUnit == u"bytes" || metricUnit == u"bytes/s")
        return u"{{ $value | humanize1024 }}B"_s + (metricUnit == u"bytes" ? QString() : u"/s"_s);
    const QString plain = u"{{ $value | printf \"%.4g\" }}"_s;
    if (metricUnit == u"1/s")
        return plain + tr(" a second");
    if (metricUnit == u"1/d")
        return plain + tr(" a day");
    return metricUnit == u"USD" ? plain + u" USD"_s : plain;
}

QString templateText(double value, QStringView metricUnit)
{
    if (metricUnit == u"ratio")
        return number(value * 100) + u'%';
    if (metricUnit == u"s")
        return goDuration(value);
    if (metricUnit == u"bytes" || metricUnit == u"bytes/s")
        return scaled(value, 1024, {u"ki", u"Mi", u"Gi", u"Ti", u"Pi", u"Ei", u"Zi", u"Yi"}, false,
                      metricUnit == u"bytes" ? u"B"_s : u"B/s"_s);
    return figureText(value, metricUnit);
}

std::optional<double> displayFactor(QStringView metricUnit, QStringView unit)
{
    const Conversion* found = conversion(unit, metricUnit);
    return found ? std::optional(1 / found->factor) : std::nullopt;
}

QString displayUnit(QStringView metricUnit)
{
    if (metricUnit == u"ratio")
        return u"%"_s;
    if (metricUnit == u"1/d")
        return tr("per day");
    if (metricUnit == u"1/s")
        return tr("per second");
    return metricUnit == u"count" ? QString() : metricUnit.toString();
}

} // namespace wk::monitoring
