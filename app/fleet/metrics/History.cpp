// SPDX-License-Identifier: GPL-3.0-or-later
#include "fleet/metrics/History.h"

#include "fleet/metrics/Metrics.h"
#include "fleet/world/Rng.h"
#include "fleet/world/Traffic.h"

#include <QtCore/QFile>

#include <array>

using namespace Qt::StringLiterals;

namespace wk::fleet {

namespace {

constexpr int oldPods = 2; ///< of a service
constexpr qint64 minuteMs = 60'000, hourMs = 60 * minuteMs, dayMs = 24 * hourMs;
constexpr qint64 scrapeMs = 15'000, fineMs = 130 * minuteMs; ///< as the server will go on

/// What the charts, objectives and figures of a platform ask for; the rest has no past.
const QSet<QByteArray>& families()
{
    static const QSet<QByteArray> names{"up",
                                        "http_requests_total",
                                        "http_request_duration_seconds",
                                        "go_sql_max_open_connections",
                                        "go_sql_in_use_connections",
                                        "db_connection_errors_total",
                                        "nodejs_heap_size_used_bytes",
                                        "container_memory_working_set_bytes",
                                        "container_network_receive_bytes_total",
                                        "container_network_transmit_bytes_total",
                                        "kube_pod_container_resource_limits",
                                        "kube_deployment_status_replicas_available",
                                        "node_cpu_seconds_total",
                                        "node_memory_MemTotal_bytes",
                                        "node_memory_MemAvailable_bytes",
                                        "node_filesystem_size_bytes",
                                        "node_filesystem_avail_bytes",
                                        "node_disk_reads_completed_total",
                                        "node_disk_writes_completed_total",
                                        "node_network_receive_bytes_total",
                                        "node_network_transmit_bytes_total",
                                        "node_network_speed_bytes",
                                        "pg_up",
                                        "pg_settings_max_connections",
                                        "pg_settings_superuser_reserved_connections",
                                        "pg_stat_activity_count",
                                        "pg_stat_database_numbackends",
                                        "pg_stat_database_blks_hit",
                                        "pg_stat_database_blks_read",
                                        "pg_stat_statements_calls_total",
                                        "pg_stat_statements_seconds_total",
                                        "pg_long_running_transactions",
                                        "redis_connected_clients",
                                        "redis_config_maxclients",
                                        "redis_memory_used_bytes",
                                        "redis_memory_max_bytes",
                                        "redis_keyspace_hits_total",
                                        "redis_keyspace_misses_total",
                                        "active_users",
                                        "active_sessions",
                                        "users_total",
                                        "content_uploads_total",
                                        "streaming_sessions_active",
                                        "revenue_usd_total",
                                        "posts_created_total",
                                        "workflows_finished_total",
                                        "approval_workflow_duration_seconds_sum",
                                        "approval_workflow_duration_seconds_count",
                                        "constitutional_checks_total",
                                        "user_satisfaction_score",
                                        "ml_inference_duration_seconds_sum",
                                        "ml_inference_duration_seconds_count",
                                        "messages_sent_total",
                                        "notifications_sent_total",
                                        "payments_total"};
    return names;
}

/// Where no chart is about containers, they need no past: there are many of them.
QSet<QByteArray> familiesOf(const PlatformSpec& spec)
{
    QSet<QByteArray> names = families();
    if (spec.id != u"social-live" && spec.id != u"tchat")
        names -= {"container_memory_working_set_bytes", "kube_pod_container_resource_limits"};
    return names;
}

bool hasPast(const Workload& w) { return w.spec.share > 0 && !w.spec.minor; }

/// For some minutes pods of the busiest service did not answer: half of them, or all.
struct Trouble
{
    qint64 fromMs = 0, untilMs = 0;
    bool whole = false;
};

std::vector<Trouble> troublesOf(const Cluster& c)
{
    struct Sort
    {
        double daysAgo;
        int minutes;
        bool whole;
    };
    static constexpr std::array sorts{Sort{0.2, 11, false},  Sort{2.3, 14, false}, Sort{6.1, 6, true},
                                      Sort{11.6, 31, false}, Sort{19.4, 9, true},  Sort{27.8, 22, false},
                                      Sort{36.2, 18, false}, Sort{47.5, 13, true}};
    std::vector<Trouble> out;
    for (const Sort& sort : sorts) {
        const double shift = unit64(hash64(c.spec.id, quint64(sort.minutes)));
        const qint64 from = c.nowMs - qint64((sort.daysAgo + 0.6 * shift) * double(dayMs));
        out.push_back({from, from + sort.minutes * minuteMs, sort.whole});
    }
    return out;
}

/// The service of the platform that most of the requests reach.
Workload* busiest(Cluster& c)
{
    Workload* found = nullptr;
    for (Workload& w : c.workloads)
        if (w.spec.space == c.spec.mainSpace && (!found || w.spec.share > found->spec.share))
            found = &w;
    return found;
}

/// Goes through the past of one cluster, minute by minute.
class Past
{
public:
    Past(Cluster& cluster, qint64 fromMs, QFile& file)
        : m_cluster(cluster), m_from(fromMs / minuteMs * minuteMs), m_now(cluster.nowMs), m_file(file),
          m_troubles(troublesOf(cluster)), m_busiest(busiest(cluster))
    {
        QSet<QString> spaces{cluster.spec.mainSpace};
        for (const Workload& w : cluster.workloads)
            if (hasPast(w))
                spaces.insert(w.spec.space);
        m_all.setWanted(familiesOf(cluster.spec), spaces);
        // What is compared with any hour a month before, and what objectives look at every five minutes.
        QSet<QByteArray> often{"up", "users_total"};
        if (cluster.spec.id == u"streamgate")
            often += {"http_requests_total", "http_request_duration_seconds"};
        m_often.setWanted(often, spaces, {u"0.2"_s, u"+Inf"_s});
        m_hourly.setWanted({"container_cpu_allocation", "container_memory_allocation_bytes", "node_cpu_hourly_cost",
                            "node_ram_hourly_cost"},
                           spaces);
        for (const auto& [id, pod] : cluster.pods)
            m_ready.emplace(id, pod->ready);
        for (const Workload& w : cluster.workloads)
            m_desired.push_back(w.desired);
    }

