// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "changes/templates/PlanTemplate.h"
#include "platform/YamlReader.h"

namespace wk::changes {

/// Reads the whole document; mistakes go to the report, each with its place.
void readTemplate(const platform::YamlNode& root, platform::YamlReport& report, TemplateSpec& spec);

/// Fills a well-formed template with defaults and examples on a platform made up for it, every optional value once
/// given and once not, and reports each step that is none.
class TemplateTrial
{
public:
    static void run(const TemplateSpec& spec, const platform::YamlNode& root, platform::YamlReport& report);
};

} // namespace wk::changes
