// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace wk::secrets {

/// From now on neither a crash nor another program of the same person writes down this process's memory, where
/// passwords stand while they are used. What it starts writes no core, either. Call it first in main().
void forbidCoreDumps();

} // namespace wk::secrets
