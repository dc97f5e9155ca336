// SPDX-License-Identifier: GPL-3.0-or-later
#include "fleet/world/Traffic.h"

#include "fleet/world/Rng.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace wk::fleet {

namespace {

constexpr qint64 dayMs = 86'400'000;
constexpr double mebibyte = 1024.0 * 1024.0;

int readyPods(const Cluster& c, const Workload& w)
{
    int n = 0;
    for (const qint64 id : w.pods)
        if (const auto it = c.pods.find(id); it != c.pods.end() && it->second->ready && it->second->live())
            ++n;
    return n;
}

/// Share of a log-normal distribution with that median (sigma 0.7) below `bound`.
double below(double bound, double median)
{
    return 0.5 * (1 + std::erf(std::log(bound / median) / (0.7 * std::numbers::sqrt2)));
}

/// What becomes of a request: shares, and the mean of its duration.
struct Outcome
{
    double errors = 0, seconds = 0;
    std::array<double, latencyBounds.size()> within{};
};

void addRequests(Requests& r, double n, const Outcome& outcome)
{
    r.serverErrors += n * outcome.errors;
    r.clientErrors += n * 0.012;
    r.ok += n * std::max(0.0, 1.0 - outcome.errors - 0.012);
    for (std::size_t i = 0; i < latencyBounds.size(); ++i)
        r.buckets[i] += n * outcome.within[i];
    r.buckets.back() += n;
    r.seconds += n * outcome.seconds;
}

void accumulateRequests(Cluster& c, Workload& w, double platform, double seconds)
{
    const int ready = readyPods(c, w);
    Requests& r = w.requests;
    r.rate = platform * w.spec.share * w.surge;
    // Fewer pods than wanted: those left are slower and drop some requests; none left: everything fails.
    const double missing = w.desired > 0 ? 1.0 - std::min(1.0, double(ready) / w.desired) : 0.0;
    const double pressure = std::max(0.0, w.cpuShare / 100.0 - 1.2);
    r.errorShare = ready == 0 && w.desired > 0 ? 1.0 : std::min(0.5, 0.0002 + 0.09 * missing + 0.12 * pressure);
    const double median = w.spec.latency * (1 + 1.5 * missing + 2.0 * pressure) *
                          (1 + 0.1 * smoothNoise(hash64(w.spec.name, c.seed), c.nowMs, 300'000));
    r.p95 = median * std::exp(1.645 * 0.7);
    Outcome outcome{r.errorShare, median * std::exp(0.7 * 0.7 / 2), {}};
    for (std::size_t i = 0; i < latencyBounds.size(); ++i)
        outcome.within[i] = below(latencyBounds[i], median);
    addRequests(r, r.rate * seconds, outcome);
    for (const qint64 id : w.pods)
        if (const auto it = c.pods.find(id); it != c.pods.end() && it->second->ready && it->second->live())
            addRequests(it->second->requests, r.rate * seconds / ready, outcome);
}

} // namespace

double platformRate(const PlatformSpec& spec, quint64 seed, qint64 nowMs)
{
    const qint64 local = nowMs + qint64(spec.utcOffsetHours) * 3'600'000;
    const double hour = double(local % dayMs) / 3'600'000.0;
    const int weekday = int((local / dayMs + 3) % 7); // 0 is Monday; 1970-01-01 was a Thursday
    const double phase = (hour - spec.busiestHour) / 24.0 * 2 * std::numbers::pi;
    const double day = 0.18 + 0.82 * std::pow(0.5 + 0.5 * std::cos(phase), 1.4);
    const double week = weekday >= 5 ? spec.weekendFactor : 1.0;
    const double noise =
        1.0 + 0.06 * smoothNoise(seed ^ 0x7a, nowMs, 600'000) + 0.04 * smoothNoise(seed ^ 0x7b, nowMs, 60'000);
    return spec.peakRps * day * week * noise;
}

Usage containerUsage(const Cluster& c, const Pod& pod, int index)
{
    if (index < 0 || std::size_t(index) >= pod.containers.size() ||
        pod.containers[std::size_t(index)].phase != ContainerStatus::Phase::Running || pod.nodeLost)
        return {};
    const quint64 h = mix64(pod.hash + quint64(index));
    if (pod.workload < 0) {
        const double n = smoothNoise(h, c.nowMs, 30'000);
        return {qint64(180 + 90 * n), qint64((96 + 24 * n) * mebibyte)};
    }
    const Workload& w = c.workloads[std::size_t(pod.workload)];
    const ContainerSpec& s = containersOf(c, pod).at(index);
    const double n = smoothNoise(h, c.nowMs, 45'000);
    double cpu = s.cpuRequest * (0.12 + 0.05 * n);
    double memory = s.memoryRequest * (0.62 + 0.1 * unit64(h) + 0.04 * smoothNoise(h ^ 5, c.nowMs, 900'000));
    if (index == 0 && w.requests.rate > 0 && pod.ready) {
        const int ready = std::max(1, readyPods(c, w));
        cpu += w.requests.rate * w.spec.cpuPerRequest / ready * (1 + 0.15 * n);
        memory += s.memoryRequest * 0.25 * std::min(1.0, w.cpuShare / 100.0);
    }
    if (index == 0 && w.spec.tier == u"data")
        cpu += s.cpuRequest * 0.25 * platformRate(c.spec, c.seed, c.nowMs) / std::max(1.0, c.spec.peakRps);
    // A leak: memory climbs from the container's start to its limit.
    if (index == 0 && pod.fault == PodFault::Oom) {
        const double run = double(c.nowMs - pod.containers[0].startedMs) / 300'000.0;
        memory = std::min(double(s.memoryLimit), memory + (s.memoryLimit - memory) * std::clamp(run, 0.0, 1.0));
    }
    return {qint64(std::clamp(cpu, 1.0, double(s.cpuLimit))),
            qint64(std::min(memory, double(s.memoryLimit)) * mebibyte)};
}

Usage podUsage(const Cluster& c, const Pod& pod)
{
    Usage total;
    for (std::size_t i = 0; i < pod.containers.size(); ++i) {
        const Usage u = containerUsage(c, pod, int(i));
        total.cpuMilli += u.cpuMilli;
        total.memoryBytes += u.memoryBytes;
    }
    return total;
}

Usage nodeUsage(const Cluster& c, const Node& node)
{
    if (node.lost)
        return {};
    Usage total{120 + qint64(20 * node.cpu * (0.5 + 0.5 * smoothNoise(hash64(node.name, c.seed), c.nowMs, 120'000))),
                qint64(node.memoryGi) * 1024 * 1024 * 1024 / 25 + qint64(900 * mebibyte)};
    for (const auto& [id, pod] : c.pods) {
        if (pod->node != node.name)
            continue;
        const Usage u = podUsage(c, *pod);
        total.cpuMilli += u.cpuMilli;
        total.memoryBytes += u.memoryBytes;
    }
    return total;
}

void accumulate(Cluster& c, double seconds)
{
    const double platform = platformRate(c.spec, c.seed, c.nowMs);
    for (Workload& w : c.workloads) {
        if (w.spec.share > 0)
            accumulateRequests(c, w, platform, seconds);
        double cpu = 0, cpuRequest = 0, memory = 0, memoryRequest = 0;
        for (const qint64 id : w.pods) {
            const auto it = c.pods.find(id);
            if (it == c.pods.end())
                continue;
            Pod& pod = *it->second;
            const Usage u = podUsage(c, pod);
            pod.cpuSeconds += double(u.cpuMilli) / 1000.0 * seconds;
            if (!pod.ready)
                continue;
            cpu += double(u.cpuMilli);
            memory += double(u.memoryBytes);
            for (const ContainerSpec& s : containersOf(c, pod)) {
                cpuRequest += s.cpuRequest;
                memoryRequest += s.memoryRequest * mebibyte;
            }
        }
        w.cpuShare = cpuRequest > 0 ? 100.0 * cpu / cpuRequest : 0;
        w.memoryShare = memoryRequest > 0 ? 100.0 * memory / memoryRequest : 0;
    }
    for (Node& n : c.nodes) {
        if (n.lost)
            continue;
        // No two nodes are equally busy.
        const quint64 h = hash64(n.name, c.seed);
        const double lot = (0.7 + 0.6 * unit64(h)) * (1 + 0.12 * smoothNoise(h, c.nowMs, 480'000));
        const double share = lot * platform / std::max(1.0, c.spec.peakRps) / double(c.nodes.size());
        n.cpuSeconds += n.cpu * seconds * std::min(0.95, 0.08 + 1.6 * share);
        n.networkBytes += seconds * (250'000.0 + 40e6 * share);
        n.diskBytes += seconds * (80'000.0 + 6e6 * share);
    }
    const double hits = 0.93 + 0.03 * smoothNoise(c.seed ^ 0xcafe, c.nowMs, 900'000);
    c.cacheHits += platform * 0.6 * hits * seconds;
    c.cacheMisses += platform * 0.6 * (1 - hits) * seconds;
    c.uploads += platform * 0.004 * seconds;
    c.transactions += platform * 0.8 * seconds;
    c.statementSeconds += platform * 2.4 * seconds * (0.004 + 0.012 * platform / std::max(1.0, c.spec.peakRps));
    c.served += platform * seconds;
    c.revenue += platform * c.spec.revenuePerRequest * seconds;
}

} // namespace wk::fleet
