// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "CommandLine.h"

#include <QtCore/QObject>

#include <memory>

namespace wk::ctl {

/// What a run ends with. Documented in README.md; scripts depend on the numbers.
enum ExitCode {
    Done = 0,
    Refused = 1,      ///< the server or the file said no: not found, forbidden, not served, mistakes in a checked file
    Usage = 2,        ///< the command line cannot be understood
    NoConnection = 3, ///< no usable kubeconfig or store, no connection, no credential
    Unfinished = 4,   ///< a change stands still and a person has to decide, or did not get there in time
    Undone = 5        ///< a change failed, was rolled back, rejected or cancelled, or has expired
};

/// The exit code that an error stands for.
[[nodiscard]] int exitCodeOf(const Error& error);

/// What goes on after a command's function has returned: it ends the program by QCoreApplication::exit() and has to be
/// destroyed while the application still exists.
using Running = std::unique_ptr<QObject>;

int runPlatforms(const Arguments& arguments);
int runPlatform(const Arguments& arguments);
int runContexts(const Arguments& arguments);
/// Each of these returns an exit code at once, or -1 and sets `running`.
int runDoctor(const Arguments& arguments, Running& running);
int runGet(const Arguments& arguments, Running& running);
int runHealth(const Arguments& arguments, Running& running);
int runWatch(const Arguments& arguments, Running& running);
int runQuery(const Arguments& arguments, Running& running);
int runQueryRange(const Arguments& arguments, Running& running);
int runSlo(const Arguments& arguments, Running& running);
int runStore(const Arguments& arguments, Running& running);
int runChange(const Arguments& arguments, Running& running);
int runAction(const Arguments& arguments, Running& running);
int runAudit(const Arguments& arguments, Running& running);
int runAlerts(const Arguments& arguments, Running& running);
int runSilence(const Arguments& arguments, Running& running);
int runSecret(const Arguments& arguments, Running& running);

} // namespace wk::ctl
