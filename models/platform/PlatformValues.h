// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtCore/QString>

#include <optional>

namespace wk::platform {

/// What a figure is compared with: "> 5 %", "<= 200 ms", "50-70 %", "< 0.001 USD", "> 80 % of max_connections".
/// One comparison (or a range), one number, one unit of a fixed list, and optionally what it is a share of.
struct Threshold
{
    enum class Comparison { Less, LessOrEqual, Greater, GreaterOrEqual, Equal, NotEqual, Between };
    Comparison comparison = Comparison::Greater;
    double value = 0; ///< in `unit`; the lower end of a range
    double upper = 0; ///< the upper end of a range, else equal to value
    QString unit;     ///< one of thresholdUnits(); empty for a bare count
    QString of;       ///< "max_connections" in "> 80 % of max_connections"

    /// True where `figure`, in the same unit, satisfies the comparison; the ends of a range belong to it.
    [[nodiscard]] bool holds(double figure) const;
    /// The value in milliseconds where the unit is one of time, else nullopt.
    [[nodiscard]] std::optional<qint64> milliseconds() const;
    /// The value in millionths of the currency where the unit is a currency, else nullopt.
    [[nodiscard]] std::optional<qint64> moneyMicros() const;
    /// As it would be written in a platform file.
    [[nodiscard]] QString text() const;
    bool operator==(const Threshold&) const = default;
};

/// The units a threshold may carry.
[[nodiscard]] const QStringList& thresholdUnits();
/// Reads the text form above; nullopt where it is none.
[[nodiscard]] std::optional<Threshold> parseThreshold(QStringView text);

/// "18:00" as minutes after midnight (0..1439); nullopt for anything else.
[[nodiscard]] std::optional<int> parseTimeOfDay(QStringView text);

/// Whether the text is a five-field cron expression (minute hour day month weekday) with *, lists, ranges and steps
/// inside the fields' bounds. Source: POSIX crontab, and the steps that every cron since Vixie's reads.
[[nodiscard]] bool isCron(QStringView text);

} // namespace wk::platform
