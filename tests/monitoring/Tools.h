// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtCore/QStandardPaths>
#include <QtCore/QString>

namespace wk::test {

/// A program of Prometheus on the PATH, or where ./run test unpacks Debian's package, whose service nobody asked for;
/// empty where there is none.
inline QString monitoringTool(const QString& name)
{
    const QString found = QStandardPaths::findExecutable(name);
    return found.isEmpty()
               ? QStandardPaths::findExecutable(name, {QStringLiteral(SOURCE_ROOT "/build/tools/monitoring")})
               : found;
}

} // namespace wk::test
