// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "support/Process.h"

namespace wk::test {

/// A session bus of one test's own, on which nothing is started by name: no keychain asks for its password on a screen.
enum class SessionBus {
    Keyring, ///< a real gnome-keyring, unlocked
    Denying, ///< the same, and the bus lets nobody speak with it
    Empty,   ///< nobody is there
};

/// Why there can be no such bus here; empty: there can.
[[nodiscard]] QString whyNoSessionBus(SessionBus bus);
/// Runs this test program again, on such a bus, with one of its functions, which sees insideSessionBus(). `home` holds
/// all that is written.
[[nodiscard]] Ran runOnSessionBus(SessionBus bus, const QString& function, const QString& home, int timeoutMs = 60'000);
[[nodiscard]] bool insideSessionBus();

} // namespace wk::test
