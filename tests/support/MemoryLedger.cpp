// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/MemoryLedger.h"

#include "support/MemoryDeskParts.h"

namespace wk::test {

using namespace Qt::StringLiterals;
using namespace wk::changes;
using State = RequestState;

namespace {

constexpr qint64 leaseSeconds = 30;

Error noExecution(qint64 execution)
{
    return refusal(Error::Kind::NotFound, u"There is no execution %1."_s.arg(execution));
}

} // namespace

RequestDetail* MemoryLedger::requestOf(qint64 execution)
{
    for (const RequestSummary& row : m_desk.rows()) {
        RequestDetail& detail = m_desk.at(row.number);
        if (std::ranges::find(detail.executions, execution, &ExecutionRecord::id) != detail.executions.end())
            return &detail;
    }
    return nullptr;
}

ExecutionRecord* MemoryLedger::find(qint64 execution)
{
    RequestDetail* detail = requestOf(execution);
    return detail ? &*std::ranges::find(detail->executions, execution, &ExecutionRecord::id) : nullptr;
}

Claim MemoryLedger::claimOf(const RequestDetail& detail, const ExecutionRecord& execution) const
{
    return {execution.id, detail.summary.number, detail.summary.revision,
            u"a lease"_s, detail.planText,       execution.steps};
}

QFuture<Result<Claim>> MemoryLedger::claim(qint64 number, int revision, const QByteArray& sha256)
{
    RequestDetail& detail = m_desk.at(number);
    RequestSummary& s = detail.summary;
    if (s.revision != revision || s.sha256 != sha256 || !isIn(s.state, {State::Approved, State::Scheduled}))
        return ready<Claim>(fail(wrongState(s)));
    s.state = State::Running;
    s.executor = m_desk.person().name;
    ExecutionRecord execution;
    execution.id = ++m_last;
    execution.number = number;
    execution.revision = revision;
    execution.sha256 = sha256;
    execution.planSteps = int(detail.plan->steps().size());
    execution.executor = s.executor;
    execution.claimedAt = now();
    execution.leaseUntil = now().addSecs(leaseSeconds);
    execution.holders = {{s.executor, now(), u"claimed"_s}};
    detail.executions << execution;
    m_desk.touch(number);
    return ready<Claim>(claimOf(detail, execution));
}

QFuture<Result<Claim>> MemoryLedger::actNow(const RequestFields&, const Plan&)
{
    return ready<Claim>(fail(Error::Kind::Forbidden, u"This desk does nothing without a request."_s));
}

QFuture<Result<Claim>> MemoryLedger::takeOver(qint64 execution, const QString& reason)
{
    RequestDetail* detail = requestOf(execution);
    if (!detail)
        return ready<Claim>(fail(noExecution(execution)));
    ExecutionRecord& found = *find(execution);
    if (!found.leaseDead)
        return ready<Claim>(fail(Error::Kind::Conflict, u"The lease lives."_s));
    for (StepRecord& step : found.steps)
        if (step.state == StepState::Running)
            step.state = StepState::Unknown;
    found.leaseDead = detail->summary.leaseDead = false;
    found.executor = detail->summary.executor = m_desk.person().name;
    found.leaseUntil = now().addSecs(leaseSeconds);
    found.holders << ExecutionRecord::Holder{found.executor, now(), reason};
    m_desk.touch(detail->summary.number);
    return ready<Claim>(claimOf(*detail, found));
}

QFuture<Result<void>> MemoryLedger::heartbeat(qint64 execution, const QString&)
{
    ExecutionRecord* found = find(execution);
    if (!found)
        return ready<void>(fail(noExecution(execution)));
    found->leaseUntil = now().addSecs(leaseSeconds);
    return ready<void>({});
}

QFuture<Result<void>> MemoryLedger::beginStep(qint64 execution, const QString&, int step, const QJsonObject& before)
{
    ExecutionRecord* found = find(execution);
    if (!found)
        return ready<void>(fail(noExecution(execution)));
    found->steps.removeIf([step](const StepRecord& r) { return r.step == step && r.state == StepState::Repeat; });
    if (found->step(step))
        return ready<void>(fail(Error::Kind::Conflict, u"Step %1 was begun already."_s.arg(step)));
    StepRecord record;
    record.step = step;
    record.person = found->executor;
    record.before = before;
    record.startedAt = now();
    found->steps << record;
    m_desk.touch(found->number, true);
    return ready<void>({});
}

QFuture<Result<void>> MemoryLedger::endStep(qint64 execution, const QString&, int step, StepState outcome,
                                            const QJsonObject& result)
{
    ExecutionRecord* found = find(execution);
    if (!found || !found->step(step))
        return ready<void>(fail(noExecution(execution)));
    StepRecord& record = *std::ranges::find(found->steps, step, &StepRecord::step);
    record.state = outcome;
    record.result = result;
    record.endedAt = now();
    m_desk.touch(found->number, true);
    return ready<void>({});
}

QFuture<Result<void>> MemoryLedger::resolveStep(qint64 execution, const QString& token, int step, Resolution resolution,
                                                const QString& reason)
{
    const StepState state = resolution == Resolution::Done     ? StepState::Done
                            : resolution == Resolution::Failed ? StepState::Failed
                                                               : StepState::Repeat;
    return endStep(execution, token, step, state, {{u"sentence"_s, reason}});
}

QFuture<Result<void>> MemoryLedger::finish(qint64 execution, const QString&, State outcome, const QString& note)
{
    RequestDetail* detail = requestOf(execution);
    if (!detail)
        return ready<void>(fail(noExecution(execution)));
    ExecutionRecord& found = *find(execution);
    found.outcome = outcome;
    found.note = note;
    found.endedAt = now();
    detail->summary.state = outcome;
    detail->summary.endedAt = now();
    m_desk.touch(detail->summary.number);
    return ready<void>({});
}

QFuture<Result<ExecutionRecord>> MemoryLedger::record(qint64 execution)
{
    const ExecutionRecord* found = find(execution);
    return ready<ExecutionRecord>(found ? Result<ExecutionRecord>(*found) : fail(noExecution(execution)));
}

QFuture<Result<std::optional<ExecutionRecord>>> MemoryLedger::running(qint64 number, const QByteArray&)
{
    std::optional<ExecutionRecord> found;
    for (const ExecutionRecord& execution : m_desk.at(number).executions)
        if (!execution.endedAt)
            found = execution;
    return ready<std::optional<ExecutionRecord>>(found);
}

} // namespace wk::test
