// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "changes/execution/Executor.h"
#include "changes/execution/Heartbeat.h"
#include "changes/runners/Jobs.h"

namespace wk::changes {

/// A claim, and when it was asked for.
struct Claimed
{
    Claim claim;
    Heartbeat::Instant asked;
};

/// Gets the lease of an execution in the way the pass says. Where the answer was lost with the connection, the lease
/// may be ours without its token: then it waits until that lease is dead (30 s) and takes it over. No step can have
/// begun.
class ClaimJob final : public Promising<Claimed>
{
public:
    using Waiting = std::function<void(const QString&)>;

    /// `waiting` is told what is waited for, and "" where it no longer is.
    ClaimJob(ExecutionLedger& ledger, Clock& clock, GatePass pass, Waiting waiting)
        : m_ledger(ledger), m_clock(clock), m_pass(std::move(pass)), m_waiting(std::move(waiting))
    {
    }
    void start() override;

private:
    static constexpr qint64 againMs = 3'000;

    void ask();
    void onAnswer(Heartbeat::Instant asked, const Result<Claim>& answer);
    void lookUp();
    void onLookedUp(const Result<std::optional<ExecutionRecord>>& found);
    void takeOverOwn(const ExecutionRecord& record);
    void later(qint64 ms, std::function<void()> then);
    [[nodiscard]] Result<Claimed> judged(Heartbeat::Instant asked, const Claim& claim) const;

    ExecutionLedger& m_ledger;
    Clock& m_clock;
    const GatePass m_pass;
    const Waiting m_waiting;
    std::optional<Error> m_doubt;
    std::shared_ptr<void> m_timer;
};

} // namespace wk::changes
