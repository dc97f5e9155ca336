// SPDX-License-Identifier: GPL-3.0-or-later
#include "changes/execution/Heartbeat.h"

#include "core/Future.h"

namespace wk::changes {

Heartbeat::Heartbeat(ExecutionLedger& ledger, Clock& clock, qint64 execution, QString token, Instant asked)
    : m_ledger(ledger), m_clock(clock), m_execution(execution), m_token(std::move(token)), m_leased(asked)
{
    arm();
    m_beat = m_clock.after(this, beatMs, [this] { beat(); });
}

bool Heartbeat::lasts() const
{
    const Instant now = Instant::of(m_clock);
    const qint64 passed = std::max(now.monotonicMs - m_leased.monotonicMs, now.wallMs - m_leased.wallMs);
    return !m_lost && passed < leaseMs - marginMs;
}

bool Heartbeat::maySend()
{
    const bool good = lasts();
    if (!good && !m_lost)
        loseAfter(0);
    return good;
}

void Heartbeat::arm()
{
    loseAfter(std::max<qint64>(0, leaseMs - marginMs - (m_clock.monotonicMs() - m_leased.monotonicMs)));
}

void Heartbeat::loseAfter(qint64 ms)
{
    m_end = m_clock.after(this, ms, [this] {
        lose({Error::Kind::Network, tr("The lease is lost: the store got no sign of life from here for 30 s."),
              m_trouble ? m_trouble->sentence + u'\n' + m_trouble->detail : QString(),
              tr("Look at what happened, then take the execution over.")});
    });
}

void Heartbeat::beat()
{
    if (m_lost)
        return;
    const Instant asked = Instant::of(m_clock);
    whenDone(m_ledger.heartbeat(m_execution, m_token), this,
             [this, asked](const Result<void>& answer) { onBeat(asked, answer); });
}

void Heartbeat::onBeat(Instant asked, const Result<void>& answer)
{
    if (m_lost)
        return;
    const bool refused =
        !answer && (answer.error().kind == Error::Kind::Conflict || answer.error().kind == Error::Kind::Forbidden ||
                    answer.error().kind == Error::Kind::NotFound);
    if (refused)
        return lose(answer.error());
    if (answer) {
        m_leased = asked;
        m_trouble.reset();
        arm();
    } else {
        m_trouble = answer.error();
    }
    const qint64 passed = m_clock.monotonicMs() - asked.monotonicMs;
    m_beat = m_clock.after(this, answer ? std::max<qint64>(0, beatMs - passed) : againMs, [this] { beat(); });
}

void Heartbeat::lose(const Error& why)
{
    if (std::exchange(m_lost, true))
        return;
    m_beat.reset();
    m_end.reset();
    emit lost(why);
}

} // namespace wk::changes
