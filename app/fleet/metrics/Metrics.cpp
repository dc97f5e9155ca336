// SPDX-License-Identifier: GPL-3.0-or-later
#include "fleet/metrics/Metrics.h"

#include "fleet/world/Rng.h"
#include "fleet/world/Traffic.h"

#include <QtCore/QJsonObject>

#include <cmath>

using namespace Qt::StringLiterals;

namespace wk::fleet {

namespace {

/// The node exporter of a node.
void exposeNode(Exposition& t, const Cluster& c, const Node& n)
{
    constexpr double gib = 1024.0 * 1024 * 1024;
    const auto one = [&](const char* name, const char* type, const char* help, double value,
                         Exposition::Labels labels = {}) {
        t.family(name, type, help);
        t.sample(labels, std::floor(value));
    };
    const double lifetime = double(c.nowMs - n.createdMs) / 1000.0 * n.cpu;
    for (const auto& [mode, seconds] :
         {std::pair{u"user"_s, n.cpuSeconds * 0.72}, std::pair{u"system"_s, n.cpuSeconds * 0.22},
          std::pair{u"iowait"_s, n.cpuSeconds * 0.06}, std::pair{u"idle"_s, std::max(0.0, lifetime - n.cpuSeconds)}}) {
        t.family("node_cpu_seconds_total", "counter", "CPU time by mode; of all processors as if they were one.");
        t.sample({{"cpu", u"0"_s}, {"mode", mode}}, seconds / n.cpu);
    }
    const double memory = n.memoryGi * gib;
    one("node_memory_MemTotal_bytes", "gauge", "Memory.", memory);
    one("node_memory_MemAvailable_bytes", "gauge", "Available memory.",
        std::max(gib / 8, memory - double(nodeUsage(c, n).memoryBytes)) * (n.memoryPressure ? 0.04 : 1));
    const double days = double(c.nowMs - n.createdMs) / 86'400'000.0;
    const double unused =
        200 * gib * std::max(0.2, 0.78 - std::fmod(days * 0.006 + unit64(hash64(n.name, c.seed)) * 0.3, 0.56));
    const Exposition::Labels root{{"mountpoint", u"/"_s}, {"fstype", u"ext4"_s}, {"device", u"/dev/nvme0n1p1"_s}};
    one("node_filesystem_size_bytes", "gauge", "Size of a file system.", 200 * gib, root);
    one("node_filesystem_free_bytes", "gauge", "Free bytes.", unused, root);
    one("node_filesystem_avail_bytes", "gauge", "Bytes available to users.", unused * 0.95, root);
    const Exposition::Labels disk{{"device", u"nvme0n1"_s}}, card{{"device", u"eth0"_s}};
    one("node_disk_read_bytes_total", "counter", "Bytes read.", n.diskBytes * 0.4, disk);
    one("node_disk_written_bytes_total", "counter", "Bytes written.", n.diskBytes, disk);
    one("node_disk_reads_completed_total", "counter", "Reads.", n.diskBytes * 0.4 / 24'000, disk);
    one("node_disk_writes_completed_total", "counter", "Writes.", n.diskBytes / 16'000, disk);
    one("node_network_receive_bytes_total", "counter", "Bytes received.", n.networkBytes, card);
    one("node_network_transmit_bytes_total", "counter", "Bytes sent.", n.networkBytes * 1.3, card);
    one("node_network_speed_bytes", "gauge", "Speed of the interface.", 1.25e9, card);
    t.family("node_load1", "gauge", "Load average.");
    t.sample({}, double(nodeUsage(c, n).cpuMilli) / 1000.0 * 1.1);
}

void addPods(std::vector<ScrapeTarget>& out, const Cluster& c)
{
    for (const auto& [id, p] : c.pods) {
        const WorkloadSpec* spec = p->workload < 0 ? nullptr : &c.workloads[std::size_t(p->workload)].spec;
        if (!spec || spec->share <= 0 || spec->minor || !p->live() || p->ip.isEmpty())
            continue;
        const int port = containersOf(c, *p).first().port;
        out.push_back({ScrapeTarget::Kind::Pod, c.spec.id + u"-services"_s, u"%1:%2"_s.arg(p->ip).arg(port), p->space,
                       p.get(), nullptr, p->ready && !p->nodeLost});
    }
}

} // namespace

std::vector<ScrapeTarget> scrapeTargets(const Cluster& c)
{
    using Kind = ScrapeTarget::Kind;
    std::vector<ScrapeTarget> out;
    addPods(out, c);
    for (const Node& n : c.nodes) {
        out.push_back({Kind::Node, u"node-exporter"_s, n.name + u":9100"_s, {}, nullptr, &n, !n.lost});
        out.push_back({Kind::Kubelet, u"kubelet"_s, n.name + u":10250"_s, {}, nullptr, &n, !n.lost});
    }
    out.push_back({Kind::State, u"kube-state-metrics"_s, u"kube-state-metrics:8080"_s, {}, nullptr, nullptr, true});
    out.push_back({Kind::Cost, u"opencost"_s, u"opencost:9003"_s, {}, nullptr, nullptr, true});
    const QString& home = c.spec.mainSpace;
    out.push_back({Kind::Postgres, u"postgres-exporter"_s, u"postgres-0:9187"_s, home, nullptr, nullptr, true});
    out.push_back({Kind::Redis, u"redis-exporter"_s, u"redis-0:9121"_s, home, nullptr, nullptr, true});
    out.push_back({Kind::Business, c.spec.id + u"-business"_s, u"figures:8090"_s, home, nullptr, nullptr, true});
    return out;
}

void expose(Exposition& t, const Cluster& c, const ScrapeTarget& target)
{
    switch (target.kind) {
    case ScrapeTarget::Kind::Pod: exposePod(t, c, *target.pod); break;
    case ScrapeTarget::Kind::Node: exposeNode(t, c, *target.node); break;
    case ScrapeTarget::Kind::Kubelet: exposeKubelet(t, c, *target.node); break;
    case ScrapeTarget::Kind::State: exposeState(t, c); break;
    case ScrapeTarget::Kind::Cost: exposeCost(t, c); break;
    case ScrapeTarget::Kind::Postgres: exposePostgres(t, c); break;
    case ScrapeTarget::Kind::Redis: exposeRedis(t, c); break;
    case ScrapeTarget::Kind::Business: exposeBusiness(t, c); break;
    }
}

void setTargetLabels(Exposition& out, const ScrapeTarget& target)
{
    out.setTarget({{"job", target.job},
                   {"instance", target.instance},
                   {"namespace", target.space},
                   {"pod", target.pod ? target.pod->name : QString()}});
}

namespace {

Exposition everything(const Cluster& cluster)
{
    Exposition out;
    for (const ScrapeTarget& target : scrapeTargets(cluster)) {
        setTargetLabels(out, target);
        out.family("up", "gauge", "Whether the target answers, as a server that scrapes it would say.");
        out.sample({}, target.up ? 1 : 0);
        if (target.up)
            expose(out, cluster, target);
    }
    return out;
}

} // namespace

QByteArray expositionText(const Cluster& cluster) { return everything(cluster).text(); }

QByteArray expositionAt(const Cluster& cluster)
{
    QByteArray out;
    everything(cluster).appendTo(out, cluster.nowMs);
    return out;
}

QJsonArray serviceDiscovery(const Cluster& cluster, quint16 port)
{
    QJsonArray out;
    for (const ScrapeTarget& target : scrapeTargets(cluster)) {
        QJsonObject labels{
            {u"job"_s, target.job}, {u"instance"_s, target.instance}, {u"__metrics_path__"_s, target.path()}};
        if (!target.space.isEmpty())
            labels[u"namespace"_s] = target.space;
        if (target.pod)
            labels[u"pod"_s] = target.pod->name;
        out.append(QJsonObject{{u"targets"_s, QJsonArray{u"127.0.0.1:%1"_s.arg(port)}}, {u"labels"_s, labels}});
    }
    return out;
}

} // namespace wk::fleet
