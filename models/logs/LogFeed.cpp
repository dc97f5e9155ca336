// SPDX-License-Identifier: GPL-3.0-or-later
#include "logs/LogFeed.h"

#include "cluster/Decoder.h"
#include "core/Future.h"

#include <QtCore/QJsonArray>
#include <QtCore/QJsonDocument>
#include <QtCore/QJsonObject>

namespace wk::logs {

using namespace Qt::StringLiterals;

namespace {

constexpr qint64 lookAgainMs = 3'000; ///< after a look that failed
constexpr qint64 maxPodBytes = 8 << 20;
constexpr qint64 lookMs = 5'000; ///< as LogReader

cluster::ResourceKind kindOf(const QString& id)
{
    const auto& kinds = cluster::builtInKinds();
    return *std::ranges::find_if(kinds, [&](const auto& kind) { return kind.id() == id; });
}

cluster::ResourceKind podKind() { return kindOf(u"pods"_s); }

net::Request requestFor(const QByteArray& path)
{
    net::Request request;
    request.path = path;
    request.headers = {{"Accept", "application/json"}};
    request.idleTimeoutMs = lookMs;
    return request;
}

bool isOwnedBy(const QByteArray& object, const QString& uid)
{
    const QJsonObject meta = QJsonDocument::fromJson(object).object().value(u"metadata").toObject();
    return std::ranges::any_of(meta.value(u"ownerReferences").toArray(), [&](const QJsonValue& owner) {
        return owner.toObject().value(u"uid").toString() == uid;
    });
}

} // namespace

struct LogFeed::PodEntry
{
    QString space, name, uid;
    bool early = false;   ///< was there at the beginning: the wish's part of its log is read
    bool looking = false; ///< its object has been asked for
    bool again = false;   ///< it has changed meanwhile
    std::shared_ptr<void> timer;
};

struct LogFeed::RunEntry
{
    LogSource source;
    std::unique_ptr<LogReader> reader;
};

LogFeed::LogFeed(LogTarget target, LogWish wish, net::Transport& transport, Clock& clock, const Random& random,
                 Events events)
    : m_target(std::move(target)), m_wish(std::move(wish)), m_transport(transport), m_clock(clock), m_random(random),
      m_events(std::move(events))
{
    cluster::Reflector::Options options;
    options.watch = m_wish.follow && !m_wish.previous;
    options.labelSelector = m_target.labelSelector;
    options.fieldSelector = m_target.fieldSelector;
    m_reflector =
        std::make_unique<cluster::Reflector>(podKind(), m_target.space, cluster::rendererFor(podKind(), {0, false}),
                                             m_transport, m_clock, m_random, options, *this);
    m_reflector->start();
}

LogFeed::~LogFeed() = default;

void LogFeed::reopen()
{
    m_reflector->restart();
    for (const auto& entry : m_runs)
        entry->reader->reopen();
}

void LogFeed::listBegan(bool) { m_listing.clear(); }

void LogFeed::listed(cluster::Decoded&& object)
{
    m_listing.push_back(object.key);
    see(object);
}

void LogFeed::listEnded()
{
    std::vector<QString> missing;
    for (const auto& [key, pod] : m_pods)
        if (std::ranges::find(m_listing, key) == m_listing.end())
            missing.push_back(key);
    for (const QString& key : missing)
        gone(key);
    m_listed = true;
    publishSoon();
}

void LogFeed::listFailed() { publishSoon(); }

void LogFeed::changed(cluster::WatchEvent::Type type, cluster::Decoded&& object)
{
    if (type == cluster::WatchEvent::Type::Deleted)
        gone(object.key);
    else
        see(object);
}

void LogFeed::statusChanged() { publishSoon(); }

void LogFeed::see(const cluster::Decoded& object)
{
    PodEntry& pod = m_pods[object.key];
    if (pod.uid != object.row->id) { // a new one, maybe under the name of an old one
        if (!pod.uid.isEmpty())
            gone(object.key);
        m_pods[object.key] = {object.row->space, object.row->name, object.row->id, !m_listed, false, false, {}};
    }
    lookAt(object.key);
}

void LogFeed::gone(const QString& key)
{
    const auto it = m_pods.find(key);
    if (it == m_pods.end())
        return;
    for (const auto& entry : m_runs) {
        if (entry->source.podUid != it->second.uid)
            continue;
        entry->source.podGone = true;
        entry->reader->kick();
    }
    m_pods.erase(it);
    publishSoon();
}

void LogFeed::lookAt(const QString& key)
{
    PodEntry& pod = m_pods[key];
    if (pod.looking) {
        pod.again = true;
        return;
    }
    pod.looking = true;
    pod.again = false;
    pod.timer.reset();
    whenDone(net::send(m_transport, requestFor(podKind().objectPath(pod.space, pod.name)), maxPodBytes), this,
             [this, key](const Result<net::Response>& answer) { onLooked(key, answer); });
}

void LogFeed::onLooked(const QString& key, const Result<net::Response>& answer)
{
    const auto it = m_pods.find(key);
    if (it == m_pods.end())
        return;
    PodEntry& pod = it->second;
    pod.looking = false;
    const auto runs = answer && answer->head.status == 200 ? readPodRuns(answer->body)
                                                           : Result<PodRuns>(fail(Error::Kind::Network, QString()));
    if (runs && runs->uid == pod.uid && m_target.cronJobUid.isEmpty())
        readRuns(pod, *runs);
    else if (runs && runs->uid == pod.uid)
        readIfOfCronJob(key, *runs);
    else if (!runs && !(answer && answer->head.status == 404)) // else the watch tells what has become of it
        pod.timer = m_clock.after(this, lookAgainMs, [this, key] { lookAt(key); });
    if (pod.again && !pod.looking)
        lookAt(key);
    publishSoon();
}

void LogFeed::readIfOfCronJob(const QString& key, const PodRuns& runs)
{
    PodEntry& pod = m_pods[key];
    if (const auto known = m_jobs.constFind(runs.jobUid); known != m_jobs.constEnd() || runs.job.isEmpty()) {
        if (known != m_jobs.constEnd() && *known)
            readRuns(pod, runs);
        return;
    }
    pod.looking = true;
    const QByteArray path = kindOf(u"jobs.batch"_s).objectPath(pod.space, runs.job);
    whenDone(net::send(m_transport, requestFor(path), maxPodBytes), this,
             [this, key, runs](const Result<net::Response>& answer) { onJob(key, runs, answer); });
}

void LogFeed::onJob(const QString& key, const PodRuns& runs, const Result<net::Response>& answer)
{
    const auto it = m_pods.find(key);
    if (it == m_pods.end() || it->second.uid != runs.uid)
        return;
    PodEntry& pod = it->second;
    pod.looking = false;
    if (answer && (answer->head.status == 200 || answer->head.status == 404)) {
        // A job that is gone takes its pods with it.
        m_jobs.insert(runs.jobUid, answer->head.status == 200 && isOwnedBy(answer->body, m_target.cronJobUid));
        m_jobError.reset();
        readIfOfCronJob(key, runs);
    } else {
        m_jobError = answer ? cluster::errorFromResponse(answer->head.status, answer->head.header("Content-Type"),
                                                         answer->body, tr("Reading the job %1").arg(runs.job))
                            : answer.error();
        pod.timer = m_clock.after(this, lookAgainMs, [this, key] { lookAt(key); });
    }
    if (pod.again)
        lookAt(key);
    publishSoon();
}

void LogFeed::readRuns(const PodEntry& pod, const PodRuns& runs)
{
    for (const ContainerRun& run : runs.runs) {
        if (!m_containers.contains(run.container))
            m_containers.append(run.container);
        if (!m_wish.container.isEmpty() && run.container != m_wish.container)
            continue;
        if (m_wish.previous) {
            if (!run.previousId.isEmpty())
                readRun(pod, run, RunPlace::Previous);
            continue;
        }
        // A run that came and went between two looks is still there to be read.
        const bool followed = std::ranges::any_of(m_runs, [&](const auto& e) {
            return e->source.podUid == pod.uid && e->source.run.container == run.container;
        });
        if (!run.previousId.isEmpty() && (followed || !pod.early))
            readRun(pod, run, RunPlace::Previous);
        if (!run.id.isEmpty())
            readRun(pod, run, run.running ? RunPlace::Running : RunPlace::Ended);
    }
}

/// `place` Previous: the run before `run`.
void LogFeed::readRun(const PodEntry& pod, const ContainerRun& run, RunPlace place)
{
    ContainerRun one = run;
    if (place == RunPlace::Previous) {
        one.id = run.previousId;
        one.ending = run.previousEnding;
        one.running = false;
        --one.restarts;
    }
    const auto same = std::ranges::find_if(m_runs, [&](const auto& e) {
        return e->source.podUid == pod.uid && e->source.run.container == one.container && e->source.run.id == one.id;
    });
    if (same != m_runs.end()) {
        RunEntry& entry = **same;
        entry.source.run = one;
        entry.reader->kick();
        return;
    }
    if (m_runs.size() >= 0xffff)
        return; // sources have sixteen bits; said by publish()
    // The wish's part is of the run that there was at the beginning; later ones are read from their first line.
    const bool fresh = pod.early && std::ranges::none_of(m_runs, [&](const auto& e) {
                           return e->source.podUid == pod.uid && e->source.run.container == one.container;
                       });
    const quint16 number = quint16(m_runs.size());
    m_runs.push_back(std::make_unique<RunEntry>());
    RunEntry& entry = *m_runs.back();
    entry.source = {number, pod.name, pod.uid, one, false, {}};
    LogReader::Setup setup;
    setup.space = pod.space;
    setup.pod = pod.name;
    setup.podUid = pod.uid;
    setup.container = one.container;
    setup.runId = one.id;
    setup.source = number;
    setup.follow = m_wish.follow && !m_wish.previous;
    setup.place = place;
    setup.quietMs = m_wish.quietMs;
    if (fresh) {
        setup.sinceNs = m_wish.sinceNs;
        setup.tail = m_wish.tail;
    }
    entry.reader = std::make_unique<LogReader>(setup, m_transport, m_clock, m_random,
                                               LogReader::Events{m_events.lines, [this] { publishSoon(); }});
    entry.reader->start();
}

void LogFeed::publishSoon()
{
    if (std::exchange(m_publishing, true))
        return;
    QMetaObject::invokeMethod(
        this, [this] { publish(); }, Qt::QueuedConnection);
}

bool LogFeed::isFinished() const
{
    return m_listed && !(m_wish.follow && !m_wish.previous) &&
           std::ranges::none_of(m_pods, [](const auto& entry) { return entry.second.looking || entry.second.timer; }) &&
           std::ranges::all_of(
               m_runs, [](const auto& entry) { return entry->reader->state().phase == ReaderState::Phase::Done; });
}

void LogFeed::publish()
{
    m_publishing = false;
    LogState state;
    state.listed = m_listed;
    state.containers = m_containers;
    state.error = m_reflector->status().error ? m_reflector->status().error : m_jobError;
    if (!state.error && m_runs.size() >= 0xffff)
        state.error = Error{Error::Kind::Unsupported,
                            tr("More than %1 runs of containers: those that begin now are not read.").arg(0xffff),
                            {},
                            tr("Open the logs of fewer pods.")};
    state.finished = isFinished();
    for (const auto& entry : m_runs) {
        state.sources.push_back(entry->source);
        state.sources.back().reader = entry->reader->state();
    }
    m_events.state(std::move(state));
}

} // namespace wk::logs
