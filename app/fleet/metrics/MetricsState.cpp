// SPDX-License-Identifier: GPL-3.0-or-later
// What kube-state-metrics and OpenCost say about a cluster.
#include "fleet/metrics/Metrics.h"

using namespace Qt::StringLiterals;

namespace wk::fleet {

namespace {

constexpr double gib = 1024.0 * 1024 * 1024;

void podState(Exposition& t, const Cluster& c)
{
    t.family("kube_pod_status_phase", "gauge", "The pod's phase.");
    for (const auto& [id, p] : c.pods)
        t.sample({{"namespace", p->space}, {"pod", p->name}, {"phase", p->phase}}, 1);
    t.family("kube_pod_status_ready", "gauge", "Whether the pod is ready.");
    for (const auto& [id, p] : c.pods)
        t.sample({{"namespace", p->space}, {"pod", p->name}, {"condition", u"true"_s}}, p->ready ? 1 : 0);
    const auto containerName = [&](const Pod& p, std::size_t i) { return containersOf(c, p).at(qsizetype(i)).name; };
    t.family("kube_pod_container_status_restarts_total", "counter", "Restarts of a container.");
    for (const auto& [id, p] : c.pods)
        for (std::size_t i = 0; i < p->containers.size(); ++i)
            t.sample({{"namespace", p->space}, {"pod", p->name}, {"container", containerName(*p, i)}},
                     p->containers[i].restarts);
    t.family("kube_pod_container_status_waiting_reason", "gauge", "Why a container waits.");
    for (const auto& [id, p] : c.pods)
        for (std::size_t i = 0; i < p->containers.size(); ++i)
            if (p->containers[i].phase == ContainerStatus::Phase::Waiting)
                t.sample({{"namespace", p->space},
                          {"pod", p->name},
                          {"container", containerName(*p, i)},
                          {"reason", p->containers[i].reason}},
                         1);
    t.family("kube_pod_container_status_last_terminated_reason", "gauge", "Why a container ended last.");
    for (const auto& [id, p] : c.pods)
        for (std::size_t i = 0; i < p->containers.size(); ++i)
            if (p->containers[i].hasLast)
                t.sample({{"namespace", p->space},
                          {"pod", p->name},
                          {"container", containerName(*p, i)},
                          {"reason", p->containers[i].lastReason}},
                         1);
}

void requestsAndLimits(Exposition& t, const Cluster& c)
{
    const auto each = [&](bool limits) {
        for (const auto& [id, p] : c.pods) {
            if (p->workload < 0)
                continue;
            for (const ContainerSpec& s : containersOf(c, *p)) {
                t.sample({{"namespace", p->space},
                          {"pod", p->name},
                          {"container", s.name},
                          {"node", p->node},
                          {"resource", u"cpu"_s},
                          {"unit", u"core"_s}},
                         (limits ? s.cpuLimit : s.cpuRequest) / 1000.0);
                t.sample({{"namespace", p->space},
                          {"pod", p->name},
                          {"container", s.name},
                          {"node", p->node},
                          {"resource", u"memory"_s},
                          {"unit", u"byte"_s}},
                         1048576.0 * (limits ? s.memoryLimit : s.memoryRequest));
            }
        }
    };
    t.family("kube_pod_container_resource_requests", "gauge", "Requested resources.");
    each(false);
    t.family("kube_pod_container_resource_limits", "gauge", "Resource limits.");
    each(true);
}

void workloads(Exposition& t, const Cluster& c)
{
    using Kind = WorkloadSpec::Kind;
    struct Sums
    {
        int live = 0, ready = 0, updated = 0;
    };
    const auto sums = [&](const Workload& w) {
        Sums s;
        for (const qint64 id : w.pods) {
            const Pod& p = *c.pods.at(id);
            if (!p.live())
                continue;
            ++s.live;
            s.ready += p.ready;
            s.updated += p.revision == w.current;
        }
        return s;
    };
    const auto each = [&](Kind kind, const char* label, const char* name, const char* help, const auto& value) {
        t.family(name, "gauge", help);
        for (const Workload& w : c.workloads)
            if (w.spec.kind == kind && !w.gone)
                t.sample({{"namespace", w.spec.space}, {label, w.spec.name}}, value(w));
    };
    each(Kind::Deployment, "deployment", "kube_deployment_spec_replicas", "Wanted replicas.",
         [](const Workload& w) { return w.desired; });
    each(Kind::Deployment, "deployment", "kube_deployment_status_replicas", "Replicas.",
         [&](const Workload& w) { return sums(w).live; });
    each(Kind::Deployment, "deployment", "kube_deployment_status_replicas_available", "Available replicas.",
         [&](const Workload& w) { return sums(w).ready; });
    each(Kind::Deployment, "deployment", "kube_deployment_status_replicas_updated", "Updated replicas.",
         [&](const Workload& w) { return sums(w).updated; });
    each(Kind::Deployment, "deployment", "kube_deployment_status_replicas_unavailable", "Unavailable replicas.",
         [&](const Workload& w) { return std::max(0, std::max(w.desired, sums(w).live) - sums(w).ready); });
    each(Kind::StatefulSet, "statefulset", "kube_statefulset_replicas", "Wanted replicas.",
         [](const Workload& w) { return w.desired; });
    each(Kind::StatefulSet, "statefulset", "kube_statefulset_status_replicas_ready", "Ready replicas.",
         [&](const Workload& w) { return sums(w).ready; });
    each(Kind::DaemonSet, "daemonset", "kube_daemonset_status_number_ready", "Ready pods.",
         [&](const Workload& w) { return sums(w).ready; });
    const auto scaler = [&](const char* name, const char* help, const auto& value) {
        t.family(name, "gauge", help);
        for (const Workload& w : c.workloads)
            if (w.spec.maxReplicas > 0)
                t.sample({{"namespace", w.spec.space}, {"horizontalpodautoscaler", w.spec.name + u"-hpa"_s}}, value(w));
    };
    scaler("kube_horizontalpodautoscaler_spec_min_replicas", "Lower limit.",
           [](const Workload& w) { return w.spec.minReplicas; });
    scaler("kube_horizontalpodautoscaler_spec_max_replicas", "Upper limit.",
           [](const Workload& w) { return w.spec.maxReplicas; });
    scaler("kube_horizontalpodautoscaler_status_current_replicas", "Present size.",
           [](const Workload& w) { return w.hpaCurrent; });
    scaler("kube_horizontalpodautoscaler_status_desired_replicas", "Wanted size.",
           [](const Workload& w) { return w.hpaDesired; });
}

void nodeState(Exposition& t, const Cluster& c)
{
    t.family("kube_node_status_condition", "gauge", "Condition of a node.");
    for (const Node& n : c.nodes) {
        t.sample({{"node", n.name}, {"condition", u"Ready"_s}, {"status", u"true"_s}}, n.ready ? 1 : 0);
        t.sample({{"node", n.name}, {"condition", u"Ready"_s}, {"status", u"unknown"_s}}, n.ready ? 0 : 1);
        t.sample({{"node", n.name}, {"condition", u"MemoryPressure"_s}, {"status", u"true"_s}},
                 n.memoryPressure ? 1 : 0);
    }
    t.family("kube_node_status_allocatable", "gauge", "What pods may use.");
    for (const Node& n : c.nodes) {
        t.sample({{"node", n.name}, {"resource", u"cpu"_s}, {"unit", u"core"_s}}, n.cpu - 0.08);
        t.sample({{"node", n.name}, {"resource", u"memory"_s}, {"unit", u"byte"_s}}, n.memoryGi * gib - gib);
        t.sample({{"node", n.name}, {"resource", u"pods"_s}, {"unit", u"integer"_s}}, 250);
    }
}

} // namespace

void exposeState(Exposition& t, const Cluster& c)
{
    podState(t, c);
    requestsAndLimits(t, c);
    workloads(t, c);
    nodeState(t, c);
}

void exposeCost(Exposition& t, const Cluster& c)
{
    const auto each = [&](const char* name, const char* help, const auto& value) {
        t.family(name, "gauge", help);
        for (const auto& [id, p] : c.pods) {
            if (p->workload < 0 || p->node.isEmpty())
                continue;
            for (const ContainerSpec& s : containersOf(c, *p))
                t.sample({{"namespace", p->space}, {"pod", p->name}, {"container", s.name}, {"node", p->node}},
                         value(s));
        }
    };
    each("container_cpu_allocation", "Processors that a container was given.",
         [](const ContainerSpec& s) { return s.cpuRequest / 1000.0; });
    each("container_memory_allocation_bytes", "Memory that a container was given.",
         [](const ContainerSpec& s) { return 1048576.0 * s.memoryRequest; });
    // OpenCost's default prices. Source: https://github.com/opencost/opencost, configs/default.json
    t.family("node_cpu_hourly_cost", "gauge", "Price of a processor for an hour.");
    for (const Node& n : c.nodes)
        t.sample({{"node", n.name}}, 0.031611);
    t.family("node_ram_hourly_cost", "gauge", "Price of a GiB of memory for an hour.");
    for (const Node& n : c.nodes)
        t.sample({{"node", n.name}}, 0.004237);
}

} // namespace wk::fleet
