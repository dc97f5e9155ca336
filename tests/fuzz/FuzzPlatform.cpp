// SPDX-License-Identifier: GPL-3.0-or-later
#include "platform/PlatformLoader.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>

/// Feeds bytes to the platform file parser. Either a platform comes out or a reason why not, never both and never
/// neither.
int fuzzPlatform(const uint8_t* data, size_t size)
{
    const wk::platform::PlatformLoad load = wk::platform::parsePlatform(
        QByteArray(reinterpret_cast<const char*>(data), qsizetype(size)), QStringLiteral("fuzz.yaml"));
    if (load.platforms.empty() == load.problems.empty())
        std::abort();
    for (const wk::platform::PlatformProblem& problem : load.problems) {
        if (problem.line < 1 || problem.column < 1 || problem.text().isEmpty())
            std::abort();
    }
    return 0;
}
