// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtCore/QMutex>
#include <QtCore/QObject>

namespace wk {

/// The way from a background thread to an object of another thread, which may go at any moment. Shared by both sides.
class ReceiverLink
{
    Q_DISABLE_COPY_MOVE(ReceiverLink)
public:
    explicit ReceiverLink(QObject* receiver) : m_receiver(receiver) {}

    /// Runs `f` on the receiver's thread, unless the receiver is gone by then.
    template <typename F>
    void post(F&& f)
    {
        const QMutexLocker lock(&m_mutex);
        if (m_receiver)
            QMetaObject::invokeMethod(m_receiver, std::forward<F>(f), Qt::QueuedConnection);
    }

    /// In the receiver's destructor, on its thread. What is posted and not run yet goes with the receiver.
    void close()
    {
        const QMutexLocker lock(&m_mutex);
        m_receiver = nullptr;
    }

private:
    QMutex m_mutex; // held for as long as posting takes
    QObject* m_receiver;
};

} // namespace wk
