// SPDX-License-Identifier: GPL-3.0-or-later
#include "Commands.h"
#include "core/BackgroundThread.h"
#include "secrets/CoreDumps.h"

#include <QtCore/QCoreApplication>

#include <csignal>
#include <cstdio>
#include <cstdlib>

using namespace wk;
using namespace wk::ctl;
using namespace Qt::StringLiterals;

namespace {

int run(const Arguments& arguments, Running& running)
{
    if (arguments.version) {
        printLine(QStringLiteral("watchkeeperctl " WATCHKEEPER_VERSION));
        return Done;
    }
    if (arguments.help || arguments.verb == u"help") {
        const QString longer = usageOf(arguments.verb == u"help" ? arguments.words.value(0) : arguments.verb);
        printLine(longer.isEmpty() ? usage() : longer);
        return Done;
    }
    struct Command
    {
        QStringView verb;
        int (*run)(const Arguments&, Running&);
        bool takesNamed = false; ///< Arguments::named
    };
    static constexpr Command commands[] = {
        {u"platforms", [](const Arguments& a, Running&) { return runPlatforms(a); }},
        {u"platform", [](const Arguments& a, Running&) { return runPlatform(a); }, true},
        {u"query", runQuery, true},
        {u"query-range", runQueryRange, true},
        {u"slo", runSlo, true},
        {u"contexts", [](const Arguments& a, Running&) { return runContexts(a); }},
        {u"doctor", runDoctor},
        {u"get", runGet},
        {u"health", runHealth},
        {u"watch", runWatch},
        {u"store", runStore},
        {u"change", runChange, true},
        {u"action", runAction, true},
        {u"audit", runAudit, true},
        {u"alerts", runAlerts, true},
        {u"silence", runSilence, true},
        {u"secret", runSecret, true},
    };
    const auto command = std::ranges::find(commands, QStringView(arguments.verb), &Command::verb);
    if (command != std::end(commands) && !command->takesNamed && !arguments.named.isEmpty()) {
        printError({Error::Kind::BadInput,
                    QCoreApplication::translate("wk::ctl", "%1 takes no option --%2")
                        .arg(arguments.verb, *arguments.named.keyBegin()),
                    {},
                    QCoreApplication::translate("wk::ctl", "Run `watchkeeperctl help` for the options")});
        return Usage;
    }
    if (command != std::end(commands) && arguments.output == u"csv" && !arguments.verb.startsWith(u"query")) {
        printError({Error::Kind::BadInput,
                    QCoreApplication::translate("wk::ctl", "%1 prints no CSV").arg(arguments.verb),
                    {},
                    QCoreApplication::translate("wk::ctl", "Run `watchkeeperctl help` for the options")});
        return Usage;
    }
    if (command != std::end(commands))
        return command->run(arguments, running);
    std::fputs(usage().toUtf8().constData(), stderr);
    return Usage;
}

} // namespace

int main(int argc, char** argv)
{
    secrets::forbidCoreDumps();
    // A reader that goes away (| head) ends the program quietly, as with every other filter.
#ifdef SIGPIPE
    std::signal(SIGPIPE, SIG_DFL);
#endif
    QCoreApplication app(argc, argv);
    QCoreApplication::setApplicationName(u"watchkeeper"_s);
    QCoreApplication::setApplicationVersion(QStringLiteral(WATCHKEEPER_VERSION));
    const auto arguments = parseArguments(QCoreApplication::arguments().sliced(1));
    if (!arguments) {
        printError(arguments.error());
        return Usage;
    }
    Running running;
    int code = run(*arguments, running);
    if (code < 0)
        code = QCoreApplication::exec();
    running.reset();
    BackgroundThread::waitForAll(); // the person's own server is stopped by a thread
    // Qt waits for every name that is still being looked up before it lets the process go: with a DNS that does not
    // answer, seconds after the last word was said. Everything of ours is closed and nothing else is left to do.
    std::fflush(nullptr);
    std::_Exit(code);
}
