// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtCore/QString>
#include <QtCore/QTimeZone>

#include <optional>
#include <vector>

namespace wk::monitoring {

// Error budgets as arithmetic: no server, no clock. Times are milliseconds since the epoch, shares are 0 to 1.

/// A stretch of time, its end not in it.
struct Period
{
    qint64 fromMs = 0, untilMs = 0;
    [[nodiscard]] qint64 length() const { return untilMs - fromMs; }
    bool operator==(const Period&) const = default;
};

/// The calendar month of a moment in a zone: 28 to 31 days, and an hour more or less where the clocks are changed in
/// it.
[[nodiscard]] Period calendarMonth(qint64 atMs, const QTimeZone& zone);
/// The last so many ms before the moment.
[[nodiscard]] Period rollingWindow(qint64 atMs, qint64 lengthMs);
inline constexpr qint64 thirtyDaysMs = 30LL * 86'400'000;

/// What was measured in one stretch: events where requests are counted, milliseconds where time is. A stretch whose
/// figures are NaN, and time that no stretch covers, is unknown; a stretch with no events is known and holds nothing.
struct SloStretch
{
    Period period;
    double total = 0, bad = 0;
};

/// Where an error budget stands.
struct SloStatus
{
    enum class State {
        Kept,      ///< budget is left, even if everything unknown was bad
        Uncertain, ///< budget is left only if not everything unknown was bad
        Spent,     ///< nothing is left
        Unknown    ///< nothing was measured
    };
    State state = State::Unknown;
    Period period;
    qint64 elapsedMs = 0; ///< of the period
    qint64 knownMs = 0;   ///< of the elapsed time; the rest is unknown
    double allowed = 0;   ///< share that may be bad
    qint64 allowedMs = 0; ///< the same as time of nothing but failure: 99.9 % of 30 days are 43 min 12 s
    double total = 0, bad = 0;
    std::optional<double> good; ///< the share measured; nothing where there were no events
    /// Shares of the period's budget, 1 at its beginning, below 0 once it is overspent. What is unknown is taken to
    /// have been as bad as what was measured, never as good; `remainingAtWorst` takes all of it as bad.
    std::optional<double> remaining, remainingAtWorst;
    /// Share of the period's budget that one bad event costs at the traffic so far; nothing where time is measured.
    std::optional<double> oneEvent;

    [[nodiscard]] qint64 unknownMs() const { return elapsedMs - knownMs; }
    /// The time of failure that is left: remaining × allowedMs; nothing where it is not known.
    [[nodiscard]] std::optional<qint64> remainingMs() const;
};

/// What was measured of a period so far, in one go: by two queries, say.
struct SloMeasure
{
    double total = 0, bad = 0; ///< NaN: no traffic, or nothing known
    qint64 knownMs = 0;
};

/// The same from what stretches sum up to.
[[nodiscard]] SloStatus sloStatusFrom(const Period& period, qint64 nowMs, double allowed, const SloMeasure& measure,
                                      bool events);

/// @param events true where `total` counts events, false where it is time in ms
/// @param allowed share that may be bad, above 0 and below 1
[[nodiscard]] SloStatus sloStatus(const Period& period, qint64 nowMs, double allowed,
                                  const std::vector<SloStretch>& stretches, bool events);

/// How long the budget lasts if it goes on being spent at this rate; nullopt where it lasts for ever (rate 0) or is not
/// known. Of a calendar month it may end after the month does, which brings a new budget.
[[nodiscard]] std::optional<qint64> exhaustionMs(const SloStatus& status, std::optional<double> burnRate);

/// "2 d 3 h", "43 min 12 s": the two largest units.
[[nodiscard]] QString spanText(qint64 ms);
/// "1 error is 12 % of the budget", where that is more than a hundredth; else empty.
[[nodiscard]] QString lowTrafficText(const SloStatus& status);
/// "3 h 12 min of the last 30 days are not known: …", where anything is unknown; else empty.
[[nodiscard]] QString unknownText(const SloStatus& status);
/// "12 min 4 s of 43 min 12 s left (28 %)".
[[nodiscard]] QString budgetText(const SloStatus& status);

} // namespace wk::monitoring
