// SPDX-License-Identifier: GPL-3.0-or-later
#include "logs/ResumeGuard.h"

#include <algorithm>

namespace wk::logs {

namespace {

constexpr qint64 second = 1'000'000'000;

/// FNV-1a with the finish of MurmurHash3: 64 bits, so that 200,000 lines of a second do not collide.
quint64 hashOf(qint64 ns, QByteArrayView line)
{
    quint64 h = 0xcbf29ce484222325ULL ^ quint64(ns) * 0x9e3779b97f4a7c15ULL;
    for (const char c : line)
        h = (h ^ quint8(c)) * 0x100000001b3ULL;
    h = (h ^ h >> 33) * 0xff51afd7ed558ccdULL;
    h = (h ^ h >> 33) * 0xc4ceb9fe1a85ec53ULL;
    return h ^ h >> 33;
}

/// One second more than the last line's own: the two streams of a container are stamped apart, and may stand in the
/// wrong order by a little.
qint64 windowOf(qint64 lastNs) { return lastNs - lastNs % second - second; }

} // namespace

void ResumeGuard::took(qint64 ns, QByteArrayView line)
{
    if (!m_firstNs)
        m_firstNs = ns;
    m_taken.push_back({ns, hashOf(ns, line)});
    const qint64 keep = std::min(windowOf(ns), m_hold.value_or(windowOf(ns)));
    while (m_taken.front().ns < keep)
        m_taken.pop_front();
}

std::optional<qint64> ResumeGuard::since() const
{
    return m_taken.empty() ? std::nullopt : std::optional(windowOf(m_taken.back().ns));
}

ResumeGuard::Replay ResumeGuard::replay(std::optional<qint64> since) const
{
    Replay replay;
    if (!since)
        return replay;
    for (const Taken& taken : m_taken)
        if (taken.ns >= *since)
            ++replay.m_known[taken.hash];
    replay.m_lastNs = m_taken.back().ns;
    replay.m_lastHash = m_taken.back().hash;
    replay.m_sawLast = false;
    replay.m_partial = m_firstNs >= since;
    return replay;
}

ResumeGuard::Replay::Verdict ResumeGuard::Replay::judge(qint64 ns, QByteArrayView line)
{
    if (!m_known.empty()) {
        const quint64 hash = hashOf(ns, line);
        if (const auto it = m_known.find(hash); it != m_known.end()) {
            m_sawLast = m_sawLast || hash == m_lastHash;
            m_sawAny = true;
            if (--it->second == 0)
                m_known.erase(it);
            return Verdict::Known;
        }
    }
    if (m_sawLast)
        return Verdict::New;
    if (m_partial && !m_sawAny && ns <= m_lastNs)
        return Verdict::Known; // from before the beginning that was asked for
    m_sawLast = true;
    return Verdict::NewAfterGap;
}

} // namespace wk::logs
