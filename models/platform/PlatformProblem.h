// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtCore/QString>

namespace wk::platform {

/// One mistake in one platform file, where it stands and what should stand there.
struct PlatformProblem
{
    QString file;
    int line = 0;   ///< 1-based; 0 where the file as a whole is meant (it cannot be read, say)
    int column = 0; ///< 1-based, in characters
    QString message;
    QString expected;

    /// "file:line:column: message; expected …"
    [[nodiscard]] QString text() const;
    bool operator==(const PlatformProblem&) const = default;
};

} // namespace wk::platform
