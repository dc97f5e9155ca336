// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtCore/QCoreApplication>
#include <QtCore/QLocale>

namespace wk::cluster {

/// "1 pod", "12 pods": `one` for exactly one, else `many` with the number for %1. Both are translated in `context`. The
/// source texts are right without any translation file, which Qt's own %n forms are not.
[[nodiscard]] inline QString counted(const char* context, int n, const char* one, const char* many)
{
    const QString text = QCoreApplication::translate(context, n == 1 ? one : many);
    return n == 1 ? text : text.arg(QLocale().toString(n));
}

} // namespace wk::cluster
