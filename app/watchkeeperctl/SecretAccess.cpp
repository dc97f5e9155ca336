// SPDX-License-Identifier: GPL-3.0-or-later
#include "SecretAccess.h"

#include "secrets/KeychainStore.h"

namespace wk::ctl {

using namespace Qt::StringLiterals;

std::unique_ptr<secrets::Credentials> openCredentials(Clock& clock)
{
    return std::make_unique<secrets::Credentials>(
        std::make_unique<secrets::KeychainStore>(clock, secrets::KeychainStore::service()),
        secrets::CredentialLedger(secrets::CredentialLedger::defaultFile()), u"watchkeeperctl"_s, clock);
}

} // namespace wk::ctl
