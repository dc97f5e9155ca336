// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/Result.h"

#include <QtCore/QStringList>

namespace wk::app {

/// What the program was asked to do.
struct CommandLine
{
    QString kubeconfig;       ///< instead of $KUBECONFIG and ~/.kube/config
    QString context;          ///< to open; empty: the one of last time, else the current one
    QStringList platformDirs; ///< beside the built-in platforms and the person's own
    QString panel;            ///< "overview", "cluster", "changes", "settings"
    QString store;            ///< of change requests, instead of the one in the settings; empty: that one
    QString shotsDir;         ///< not empty: draw every panel into it and leave
    QStringList shotsOnly;    ///< not empty: only pictures whose names begin so
    int benchSeconds = 0;     ///< > 0: measure for so long, print one JSON line and leave
    bool startupTrace = false;
    bool help = false;
    bool version = false;
};

/// `arguments` without the program's name.
[[nodiscard]] Result<CommandLine> parseCommandLine(const QStringList& arguments);
/// The text of --help.
[[nodiscard]] QString commandLineHelp();

} // namespace wk::app
