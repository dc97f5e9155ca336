// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtCore/QString>

#include <array>
#include <optional>

namespace wk::series {

/// Something that happened, or goes on, beside the values: what a chart is marked with.
struct Mark
{
    enum class Kind { Rollout, Change, Alert, Incident };
    enum class Tone { Info, Good, Warning, Bad };

    QString id; ///< unique, and stable from one look to the next
    Kind kind = Kind::Change;
    qint64 atMs = 0;                    ///< when it began, ms since the epoch
    std::optional<qint64> untilMs = {}; ///< when it ended; none: it has no length, or goes on
    bool goesOn = false;                ///< it has not ended
    QString text;                       ///< what it was, without its time
    Tone tone = Tone::Info;
    QString target = {}; ///< what its panel opens: the number of a change, an alert's name, …

    /// Whether any of it lies in a range.
    [[nodiscard]] bool touches(qint64 fromMs, qint64 toMs) const
    {
        return atMs <= toMs && (goesOn || untilMs.value_or(atMs) >= fromMs);
    }
    bool operator==(const Mark&) const = default;
};

inline constexpr std::array markKinds{Mark::Kind::Rollout, Mark::Kind::Change, Mark::Kind::Alert, Mark::Kind::Incident};

/// "rollout", "change", "alert", "incident": as files and settings say it.
[[nodiscard]] QString markKindName(Mark::Kind kind);
[[nodiscard]] std::optional<Mark::Kind> markKindFromName(QStringView name);
/// For people, as several: "Rollouts".
[[nodiscard]] QString markKindWords(Mark::Kind kind);

} // namespace wk::series
