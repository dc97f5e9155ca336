// SPDX-License-Identifier: GPL-3.0-or-later
#include "fleet/Metrics.h"

#include "fleet/Rng.h"
#include "fleet/Traffic.h"

#include <cmath>

using namespace Qt::StringLiterals;

namespace wk::fleet {

namespace {

using Labels = std::initializer_list<std::pair<const char*, QString>>;

QByteArray escaped(QString value)
{
    value.replace(u'\\', u"\\\\"_s).replace(u'"', u"\\\""_s).replace(u'\n', u"\\n"_s);
    return value.toUtf8();
}

class Text
{
public:
    void family(const char* name, const char* type, const char* help)
    {
        m_name = name;
        m_out += QByteArray("# HELP ") + name + ' ' + help + "\n# TYPE " + name + ' ' + type + '\n';
    }
    void sample(Labels labels, double value) { write(m_name, labels, value); }
    void sample(const char* suffix, Labels labels, double value) { write(m_name + suffix, labels, value); }
    [[nodiscard]] QByteArray take() { return std::move(m_out); }

private:
    void write(const QByteArray& name, Labels labels, double value)
    {
        m_out += name;
        if (labels.size() > 0) {
            char separator = '{';
            for (const auto& [key, v] : labels) {
                m_out += separator;
                m_out += QByteArray(key) + "=\"" + escaped(v) + '"';
                separator = ',';
            }
            m_out += '}';
        }
        m_out += ' ' + QByteArray::number(value, 'g', 15) + '\n';
    }
    QByteArray m_name;
    QByteArray m_out;
};

void services(Text& t, const Cluster& c)
{
    const auto each = [&](const auto& f) {
        for (const Workload& w : c.workloads)
            if (w.spec.share > 0)
                f(w);
    };
    t.family("http_requests_total", "counter", "HTTP requests by status.");
    each([&](const Workload& w) {
        const auto one = [&](const QString& status, double n) {
            t.sample({{"namespace", w.spec.space}, {"service", w.spec.name}, {"method", u"GET"_s}, {"status", status}},
                     std::floor(n));
        };
        one(u"200"_s, w.requests.ok);
        one(u"404"_s, w.requests.clientErrors);
        one(u"500"_s, w.requests.serverErrors * 0.6);
        one(u"503"_s, w.requests.serverErrors * 0.4);
    });
    t.family("http_request_duration_seconds", "histogram", "Duration of HTTP requests.");
    each([&](const Workload& w) {
        for (std::size_t i = 0; i < latencyBounds.size(); ++i)
            t.sample("_bucket",
                     {{"namespace", w.spec.space}, {"service", w.spec.name}, {"le", QString::number(latencyBounds[i])}},
                     std::floor(w.requests.buckets[i]));
        const double count = std::floor(w.requests.buckets.back());
        t.sample("_bucket", {{"namespace", w.spec.space}, {"service", w.spec.name}, {"le", u"+Inf"_s}}, count);
        t.sample("_sum", {{"namespace", w.spec.space}, {"service", w.spec.name}}, w.requests.seconds);
        t.sample("_count", {{"namespace", w.spec.space}, {"service", w.spec.name}}, count);
    });
    t.family("service_up", "gauge", "1 while at least one pod of the service is ready.");
    for (const Workload& w : c.workloads) {
        if (!w.spec.hasService)
            continue;
        bool up = false;
        for (const qint64 id : w.pods)
            up |= c.pods.at(id)->ready;
        t.sample({{"namespace", w.spec.space}, {"service", w.spec.name}}, up ? 1 : 0);
    }
}

void containers(Text& t, const Cluster& c)
{
    const auto each = [&](const auto& f) {
        for (const auto& [id, pod] : c.pods) {
            if (pod->workload < 0 || pod->nodeLost || pod->startedMs == 0)
                continue;
            for (int i = 0; i < containersOf(c, *pod).size(); ++i)
                f(*pod, containersOf(c, *pod).at(i), i);
        }
    };
    t.family("container_cpu_usage_seconds_total", "counter", "CPU time consumed.");
    each([&](const Pod& p, const ContainerSpec& s, int i) {
        // The pod's integral, split as the requests are.
        const double share = i == 0 ? 0.9 : 0.1 / std::max(1.0, double(p.containers.size() - 1));
        t.sample({{"namespace", p.space}, {"pod", p.name}, {"container", s.name}, {"node", p.node}},
                 p.cpuSeconds * (p.containers.size() == 1 ? 1 : share));
    });
    t.family("container_memory_working_set_bytes", "gauge", "Working set.");
    each([&](const Pod& p, const ContainerSpec& s, int i) {
        t.sample({{"namespace", p.space}, {"pod", p.name}, {"container", s.name}, {"node", p.node}},
                 double(containerUsage(c, p, i).memoryBytes));
    });
    t.family("container_memory_usage_bytes", "gauge", "Memory in use, caches included.");
    each([&](const Pod& p, const ContainerSpec& s, int i) {
        t.sample({{"namespace", p.space}, {"pod", p.name}, {"container", s.name}, {"node", p.node}},
                 std::min(1048576.0 * s.memoryLimit, double(containerUsage(c, p, i).memoryBytes) * 1.08));
    });
    t.family("container_spec_memory_limit_bytes", "gauge", "Memory limit.");
    each([&](const Pod& p, const ContainerSpec& s, int) {
        t.sample({{"namespace", p.space}, {"pod", p.name}, {"container", s.name}, {"node", p.node}},
                 1048576.0 * s.memoryLimit);
    });
}

void podState(Text& t, const Cluster& c)
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

void requestsAndLimits(Text& t, const Cluster& c)
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

void workloads(Text& t, const Cluster& c)
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

void nodes(Text& t, const Cluster& c)
{
    constexpr double gib = 1024.0 * 1024 * 1024;
    const auto each = [&](const char* name, const char* type, const char* help, const auto& f) {
        t.family(name, type, help);
        for (const Node& n : c.nodes)
            if (!n.lost)
                f(n);
    };
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
    each("node_cpu_seconds_total", "counter", "CPU time by mode.", [&](const Node& n) {
        const double lifetime = double(c.nowMs - n.createdMs) / 1000.0 * n.cpu;
        const auto mode = [&](const QString& m, double v) {
            t.sample({{"instance", n.name}, {"cpu", u"0"_s}, {"mode", m}}, v);
        };
        mode(u"user"_s, n.cpuSeconds * 0.72);
        mode(u"system"_s, n.cpuSeconds * 0.22);
        mode(u"iowait"_s, n.cpuSeconds * 0.06);
        mode(u"idle"_s, std::max(0.0, lifetime - n.cpuSeconds));
    });
    each("node_memory_MemTotal_bytes", "gauge", "Memory.", [&](const Node& n) {
        t.sample({{"instance", n.name}}, n.memoryGi * gib);
    });
    each("node_memory_MemAvailable_bytes", "gauge", "Available memory.", [&](const Node& n) {
        t.sample({{"instance", n.name}}, std::max(gib / 8, n.memoryGi * gib - double(nodeUsage(c, n).memoryBytes)) *
                                             (n.memoryPressure ? 0.04 : 1));
    });
    each("node_filesystem_size_bytes", "gauge", "Size of a file system.", [&](const Node& n) {
        t.sample({{"instance", n.name}, {"mountpoint", u"/"_s}, {"fstype", u"ext4"_s}}, 200 * gib);
    });
    const auto freeSpace = [&](const Node& n) {
        const double days = double(c.nowMs - n.createdMs) / 86'400'000.0;
        return 200 * gib * std::max(0.06, 0.78 - std::fmod(days * 0.006 + unit64(hash64(n.name, c.seed)) * 0.3, 0.7));
    };
    each("node_filesystem_free_bytes", "gauge", "Free bytes.", [&](const Node& n) {
        t.sample({{"instance", n.name}, {"mountpoint", u"/"_s}, {"fstype", u"ext4"_s}}, freeSpace(n));
    });
    each("node_filesystem_avail_bytes", "gauge", "Bytes available to users.", [&](const Node& n) {
        t.sample({{"instance", n.name}, {"mountpoint", u"/"_s}, {"fstype", u"ext4"_s}}, freeSpace(n) * 0.95);
    });
    each("node_disk_read_bytes_total", "counter", "Bytes read.", [&](const Node& n) {
        t.sample({{"instance", n.name}, {"device", u"nvme0n1"_s}}, n.diskBytes * 0.4);
    });
    each("node_disk_written_bytes_total", "counter", "Bytes written.", [&](const Node& n) {
        t.sample({{"instance", n.name}, {"device", u"nvme0n1"_s}}, n.diskBytes);
    });
    each("node_network_receive_bytes_total", "counter", "Bytes received.", [&](const Node& n) {
        t.sample({{"instance", n.name}, {"device", u"eth0"_s}}, n.networkBytes);
    });
    each("node_network_transmit_bytes_total", "counter", "Bytes sent.", [&](const Node& n) {
        t.sample({{"instance", n.name}, {"device", u"eth0"_s}}, n.networkBytes * 1.3);
    });
    each("node_load1", "gauge", "Load average.", [&](const Node& n) {
        t.sample({{"instance", n.name}}, double(nodeUsage(c, n).cpuMilli) / 1000.0 * 1.1);
    });
}

void data(Text& t, const Cluster& c)
{
    const double load = platformRate(c.spec, c.seed, c.nowMs) / std::max(1.0, c.spec.peakRps);
    const QString db = c.spec.id;
    const double wave = smoothNoise(c.seed ^ 0xdb, c.nowMs, 120'000);
    t.family("pg_up", "gauge", "Whether PostgreSQL answers.");
    t.sample({{"datname", db}}, 1);
    t.family("pg_settings_max_connections", "gauge", "Connection limit.");
    t.sample({}, 100);
    t.family("pg_stat_database_numbackends", "gauge", "Connections.");
    t.sample({{"datname", db}}, std::round(18 + 52 * load + 4 * wave));
    t.family("pg_stat_database_xact_commit", "counter", "Committed transactions.");
    t.sample({{"datname", db}}, std::floor(c.transactions));
    t.family("pg_stat_database_xact_rollback", "counter", "Rolled back transactions.");
    t.sample({{"datname", db}}, std::floor(c.transactions * 0.004));
    t.family("pg_stat_activity_count", "gauge", "Sessions by state.");
    t.sample({{"datname", db}, {"state", u"active"_s}}, std::round(3 + 14 * load + wave));
    t.sample({{"datname", db}, {"state", u"idle"_s}}, std::round(15 + 38 * load));
    t.family("pg_stat_statements_mean_time_seconds", "gauge", "Mean time of a statement.");
    t.sample({{"datname", db}, {"query", u"SELECT * FROM posts WHERE user_id = $1"_s}}, 0.006 + 0.03 * load);
    t.family("pg_database_size_bytes", "gauge", "Size of the database.");
    t.sample({{"datname", db}}, 42e9 + double(c.nowMs % (365LL * 86'400'000)) / 1000.0 * 180);
    t.family("db_connection_errors_total", "counter", "Failed connections.");
    t.sample({{"datname", db}}, std::floor(c.transactions * 1e-6));
    t.family("redis_up", "gauge", "Whether Redis answers.");
    t.sample({}, 1);
    t.family("redis_connected_clients", "gauge", "Clients.");
    t.sample({}, std::round(40 + 160 * load));
    t.family("redis_memory_used_bytes", "gauge", "Memory in use.");
    t.sample({}, 4.1e8 + 5.5e8 * load + 2e7 * wave);
    t.family("redis_memory_max_bytes", "gauge", "Memory limit.");
    t.sample({}, 2147483648.0);
    t.family("redis_keyspace_hits_total", "counter", "Hits.");
    t.sample({}, std::floor(c.cacheHits));
    t.family("redis_keyspace_misses_total", "counter", "Misses.");
    t.sample({}, std::floor(c.cacheMisses));
    t.family("cache_hit_rate", "gauge", "Share of look-ups answered from the cache.");
    t.sample({}, c.cacheHits + c.cacheMisses > 0 ? c.cacheHits / (c.cacheHits + c.cacheMisses) : 0);
}

void business(Text& t, const Cluster& c)
{
    const double rate = platformRate(c.spec, c.seed, c.nowMs);
    t.family("active_users", "gauge", "People using the platform now.");
    t.sample({{"platform", c.spec.id}}, std::round(rate * 5.2));
    t.family("content_uploads_total", "counter", "Uploads.");
    t.sample({{"platform", c.spec.id}}, std::floor(c.uploads));
    t.family("streaming_sessions", "gauge", "Streams being watched.");
    t.sample({{"platform", c.spec.id}},
             c.spec.id == u"streamgate" || c.spec.id == u"social-live" ? std::round(rate * 2.1) : 0);
    t.family("revenue_total", "counter", "Revenue in the platform's currency.");
    t.sample({{"platform", c.spec.id}}, std::floor(c.revenue * 100) / 100);
}

} // namespace

QByteArray expositionText(const Engine& engine)
{
    Text t;
    const Cluster& c = engine.cluster();
    services(t, c);
    containers(t, c);
    podState(t, c);
    requestsAndLimits(t, c);
    workloads(t, c);
    nodes(t, c);
    data(t, c);
    business(t, c);
    return t.take();
}

} // namespace wk::fleet
