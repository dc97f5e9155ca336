// SPDX-License-Identifier: GPL-3.0-or-later
// How fresh the rows of a feed are: from the state of its reflectors and of the connection below them.
#include "cluster/connection/ReflectorFeedPart.h"

namespace wk::cluster {

using table::Freshness;
using Phase = ReflectorStatus::Phase;

namespace {

constexpr qint64 staleAfterMs = 4'000; ///< without contact for longer, rows are called stale

bool sameError(const std::optional<Error>& a, const std::optional<Error>& b)
{
    return a.has_value() == b.has_value() && (!a || (a->kind == b->kind && a->sentence == b->sentence));
}

} // namespace

/// What the parts come to.
struct ReflectorFeed::Tally
{
    bool allSynced = true;
    bool allLive = true;
    bool allDone = true;
    bool gaveUp = false;
    size_t refused = 0;
    qint64 silentSinceMs = 0;     ///< the earliest proof of life of those that are silent; 0: none is
    std::optional<Error> refusal; ///< of the first that is refused
    std::optional<Error> trouble; ///< of the first that is not live
};

void ReflectorFeed::linkChanged()
{
    if (columnsChanged())
        m_reset = true; // a server's own columns are known from its first answer on, also without a row
    const Freshness now = computeFreshness();
    const bool same = now.state == m_sent.state && sameError(now.error, m_sent.error);
    if (now.isLive() && (!m_pending.isEmpty() || m_reset || m_inFlight)) {
        // "Live" must not arrive before the rows that make it true.
        m_urgent = m_urgent || !same;
        schedule();
        return;
    }
    if (same && now.asOfMs == m_sent.asOfMs)
        return;
    TableUpdate update;
    sendFreshness(update);
    m_deliver(std::move(update));
}

ReflectorFeed::Tally ReflectorFeed::tally() const
{
    Tally t;
    t.allSynced = !m_parts.empty();
    for (const auto& part : m_parts) {
        const ReflectorStatus& s = part->m_reflector->status();
        t.gaveUp = t.gaveUp || s.phase == Phase::Failed;
        // Where the cluster as a whole is refused, the first part stands for that and the others have the rows.
        if (s.refused || (m_split && part == m_parts.front())) {
            ++t.refused;
            if (!t.refusal)
                t.refusal = s.error;
            continue;
        }
        t.allSynced = t.allSynced && s.synced;
        t.allDone = t.allDone && s.phase == Phase::Done;
        if (!s.isLive()) {
            t.allLive = false;
            if (s.error && !t.trouble)
                t.trouble = s.error;
            if (s.silent)
                t.silentSinceMs = t.silentSinceMs ? std::min(t.silentSinceMs, s.proofMs) : s.proofMs;
        }
    }
    return t;
}

Freshness ReflectorFeed::computeFreshness()
{
    using State = Freshness::State;
    const LinkHealth& link = m_services.link;
    const Tally parts = tally();
    Freshness f;
    f.state = State::Loading;
    f.error = parts.refusal;
    const bool splitting = m_split && m_parts.size() == 1;
    const bool allRefused = !m_parts.empty() && parts.refused == m_parts.size();
    if (allRefused && !splitting && !(m_undecided && notServed())) {
        f.state = State::Unavailable;
        f.asOfMs = m_asOfMs;
    } else if (splitting || allRefused) {
        f.error.reset(); // not decided yet
    } else if (parts.allSynced && parts.allLive && (link.up || parts.allDone)) {
        f.state = State::Live;
        m_asOfMs =
            std::max(m_asOfMs, parts.allDone ? m_parts.front()->m_reflector->status().proofMs : link.lastContactMs);
        f.asOfMs = m_asOfMs;
        // f.error stays where parts of the cluster are forbidden: the rows are live, and not all there are.
    } else {
        f.error = link.error ? link.error : parts.trouble;
        if (parts.allSynced) {
            if (parts.silentSinceMs)
                m_asOfMs = std::min(m_asOfMs, parts.silentSinceMs);
            f.asOfMs = m_asOfMs;
            const qint64 age = m_services.clock.nowMs() - m_asOfMs;
            f.state = age >= staleAfterMs ? State::Stale : State::Reconnecting;
            if (f.state == State::Reconnecting)
                m_staleTimer = m_services.clock.after(this, staleAfterMs - age, [this] { linkChanged(); });
        } else if (f.error) {
            const bool rows = std::ranges::any_of(m_parts, [](const auto& part) { return part->m_store.size() > 0; });
            f.state = rows && !parts.gaveUp ? State::Loading : State::Failed;
        }
    }
    if (f.state != State::Reconnecting)
        m_staleTimer.reset();
    return f;
}

void ReflectorFeed::sendFreshness(TableUpdate& update)
{
    Freshness f = computeFreshness();
    f.sinceMs = f.state == m_sent.state ? m_sent.sinceMs : m_services.clock.nowMs();
    m_sent = f;
    update.freshness = f;
}

} // namespace wk::cluster
