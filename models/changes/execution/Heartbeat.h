// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "changes/execution/ExecutionLedger.h"
#include "core/Clock.h"

namespace wk::changes {

/// Keeps the lease of an execution: a sign of life every 10 s, a lease of 30 s each. Reckons the lease from the moment
/// at which the sign was sent, so it ends here before it does in the store.
class Heartbeat final : public QObject
{
    Q_OBJECT
public:
    static constexpr qint64 beatMs = 10'000, againMs = 2'000, leaseMs = 30'000, marginMs = 1'000;

    /// A moment by both clocks: the machine may have slept.
    struct Instant
    {
        qint64 monotonicMs = 0, wallMs = 0;
        [[nodiscard]] static Instant of(const Clock& clock) { return {clock.monotonicMs(), clock.nowMs()}; }
    };

    /// `asked`: when the lease was asked for. `ledger` and `clock` outlive it.
    Heartbeat(ExecutionLedger& ledger, Clock& clock, qint64 execution, QString token, Instant asked);

    /// Whether the lease certainly lasts.
    [[nodiscard]] bool lasts() const;
    /// The same, for who is about to send; where it does not last lost() follows at once. After a sleep of the machine
    /// timers go by another clock and come late.
    [[nodiscard]] bool maySend();

signals:
    /// Once: the lease is gone, or may be. Nothing may be sent any more.
    void lost(const wk::Error& why);

private:
    void beat();
    void onBeat(Instant asked, const Result<void>& answer);
    void lose(const Error& why);
    void arm();
    void loseAfter(qint64 ms);

    ExecutionLedger& m_ledger;
    Clock& m_clock;
    const qint64 m_execution;
    const QString m_token;
    Instant m_leased;
    bool m_lost = false;
    std::optional<Error> m_trouble;
    std::shared_ptr<void> m_beat, m_end;
};

} // namespace wk::changes
