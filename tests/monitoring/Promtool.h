// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "Tools.h"

#include <QtCore/QFile>
#include <QtCore/QProcess>
#include <QtCore/QTemporaryDir>

namespace wk::test {

/// Empty where there is none.
inline QString promtool() { return monitoringTool(QStringLiteral("promtool")); }

inline constexpr char noPromtool[] = "promtool is not here: the rules are not checked by Prometheus' own tool";

/// What promtool says; empty where all is well.
inline QString promtoolComplaint(const QStringList& arguments, const QString& directory)
{
    QProcess process;
    process.setWorkingDirectory(directory);
    process.setProcessChannelMode(QProcess::MergedChannels);
    process.start(promtool(), arguments);
    if (!process.waitForFinished(600'000))
        return QStringLiteral("promtool did not end: ") + process.errorString();
    const QString said = QString::fromUtf8(process.readAll());
    return process.exitStatus() == QProcess::NormalExit && process.exitCode() == 0 ? QString() : said;
}

inline bool write(const QString& path, const QString& text)
{
    QFile file(path);
    const QByteArray bytes = text.toUtf8();
    return file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size();
}

} // namespace wk::test
