// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace wk::ctl {

/// Seconds since this process was started by the system (Linux: to 10 ms, from /proc), elsewhere since the first call.
[[nodiscard]] double secondsSinceProcessStart();

/// The largest resident memory so far, MiB; 0 where the system does not say.
[[nodiscard]] double peakResidentMiB();

} // namespace wk::ctl
