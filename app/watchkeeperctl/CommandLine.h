// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/Result.h"
#include "platform/KubeConfig.h"

#include <QtCore/QStringList>

namespace wk::ctl {

/// The command line, understood.
struct Arguments
{
    QString verb;
    QStringList words; ///< what follows the verb and is no option
    QString kubeconfig;
    QString context;
    QString space; ///< -n
    bool allSpaces = false;
    QString selector;
    QString output = QStringLiteral("table");
    bool stats = false;
    bool showSecrets = false;
    bool finalOnly = false;
    bool mostRecent = false;
    double seconds = 0; ///< 0: until interrupted
    QStringList platformDirs;
    bool help = false;
    bool version = false;
};

/// Reads the command line (without the program's name). Options may stand anywhere, as with kubectl.
[[nodiscard]] Result<Arguments> parseArguments(const QStringList& words);

/// The text of `help`.
[[nodiscard]] QString usage();

/// The context that --kubeconfig, $KUBECONFIG and --context name.
[[nodiscard]] Result<platform::ResolvedContext> resolveContext(const Arguments& arguments);

void printError(const Error& error);
void printLine(const QString& line);
/// On standard error: worth knowing, no mistake.
void printNote(const QString& line);

} // namespace wk::ctl
