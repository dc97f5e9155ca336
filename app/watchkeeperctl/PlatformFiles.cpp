// SPDX-License-Identifier: GPL-3.0-or-later
#include "PlatformFiles.h"

#include "monitoring/metrics/MetricCatalog.h"
#include "platform/PlatformLoader.h"

#include <QtCore/QFileInfo>
#include <QtCore/QObject>
#include <QtCore/QStandardPaths>

namespace wk::ctl {

using namespace Qt::StringLiterals;

namespace {

QString own(const QString& folder)
{
    return QStandardPaths::writableLocation(QStandardPaths::AppConfigLocation) + u'/' + folder;
}

} // namespace

QStringList platformDirectories(const Arguments& arguments)
{
    return QStringList{QString::fromUtf16(platform::builtinPlatforms), own(u"platforms"_s)} + arguments.platformDirs;
}

QStringList metricDirectories() { return {QString::fromUtf16(monitoring::builtinMetrics), own(u"metrics"_s)}; }

Result<std::shared_ptr<const platform::Platform>> findPlatform(const Arguments& arguments, const QString& name)
{
    const bool isFile = QFileInfo(name).isFile();
    const platform::PlatformLoad load =
        isFile ? platform::loadPlatformFile(name) : platform::loadPlatforms(platformDirectories(arguments));
    QStringList names;
    for (const auto& platform : load.platforms) {
        if (isFile || platform->name == name)
            return platform;
        names << platform->name;
    }
    QStringList problems;
    for (const platform::PlatformProblem& problem : load.problems)
        problems << problem.text();
    if (isFile)
        return fail(Error::Kind::BadInput, QObject::tr("%1 describes no platform").arg(name), problems.join(u'\n'));
    return fail(Error::Kind::NotFound, QObject::tr("There is no platform \"%1\"").arg(name), problems.join(u'\n'),
                QObject::tr("Known are %1").arg(names.join(u", "_s)));
}

} // namespace wk::ctl
