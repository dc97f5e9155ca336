// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/Clock.h"
#include "core/Result.h"
#include "net/HttpOptions.h"
#include "net/Transport.h"
#include "platform/KubeConfig.h"

#include <memory>

namespace wk::monitoring {

/// As whom a server is asked. Secrets are handed in, from the keychain, and stand in no sentence and no log.
struct ServerLogin
{
    enum class Kind { None, Basic, Bearer };
    Kind kind = Kind::None;
    QString user;                           ///< Basic
    QByteArray secret;                      ///< password or token
    QByteArray clientCertPem, clientKeyPem; ///< besides; empty: none
    bool operator==(const ServerLogin&) const = default;
};

/// Where a Prometheus, or what speaks its API, is asked: at an address of its own, or as a service inside a cluster,
/// through the API server
/// (https://kubernetes.io/docs/tasks/access-application-cluster/access-cluster-services/), which needs no way into the
/// cluster's network but the right to "get services/proxy".
struct ServerAddress
{
    QUrl url; ///< "https://prometheus.example/prefix"; empty: inside
    ServerLogin login;
    net::Headers headers;  ///< of the tenant, for Thanos, Mimir and the like: X-Scope-OrgID
    QByteArray caPem;      ///< empty: the system's authorities
    QUrl proxy;            ///< empty: the environment's
    bool insecure = false; ///< verify nothing

    QByteArray servicePath; ///< "/api/v1/namespaces/shop/services/http:prometheus:9090/proxy", with the path prefix
    std::shared_ptr<const platform::ResolvedContext> cluster; ///< of the service

    /// How sentences name it: "prometheus.example:9090", "prometheus in shop".
    [[nodiscard]] QString words() const;
    /// The same for two addresses that lead to the same answers; without any secret.
    [[nodiscard]] QString key() const;
};

/// "/api/v1/namespaces/…/proxy" + prefix; `https` where the service itself speaks TLS.
[[nodiscard]] QByteArray servicePath(const QString& space, const QString& service, int port, bool https = false,
                                     const QString& prefix = {});

/// The way to a server, on the thread that made it.
struct Way
{
    std::unique_ptr<net::Transport> transport;
    QByteArray prefix;   ///< goes before every path
    bool mayPost = true; ///< through an API server a POST would need the right to create services/proxy
    QString words;       ///< ServerAddress::words()
};

/// Fails in words where the address is none. `clock` outlives the way.
[[nodiscard]] Result<Way> openWay(const ServerAddress& address, Clock& clock);

} // namespace wk::monitoring
