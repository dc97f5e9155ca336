// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/Clock.h"
#include "secrets/Credentials.h"

namespace wk::ctl {

/// The keychain of the desktop, with the list that all programs of Watchkeeper share. `clock` outlives it.
[[nodiscard]] std::unique_ptr<secrets::Credentials> openCredentials(Clock& clock);

} // namespace wk::ctl
