// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/Future.h"
#include "core/Result.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QFuture>
#include <QtCore/QObject>
#include <QtCore/QPromise>

#include <functional>
#include <memory>
#include <vector>

namespace wk::changes {

struct JobTexts
{
    Q_DECLARE_TR_FUNCTIONS(wk::changes::ClusterActions)
};

/// Something that goes on over several answers, until it ends by itself or is given up by destroying it.
class Job : public QObject
{
public:
    virtual void start() = 0;
    std::function<void()> finished; ///< called last; the job may be deleted in it, later

protected:
    /// Continues on this job's thread, and not at all once the job is gone.
    template <typename T, typename F>
    void await(const QFuture<T>& future, F f)
    {
        whenDone(future, this, std::move(f));
    }
};

/// A job that ends with one T; with Error::Kind::Cancelled where it is given up.
template <typename T, typename Base = Job>
class Promising : public Base
{
public:
    using Base::Base;
    ~Promising() override { end(fail(Error::Kind::Cancelled, JobTexts::tr("This was given up."))); }
    [[nodiscard]] QFuture<Result<T>> future()
    {
        m_promise.start();
        return m_promise.future();
    }

protected:
    [[nodiscard]] bool hasEnded() const { return m_ended; }
    void end(Result<T> result)
    {
        if (std::exchange(m_ended, true))
            return;
        m_promise.addResult(std::move(result));
        m_promise.finish();
        if (const auto done = std::exchange(this->finished, nullptr))
            done();
    }

private:
    QPromise<Result<T>> m_promise;
    bool m_ended = false;
};

/// The jobs that run. Destroying it gives them up.
class Jobs
{
    Q_DISABLE_COPY_MOVE(Jobs)
public:
    Jobs() = default;
    ~Jobs() { clear(); }

    template <typename J>
    auto run(std::unique_ptr<J> made)
    {
        J* job = made.get();
        auto future = job->future();
        m_jobs.push_back(std::move(made));
        job->finished = [this, job] {
            const auto it = std::ranges::find_if(m_jobs, [job](const auto& j) { return j.get() == job; });
            // Its own function is on the stack.
            it->release()->deleteLater();
            m_jobs.erase(it);
        };
        job->start();
        return future;
    }

    void clear()
    {
        const auto jobs = std::exchange(m_jobs, {}); // who hears of the end may ask for the next
        for (const auto& job : jobs)
            job->finished = nullptr;
    }

private:
    std::vector<std::unique_ptr<Job>> m_jobs;
};

} // namespace wk::changes
