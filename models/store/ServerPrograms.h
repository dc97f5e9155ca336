// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/Result.h"

#include <QtCore/QString>
#include <QtCore/QStringList>

#include <atomic>

namespace wk::store {

/// PostgreSQL's server programs of one version.
struct ServerPrograms
{
    QString directory; ///< holds initdb, postgres and pg_ctl
    int major = 0;     ///< 15

    /// Looks in `wanted`, else on the PATH and where Debian, Red Hat and Homebrew put them. Takes the newest, or the
    /// one of version `major` where that is not 0. Fails with what to install.
    [[nodiscard]] static Result<ServerPrograms> find(const QString& wanted, int major);

    [[nodiscard]] QString path(const char* name) const;
};

/// As whom the server's programs run.
struct ServerUser
{
    QString name; ///< the system's name of the user
    uint uid = 0;
    uint gid = 0;
    bool other = false; ///< another one than ours: we are root

    /// Ourselves; as root `postgres`, else `nobody`.
    [[nodiscard]] static Result<ServerUser> find();
    /// Program and arguments, so that they run as that user.
    [[nodiscard]] QStringList command(const QString& program, const QStringList& arguments) const;
};

/// The line of postgresql.conf that chooses how server processes share memory: PostgreSQL's default needs a /dev/shm
/// that everybody may write to, which small containers and chroots do not have. Ends with a newline; empty for the
/// default.
[[nodiscard]] QByteArray sharedMemorySetting();

/// What a program that has ended left behind.
struct ProgramEnd
{
    int code = -1; ///< -1: did not start, crashed or took too long
    QString output;
};

/// Runs a program to its end; ends it when `stop` is set. Waits: not on the GUI thread.
[[nodiscard]] ProgramEnd runProgram(const QStringList& command, const QString& workDirectory, qint64 limitMs,
                                    const std::atomic<bool>& stop);

} // namespace wk::store
