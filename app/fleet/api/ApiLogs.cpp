// SPDX-License-Identifier: GPL-3.0-or-later
// What containers wrote, as a kubelet hands it out.
#include "core/Duration.h"
#include "fleet/api/ApiServer.h"
#include "fleet/manifests/Manifests.h"
#include "fleet/world/Logs.h"

#include <QtCore/QTimer>

using namespace Qt::StringLiterals;

namespace wk::fleet {

namespace {

struct LogOptions
{
    int container = 0;
    bool previous = false;
    bool timestamps = false;
    bool follow = false;
    qint64 fromMs = 0;
    qsizetype tail = -1;
    qsizetype limitBytes = -1;
};

QByteArray logText(const QList<LogSource::Line>& lines, bool timestamps)
{
    QByteArray out;
    for (const LogSource::Line& line : lines) {
        if (timestamps)
            out += microTimeText(line.timeMs).chopped(1).toLatin1() + "000Z ";
        out += line.text + '\n';
    }
    return out;
}

/// Hands out one run of a container, piece by piece, as far as it has been written.
class LogWriter
{
public:
    LogWriter(const Engine& engine, const Pod& pod, LogOptions options)
        : m_engine(engine), m_space(pod.space), m_name(pod.name), m_uid(pod.uid), m_options(options),
          m_source(engine.cluster(), pod, options.container, options.previous),
          m_from(std::max(options.fromMs, m_source.keptFromMs(engine.nowMs())))
    {
        if (m_options.tail < 0)
            return;
        const qint64 now = m_engine.nowMs();
        m_first = logText(m_source.lines(m_from, now, m_options.tail), m_options.timestamps);
        m_from = now;
    }

    /// What has been written up to that moment and was not handed out yet, a piece of it; empty where that is all.
    QByteArray next(qint64 untilMs)
    {
        if (!m_first.isEmpty())
            return std::exchange(m_first, {});
        while (m_from < untilMs) {
            const qint64 end = std::min(untilMs, m_from + m_windowMs);
            const QList<LogSource::Line> lines = m_source.lines(m_from, end, 1'000'000);
            m_from = end;
            m_windowMs = lines.size() < 500    ? std::min<qint64>(m_windowMs * 2, 3'600'000)
                         : lines.size() > 4000 ? std::max<qint64>(m_windowMs / 2, 1)
                                               : m_windowMs;
            if (!lines.isEmpty())
                return logText(lines, m_options.timestamps);
        }
        return {};
    }

    /// Up to when there is something to be had; `over`: and nothing comes after it.
    qint64 writtenMs(bool& over)
    {
        const qint64 now = m_engine.nowMs();
        findEnd();
        over = m_source.endedMs() > 0;
        return over ? m_source.endedMs() + 1 : now;
    }
    [[nodiscard]] bool reached(qint64 ms) const { return m_from >= ms && m_first.isEmpty(); }

private:
    /// The pod goes on, or has been restarted or removed since.
    void findEnd()
    {
        if (m_source.endedMs() > 0)
            return;
        const Cluster& cluster = m_engine.cluster();
        if (const Pod* pod = cluster.findPod(m_space, m_name); pod && pod->uid == m_uid) {
            for (const bool previous : {false, true})
                if (const LogSource s(cluster, *pod, m_options.container, previous);
                    s.startedMs() == m_source.startedMs()) {
                    m_source = s;
                    return;
                }
            return;
        }
        for (const DepartedPod& gone : cluster.departed)
            if (gone.pod->uid == m_uid)
                m_source.endAt(gone.removedMs);
    }

    const Engine& m_engine;
    QString m_space, m_name, m_uid;
    LogOptions m_options;
    LogSource m_source;
    qint64 m_from;
    qint64 m_windowMs = 200;
    QByteArray m_first;
};

/// A followed log: looks for new lines ten times a second until the run has ended, and ends after its last line.
class LogFollower
{
public:
    LogFollower(LogWriter writer, HttpConnection& connection) : m_writer(std::move(writer)), m_connection(connection)
    {
        // Queued on the connection: end() releases this object.
        QObject::connect(&m_timer, &QTimer::timeout, &m_timer, [this] { more(); });
        m_timer.start(100);
    }

private:
    void more()
    {
        bool over = false;
        const qint64 until = m_writer.writtenMs(over);
        while (m_connection.writable()) {
            const QByteArray text = m_writer.next(until);
            if (text.isEmpty())
                break;
            m_connection.write(text);
        }
        if (over && m_writer.reached(until)) {
            m_timer.stop();
            QTimer::singleShot(0, &m_connection, [c = &m_connection] { c->end(); });
        }
    }

