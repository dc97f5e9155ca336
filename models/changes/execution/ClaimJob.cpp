// SPDX-License-Identifier: GPL-3.0-or-later
#include "changes/execution/ClaimJob.h"

#include "changes/execution/Recorder.h"
#include "store/Store.h"

namespace wk::changes {

namespace {
struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(wk::changes::ClaimJob)
};
} // namespace

void ClaimJob::start() { ask(); }

void ClaimJob::ask()
{
    const auto asked = Heartbeat::Instant::of(m_clock);
    const auto send = [this] {
        switch (m_pass.way()) {
        case GatePass::Way::Claim: return m_ledger.claim(m_pass.number(), m_pass.revision(), m_pass.plan().sha256());
        case GatePass::Way::TakeOver: return m_ledger.takeOver(m_pass.execution(), m_pass.reason());
        case GatePass::Way::ActNow: break;
        }
        return m_ledger.actNow(m_pass.fields(), m_pass.plan());
    };
    await(send(), [this, asked](const Result<Claim>& answer) { onAnswer(asked, answer); });
}

Result<Claimed> ClaimJob::judged(Heartbeat::Instant asked, const Claim& claim) const
{
    // The bytes once more: what is run is what was approved, whatever the store says now.
    const auto plan = Plan::fromStore(claim.planText, m_pass.plan().sha256());
    if (!plan)
        return fail(plan.error());
    return Claimed{claim, asked};
}

void ClaimJob::onAnswer(Heartbeat::Instant asked, const Result<Claim>& answer)
{
    if (answer)
        return end(judged(asked, *answer));
    if (store::isOutcomeUnknown(answer.error())) {
        m_doubt = answer.error();
        return lookUp();
    }
    if (m_doubt && answer.error().kind == Error::Kind::Conflict)
        return lookUp(); // perhaps the first question was answered after all
    end(fail(answer.error()));
}

void ClaimJob::lookUp()
{
    m_waiting(Texts::tr("Waits for the store to tell whether this was claimed; its answer was lost. Nothing is sent."));
    await(m_ledger.running(m_pass.number(), m_pass.plan().sha256()),
          [this](const Result<std::optional<ExecutionRecord>>& found) { onLookedUp(found); });
}

void ClaimJob::onLookedUp(const Result<std::optional<ExecutionRecord>>& found)
{
    if (!found && storeIsAway(found.error()))
        return later(againMs, [this] { lookUp(); });
    m_waiting({});
    if (!found)
        return end(fail(found.error()));
    if (found->has_value())
        return takeOverOwn(**found);
    end(fail(Error::Kind::Network,
             Texts::tr("The connection to the store broke, and the claim is not on record: nothing was begun."),
             m_doubt->detail, Texts::tr("Try again.")));
}

void ClaimJob::takeOverOwn(const ExecutionRecord& record)
{
    const qint64 untilMs = record.leaseUntil->toMSecsSinceEpoch();
    const qint64 waitMs = std::clamp<qint64>(untilMs - m_clock.nowMs(), 0, Heartbeat::leaseMs) + Heartbeat::marginMs;
    m_waiting(Texts::tr("The store has noted the claim, but its answer was lost with the connection. Waits until that "
                        "claim is dead (30 s), then takes it over. Nothing is sent meanwhile."));
    later(waitMs, [this, id = record.id] {
        m_waiting({});
        const auto asked = Heartbeat::Instant::of(m_clock);
        await(m_ledger.takeOver(id, Texts::tr("The answer to the claim was lost with the connection.")),
              [this, asked](const Result<Claim>& answer) {
                  if (!answer && storeIsAway(answer.error()))
                      return lookUp();
                  end(answer ? judged(asked, *answer) : Result<Claimed>(fail(answer.error())));
              });
    });
}

void ClaimJob::later(qint64 ms, std::function<void()> then) { m_timer = m_clock.after(this, ms, std::move(then)); }

} // namespace wk::changes
