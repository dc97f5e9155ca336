// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtCore/QObject>
#include <QtCore/QString>

#include <memory>

namespace wk {

/// A thread with an event loop of its own, for whose end nobody waits: destroying it only asks the thread to end once
/// everything that was posted has run, and the thread frees what it holds by itself. What the posted functions share
/// with the owner is held by shared pointers, and they speak to the owner through a ReceiverLink.
///
/// A process that ended under its running threads would leave things half done (a server that nobody stops), so the
/// last moment of a program is where waiting is right: QCoreApplication's destructor does it, after the event loop.
/// Who leaves by another door calls waitForAll().
class BackgroundThread
{
    Q_DISABLE_COPY_MOVE(BackgroundThread)
public:
    explicit BackgroundThread(const QString& name);
    ~BackgroundThread();

    /// Runs `f` on the thread; calls keep their order.
    template <typename F>
    void post(F&& f)
    {
        QMetaObject::invokeMethod(anchor(), std::forward<F>(f), Qt::QueuedConnection);
    }

    /// Waits until every thread whose owner is gone has ended. Never while an event loop still serves a person.
    static void waitForAll();

private:
    class Loop;
    [[nodiscard]] QObject* anchor() const; ///< on the thread: receives what is to be run there

    std::unique_ptr<Loop> m_loop;
};

} // namespace wk
