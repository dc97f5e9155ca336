// SPDX-License-Identifier: GPL-3.0-or-later
#include "platform/ProcessEnd.h"

#include <QtCore/QProcess>
#include <QtCore/QThread>

namespace wk::platform {

void endProcess(std::unique_ptr<QProcess> process)
{
    if (!process)
        return;
    process->disconnect();
    QProcess* left = process.release();
    if (left->state() == QProcess::NotRunning) {
        left->deleteLater();
        return;
    }
    QObject::connect(left, &QProcess::finished, left, &QObject::deleteLater);
    QThread* thread = QThread::currentThread();
    // A worker thread may end before the system reports the end of the process. Emitted in that thread, after its event
    // loop: nobody's window stands still if the system takes its time here.
    QObject::connect(
        thread, &QThread::finished, left,
        [left] {
            left->waitForFinished(1000);
            delete left;
        },
        Qt::DirectConnection);
    left->kill();
}

} // namespace wk::platform
