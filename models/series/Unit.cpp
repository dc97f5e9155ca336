// SPDX-License-Identifier: GPL-3.0-or-later
#include "series/Unit.h"

#include <QtCore/QCoreApplication>

#include <array>
#include <cmath>

namespace wk::series {
namespace {

using namespace Qt::StringLiterals;

struct Scale
{
    double size;
    QLatin1StringView suffix;
};

constexpr Scale decimal[] = {{1e12, "T"_L1}, {1e9, "G"_L1}, {1e6, "M"_L1}, {1e3, "k"_L1}, {1, ""_L1}};
constexpr Scale binary[] = {{1024. * 1024 * 1024 * 1024, "TiB"_L1},
                            {1024. * 1024 * 1024, "GiB"_L1},
                            {1024. * 1024, "MiB"_L1},
                            {1024., "KiB"_L1},
                            {1, "B"_L1}};
constexpr Scale binaryRate[] = {{1024. * 1024 * 1024 * 1024, "TiB/s"_L1},
                                {1024. * 1024 * 1024, "GiB/s"_L1},
                                {1024. * 1024, "MiB/s"_L1},
                                {1024., "KiB/s"_L1},
                                {1, "B/s"_L1}};
constexpr Scale duration[] = {{86'400, "d"_L1}, {3'600, "h"_L1}, {60, "min"_L1},
                              {1, "s"_L1},      {1e-3, "ms"_L1}, {1e-6, "µs"_L1}};
constexpr Scale share[] = {{0.01, "%"_L1}};

struct UnitWords
{
    Unit unit;
    QLatin1StringView name, symbol;
    std::span<const Scale> scales;
};

constexpr UnitWords table[] = {
    {Unit::Number, "number"_L1, ""_L1, decimal},    {Unit::PerSecond, "per second"_L1, "/s"_L1, decimal},
    {Unit::Ratio, "ratio"_L1, "%"_L1, share},       {Unit::Seconds, "seconds"_L1, "s"_L1, duration},
    {Unit::Bytes, "bytes"_L1, "B"_L1, binary},      {Unit::BytesPerSecond, "bytes per second"_L1, "B/s"_L1, binaryRate},
    {Unit::Cores, "cores"_L1, "cores"_L1, decimal}, {Unit::Currency, "currency"_L1, ""_L1, decimal},
};

const UnitWords& wordsOf(Unit unit) { return table[size_t(unit)]; }

/// The largest scale that leaves at least one whole digit; the smallest for less than that.
const Scale& scaleFor(double value, Unit unit)
{
    const auto scales = wordsOf(unit).scales;
    const double size = std::abs(value);
    if (size == 0)
        return *std::find_if(scales.begin(), scales.end(), [](const Scale& s) { return s.size <= 1; });
    for (const Scale& scale : scales) {
        if (size >= scale.size * 0.9995)
            return scale;
    }
    return scales.back();
}

QString joined(const QString& number, const Scale& scale, Unit unit)
{
    QString suffix = scale.suffix;
    if (unit == Unit::PerSecond)
        suffix += "/s"_L1;
    return suffix.isEmpty() ? number : number + u'\u00a0' + suffix;
}

QString notFinite(double value)
{
    if (std::isnan(value))
        return QCoreApplication::translate("wk::series", "no value");
    return value > 0 ? u"∞"_s : u"-∞"_s;
}

QString digits(double value, int decimals)
{
    QString text = QString::number(value, 'f', decimals);
    if (text.contains(u'.')) {
        while (text.endsWith(u'0'))
            text.chop(1);
        if (text.endsWith(u'.'))
            text.chop(1);
    }
    return text == "-0"_L1 ? u"0"_s : text;
}

} // namespace

QString unitName(Unit unit) { return wordsOf(unit).name; }

std::optional<Unit> unitFromName(QStringView name)
{
    for (const UnitWords& words : table) {
        if (words.name.compare(name, Qt::CaseInsensitive) == 0)
            return words.unit;
    }
    return std::nullopt;
}

QString unitSymbol(Unit unit) { return wordsOf(unit).symbol; }

QString valueText(double value, Unit unit)
{
    if (!std::isfinite(value))
        return notFinite(value);
    const Scale& scale = scaleFor(value, unit);
    const double scaled = value / scale.size;
    const double size = std::abs(scaled);
    if (size > 0 && size < 0.001)
        return joined(QString::number(scaled, 'g', 2), scale, unit);
    const int decimals = size == 0 ? 0 : std::clamp(2 - int(std::floor(std::log10(size * 1.0005))), 0, 5);
    return joined(digits(scaled, decimals), scale, unit);
}

QString tickText(double value, double step, double largest, Unit unit)
{
    if (!std::isfinite(value))
        return notFinite(value);
    const Scale& scale = scaleFor(largest, unit);
    const double apart = step / scale.size;
    const int decimals = apart > 0 ? std::clamp(int(std::ceil(-std::log10(apart) - 1e-9)), 0, 9) : 0;
    // A step of 2.5 needs one digit more than its size says.
    const double shown = apart * std::pow(10., decimals);
    const int more = std::abs(shown - std::round(shown)) > 1e-6 ? 1 : 0;
    return value == 0 ? joined(u"0"_s, scale, unit)
                      : joined(QString::number(value / scale.size, 'f', decimals + more), scale, unit);
}

} // namespace wk::series
