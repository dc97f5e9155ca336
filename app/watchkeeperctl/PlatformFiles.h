// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "CommandLine.h"
#include "platform/Platform.h"

namespace wk::ctl {

/// The built-in platforms, the person's own, and those of --platform-dir, in the order in which they take each other's
/// place.
[[nodiscard]] QStringList platformDirectories(const Arguments& arguments);
/// The same for descriptions of metrics.
[[nodiscard]] QStringList metricDirectories();

/// A platform by its name, or by its file where that exists. NotFound with the names there are, BadInput with the
/// mistakes.
[[nodiscard]] Result<std::shared_ptr<const platform::Platform>> findPlatform(const Arguments& arguments,
                                                                             const QString& name);

} // namespace wk::ctl
