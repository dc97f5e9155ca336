// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/Backoff.h"

#include <cmath>

namespace wk {

Backoff::Backoff(const Clock& clock, Random random, Limits limits)
    : m_clock(clock), m_random(std::move(random)), m_limits(limits)
{
}

qint64 Backoff::next(qint64 atLeastMs)
{
    const qint64 now = m_clock.monotonicMs();
    if (m_step > 0 && now - m_lastMs > m_limits.resetAfterMs)
        m_step = 0;
    // The base stays below the cap by the jitter's share: the longest wait is still spread over an interval.
    const double highest = double(m_limits.capMs) / (1.0 + m_limits.jitter);
    const double base = std::min(double(m_limits.initialMs) * std::pow(m_limits.factor, m_step), highest);
    m_step = std::min(m_step + 1, 30);
    const qint64 wait = std::max(atLeastMs, qint64(base * (1.0 + m_limits.jitter * m_random())));
    m_lastMs = now + wait;
    return wait;
}

} // namespace wk
