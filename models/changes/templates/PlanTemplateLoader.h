// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "changes/templates/PlanTemplate.h"
#include "platform/PlatformProblem.h"

#include <memory>
#include <vector>

namespace wk::changes {

/// The folder of the templates that are built into every program.
inline constexpr char16_t builtinTemplates[] = u":/plans";

/// What loading gave: the templates that are right, every mistake of the others, and remarks that are no mistakes.
struct TemplateLoad
{
    std::vector<std::shared_ptr<const PlanTemplate>> templates; ///< by group, then by name
    std::vector<platform::PlatformProblem> problems;
    QStringList notes; ///< "… takes the place of …"
};

/// Loads every *.yaml and *.yml of the directories, by the rules of platform::loadPlatforms(): a later directory's
/// template takes the place of one with the same name, a directory that does not exist is an empty one, a file with a
/// mistake is left out whole. A user's folder is QStandardPaths::AppConfigLocation + "/plans"; the caller decides.
[[nodiscard]] TemplateLoad loadTemplates(const QStringList& directories);

/// One file.
[[nodiscard]] TemplateLoad loadTemplateFile(const QString& path);

/// The text of one file; `name` stands in problems as the file's name. Never throws; at most 256 KiB and 64 levels
/// deep. A template is tried on a platform made up for it, so that a step that could never be part of a plan is a
/// mistake of its file.
[[nodiscard]] TemplateLoad parseTemplate(const QByteArray& yaml, const QString& name);

} // namespace wk::changes
