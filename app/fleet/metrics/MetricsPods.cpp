// SPDX-License-Identifier: GPL-3.0-or-later
// What pods show: the HTTP middleware of a service in each of its pods, and cAdvisor in the kubelet of each node.
#include "fleet/metrics/Metrics.h"
#include "fleet/world/Rng.h"
#include "fleet/world/Traffic.h"

#include <cmath>

using namespace Qt::StringLiterals;

namespace wk::fleet {

namespace {

double answersOf(const Pod& pod) { return pod.requests.ok + pod.requests.clientErrors + pod.requests.serverErrors; }

double loadOf(const Cluster& c) { return platformRate(c.spec, c.seed, c.nowMs) / std::max(1.0, c.spec.peakRps); }

void exposeRequests(Exposition& t, const Requests& r)
{
    t.family("http_requests_total", "counter", "HTTP requests by status.");
    const auto one = [&](const QString& status, double n) {
        t.sample({{"method", u"GET"_s}, {"status", status}}, std::floor(n));
    };
    one(u"200"_s, r.ok);
    one(u"404"_s, r.clientErrors);
    one(u"500"_s, r.serverErrors * 0.6);
    one(u"503"_s, r.serverErrors * 0.4);
    t.family("http_request_duration_seconds", "histogram", "Duration of HTTP requests.");
    static const std::vector<QString> bounds = [] {
        std::vector<QString> texts;
        for (const double bound : latencyBounds)
            texts.push_back(QString::number(bound));
        return texts;
    }();
    for (std::size_t i = 0; i < bounds.size(); ++i)
        t.sample("_bucket", {{"le", bounds[i]}}, std::floor(r.buckets[i]));
    const double count = std::floor(r.buckets.back());
    t.sample("_bucket", {{"le", u"+Inf"_s}}, count);
    t.sample("_sum", {}, r.seconds);
    t.sample("_count", {}, count);
}

} // namespace

void exposePod(Exposition& t, const Cluster& c, const Pod& pod)
{
    exposeRequests(t, pod.requests);
    const ContainerSpec& main = containersOf(c, pod).first();
    if (main.runtime == u"nginx")
        return;
    // A pool of 25 connections; most are free except in the busiest hour.
    const double wave = smoothNoise(pod.hash ^ 0x90, c.nowMs, 90'000);
    t.family("go_sql_max_open_connections", "gauge", "Limit of the connection pool.");
    t.sample({{"db_name", c.spec.id}}, 25);
    t.family("go_sql_in_use_connections", "gauge", "Connections of the pool in use.");
    t.sample({{"db_name", c.spec.id}}, std::round(std::clamp(2 + 13 * loadOf(c) + 2 * wave, 0.0, 25.0)));
    t.family("db_connection_errors_total", "counter", "Connections to the database that failed.");
    t.sample({}, std::floor(pod.requests.serverErrors * 0.02));
    if (main.runtime != u"node")
        return;
    t.family("nodejs_heap_size_used_bytes", "gauge", "Heap that V8 uses.");
    t.sample({}, std::floor(0.55 * double(containerUsage(c, pod, 0).memoryBytes)));
}

void exposeKubelet(Exposition& t, const Cluster& c, const Node& node)
{
    for (const auto& [id, pointer] : c.pods) {
        const Pod& p = *pointer;
        if (p.node != node.name || p.workload < 0 || p.nodeLost || p.startedMs == 0)
            continue;
        const QList<ContainerSpec>& containers = containersOf(c, p);
        for (int i = 0; i < containers.size(); ++i) {
            const ContainerSpec& s = containers.at(i);
            const auto one = [&](const char* name, const char* type, const char* help, double value) {
                t.family(name, type, help);
                t.sample({{"namespace", p.space}, {"pod", p.name}, {"container", s.name}, {"node", p.node}}, value);
            };
            // The pod's integral, split as the requests are.
            const double share = containers.size() == 1 ? 1 : i == 0 ? 0.9 : 0.1 / double(containers.size() - 1);
            const double memory = double(containerUsage(c, p, i).memoryBytes), limit = 1048576.0 * s.memoryLimit;
            one("container_cpu_usage_seconds_total", "counter", "CPU time consumed.", p.cpuSeconds * share);
            one("container_memory_working_set_bytes", "gauge", "Working set.", memory);
            one("container_memory_usage_bytes", "gauge", "Memory in use, caches included.",
                std::floor(std::min(limit, memory * 1.08)));
            one("container_spec_memory_limit_bytes", "gauge", "Memory limit.", limit);
        }
        const auto network = [&](const char* name, const char* help, double value) {
            t.family(name, "counter", help);
            t.sample({{"namespace", p.space}, {"pod", p.name}, {"interface", u"eth0"_s}}, std::floor(value));
        };
        network("container_network_receive_bytes_total", "Bytes received.", answersOf(p) * 2200 + p.cpuSeconds * 2e5);
        network("container_network_transmit_bytes_total", "Bytes sent.", answersOf(p) * 18'000 + p.cpuSeconds * 4e5);
    }
}

} // namespace wk::fleet
