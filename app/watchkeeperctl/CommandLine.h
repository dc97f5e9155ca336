// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/Result.h"
#include "platform/KubeConfig.h"

#include <QtCore/QHash>
#include <QtCore/QStringList>

namespace wk::ctl {

/// The command line, understood.
struct Arguments
{
    QString verb;
    QStringList words; ///< what follows the verb and is no option
    QString kubeconfig;
    QString context;
    QStringList contexts; ///< every --context, in the order given; `context` is the last
    QString space;        ///< -n
    bool allSpaces = false;
    QString selector;
    QString output = QStringLiteral("table");
    bool stats = false;
    bool showSecrets = false;
    bool finalOnly = false;
    bool mostRecent = false;
    double seconds = 0; ///< 0: until interrupted
    QStringList platformDirs;
    QString store;              ///< --store: a postgresql:// URI
    bool passwordStdin = false; ///< the password comes as a line of standard input
    bool savePassword = false;  ///< a password that was typed is kept in the keychain
    bool newPassword = false;   ///< store grant: asks for a password for the person
    /// Options of the commands that speak with a store, by name and in the order given; a flag has one empty text.
    QHash<QString, QStringList> named;
    bool help = false;
    bool version = false;

    [[nodiscard]] bool has(const QString& name) const { return named.contains(name); }
    /// As given last; empty where it was not.
    [[nodiscard]] QString value(const QString& name) const
    {
        return named.value(name).value(named.value(name).size() - 1);
    }
};

/// Reads the command line (without the program's name). Options may stand anywhere, as with kubectl.
[[nodiscard]] Result<Arguments> parseArguments(const QStringList& words);

/// The text of `help`.
[[nodiscard]] QString usage();
/// The longer text of `help change`, `help action`, `help audit`; empty for every other verb.
[[nodiscard]] QString usageOf(const QString& verb);

/// The context that --kubeconfig, $KUBECONFIG and --context name.
[[nodiscard]] Result<platform::ResolvedContext> resolveContext(const Arguments& arguments);

void printError(const Error& error);
void printLine(const QString& line);
/// Every column as wide as its widest cell, three blanks between; the first line is the header.
void printColumns(const QList<QStringList>& lines);
/// On standard error: worth knowing, no mistake.
void printNote(const QString& line);

} // namespace wk::ctl
