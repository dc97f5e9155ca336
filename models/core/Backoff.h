// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/Clock.h"
#include "core/Random.h"

namespace wk {

/// How long to wait before trying again: exponential with jitter, so that a thousand clients of one server do not come
/// back at the same moment. The figures are client-go's reflector's (800 ms, ×2, 30 s, jitter 1.0, forgotten after 2
/// minutes) with one difference: the 30 s include the jitter (client-go waits up to 60 s), because a person looks at
/// the table.
class Backoff
{
public:
    struct Limits
    {
        qint64 initialMs = 800;
        double factor = 2.0;
        qint64 capMs = 30'000;         ///< longest wait, jitter included
        double jitter = 1.0;           ///< a wait of d becomes d to d × (1 + jitter)
        qint64 resetAfterMs = 120'000; ///< without a wait for that long, the next one is the first again
    };

    Backoff(const Clock& clock, Random random, Limits limits);
    Backoff(const Clock& clock, Random random) : Backoff(clock, std::move(random), Limits{}) {}

    /// The next wait in milliseconds, at least `atLeastMs` (a server's Retry-After).
    [[nodiscard]] qint64 next(qint64 atLeastMs = 0);
    void reset() { m_step = 0; }

private:
    const Clock& m_clock;
    Random m_random;
    Limits m_limits;
    int m_step = 0;
    qint64 m_lastMs = 0;
};

} // namespace wk
