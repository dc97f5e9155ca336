// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtCore/QFuture>
#include <QtCore/QFutureWatcher>

namespace wk {

/// Calls `f` with the future's result on the receiver's thread, or never where the receiver is gone by then. Instead of
/// QFuture::then(receiver, f), which in Qt 6.4 asserts that the receiver still lives when the future is fulfilled.
/// Always from the event loop, also where the result is there already.
template <typename T, typename F>
void whenDone(const QFuture<T>& future, QObject* receiver, F f)
{
    auto* watcher = new QFutureWatcher<T>(receiver);
    QObject::connect(watcher, &QFutureWatcherBase::finished, receiver, [watcher, f = std::move(f)]() mutable {
        watcher->deleteLater();
        if (watcher->future().resultCount() > 0)
            f(watcher->result());
    });
    watcher->setFuture(future);
}

} // namespace wk
