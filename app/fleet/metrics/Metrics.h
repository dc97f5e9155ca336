// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "fleet/metrics/Exposition.h"
#include "fleet/world/Model.h"

#include <QtCore/QJsonArray>

namespace wk::fleet {

/// Something in a simulated cluster that Prometheus scrapes: a pod of a service, the node exporter and the kubelet of a
/// node, and the exporters there is one of in a cluster. The metrics of each have the names of the common exporters.
struct ScrapeTarget
{
    enum class Kind { Pod, Node, Kubelet, State, Postgres, Redis, Cost, Business };
    Kind kind = Kind::Pod;
    QString job;      ///< "tchat-services", "node-exporter", "kubelet", …
    QString instance; ///< "10.1.0.7:8081", "tchat-node-1:9100"
    QString space;    ///< of a pod, and of what speaks for a namespace
    const Pod* pod = nullptr;
    const Node* node = nullptr;
    bool up = true; ///< whether it answers

    /// Below the exporter's port: "/targets/kubelet/tchat-node-1:10250/metrics".
    [[nodiscard]] QString path() const { return QStringLiteral("/targets/%1/%2/metrics").arg(job, instance); }
};

/// All of a cluster, also those that do not answer now.
[[nodiscard]] std::vector<ScrapeTarget> scrapeTargets(const Cluster& cluster);
/// What such a target shows; nothing of the labels by which a server knows the target.
void expose(Exposition& out, const Cluster& cluster, const ScrapeTarget& target);
/// The labels that a server puts on what it scrapes there.
void setTargetLabels(Exposition& out, const ScrapeTarget& target);

/// Everything that Prometheus would scrape from one simulated cluster as one page, with the labels of the targets.
[[nodiscard]] QByteArray expositionText(const Cluster& cluster);
/// The same as OpenMetrics samples of the present time.
[[nodiscard]] QByteArray expositionAt(const Cluster& cluster);
/// For `http_sd_configs`: the targets, all behind `port` on loopback.
/// Source: https://prometheus.io/docs/prometheus/latest/http_sd/
[[nodiscard]] QJsonArray serviceDiscovery(const Cluster& cluster, quint16 port);

// MetricsPods.cpp
void exposePod(Exposition& out, const Cluster& cluster, const Pod& pod);
void exposeKubelet(Exposition& out, const Cluster& cluster, const Node& node);
// MetricsState.cpp
void exposeState(Exposition& out, const Cluster& cluster);
void exposeCost(Exposition& out, const Cluster& cluster);
// MetricsStores.cpp
void exposePostgres(Exposition& out, const Cluster& cluster);
void exposeRedis(Exposition& out, const Cluster& cluster);
void exposeBusiness(Exposition& out, const Cluster& cluster);

} // namespace wk::fleet