    LogWriter m_writer;
    HttpConnection& m_connection;
    QTimer m_timer;
};

/// Reads the query of a request for logs; a sentence where it cannot be.
QString readOptions(const QHash<QString, QString>& query, qint64 now, LogOptions& o)
{
    bool ok = true, ok2 = true;
    if (query.contains(u"tailLines"_s))
        o.tail = query.value(u"tailLines"_s).toLongLong(&ok);
    if (query.contains(u"limitBytes"_s))
        o.limitBytes = query.value(u"limitBytes"_s).toLongLong(&ok2);
    if (!ok || !ok2 || o.tail < -1 || (query.contains(u"tailLines"_s) && o.tail < 0))
        return u"tailLines and limitBytes must be numbers"_s;
    o.tail = std::min<qsizetype>(o.tail, 200'000);
    if (query.contains(u"sinceSeconds"_s))
        o.fromMs = now - query.value(u"sinceSeconds"_s).toLongLong() * 1000;
    if (query.contains(u"sinceTime"_s)) {
        // Whole seconds: that is how an API server passes it on.
        const auto since = parseRfc3339Ms(query.value(u"sinceTime"_s).toStdString());
        if (!since)
            return u"invalid sinceTime"_s;
        o.fromMs = *since / 1000 * 1000;
    }
    return {};
}

} // namespace

void ApiServer::log(Call& call)
{
    const Pod* pod = m_engine.cluster().findPod(call.space, call.name);
    if (!pod) {
        notFound(call);
        return;
    }
    QStringList names;
    for (const ContainerSpec& s : containersOf(m_engine.cluster(), *pod))
        names.append(s.name);
    const QString wanted = call.request.query.value(u"container"_s);
    const auto bad = [&](const QString& message) { refuse(call, 400, u"BadRequest"_s, message); };
    if (wanted.isEmpty() && names.size() > 1)
        return bad(
            u"a container name must be specified for pod %1, choose one of: [%2]"_s.arg(pod->name, names.join(u' ')));
    LogOptions o;
    o.container = wanted.isEmpty() ? 0 : int(names.indexOf(wanted));
    if (o.container < 0)
        return bad(u"container %1 is not valid for pod %2"_s.arg(wanted, pod->name));
    o.previous = call.request.flag(u"previous"_s);
    o.timestamps = call.request.flag(u"timestamps"_s);
    const qint64 now = m_engine.nowMs();
    if (const QString mistake = readOptions(call.request.query, now, o); !mistake.isEmpty())
        return bad(mistake);
    const QString name = names.at(o.container);
    const ContainerStatus& status = pod->containers.at(std::size_t(o.container));
    if (o.previous && !status.hasLast)
        return bad(u"previous terminated container \"%1\" in pod \"%2\" not found"_s.arg(name, pod->name));
    if (LogSource(m_engine.cluster(), *pod, o.container, o.previous).startedMs() == 0)
        return bad(u"container \"%1\" in pod \"%2\" is waiting to start: %3"_s.arg(
            name, pod->name, status.reason.contains(u"Image") ? u"trying and failing to pull image"_s : status.reason));
    if (pod->nodeLost) {
        refuse(call, 500, u"InternalError"_s,
               u"Get \"https://%1:10250/containerLogs/%2/%3/%4\": dial tcp: i/o timeout"_s.arg(pod->node, pod->space,
                                                                                               pod->name, name));
        return;
    }
    LogWriter writer(m_engine, *pod, o);
    if (call.request.flag(u"follow"_s) && !o.previous) {
        call.connection.begin(200, "text/plain", {});
        call.connection.hold(std::make_shared<LogFollower>(std::move(writer), call.connection));
    } else if (o.limitBytes >= 0) {
        QByteArray text;
        for (QByteArray more = writer.next(now); !more.isEmpty() && text.size() < o.limitBytes; more = writer.next(now))
            text += more;
        call.connection.respond(200, "text/plain", text.first(std::min(text.size(), o.limitBytes)));
    } else {
        auto shared = std::make_shared<LogWriter>(std::move(writer));
        call.connection.stream(200, "text/plain", [shared, now] { return shared->next(now); });
    }
}

} // namespace wk::fleet
