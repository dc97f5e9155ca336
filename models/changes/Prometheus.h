// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/Result.h"

#include <QtCore/QByteArray>
#include <QtCore/QUrl>

namespace wk::platform {
struct Platform;
}

namespace wk::changes {

/// Where the Prometheus of a cluster is asked: at an address of its own, or as a service inside the cluster, through
/// the API server (https://kubernetes.io/docs/tasks/access-application-cluster/access-cluster-services/), which needs
/// no way into the cluster's network but the right to "get services/proxy".
struct Prometheus
{
    QUrl url;         ///< "https://prometheus.example/prefix"; empty: inside
    QByteArray proxy; ///< "/api/v1/namespaces/shop/services/http:prometheus:9090/proxy"
};

/// As the platform file says it: a monitoring service that is called Prometheus, by an endpoint of that name, else by
/// its host and port. A host without a dot is a service of the platform's main namespace. NotFound without a platform.
[[nodiscard]] Result<Prometheus> prometheusOf(const platform::Platform* platform);

} // namespace wk::changes
