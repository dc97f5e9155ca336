// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "series/Unit.h"

#include <QtCore/QTimeZone>

#include <vector>

namespace wk::series {

/// A scale of values whose ends and labels are round: multiples of 1, 2, 2.5 or 5 times a power of ten; of powers of
/// two for bytes; of whole minutes and hours for seconds.
struct ValueTicks
{
    double low = 0, high = 1; ///< the ends, both of them multiples of the step
    double step = 1;
    std::vector<double> at; ///< from low to high
    std::vector<QString> text;
};

/// Round ticks that hold [low, high] with at most `atMost` (at least 2) steps. With `honestZero` the scale begins at
/// zero, or ends there where all values are negative. Equal or unordered ends get a scale about them.
[[nodiscard]] ValueTicks valueTicks(double low, double high, int atMost, Unit unit, bool honestZero);

struct TimeTick
{
    qint64 at; ///< milliseconds since the Unix epoch
    QString text;
    bool day = false; ///< begins a day (a month, a year), and its text says which
};

/// Ticks at round local times (of `zone`, across its changes of the clock) with at most `atMost` (at least 1) of them.
/// The text is the time of day, or the date where a day begins; a first tick that is not the beginning of a day is
/// followed by nothing: the axis says the date of its left end by itself.
[[nodiscard]] std::vector<TimeTick> timeTicks(qint64 fromMs, qint64 toMs, int atMost, const QTimeZone& zone);

} // namespace wk::series
