// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "changes/execution/ExecutionLedger.h"
#include "changes/runners/StepRunner.h"
#include "core/Clock.h"

#include <memory>

namespace wk::changes {

class Gate;

/// What the Gate lets through: exactly these bytes, approved or allowed. Only the Gate makes one, so that there is no
/// other way to an Executor.
class GatePass
{
public:
    enum class Way { Claim, TakeOver, ActNow };

    [[nodiscard]] Way way() const { return m_way; }
    [[nodiscard]] const Plan& plan() const { return m_plan; }
    [[nodiscard]] qint64 number() const { return m_number; }       ///< 0: there is none yet (ActNow)
    [[nodiscard]] qint64 execution() const { return m_execution; } ///< TakeOver
    [[nodiscard]] int revision() const { return m_revision; }
    [[nodiscard]] const QString& reason() const { return m_reason; }       ///< TakeOver
    [[nodiscard]] const RequestFields& fields() const { return m_fields; } ///< ActNow
    [[nodiscard]] const QString& person() const { return m_person; }       ///< who carries it out

private:
    friend class Gate;
    GatePass(Way way, Plan plan) : m_way(way), m_plan(std::move(plan)) {}

    Way m_way;
    Plan m_plan;
    qint64 m_number = 0, m_execution = 0;
    int m_revision = 0;
    QString m_reason, m_person;
    RequestFields m_fields;
};

/// Carries a plan out: claims it, keeps the lease with a heartbeat every 10 s, writes every step down before and after,
/// and finishes. Nothing of a step is sent before its beginning is on record, and no step is begun twice. Once the
/// lease may be lost, nothing more is sent: what was under way is given up and judged by whoever takes over.
///
/// Where the store is away in the middle, what has to be written down waits and nothing is sent meanwhile; waitingFor()
/// says so. Where it stands still (Phase::Deciding) choices() says what a person may do.
///
/// Destroying it ends all sending at once, without a goodbye: the lease dies 30 s later and somebody takes over.
/// Lives on one thread; nothing waits.
class Executor final : public QObject
{
    Q_OBJECT
public:
    enum class Phase {
        Ready,       ///< start() was not called yet
        Claiming,    ///< asks for the lease
        Working,     ///< carries steps out
        RollingBack, ///< takes steps back, in reverse order
        Verifying,   ///< all steps are done: looks whether the objects are as wanted
        Deciding,    ///< stands still: a person decides
        Finishing,   ///< writes down the end
        Ended,       ///< outcome() is on record
        Refused,     ///< it could not be claimed: error() says why; nothing was sent
        Lost         ///< the lease is gone: error() says what is known; nothing is sent any more
    };
    enum Choice {
        Proceed = 1,     ///< proceed(): with the next step (never past a failed one)
        RollBack = 2,    ///< rollBack()
        EndFailed = 4,   ///< finish(Failed)
        EndVerified = 8, ///< finish(Verified): every step is done
        Confirm = 16,    ///< confirm(): the check asks a person
        Resolve = 32     ///< resolve(): nobody saw how decidingStep() ended
    };
    Q_DECLARE_FLAGS(Choices, Choice)

    struct Means
    {
        ExecutionLedger& ledger;
        StepRunner& runner;
        Clock& clock;
    };

    /// All of `means` outlive it.
    Executor(GatePass pass, const Means& means, QObject* parent = nullptr);
    ~Executor() override;

    void start();
    /// Stands still after the step that runs, or goes on with what is asked for (false) before it does. A rollback is
    /// stopped in the same way.
    void stopAfterThisStep(bool stop = true);
    [[nodiscard]] bool stopsAfterThisStep() const;

    // A person's decisions. Each does nothing where choices() does not have it.
    void proceed();
    void rollBack();
    void finish(RequestState outcome, const QString& note);
    /// The answer to a "confirm" check; `comment` goes to the record.
    void confirm(bool yes, const QString& comment);
    /// The word on decidingStep(), of which only the beginning is on record. `reason`: at least 3 characters, audited.
    void resolve(Resolution resolution, const QString& reason);

    [[nodiscard]] Phase phase() const;
    [[nodiscard]] Choices choices() const;
    /// What is going on, or what has to be decided and why, as a sentence or two.
    [[nodiscard]] QString sentence() const;
    /// "Waits for the store to write down the end of step 3. Nothing is sent meanwhile." Empty where it does not wait.
    [[nodiscard]] QString waitingFor() const;
    /// The step that runs, or that a decision is about; −k is the rollback of step k; 0: none.
    [[nodiscard]] int step() const;
    /// What was found out about an unknown step: nullopt while it is looked at, or where it cannot be.
    [[nodiscard]] std::optional<Observation> observation() const;
    [[nodiscard]] const Plan& plan() const;
    /// 0 until it is claimed (Way::ActNow); else the request.
    [[nodiscard]] qint64 number() const;
    /// What is on record, as far as this session knows; in the order in which steps were begun.
    [[nodiscard]] const QList<StepRecord>& records() const;
    /// Once Ended.
    [[nodiscard]] std::optional<RequestState> outcome() const;
    /// Why it is Refused or Lost.
    [[nodiscard]] std::optional<Error> error() const;

signals:
    /// phase(), choices(), sentence(), waitingFor(), step(), observation(): read them again.
    void changed();
    /// What happens within a step: "Evicted 3 of 12 pods".
    void progress(int step, const QString& sentence);
    void stepChanged(const wk::changes::StepRecord& record);
    /// Ended, Refused or Lost: nothing follows.
    void finished();

private:
    class Private;
    std::unique_ptr<Private> d;
};
Q_DECLARE_OPERATORS_FOR_FLAGS(Executor::Choices)

[[nodiscard]] QString phaseWords(Executor::Phase phase);

} // namespace wk::changes
