// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/BackgroundThread.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QDeadlineTimer>
#include <QtCore/QMutex>
#include <QtCore/QThread>

#include <vector>

namespace wk {

class BackgroundThread::Loop : public QThread
{
public:
    explicit Loop(const QString& name)
    {
        setObjectName(name);
        anchor.moveToThread(this);
    }

    QObject anchor;
};

namespace {

/// The threads that have lost their owner. Counts only: nothing can be had from here.
class Leaving
{
public:
    ~Leaving() { wait(); }

    void add(std::unique_ptr<QThread> thread)
    {
        const QMutexLocker lock(&m_mutex);
        forgetEnded();
        m_threads.push_back(std::move(thread));
        if (!std::exchange(m_hooked, true))
            qAddPostRoutine(&BackgroundThread::waitForAll);
    }

    void wait()
    {
        std::vector<std::unique_ptr<QThread>> threads;
        {
            const QMutexLocker lock(&m_mutex);
            threads.swap(m_threads);
            m_hooked = false; // the routines of an application run once
        }
        for (const auto& thread : threads)
            thread->wait();
    }

private:
    void forgetEnded()
    {
        std::erase_if(m_threads, [](const auto& thread) { return thread->wait(QDeadlineTimer(0)); });
    }

    QMutex m_mutex;
    std::vector<std::unique_ptr<QThread>> m_threads;
    bool m_hooked = false;
};

Leaving& leaving()
{
    static Leaving threads;
    return threads;
}

} // namespace

BackgroundThread::BackgroundThread(const QString& name) : m_loop(std::make_unique<Loop>(name)) { m_loop->start(); }

BackgroundThread::~BackgroundThread()
{
    post([loop = m_loop.get()] { loop->quit(); });
    leaving().add(std::move(m_loop));
}

QObject* BackgroundThread::anchor() const { return &m_loop->anchor; }

void BackgroundThread::waitForAll() { leaving().wait(); }

} // namespace wk
