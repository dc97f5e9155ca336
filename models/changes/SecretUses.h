// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "secrets/SecretUse.h"
#include "store/Address.h"

#include <vector>

namespace wk::platform {
struct Platform;
}

namespace wk::changes {

/// What a platform reads from the keychain: the logins of its servers of figures, and the addresses of its PostgreSQL
/// databases, which are read where somebody kept one.
[[nodiscard]] std::vector<secrets::SecretUse> secretUses(const platform::Platform& platform);
/// The password of the store of change requests.
[[nodiscard]] secrets::SecretUse secretUse(const store::Address& store);
/// "database shop/prod/orders"
[[nodiscard]] QString databaseSecret(const QString& platform, const QString& cluster, const QString& database);

} // namespace wk::changes
