// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "changes/ClusterActions.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QJsonArray>
#include <QtCore/QPromise>

namespace wk::changes {

struct ActionsTexts
{
    Q_DECLARE_TR_FUNCTIONS(wk::changes::ClusterActions)
};

/// What the jobs of ClusterActions share: reading what an action has to know, one answer after the other.
class ActionJob : public QObject
{
public:
    ActionJob(ClusterAccess& access, Clock& clock, Step step)
        : m_access(access), m_clock(clock), m_step(std::move(step)), m_kind(actionKind(m_step.name))
    {
    }

    virtual void start() = 0;
    std::function<void()> finished; ///< called last; the job may be deleted in it, later

protected:
    using Read1 = std::function<void(Result<QJsonObject>)>; ///< an empty object: it does not exist

    /// Continues on this job's thread, and not at all once the job is gone.
    template <typename T, typename F>
    void await(QFuture<T> future, F&& f)
    {
        future.then(this, std::forward<F>(f));
    }
    void readOne(const Read& read, Read1 done);
    /// All that the action reads, then `done`.
    void gather(std::function<void(Result<Answers>)> done);
    [[nodiscard]] Result<Prepared> prepare(const Answers& answers) const;
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

/// A job that ends with one T.
template <typename T>
class PromisingJob : public ActionJob
{
public:
    using ActionJob::ActionJob;
    ~PromisingJob() override { end(fail(Error::Kind::Cancelled, ActionsTexts::tr("This was given up."))); }
    [[nodiscard]] QFuture<Result<T>> future()
    {
        m_promise.start();
        return m_promise.future();
    }

protected:
    void end(Result<T> result)
    {
        if (std::exchange(m_ended, true))
            return;
        m_promise.addResult(std::move(result));
        m_promise.finish();
        if (const auto done = std::exchange(finished, nullptr))
            done();
    }

private:
    QPromise<Result<T>> m_promise;
    bool m_ended = false;
};

class AllowanceJob final : public PromisingJob<Allowance>
{
public:
    using PromisingJob::PromisingJob;
    void start() override;

private:
    void next(QList<Permission> rest);
};

class PreviewJob final : public PromisingJob<Preview>
{
public:
    using PromisingJob::PromisingJob;
    void start() override;

private:
    void next();
    void pretend(const QJsonObject& before);

    Prepared m_prepared;
    Preview m_preview;
    qsizetype m_at = 0;
};

class ObserveJob final : public PromisingJob<Observation>
{
public:
    ObserveJob(ClusterAccess& access, Clock& clock, const Step& step, Before before)
        : PromisingJob(access, clock, step), m_before(std::move(before))
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
