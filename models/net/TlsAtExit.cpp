// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/TlsAtExit.h"

#include <openssl/crypto.h>

namespace wk::net {

void leaveTlsToTheEnd()
{
    // Where it fails, OpenSSL does not work either, and every connection says so.
    OPENSSL_init_crypto(OPENSSL_INIT_NO_ATEXIT, nullptr);
}

} // namespace wk::net
