// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "fleet/world/Model.h"

namespace wk::fleet {

/// Load as a pure function of the simulated time: an hour-of-day curve around the platform's busiest hour, the weekday,
/// and a smooth noise from the seed. Requests a second over the whole platform.
[[nodiscard]] double platformRate(const PlatformSpec& spec, quint64 seed, qint64 nowMs);

struct Usage
{
    qint64 cpuMilli = 0;
    qint64 memoryBytes = 0;
};
/// What a container of a pod uses now; nothing unless it runs.
[[nodiscard]] Usage containerUsage(const Cluster& cluster, const Pod& pod, int container);
[[nodiscard]] Usage podUsage(const Cluster& cluster, const Pod& pod);
/// Sum over its pods and the system itself; nothing where its kubelet is silent.
[[nodiscard]] Usage nodeUsage(const Cluster& cluster, const Node& node);

/// Moves every counter of the cluster forward by `seconds`: requests, errors, latencies, CPU, business figures.
void accumulate(Cluster& cluster, double seconds);

} // namespace wk::fleet