    bool write()
    {
        settle();
        m_targets = scrapeTargets(m_cluster);
        std::erase_if(m_targets, [&](const ScrapeTarget& target) {
            return target.pod &&
                   !(target.pod->ready && hasPast(m_cluster.workloads[std::size_t(target.pod->workload)]));
        });
        qint64 last = m_from;
        for (qint64 t = m_from; t<m_now; t += m_now - t> fineMs ? minuteMs : scrapeMs) {
            const bool full = isFull(t);
            if (!full && t % (5 * minuteMs) != 0)
                continue;
            m_cluster.nowMs = t;
            disturb(t);
            advance(t - last);
            last = t;
            put(full ? m_all : m_often, t, [&](const ScrapeTarget& target) {
                return full || target.pod || target.kind == ScrapeTarget::Kind::Business;
            });
            if (t % hourMs == 0)
                put(m_hourly, t, [](const ScrapeTarget& target) { return target.kind == ScrapeTarget::Kind::Cost; });
            if (m_text.size() > 4'000'000 && !flush())
                return false;
        }
        m_cluster.nowMs = m_now;
        advance(m_now - last);
        restore();
        m_text += "# EOF\n";
        return flush();
    }

private:
    [[nodiscard]] const Trouble* troubleAt(qint64 t, qint64 around) const
    {
        const auto it = std::ranges::find_if(
            m_troubles, [&](const Trouble& x) { return t >= x.fromMs - around && t < x.untilMs + around; });
        return it == m_troubles.end() ? nullptr : &*it;
    }

