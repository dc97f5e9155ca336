// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/Random.h"
#include "monitoring/probes/Probe.h"

#include <deque>
#include <vector>

namespace wk::monitoring {

/// What is known of each probe: its state, since when, what was wrong last, what came before, and when it is asked
/// next. A single failure is no outage: a probe is down after two in a row, and said to be failing before; one good
/// answer ends it. Pure: it reads no clock and asks nobody.
class ProbeBook
{
public:
    enum class State { Unknown, Up, Slow, Down };

    struct Options
    {
        int times = 2;            ///< so many of a kind in a row before a state changes to the worse
        std::size_t history = 60; ///< results kept
        double jitter = 0.1;      ///< a wait of d becomes d × (1 - jitter) to d × (1 + jitter)
        qint64 spreadMs = 5'000;  ///< the first questions are spread over this time
        qint64 confirmMs = 5'000; ///< after a failure that has changed nothing yet, the next question comes so soon
    };

    /// One result, as the strip draws it.
    struct Mark
    {
        qint64 atMs = 0, latencyMs = 0;
        ProbeResult::Verdict verdict = ProbeResult::Verdict::Unasked;
        bool operator==(const Mark&) const = default;
    };

    struct Entry
    {
        ProbeSpec spec;
        State state = State::Unknown;
        bool failing = false; ///< the last result was worse than the state says
        qint64 sinceMs =
            0;            ///< when the state began (ms since the epoch): for an outage its first failure; 0: not asked
        ProbeResult last; ///< where `asked`
        bool asked = false;
        std::optional<Error> error; ///< the last one there was, also when all is well again
        qint64 errorMs = 0;         ///< when
        std::deque<Mark> history;   ///< oldest first
        qint64 dueMs = 0;           ///< monotonic
        bool running = false;

        /// "up", "failing (was up)", "expires soon": the state in a few words.
        [[nodiscard]] QString words() const;
        /// Share of good answers among those in the strip, in percent; nullopt where none was asked.
        [[nodiscard]] std::optional<double> goodPercent() const;

    private:
        friend class ProbeBook;
        ProbeResult::Verdict m_run = ProbeResult::Verdict::Up; ///< what the last results have in common
        int m_count = 0;                                       ///< how many they are
        qint64 m_runSinceMs = 0;
    };

    ProbeBook(Random random, Options options) : m_random(std::move(random)), m_options(options) {}
    explicit ProbeBook(Random random) : ProbeBook(std::move(random), Options()) {}

    /// Takes the place of the probes there were; those that are the same keep what is known of them. `monotonicMs`:
    /// now.
    void setProbes(const std::vector<ProbeSpec>& probes, qint64 monotonicMs);
    [[nodiscard]] const std::vector<Entry>& entries() const { return m_entries; }
    [[nodiscard]] const Entry* find(QStringView id) const;

    /// The probe that has been due longest and is not running; nullptr where none is due.
    [[nodiscard]] const Entry* due(qint64 monotonicMs) const;
    /// When the next that is not running is due, monotonic; nullopt where there is none.
    [[nodiscard]] std::optional<qint64> nextDueMs() const;

    void begun(QStringView id);
    void record(QStringView id, ProbeResult result, qint64 monotonicMs);
    /// Due at once: a person wants to know.
    void hasten(QStringView id, qint64 monotonicMs);

    /// The worst state of a service's probes; Unknown where it has none, or nothing worse than that is known.
    [[nodiscard]] State stateOf(QStringView service) const;

private:
    [[nodiscard]] Entry* entry(QStringView id);
    void judge(Entry& entry) const;

    Random m_random;
    Options m_options;
    std::vector<Entry> m_entries;
};

} // namespace wk::monitoring
