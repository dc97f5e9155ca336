// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "monitoring/alerts/AlertBook.h"
#include "monitoring/pulse/PulseJudge.h"

namespace wk::platform {
struct Platform;
}

namespace wk::monitoring {

/// How many alerts of a platform tell people now, and how many are kept from it: the same figures wherever they stand.
struct AlertTally
{
    struct Severity
    {
        QString name; ///< as the rule sets it; empty: the alerts have none
        table::Health health = table::Health::Warning;
        int count = 0;
        bool operator==(const Severity&) const = default;
    };
    std::vector<Severity> firing; ///< the worst first
    int silenced = 0, inhibited = 0;
    int elsewhere = 0; ///< of the same Alertmanager, about other platforms; in none of the other figures

    [[nodiscard]] int quiet() const { return silenced + inhibited; }
    [[nodiscard]] int fires() const;
    /// What leaves just these in the list of alerts, in the language of its filter. "concerns" is a column of it.
    [[nodiscard]] QString filterOf(const Severity& severity) const;
    [[nodiscard]] QString quietFilter() const;
    /// "silenced", "inhibited", or "kept quiet" where there are both.
    [[nodiscard]] QString quietWord() const;
    bool operator==(const AlertTally&) const = default;
};

/// Whether an alert is about this platform: it names it, or one of its namespaces, or neither. One that names neither
/// is about what all of them stand on.
[[nodiscard]] bool concerns(const Labels& labels, const platform::Platform& platform);

/// Severity "none" is that of alerts that fire all the time to show that the way to people works: they count nowhere.
/// Without a platform every alert counts.
[[nodiscard]] AlertTally tallyOf(const AlertBook& book, const platform::Platform* platform);
/// Of what Prometheus says, which knows of no silence.
[[nodiscard]] AlertTally tallyOf(const std::vector<PulseAlert>& firing);

/// Those that tell people now, by name and severity; the worst first, then the most frequent.
[[nodiscard]] std::vector<PulseAlert> firingIn(const AlertBook& book, const platform::Platform* platform);

} // namespace wk::monitoring
