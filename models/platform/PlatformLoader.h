// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "platform/Platform.h"
#include "platform/PlatformProblem.h"

#include <QtCore/QStringList>

#include <memory>
#include <vector>

namespace wk::platform {

/// The folder of the platform files that are built into every program.
inline constexpr char16_t builtinPlatforms[] = u":/platforms";

/// The names of platform files.
[[nodiscard]] QStringList platformFilePatterns();

/// What loading gave: the platforms that are right, every mistake of the others, and remarks that are no mistakes.
struct PlatformLoad
{
    std::vector<std::shared_ptr<const Platform>> platforms; ///< by name
    std::vector<PlatformProblem> problems;
    QStringList notes; ///< "… takes the place of …"
};

/// Loads every *.yaml and *.yml of the directories, in the order of their names. A platform of a later directory takes
/// the place of one with the same name in an earlier one, which is noted; within one directory a second file with the
/// same platform name is a mistake. A directory that does not exist is an empty one. A file with any mistake is left
/// out whole and does not disturb the others; if it would have replaced an earlier one, that one stands. A user's
/// folder is QStandardPaths::AppConfigLocation + "/platforms"; the caller decides.
[[nodiscard]] PlatformLoad loadPlatforms(const QStringList& directories);

/// One file: a platform, or its problems.
[[nodiscard]] PlatformLoad loadPlatformFile(const QString& path);

/// The text of one file; `name` stands in problems as the file's name. Never throws; at most 1 MiB and 64 levels deep.
[[nodiscard]] PlatformLoad parsePlatform(const QByteArray& yaml, const QString& name);

} // namespace wk::platform
