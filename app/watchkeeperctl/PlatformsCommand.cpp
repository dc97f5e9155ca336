// SPDX-License-Identifier: GPL-3.0-or-later
#include "Commands.h"
#include "PlatformFiles.h"
#include "monitoring/promql/QueryRemarks.h"
#include "platform/PlatformLoader.h"

namespace wk::ctl {

using namespace Qt::StringLiterals;

namespace {

QString servicesText(const platform::Platform& platform)
{
    const qsizetype count = platform.services.size();
    return count == 1 ? QObject::tr("1 service") : QObject::tr("%1 services").arg(count);
}

int printProblems(const std::vector<platform::PlatformProblem>& problems)
{
    for (const platform::PlatformProblem& problem : problems)
        printError({Error::Kind::BadInput, problem.text(), {}, {}});
    return problems.empty() ? Done : Refused;
}

int check(const QStringList& files)
{
    if (files.isEmpty()) {
        printError({Error::Kind::BadInput, QObject::tr("Say which platform file to check"), {}, {}});
        return Usage;
    }
    int code = Done;
    for (const QString& file : files) {
        const platform::PlatformLoad load = platform::loadPlatformFile(file);
        code = std::max(code, printProblems(load.problems));
        for (const auto& platform : load.platforms) {
            if (load.problems.empty())
                printLine(QObject::tr("%1: %2, %3").arg(file, platform->title, servicesText(*platform)));
            for (const monitoring::QueryRemark& remark : monitoring::remarksOn(*platform))
                printNote(remark.text());
        }
    }
    return code;
}

} // namespace

int runPlatforms(const Arguments& arguments)
{
    if (arguments.words.value(0) == u"check")
        return check(arguments.words.sliced(1));
    if (!arguments.words.isEmpty()) {
        printError({Error::Kind::BadInput,
                    QObject::tr("platforms knows no \"%1\"").arg(arguments.words[0]),
                    {},
                    QObject::tr("Write `platforms` or `platforms check FILE`")});
        return Usage;
    }
    const platform::PlatformLoad load = platform::loadPlatforms(platformDirectories(arguments));
    for (const auto& platform : load.platforms) {
        printLine(QObject::tr("%1   %2   %3   %4")
                      .arg(platform->name, platform->title, servicesText(*platform),
                           platform->namespaceNames().join(u", "_s)));
    }
    for (const QString& note : load.notes)
        printNote(note);
    return printProblems(load.problems);
}

} // namespace wk::ctl
