// SPDX-License-Identifier: GPL-3.0-or-later
#include "changes/templates/PlanTemplateLoader.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>

/// Feeds bytes to the reader of plan templates. Either a template comes out or a reason why not, never both and never
/// neither.
int fuzzTemplate(const uint8_t* data, size_t size)
{
    const wk::changes::TemplateLoad load = wk::changes::parseTemplate(
        QByteArray(reinterpret_cast<const char*>(data), qsizetype(size)), QStringLiteral("fuzz.yaml"));
    if (load.templates.empty() == load.problems.empty())
        std::abort();
    for (const wk::platform::PlatformProblem& problem : load.problems) {
        if (problem.line < 1 || problem.column < 1 || problem.text().isEmpty())
            std::abort();
    }
    return 0;
}
