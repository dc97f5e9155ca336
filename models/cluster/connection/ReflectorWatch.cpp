// SPDX-License-Identifier: GPL-3.0-or-later
// The watch half of Reflector.
#include "cluster/connection/ReflectorParts.h"

namespace wk::cluster {

namespace {
constexpr qint64 shortestTimeoutS = 300;  ///< timeoutSeconds is random in [300, 600): not all clients come back at once
constexpr qint64 shortWatchMs = 1'000;    ///< a stream that ends sooner without an event was cut by something between
constexpr qint64 healthyStreamMs = 5'000; ///< a stream that lived that long was a success: the backoff begins anew
constexpr qint64 initialEventsStallMs = 10'000;
constexpr qint64 shortestQuietMs = 1'500;
constexpr int garbledBeforeRelist = 2;
} // namespace

void Reflector::startWatch()
{
    dropList();
    dropStreams();
    setPhase(ReflectorStatus::Phase::Opening);
    m_watch = openStream(false);
    publish();
}

void Reflector::startWatchList()
{
    dropList();
    dropStreams();
    setPhase(ReflectorStatus::Phase::Listing);
    m_sink.listBegan(!m_status.synced);
    m_watch = openStream(true);
    publish();
}

std::unique_ptr<Reflector::Stream> Reflector::openStream(bool initialEvents)
{
    auto stream = std::make_unique<Stream>();
    const quint64 serial = ++m_serial;
    stream->serial = serial;
    stream->initialEvents = initialEvents;
    stream->fromNowhere = m_version.isEmpty() || m_version == u"0";
    stream->askedMs = m_clock.monotonicMs();

    const qint64 seconds = shortestTimeoutS + qint64(double(shortestTimeoutS) * m_random());
    net::Request request;
    request.path = m_kind.path(m_space);
    request.query = "watch=1&resourceVersion=" + m_version.toUtf8().toPercentEncoding() +
                    "&timeoutSeconds=" + QByteArray::number(seconds);
    if (m_renderer->supportsBookmarks())
        request.query += "&allowWatchBookmarks=true";
    if (initialEvents) // any other resourceVersionMatch, or none, is Invalid here
        request.query += "&sendInitialEvents=true&resourceVersionMatch=NotOlderThan";
    request.query += selectors();
    request.headers = {{"Accept", m_renderer->watchAccept()}};
    request.lane = net::Request::Lane::Stream;
    request.idleTimeoutMs = (seconds + 30) * 1000; // the server ends the stream before

    stream->answerTimer = m_clock.after(this, m_options.answerMs, [this, serial] { onUnanswered(serial); });
    stream->exchange = m_transport.open(
        request, {[this, serial](const net::ResponseHead& head) { onStreamHead(serial, head); },
                  [this, serial](QByteArrayView bytes) { onStreamData(serial, bytes); },
                  [this, serial](std::optional<Error> error) { onStreamFinished(serial, std::move(error)); }});
    return stream;
}

Reflector::Stream* Reflector::stream(quint64 serial) const
{
    if (m_watch && m_watch->serial == serial)
        return m_watch.get();
    return m_probe && m_probe->serial == serial ? m_probe.get() : nullptr;
}

void Reflector::onStreamHead(quint64 serial, const net::ResponseHead& head)
{
    Stream* s = stream(serial);
    if (!s)
        return;
    s->answerTimer.reset();
    s->response.begin(head);
    if (!s->response.ok())
        return; // the body says why; see onStreamFinished()
    auto decoder = m_renderer->watchDecoder(s->response.contentType);
    if (!decoder) {
        if (s->initialEvents)
            watchListFailed();
        else
            streamFailed(std::move(decoder.error()));
        return;
    }
    s->decoder = std::move(*decoder);
    s->open = true;
    m_status.proofMs = m_clock.nowMs();
    if (s == m_probe.get())
        adoptProbe();
    m_lastArrivalMs = m_clock.monotonicMs();
    m_meanGapMs = 0;
    m_quietJitter = m_random();
    if (m_watch->initialEvents) {
        m_watch->initialTimer = m_clock.after(this, initialEventsStallMs, [this] { watchListFailed(); });
        return;
    }
    m_status.silent = false;
    m_status.refused = false;
    m_status.error.reset();
    m_refusedSinceMs = -1;
    m_refusals.reset();
    setPhase(ReflectorStatus::Phase::Watching);
    armQuietTimer();
    publish();
}

void Reflector::onStreamData(quint64 serial, QByteArrayView bytes)
{
    Stream* s = stream(serial);
    if (!s)
        return;
    m_status.proofMs = m_clock.nowMs();
    if (!s->decoder) {
        s->response.keep(bytes);
        return;
    }
    noteArrival();
    if (m_probe) { // the old stream lives after all
        retire(std::move(m_probe->exchange));
        m_probe.reset();
    }
    const auto fed = s->decoder->feed(bytes, [this, s](WatchEvent&& event) {
        if (!s->ended)
            onEvent(*s, std::move(event));
    });
    if (s->ended) {
        const Status status = *s->ended;
        if (s->initialEvents)
            watchListFailed();
        else
            onErrorEvent(status);
    } else if (!fed) {
        if (s->initialEvents) {
            watchListFailed();
            return;
        }
        // What was decoded before is right. Once may be an accident on the way; twice is a reason to read everything.
        if (++m_garbled >= garbledBeforeRelist)
            m_versionLost = true;
        streamFailed(fed.error());
    } else if (s->events > 0) {
        m_garbled = 0;
    }
}

void Reflector::onEvent(Stream& s, WatchEvent&& event)
{
    using Type = WatchEvent::Type;
    if (event.type == Type::Unknown)
        return; // a newer server's: skipped, as client-go does
    if (event.type == Type::Error) {
        s.ended = std::move(event.status);
        return;
    }
    ++s.events;
    const QString version = event.object.resourceVersion;
    if (s.initialEvents) {
        if (s.initialTimer)
            s.initialTimer = m_clock.after(this, initialEventsStallMs, [this] { watchListFailed(); });
        if (event.type == Type::Bookmark && event.initialEventsEnd) {
            s.initialEvents = false;
            s.initialTimer.reset();
            s.fromNowhere = false;
            m_version = version;
            m_versionLost = false;
            m_status.synced = true;
            m_status.refused = false;
            m_status.error.reset();
            setPhase(ReflectorStatus::Phase::Watching);
            m_sink.listEnded();
            armQuietTimer();
            publish();
        } else if (event.type == Type::Added || event.type == Type::Modified) {
            m_sink.listed(std::move(event.object)); // in no order: their versions say nothing
        }
        return;
    }
    if (event.type != Type::Added)
        s.fromNowhere = false;
    if (!s.fromNowhere && !version.isEmpty())
        m_version = version;
    if (event.type != Type::Bookmark)
        m_sink.changed(event.type, std::move(event.object));
}

void Reflector::onErrorEvent(const Status& status)
{
    const bool expired = status.code == 410 || status.reason == u"Expired" || status.reason == u"Gone";
    Error error = expired
                      ? Error{Error::Kind::Gone,
                              tr("The server no longer has the changes since the last look at %1; reading them anew.")
                                  .arg(m_kind.id()),
                              status.message,
                              {}}
                      : Error{status.code == 429 ? Error::Kind::Throttled : Error::Kind::Server,
                              tr("The server ended the watch of %1.").arg(m_kind.id()),
                              status.message,
                              {}};
    error.httpStatus = status.code;
    if (!expired) {
        streamFailed(std::move(error), status.retryAfterSeconds > 0 ? status.retryAfterSeconds * 1000 : 0);
        return;
    }
    m_status.error = std::move(error);
    // Not called lost yet: a list "not older than" it is served from the cache and spares etcd.
    startList(m_versionLost ? ListFrom::Quorum : ListFrom::Last);
}

void Reflector::onStreamFinished(quint64 serial, std::optional<Error> error)
{
    Stream* s = stream(serial);
    if (!s)
        return;
    if (s->initialEvents) {
        watchListFailed();
        return;
    }
    const bool wasProbe = s == m_probe.get();
    if (wasProbe && (error || s->response.status == 429 || s->response.status >= 500)) {
        // The new one could not be opened. Whether the old one lives is not known any more: say so.
        streamFailed(error ? std::move(*error) : errorOf(s->response, true), s->response.retryAfterMs);
        return;
    }
    if (error) {
        streamFailed(std::move(*error));
    } else if (!s->response.ok()) {
        const Response response = s->response;
        onStreamRefused(response);
    } else if (!s->decoder || s->decoder->inFrame()) {
        streamFailed({Error::Kind::Protocol,
                      tr("The watch of %1 was cut off in the middle of an event.").arg(m_kind.id()),
                      {},
                      {}});
    } else if (s->events == 0 && m_clock.monotonicMs() - s->askedMs < shortWatchMs) {
        streamFailed(
            {Error::Kind::Network,
             tr("The watch of %1 ended at once; something between here and the server cuts streams.").arg(m_kind.id()),
             {},
             {}});
    } else {
        startWatch(); // the server ends every watch now and then: the normal path
    }
}

void Reflector::onStreamRefused(const Response& response)
{
    Error error = errorOf(response, true);
    if (response.expired() || response.tooLargeVersion()) {
        m_status.error = std::move(error);
        m_versionLost = m_versionLost || !response.expired();
        startList(m_versionLost ? ListFrom::Quorum : ListFrom::Last);
    } else if (response.isRefusal()) {
        refuse(std::move(error));
    } else {
        // 429, 5xx: the position is good, the moment is not. Another 4xx (400: the version is no version): list anew.
        if (response.status >= 400 && response.status < 500 && response.status != 401 && response.status != 429)
            m_versionLost = true;
        streamFailed(std::move(error), response.retryAfterMs);
    }
}

void Reflector::onUnanswered(quint64 serial)
{
    Stream* s = stream(serial);
    if (!s)
        return;
    if (s->initialEvents) {
        watchListFailed();
        return;
    }
    m_status.silent = true;
    streamFailed({Error::Kind::Network, tr("The server does not answer a watch of %1.").arg(m_kind.id()), {}, {}});
}

void Reflector::adoptProbe()
{
    // Everything after m_version comes on the new stream: what the old one still holds unread would come twice.
    dropList();
    if (m_watch)
        retire(std::move(m_watch->exchange));
    m_watch = std::move(m_probe);
}

void Reflector::dropStreams()
{
    m_quietTimer.reset();
    for (auto* slot : {&m_watch, &m_probe}) {
        if (!*slot)
            continue;
        if ((*slot)->initialEvents)
            m_sink.listFailed();
        if ((*slot)->open && m_clock.monotonicMs() - (*slot)->askedMs >= healthyStreamMs)
            m_backoff.reset();
        retire(std::move((*slot)->exchange));
        slot->reset();
    }
}

void Reflector::streamFailed(Error error, qint64 waitAtLeastMs)
{
    dropStreams();
    if (!m_status.refused)
        m_status.error = std::move(error);
    setPhase(ReflectorStatus::Phase::Waiting);
    wait(m_backoff.next(std::max<qint64>(0, waitAtLeastMs)), waitAtLeastMs > 0, [this] { resume(); });
    publish();
}

void Reflector::watchListFailed()
{
    // Whatever the reason (KEP-3157: "always fall back"): an old server, a proxy, a feature gate.
    m_watchListRefused = true;
    dropStreams();
    startList(m_version.isEmpty() ? ListFrom::Cache : ListFrom::Last);
}

void Reflector::verify()
{
    if (m_status.phase != ReflectorStatus::Phase::Watching || m_probe || m_version.isEmpty())
        return;
    m_quietTimer.reset();
    m_probe = openStream(false);
}

qint64 Reflector::quietLimitMs() const
{
    // A stream that speaks every 10 ms is suspect after 1.5 s; one that seldom speaks, after quietMs and up to a
    // quarter.
    const double longest = double(m_options.quietMs) * (1.0 + 0.25 * m_quietJitter);
    return qint64(m_meanGapMs > 0 ? std::clamp(10.0 * m_meanGapMs, std::min(longest, double(shortestQuietMs)), longest)
                                  : longest);
}

void Reflector::armQuietTimer()
{
    const qint64 now = m_clock.monotonicMs();
    m_quietDueMs = m_lastArrivalMs + quietLimitMs();
    m_quietTimer = m_clock.after(this, std::max<qint64>(0, m_quietDueMs - now), [this] {
        if (m_clock.monotonicMs() - m_lastArrivalMs >= quietLimitMs())
            verify();
        else
            armQuietTimer();
    });
}

void Reflector::noteArrival()
{
    const qint64 now = m_clock.monotonicMs();
    const double gap = double(now - m_lastArrivalMs);
    // The first gap after an opening is no habit yet; from then on a moving mean over about eight arrivals.
    m_meanGapMs =
        m_meanGapMs > 0 ? m_meanGapMs + (std::min(gap, 60'000.0) - m_meanGapMs) / 8.0 : std::max(gap, 5'000.0);
    m_meanGapMs = std::max(m_meanGapMs, 1.0);
    m_lastArrivalMs = now;
    // Arming a timer for each event would cost more than the event: only where a busier stream must be looked at
    // sooner.
    if (m_status.phase == ReflectorStatus::Phase::Watching && now + quietLimitMs() < m_quietDueMs - 500)
        armQuietTimer();
}

} // namespace wk::cluster
