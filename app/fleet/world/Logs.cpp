// SPDX-License-Identifier: GPL-3.0-or-later
#include "fleet/world/Logs.h"

#include "fleet/manifests/Manifests.h"
#include "fleet/world/Rng.h"

using namespace Qt::StringLiterals;

namespace wk::fleet {

namespace {

QByteArray pick(const QList<QByteArray>& list, quint64 h) { return list.at(qsizetype(h % quint64(list.size()))); }

QByteArray number(quint64 n) { return QByteArray::number(n); }

} // namespace

LogSource::LogSource(const Cluster& cluster, const Pod& pod, int container, bool previous)
{
    const ContainerStatus& s = pod.containers.at(std::size_t(container));
    m_runtime = u"job"_s;
    m_service = u"job"_s;
    double rate = 0;
    if (pod.workload >= 0) {
        const Workload& w = cluster.workloads[std::size_t(pod.workload)];
        const ContainerSpec& spec = containersOf(cluster, pod).at(container);
        m_runtime = spec.runtime;
        m_service = spec.name;
        m_image = imageOf(spec);
        m_port = spec.port;
        rate = w.spec.share * cluster.spec.peakRps / std::max(1, w.spec.replicas);
        m_burst = w.logBurst;
        m_failing = w.revisions[std::size_t(pod.revision)].fault == PodFault::Unready;
    }
    // A line for every few requests, between one in 50 ms and one in 8 s.
    m_slotMs = m_runtime == u"system" ? 15'000
               : m_runtime == u"job"  ? 700
                                      : std::clamp<qint64>(rate > 0 ? qint64(12'000.0 / rate) : 5000, 50, 8000);
    const bool between = s.phase == ContainerStatus::Phase::Waiting && s.hasLast;
    m_seed = mix64(pod.hash ^ quint64(container * 131 + (previous && !between ? s.restarts - 1 : s.restarts)));
    if (previous) {
        m_start = s.hasLast ? s.lastStartedMs : 0;
        m_end = s.lastFinishedMs;
        m_endReason = s.lastReason;
        m_exitCode = s.lastExit;
        return;
    }
    m_start = s.startedMs;
    if (s.phase == ContainerStatus::Phase::Terminated) {
        m_end = s.finishedMs;
        m_endReason = s.reason;
        m_exitCode = s.exitCode;
    } else if (between) {
        m_start = s.lastStartedMs; // kubectl logs shows the last run while the next one waits
        m_end = s.lastFinishedMs;
        m_endReason = s.lastReason;
        m_exitCode = s.lastExit;
    }
}

QByteArray LogSource::request(quint64 h, bool bad) const
{
    static const QList<QByteArray> methods{"GET", "GET", "GET", "GET", "POST", "PUT", "GET", "DELETE"};
    static const QList<QByteArray> paths{"/api/v1/streams",       "/api/v1/users/me", "/api/v1/messages",
                                         "/api/v1/feed",          "/api/v1/sessions", "/api/v1/uploads",
                                         "/api/v1/search?q=live", "/health",          "/metrics",
                                         "/api/v1/payments",      "/api/v1/workflows"};
    const QByteArray status = bad ? pick({"500", "502", "503", "504"}, h >> 8)
                                  : pick({"200", "200", "200", "200", "201", "204", "304", "404", "401"}, h >> 8);
    return "\"" + pick(methods, h) + ' ' + pick(paths, h >> 16) + "\" " + status + ' ' + number(h >> 24 & 0x3fff) +
           ' ' + number(3 + (h >> 40) % 240) + "ms";
}

QByteArray LogSource::body(qint64 timeMs, quint64 h) const
{
    const QByteArray time = timeText(timeMs).toLatin1();
    const bool bad = m_failing ? h % 3 == 0 : h % 211 == 0;
    const bool slow = h % 37 == 0;
    if (m_runtime == u"go") {
        if (bad)
            return R"({"level":"error","ts":")" + time +
                   R"(","msg":"upstream failed","error":"dial tcp 10.96.41.7:5432: connect: connection refused","trace_id":")" +
                   hexDigits(h, 16).toLatin1() + "\"}";
        if (slow)
            return R"({"level":"warn","ts":")" + time + R"(","msg":"slow query","duration_ms":)" +
                   number(900 + h % 2400) + R"(,"rows":)" + number(h % 5000) + "}";
        return R"({"level":"info","ts":")" + time + R"(","msg":"request","method":")" +
               pick({"GET", "GET", "POST", "PUT"}, h >> 4) + R"(","path":")" +
               pick({"/api/v1/streams", "/api/v1/messages", "/api/v1/sessions", "/health", "/api/v1/users"}, h >> 12) +
               R"(","status":200,"duration_ms":)" + number(2 + (h >> 20) % 180) + R"(,"trace_id":")" +
               hexDigits(h, 16).toLatin1() + "\"}";
    }
    if (m_runtime == u"node")
        return "[Nest] 1  - " + time + "   " +
               (bad    ? "ERROR [ExceptionsHandler] Error: Connection terminated unexpectedly"
                : slow ? "WARN [PostsService] feed cache miss for user " + number(h % 90'000)
                       : "LOG [HTTP] " + request(h, false));
    if (m_runtime == u"python")
        return (bad    ? "ERROR"
                : slow ? "WARNING"
                       : "INFO") +
               QByteArray(":     ") +
               (bad    ? QByteArray("psycopg.OperationalError: connection pool exhausted (50/50 in use)")
                : slow ? "inference took " + number(800 + h % 3000) + "ms model=council-" + number(h % 4)
                       : "10.244." + number(h % 250) + '.' + number(h >> 9 & 127) + ":0 - " +
                             request(h, m_failing && h % 5 == 0));
    if (m_runtime == u"postgres")
        return time + " UTC [" + number(40 + h % 200) + "] " +
               (slow ? "LOG:  duration: " + number(1000 + h % 4000) +
                           ".213 ms  statement: SELECT * FROM posts WHERE user_id = $1"
                     : pick({"LOG:  checkpoint starting: time", "LOG:  checkpoint complete: wrote 1842 buffers (1.4%)",
                             "LOG:  connection authorized: user=app database=app",
                             "LOG:  automatic vacuum of table \"app.public.sessions\": index scans: 1"},
                            h));
    if (m_runtime == u"redis")
        return "1:M " + time + " * " +
               pick({"100 changes in 300 seconds. Saving...", "Background saving started by pid 812",
                     "DB saved on disk", "Background saving terminated with success"},
                    h);
    if (m_runtime == u"nginx")
        return "203.0.113." + number(h % 250) + " - - [" + time + "] " + request(h, bad) +
               " \"-\" \"Mozilla/5.0\" [upstream-main] 10.244.1." + number(h >> 7 & 127) + ":8080";
    if (m_runtime == u"scylla")
        return "INFO  " + time + " [shard " + number(h % 4) +
               "] compaction - [Compact tchat_messaging.messages] Compacted " + number(2 + h % 6) + " sstables";
    if (m_runtime == u"job")
        return pick({"dumping table users", "dumping table sessions", "uploading part", "uploaded 64 MiB",
                     "verifying checksum", "pruning backups older than 30 days"},
                    h);
    return "ts=" + time + " level=info component=" + m_service.toLatin1() + " msg=\"" +
           pick({"sync completed", "reconciled", "health check passed", "configuration unchanged"}, h) + "\"";
}

LogSource::Line LogSource::lineAt(qint64 slot) const
{
    const quint64 h = mix64(m_seed ^ quint64(slot) * 0x9e3779b97f4a7c15ULL);
    const qint64 time = m_start + slot * m_slotMs + qint64(h % quint64(m_slotMs));
    if (slot == 0)
        return {m_start, "starting " + m_service.toUtf8() + " image=" + m_image.toUtf8() + " pid=1"};
    if (slot == 1 && m_port > 0)
        return {time, "listening on :" + QByteArray::number(m_port)};
    return {time, body(time, mix64(h))};
}

QList<LogSource::Line> LogSource::lastWords() const
{
    if (m_end == 0 || (m_exitCode == 0 && m_endReason.isEmpty()))
        return {};
    if (m_exitCode == 0)
        return m_end > 0 ? QList<Line>{{m_end, "done"}} : QList<Line>();
    if (m_endReason == u"OOMKilled")
        return {{m_end - 400, "heap: 3.9 GiB in use, allocation of 268435456 bytes"}};
    if (m_exitCode == 137)
        return {{m_end - 900, "received SIGTERM, draining"}, {m_end - 20, "drain timed out"}};
    return {
        {m_end - 60,
         R"({"level":"fatal","msg":"cannot start","error":"payment provider: missing key PROVIDER_WEBHOOK_SECRET"})"},
        {m_end - 40, "panic: payment provider: missing key PROVIDER_WEBHOOK_SECRET"},
        {m_end - 40, ""},
        {m_end - 40, "goroutine 1 [running]:"},
        {m_end - 39, "main.mustConfigure(...)"},
        {m_end - 39, "\t/src/cmd/server/main.go:71 +0x1d4"},
        {m_end - 38, "exit status 2"}};
}

qint64 LogSource::keptFromMs(qint64 nowMs) const
{
    constexpr qint64 file = 30'000; // lines
    const qint64 slot = ((m_end > 0 ? m_end : nowMs) - m_start) / m_slotMs;
    return m_start + std::max<qint64>(0, slot / file - 1) * file * m_slotMs;
}

QList<LogSource::Line> LogSource::burst(qint64 fromMs, qint64 untilMs) const
{
    QList<Line> out;
    const qint64 span = m_burst.untilMs - m_burst.fromMs;
    if (span <= 0)
        return out;
    const qint64 begin = std::max({fromMs, m_start, m_burst.fromMs}), end = std::min(untilMs, m_burst.untilMs);
    for (qint64 i = (begin - m_burst.fromMs) * m_burst.lines / span; i < m_burst.lines; ++i) {
        const qint64 time = m_burst.fromMs + i * span / m_burst.lines;
        if (time >= end)
            break;
        if (time < begin)
            continue;
        // Every fifth line says what the one before said: a reader must not take that for the same line.
        const quint64 h = mix64(m_seed ^ quint64(i - (i % 5 == 4)) * 0x9e3779b97f4a7c15ULL);
        out.append({time, (h % 997 == 0  ? R"({"level":"error","msg":"write failed","batch":)"
                           : h % 97 == 0 ? R"({"level":"warn","msg":"slow write","batch":)"
                                         : R"({"level":"info","msg":"written","batch":)") +
                              number(quint64(i - (i % 5 == 4))) + R"(,"trace_id":")" + hexDigits(h, 16).toLatin1() +
                              "\"}"});
    }
    return out;
}

QList<LogSource::Line> LogSource::lines(qint64 fromMs, qint64 untilMs, qsizetype limit) const
{
    QList<Line> out;
    if (m_start == 0 || limit <= 0)
        return out;
    const qint64 end = m_end > 0 ? std::min(untilMs, m_end) : untilMs;
    for (const Line& line : lastWords())
        if (line.timeMs >= fromMs && line.timeMs < untilMs)
            out.append(line);
    const qint64 lastSlot = (end - m_start) / m_slotMs;
    QList<Line> regular;
    for (qint64 slot = lastSlot; slot >= 0 && regular.size() + out.size() < limit; --slot) {
        if (m_start + (slot + 1) * m_slotMs <= fromMs)
            break;
        const Line line = lineAt(slot);
        if (line.timeMs >= fromMs && line.timeMs < end)
            regular.append(line);
    }
    std::reverse(regular.begin(), regular.end());
    regular += out;
    if (const QList<Line> besides = burst(fromMs, end); !besides.isEmpty()) {
        regular += besides;
        std::ranges::stable_sort(regular, {}, &Line::timeMs);
    }
    return regular.size() > limit ? regular.last(limit) : regular;
}

} // namespace wk::fleet
