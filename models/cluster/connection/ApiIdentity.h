// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/Result.h"
#include "net/HttpOptions.h"
#include "platform/ExecCredential.h"
#include "platform/KubeConfig.h"

namespace wk::cluster {

/// How a context's identity maps to HTTP: certificate files read, default headers made (all but Authorization).
/// `credential` is the exec plugin's, null where there is none. Fails in words where a file cannot be read or a way to
/// log in is not supported.
[[nodiscard]] Result<net::HttpOptions> httpOptions(const platform::ResolvedContext& context,
                                                   const platform::ExecCredential* credential);

/// The value of the Authorization header, empty for none. Reads the token file.
[[nodiscard]] Result<QByteArray> authorization(const platform::ResolvedContext& context,
                                               const platform::ExecCredential* credential);

/// Impersonate-* as k8s.io/client-go/transport/round_trippers.go writes them.
[[nodiscard]] net::Headers impersonationHeaders(const platform::Impersonation& who);

} // namespace wk::cluster
