// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "changes/actions/ClusterActions.h"
#include "changes/runners/Jobs.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QJsonArray>

namespace wk::changes {

struct ActionsTexts
{
    Q_DECLARE_TR_FUNCTIONS(wk::changes::ClusterActions)
};

/// What the jobs of ClusterActions share: reading what an action has to know, one answer after the other.
class ActionJob : public Job
{
public:
    ActionJob(ClusterAccess& access, Clock& clock, Step step)
        : m_access(access), m_clock(clock), m_step(std::move(step)), m_kind(actionKind(m_step.name))
    {
    }

protected:
    using Read1 = std::function<void(Result<QJsonObject>)>; ///< an empty object: it does not exist

    void readOne(const Read& read, Read1 done);
    /// All that the action reads, then `done`.
    void gather(std::function<void(Result<Answers>)> done);
    /// What gather() reads next.
    [[nodiscard]] virtual QList<Read> readsAfter(const Answers& soFar) const { return m_kind->reads(m_step, soFar); }
    [[nodiscard]] Result<Prepared> prepare(const Answers& answers) const;
    /// What an approval of this step rests on; asks for an autoscaler where that matters. Where nobody may read them
    /// the replicas count.
    void stand(const QJsonObject& live, bool follows, std::function<void(Precondition)> done);
    [[nodiscard]] static Error unknownAction(const QString& name);

    ClusterAccess& m_access;
    Clock& m_clock;
    const Step m_step;
    const ActionKind* m_kind;

private:
    void gatherMore();

    Answers m_answers;
    QList<Read> m_reads;
    std::function<void(Result<Answers>)> m_gathered;
};

/// Binds the steps that take back what `created` made to the identity that it got.
void identify(Inverse& inverse, const Call& created, const QString& uid);

template <typename T>
using PromisingJob = Promising<T, ActionJob>;

class AllowanceJob final : public PromisingJob<Allowance>
{
public:
    using Promising::Promising;
    void start() override;

private:
    void next(QList<Permission> rest);
};

/// Reads what a form shows.
class LookJob final : public PromisingJob<Answers>
{
public:
    using Promising::Promising;
    void start() override;

protected:
    [[nodiscard]] QList<Read> readsAfter(const Answers& soFar) const override
    {
        return m_kind->formReads(m_step, soFar);
    }
};

class PreviewJob final : public PromisingJob<Preview>
{
public:
    using Promising::Promising;
    void start() override;

private:
    static constexpr int maxAttempts = 5;

    void next();
    void pretend(const QJsonObject& before);
    void onAnswer(const Call& call, const QJsonObject& before, const Answer& answer);

    Prepared m_prepared;
    Preview m_preview;
    qsizetype m_at = 0;
    int m_attempts = 0;
    std::shared_ptr<void> m_timer;
};

/// Reads what a step rests on.
class StateJob final : public PromisingJob<Precondition>
{
public:
    StateJob(ClusterAccess& access, Clock& clock, const Step& step, bool follows)
        : Promising(access, clock, step), m_follows(follows)
    {
    }
    void start() override;

private:
    const bool m_follows;
};

class ObserveJob final : public PromisingJob<Observation>
{
public:
    ObserveJob(ClusterAccess& access, Clock& clock, const Step& step, Before before)
        : Promising(access, clock, step), m_before(std::move(before))
    {
    }
    void start() override { next(); }

private:
    void next();

    Before m_before;
    qsizetype m_at = 0;
    int m_done = 0, m_notDone = 0;
};

} // namespace wk::changes
