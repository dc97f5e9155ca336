// SPDX-License-Identifier: GPL-3.0-or-later
#include "watchkeeper/CommandLine.h"

#include <QtCore/QCommandLineParser>
#include <QtCore/QCoreApplication>

namespace wk::app {

using namespace Qt::StringLiterals;

namespace {

QString tr(const char* text) { return QCoreApplication::translate("wk::app::CommandLine", text); }

void addOptions(QCommandLineParser& parser)
{
    parser.setApplicationDescription(tr("The operations cockpit: clusters on the screen, live."));
    parser.addOptions({
        {u"kubeconfig"_s, tr("Read this kubeconfig instead of $KUBECONFIG and ~/.kube/config."), tr("FILE")},
        {u"context"_s, tr("Open this context."), tr("NAME")},
        {u"platform-dir"_s, tr("Read platform files from this folder too. May be repeated."), tr("DIR")},
        {u"panel"_s, tr("Start with this panel: overview, cluster, monitoring, changes, credentials or settings."),
         tr("NAME")},
        {u"store"_s,
         tr("Keep change requests in this store instead of the one in the settings: postgresql://person@host/database. "
            "$WATCHKEEPER_STORE does the same."),
         tr("URI")},
        {u"shots"_s, tr("Draw every panel and state into DIR as PNG, say in shots.txt what is on them, and leave."),
         tr("DIR")},
        {u"only"_s, tr("Of these pictures, only those whose names begin so. May be repeated."), tr("NAME")},
        {u"bench"_s, tr("Show pods for so many seconds, print one line of JSON with what it cost, and leave."),
         tr("SECONDS")},
        {u"startup-trace"_s, tr("Print when each step of the start was done.")},
        {{u"h"_s, u"help"_s}, tr("Show this help.")},
        {{u"v"_s, u"version"_s}, tr("Show the version.")},
    });
}

} // namespace

Result<CommandLine> parseCommandLine(const QStringList& arguments)
{
    QCommandLineParser parser;
    addOptions(parser);
    if (!parser.parse(QStringList{u"watchkeeper"_s} + arguments))
        return fail(Error::Kind::BadInput, parser.errorText(), {}, tr("See watchkeeper --help."));
    if (!parser.positionalArguments().isEmpty())
        return fail(Error::Kind::BadInput, tr("\"%1\" is no option.").arg(parser.positionalArguments().first()), {},
                    tr("See watchkeeper --help."));
    CommandLine line;
    line.kubeconfig = parser.value(u"kubeconfig"_s);
    line.context = parser.value(u"context"_s);
    line.platformDirs = parser.values(u"platform-dir"_s);
    line.panel = parser.value(u"panel"_s);
    line.store = parser.isSet(u"store"_s) ? parser.value(u"store"_s) : qEnvironmentVariable("WATCHKEEPER_STORE");
    line.shotsDir = parser.value(u"shots"_s);
    line.shotsOnly = parser.values(u"only"_s);
    line.startupTrace = parser.isSet(u"startup-trace"_s);
    line.help = parser.isSet(u"help"_s);
    line.version = parser.isSet(u"version"_s);
    if (parser.isSet(u"bench"_s)) {
        bool ok = false;
        line.benchSeconds = parser.value(u"bench"_s).toInt(&ok);
        if (!ok || line.benchSeconds <= 0)
            return fail(Error::Kind::BadInput,
                        tr("--bench wants a number of seconds above 0, not \"%1\".").arg(parser.value(u"bench"_s)));
    }
    static const QStringList panels{u""_s,        u"overview"_s,    u"cluster"_s, u"monitoring"_s,
                                    u"changes"_s, u"credentials"_s, u"settings"_s};
    if (!panels.contains(line.panel))
        return fail(
            Error::Kind::BadInput,
            tr("There is no panel \"%1\"; there are overview, cluster, monitoring, changes, credentials and settings.")
                .arg(line.panel));
    if (parser.isSet(u"shots"_s) && line.shotsDir.isEmpty())
        return fail(Error::Kind::BadInput, tr("--shots wants a folder."));
    return line;
}

QString commandLineHelp()
{
    QCommandLineParser parser;
    addOptions(parser);
    return parser.helpText();
}

} // namespace wk::app
