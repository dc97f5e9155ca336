// SPDX-License-Identifier: GPL-3.0-or-later
#include "secrets/CoreDumps.h"

#include <QtCore/QtGlobal>

#ifdef Q_OS_UNIX
#include <sys/resource.h>
#endif
#ifdef Q_OS_LINUX
#include <sys/prctl.h>
#endif

namespace wk::secrets {

void forbidCoreDumps()
{
#ifdef Q_OS_UNIX
    const rlimit none{0, 0};
    setrlimit(RLIMIT_CORE, &none);
#endif
// The leak check of AddressSanitizer attaches to the process as a debugger would, which this forbids.
#if defined(Q_OS_LINUX) && !defined(__SANITIZE_ADDRESS__)
    // Where cores are piped to a program, the limit above is only advice to it; see core(5).
    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
#endif
}

} // namespace wk::secrets
