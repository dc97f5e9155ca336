// SPDX-License-Identifier: GPL-3.0-or-later
#include "changes/execution/Recorder.h"

#include "core/Future.h"
#include "store/Store.h"

namespace wk::changes {

bool storeIsAway(const Error& error)
{
    switch (error.kind) {
    case Error::Kind::Network:
    case Error::Kind::Server:
    case Error::Kind::Throttled:
    case Error::Kind::Io: return true;
    default: return false;
    }
}

Recorder::Recorder(ExecutionLedger& ledger, Clock& clock, qint64 execution)
    : m_ledger(ledger), m_clock(clock), m_execution(execution)
{
    connect(&ledger, &ExecutionLedger::available, this, [this] {
        if (m_timer)
            again();
    });
}

void Recorder::write(Entry entry)
{
    stop();
    m_entry = std::move(entry);
    attempt();
}

void Recorder::stop()
{
    ++m_round;
    m_entry.reset();
    m_inDoubt = false;
    m_refusal.reset();
    m_timer.reset();
    setWaitingFor({});
}

void Recorder::attempt()
{
    whenDone(m_entry->write(), this, [this, round = m_round](const Result<void>& answer) {
        if (round == m_round)
            onWritten(answer);
    });
}

void Recorder::onWritten(const Result<void>& answer)
{
    if (answer)
        return finish({});
    if (store::isOutcomeUnknown(answer.error())) {
        m_inDoubt = true;
        return wait(answer.error());
    }
    if (storeIsAway(answer.error()))
        return wait(answer.error());
    if (!m_inDoubt)
        return finish(fail(answer.error()));
    m_refusal = answer.error(); // perhaps because the first attempt was carried out after all
    lookUp();
}

void Recorder::lookUp()
{
    whenDone(m_ledger.record(m_execution), this, [this, round = m_round](const Result<ExecutionRecord>& record) {
        if (round == m_round)
            onLookedUp(record);
    });
}

void Recorder::onLookedUp(const Result<ExecutionRecord>& record)
{
    if (!record && storeIsAway(record.error()))
        return wait(record.error());
    if (!record)
        return finish(fail(record.error()));
    if (m_entry->stands(*record))
        return finish({});
    if (m_refusal)
        return finish(fail(*m_refusal));
    attempt();
}

void Recorder::wait(const Error& why)
{
    setWaitingFor(
        tr("Waits for the store to write down %1. Nothing is sent meanwhile. (%2)").arg(m_entry->what, why.sentence));
    m_timer = m_clock.after(this, againMs, [this] { again(); });
}

void Recorder::again()
{
    m_timer.reset();
    if (m_inDoubt)
        lookUp();
    else
        attempt();
}

void Recorder::finish(Result<void> result)
{
    const auto done = m_entry->done;
    stop();
    done(std::move(result));
}

void Recorder::setWaitingFor(const QString& text)
{
    if (m_waitingFor == text)
        return;
    m_waitingFor = text;
    emit waitingChanged();
}

} // namespace wk::changes