    [[nodiscard]] bool isFull(qint64 t) const
    {
        const qint64 age = m_now - t;
        // Never more than twice as dense at once: a rate over both would see too little.
        if (age <= fineMs)
            return t % (age <= fineMs / 2 ? scrapeMs : 2 * scrapeMs) == 0;
        if (age <= 6 * hourMs || troubleAt(t, 3 * minuteMs))
            return true;
        // What is compared with a week or a month ago is asked at this hour of that day.
        for (const int days : {7, 14, 28, 30, 31})
            if (age <= days * dayMs + 10 * minuteMs && age >= days * dayMs - 2 * hourMs)
                return t % (2 * minuteMs) == 0;
        // A pair of samples two minutes apart is what a rate over five minutes needs.
        const auto pair = [&](qint64 every) { return t % every == 0 || (t + 2 * minuteMs) % every == 0; };
        if (age <= 25 * hourMs)
            return t % (2 * minuteMs) == 0;
        return age <= 8 * dayMs ? pair(15 * minuteMs) : pair(3 * hourMs) || (age <= 31 * dayMs && pair(2 * hourMs));
    }

    /// What is wrong now was not then, and services ran on two pods each; the others are of today.
    void settle()
    {
        for (Workload& w : m_cluster.workloads) {
            const bool few = w.spec.share > 0;
            if (few)
                w.desired = std::min(w.desired, oldPods);
            int old = 0;
            for (const qint64 id : w.pods) {
                Pod& pod = *m_cluster.pods.at(id);
                pod.ready = pod.live() && !pod.ip.isEmpty() && (!few || old++ < oldPods);
            }
        }
    }

    void restore()
    {
        for (const auto& [id, ready] : m_ready)
            m_cluster.pods.at(id)->ready = ready;
        for (std::size_t i = 0; i < m_desired.size(); ++i)
            m_cluster.workloads[i].desired = m_desired[i];
    }

    void disturb(qint64 t)
    {
        const Trouble* trouble = troubleAt(t, 0);
        if (!m_busiest)
            return;
        int number = 0;
        const int bad = !trouble ? 0 : trouble->whole ? oldPods : oldPods / 2;
        for (const ScrapeTarget& target : m_targets)
            if (target.pod && &m_cluster.workloads[std::size_t(target.pod->workload)] == m_busiest)
                m_cluster.pods.at(target.pod->id)->ready = number++ >= bad;
    }

    /// The pods are as many at any hour: so each is taken to have been large enough.
    void advance(qint64 ms)
    {
        for (Workload& w : m_cluster.workloads)
            w.cpuShare = std::min(w.cpuShare, 100.0);
        accumulate(m_cluster, double(ms) / 1000.0);
    }

    /// A sample of each series of those targets.
    template <typename Wanted>
    void put(Exposition& page, qint64 t, const Wanted& wanted)
    {
        page.begin();
        for (ScrapeTarget& target : m_targets) {
            if (target.pod)
                target.up = target.pod->ready;
            if (!wanted(target))
                continue;
            setTargetLabels(page, target);
            page.family("up", "gauge", "");
            page.sample({}, target.up ? 1 : 0);
            expose(page, m_cluster, target);
        }
        page.appendTo(m_text, t);
    }

    bool flush()
    {
        const bool done = m_file.write(m_text) == m_text.size();
        m_text.clear();
        return done;
    }

    Cluster& m_cluster;
    qint64 m_from, m_now;
    QFile& m_file;
    std::vector<Trouble> m_troubles;
    Workload* m_busiest;
    std::map<qint64, bool> m_ready;
    std::vector<int> m_desired;
    std::vector<ScrapeTarget> m_targets;
    Exposition m_all, m_often, m_hourly;
    QByteArray m_text;
};

} // namespace

Result<void> writeHistory(Engine& engine, qint64 fromMs, const QString& path)
{
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly | QIODevice::Truncate))
        return fail(Error::Kind::Io, u"%1 cannot be written: %2"_s.arg(path, file.errorString()));
    bool written = false;
    engine.relive([&](Cluster& cluster) { written = Past(cluster, fromMs, file).write(); });
    if (!written || !file.flush())
        return fail(Error::Kind::Io, u"%1 cannot be written: %2"_s.arg(path, file.errorString()));
    return {};
}

} // namespace wk::fleet
