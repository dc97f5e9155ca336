// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtCore/QString>

#include <optional>

namespace wk::series {

/// What a value counts. Values are kept in base units: seconds, bytes, cores, a ratio of 1 for 100 %.
enum class Unit { Number, PerSecond, Ratio, Seconds, Bytes, BytesPerSecond, Cores, Currency };

/// "number", "per second", "ratio", "seconds", "bytes", "bytes per second", "cores", "currency": as files say it.
[[nodiscard]] QString unitName(Unit unit);
[[nodiscard]] std::optional<Unit> unitFromName(QStringView name);

/// For an axis' heading: "%", "requests/s" is a title's business, here "/s", "s", "B", "B/s", "cores", "".
[[nodiscard]] QString unitSymbol(Unit unit);

/// A value as a person reads it: three significant digits, scaled ("1.25 k", "350 ms", "1.5 GiB/s", "12.3 %"). The
/// decimal point is a point in every language. NaN is "no value", infinities are "∞" and "-∞".
[[nodiscard]] QString valueText(double value, Unit unit);

/// A value as one of several on an axis whose labels are `step` apart: as many digits as tell neighbours apart, and all
/// of them scaled alike (by `largest`, the label of the largest size).
[[nodiscard]] QString tickText(double value, double step, double largest, Unit unit);

} // namespace wk::series
