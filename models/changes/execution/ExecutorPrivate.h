// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "changes/execution/ClaimJob.h"
#include "changes/execution/Executor.h"
#include "changes/execution/Heartbeat.h"
#include "changes/execution/Recorder.h"
#include "changes/plan/RollbackPlan.h"
#include "changes/runners/Jobs.h"

namespace wk::changes {

/// The Executor's state and its way from step to step. Executor.cpp: from the claim to the end, and decisions.
/// ExecutorSteps.cpp: one step, forward or back.
class Executor::Private
{
    Q_DISABLE_COPY_MOVE(Private)
public:
    Private(Executor* owner, GatePass granted, const Means& with);
    ~Private();

    void start();
    /// Looks at the records and does what comes next.
    void goOn();
    void takeBackAll();
    void finish(RequestState how, const QString& note);
    void onConfirmed(bool yes, const QString& comment);
    void resolve(Resolution resolution, const QString& reason);
    [[nodiscard]] bool may(Choice choice) const { return choices.testFlag(choice); }
    [[nodiscard]] const QString& waitingFor() const;

    Executor* q;
    const GatePass pass;
    const Means means;
    Phase phase = Phase::Ready;
    Choices choices;
    QString sentence;
    int step = 0;
    qint64 number;
    bool stop;
    std::optional<Observation> observation;
    QList<StepRecord> records;
    std::optional<RequestState> outcome;
    std::optional<Error> error;

private:
    /// One step of the record: an action of the plan, or the inverses that take it back, one after the other.
    struct Run
    {
        int number = 0;
        QList<Step> steps;
        qsizetype at = 0;
        Before before; ///< of the request that is under way
        QStringList said;
        QJsonObject result;
    };
    using Done = std::function<void(Result<void>)>;

    // Executor.cpp
    void onClaimed(const Result<Claimed>& claimed);
    void enter(Phase next, const QString& words);
    void decide(Choices offered, const QString& words);
    void decideAfterFailure(const QString& why);
    void askAboutUnknown(const StepRecord& record);
    void verify(QList<int> left, const QStringList& notes);
    [[nodiscard]] QList<int> toVerify() const;
    void endRollback();
    void lose(const Error& why);
    void waitFor(const QString& words);

    // ExecutorSteps.cpp
    void forward(int n);
    void check(int n, const Step& checked);
    void takeBack(const TakingBack& back);
    [[nodiscard]] QString withLeftOver(const QString& sentence) const;
    void skipBack(int k, const QString& why, bool nothingToDo);
    /// Writes step n down as begun and skipped; nothing is sent.
    void skip(int n, const QJsonObject& result);
    void run(Run wanted);
    void act();
    [[nodiscard]] QFuture<Result<void>> recordBefore(const Before& before);
    void onActed(const Result<Performed>& performed);
    void lookAfter(const Error& why);
    void fail(const QString& why, bool sent);
    void begin(int n, const QJsonObject& before, const Done& done);
    void end(int n, StepState how, const QJsonObject& result);
    void afterEnd(const StepRecord& record);
    void put(const StepRecord& record);
    [[nodiscard]] const StepRecord* recordOf(int n) const;
    [[nodiscard]] StepRunner::Progress progressOf(int n);
    [[nodiscard]] QString stepWords(int n) const;

    /// As whenDone(), but not any more once the lease is lost.
    template <typename T, typename F>
    void await(const QFuture<T>& future, F then)
    {
        whenDone(future, q, [this, round = m_round, then = std::move(then)](const T& value) mutable {
            if (round == m_round)
                then(value);
        });
    }

    Jobs m_jobs;
    qint64 m_execution = 0;
    QString m_token, m_claimWaits;
    std::unique_ptr<Heartbeat> m_heartbeat;
    std::unique_ptr<Recorder> m_recorder;
    Run m_run;
    bool m_begun = false; ///< the step that runs is on record
    bool m_takesBack = false;
    QString m_unrecorded; ///< how the step came out whose end is being written down
    quint64 m_round = 0;
    std::shared_ptr<bool> m_alive = std::make_shared<bool>(true);
};

} // namespace wk::changes
