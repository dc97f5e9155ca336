// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>

class QProcess;

namespace wk::platform {

/// Ends a process that nobody waits for any more, without waiting for it: kills it where it still runs and deletes the
/// object once the system has reaped it. Where the thread's event loop ends before that, the object goes with the
/// thread. Its signals reach nobody after this. An empty pointer is fine.
void endProcess(std::unique_ptr<QProcess> process);

} // namespace wk::platform
