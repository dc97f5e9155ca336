// SPDX-License-Identifier: GPL-3.0-or-later
// What the blueprints are put together from.
#pragma once

#include "fleet/manifests/Blueprint.h"

namespace wk::fleet::blueprint {

using namespace Qt::StringLiterals;

/// Of a container: millicores and MiB.
struct Size
{
    int cpuRequest, cpuLimit, memoryRequest, memoryLimit;
};

inline ContainerSpec container(const QString& name, const QString& image, const QString& tag, const QString& runtime,
                               int port, Size size, const QString& live = {}, const QString& ready = {})
{
    return ContainerSpec{
        name, image, tag, runtime, port, size.cpuRequest, size.cpuLimit, size.memoryRequest, size.memoryLimit,
        live, ready};
}

inline WorkloadSpec workload(WorkloadSpec::Kind kind, const QString& space, const QString& name, int replicas,
                             const ContainerSpec& main, const QString& tier = u"backend"_s)
{
    WorkloadSpec w;
    w.kind = kind;
    w.space = space;
    w.name = name;
    w.replicas = replicas;
    w.containers = {main};
    w.tier = tier;
    return w;
}

inline WorkloadSpec database(const QString& space, const QString& name, int replicas, const ContainerSpec& main,
                             int storageGi)
{
    WorkloadSpec w = workload(WorkloadSpec::Kind::StatefulSet, space, name, replicas, main, u"data"_s);
    w.storageGi = storageGi;
    w.ageDays = 210;
    w.disruptionBudget = replicas > 1;
    return w;
}

inline WorkloadSpec scaled(WorkloadSpec w, int min, int max, int cpu, int memory = 0)
{
    w.minReplicas = min;
    w.maxReplicas = max;
    w.targetCpu = cpu;
    w.targetMemory = memory;
    w.disruptionBudget = true;
    return w;
}

inline WorkloadSpec serving(WorkloadSpec w, double share, double cpuPerRequest, double latency)
{
    w.share = share;
    w.cpuPerRequest = cpuPerRequest;
    w.latency = latency;
    return w;
}

} // namespace wk::fleet::blueprint
