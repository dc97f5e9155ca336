// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "changes/execution/ExecutionLedger.h"
#include "core/Clock.h"

#include <functional>

namespace wk::changes {

/// Something to be written down about an execution.
struct Entry
{
    QString what; ///< "the end of step 3": for the sentence while it waits
    std::function<QFuture<Result<void>>()> write;
    /// Whether it stands in what is on record: decides where the answer to a write was lost.
    std::function<bool(const ExecutionRecord&)> stands;
    /// An error is a refusal, never an absence of the store.
    std::function<void(Result<void>)> done;
};

/// Writes entries down one at a time, however long the store is away. What may have been written already is looked up
/// before it is written again, so nothing is on record twice.
class Recorder final : public QObject
{
    Q_OBJECT
public:
    static constexpr qint64 againMs = 3'000;

    /// `ledger` and `clock` outlive it.
    Recorder(ExecutionLedger& ledger, Clock& clock, qint64 execution);

    void write(Entry entry);
    /// Forgets what was to be written; done() is not called.
    void stop();
    /// "Waits for the store to write down the end of step 3 …", empty where it does not wait.
    [[nodiscard]] const QString& waitingFor() const { return m_waitingFor; }

signals:
    void waitingChanged();

private:
    void attempt();
    void lookUp();
    void onWritten(const Result<void>& answer);
    void onLookedUp(const Result<ExecutionRecord>& record);
    void finish(Result<void> result);
    void wait(const Error& why);
    void again();
    void setWaitingFor(const QString& text);

    ExecutionLedger& m_ledger;
    Clock& m_clock;
    const qint64 m_execution;
    std::optional<Entry> m_entry;
    quint64 m_round = 0; ///< answers to what was stopped mean nothing
    bool m_inDoubt = false;
    std::optional<Error> m_refusal; ///< of an entry that may be on record
    QString m_waitingFor;
    std::shared_ptr<void> m_timer;
};

/// Whether waiting can help: the store is away, out of room or out of connections.
[[nodiscard]] bool storeIsAway(const Error& error);

} // namespace wk::changes
