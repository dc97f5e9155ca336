// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "monitoring/prometheus/ServerAddress.h"
#include "platform/ServerAccess.h"
#include "secrets/SecretStore.h"

#include <QtCore/QFuture>

namespace wk::monitoring {

/// What a platform file says of how its server is reached, and where the rest of that is found.
struct AccessFile
{
    platform::ServerAccess access;
    QString folder; ///< of the platform file: its paths are relative to it; "~/" is the home directory
    QString entry;  ///< of the keychain, where the file names none
};

/// "shop/prometheus": the keychain's entry of a platform whose file names none.
[[nodiscard]] QString secretName(const QString& platform, const QString& server);
/// Nothing where the file says nothing. `file`: Platform::file.
[[nodiscard]] std::optional<AccessFile> accessOf(const std::optional<platform::ServerAccess>& access,
                                                 const QString& platform, const QString& file, const QString& server);

/// The address with all that the access adds: prefix, headers, authorities, client certificate, proxy, and the login
/// with its secret out of the keychain. On the GUI thread, which never waits for the keychain. Fails in words where a
/// file cannot be read, the keychain has no such entry or cannot be asked, and for a service behind an API server,
/// which passes no login on. `secrets` may be null where nobody needs one; it outlives the future.
[[nodiscard]] QFuture<Result<ServerAddress>> withAccess(ServerAddress address, const AccessFile& file,
                                                        secrets::SecretStore* secrets);

} // namespace wk::monitoring
