// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtCore/QByteArray>
#include <QtCore/QProcess>
#include <QtCore/QStringList>

namespace wk::test {

/// What a program left behind.
struct Ran
{
    int code = -1; ///< exit code; -1: it did not start or crashed, -2: it was ended after the time limit
    QByteArray out;
    QByteArray err;
    qint64 ms = 0; ///< wall time
};

/// Runs a program to its end while the test's event loop goes on, so that tables under test keep filling. `environment`
/// entries ("NAME=value") are added to this process's own.
[[nodiscard]] Ran run(const QString& program, const QStringList& arguments, int timeoutMs = 60'000,
                      const QStringList& environment = {}, const QByteArray& input = {});

/// A program of this build: watchkeeperctl, watchkeeper-fleet, watchkeeper.
[[nodiscard]] QString program(const QString& name);

/// Ports of which nothing listens on `base` + any of `offsets`, below the range that systems give to outgoing
/// connections.
[[nodiscard]] quint16 freePorts(const QList<int>& offsets);

} // namespace wk::test
