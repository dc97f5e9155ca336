// SPDX-License-Identifier: GPL-3.0-or-later
#include "logs/LogReaderParts.h"

#include "cluster/Decoder.h"
#include "core/Future.h"
#include "logs/LogTime.h"

namespace wk::logs {

using namespace Qt::StringLiterals;

namespace {
constexpr Backoff::Limits retries{150, 2.0, 15'000, 0.5, 60'000};
constexpr qint64 refusedMs = 30'000; ///< rights are not given within seconds
constexpr qsizetype maxErrorBody = 64 * 1024;
constexpr qint64 maxPodBytes = 8 << 20;
constexpr qint64 lookMs = 5'000; ///< a pooled connection may be dead, and another try finds another

QByteArray podPath(const LogReader::Setup& s)
{
    return "/api/v1/namespaces/" + s.space.toUtf8() + "/pods/" + s.pod.toUtf8();
}
} // namespace

LogReader::LogReader(Setup setup, net::Transport& transport, Clock& clock, const Random& random, Events events,
                     QObject* parent)
    : QObject(parent), m_setup(std::move(setup)), m_transport(transport), m_clock(clock), m_events(std::move(events)),
      m_backoff(clock, random, retries), m_link(std::make_shared<ReceiverLink>(this)), m_place(m_setup.place)
{
}

LogReader::~LogReader() { m_link->close(); }

void LogReader::start() { open(); }

void LogReader::kick()
{
    if (m_state.phase == ReaderState::Phase::Waiting && m_timer)
        open();
}

void LogReader::reopen()
{
    if (m_state.phase != ReaderState::Phase::Done)
        open();
}

net::Request LogReader::requestFor(const Stream& stream) const
{
    net::Request request;
    request.path = podPath(m_setup) + "/log";
    request.query = "container=" + QUrl::toPercentEncoding(m_setup.container) + "&timestamps=true";
    if (stream.follow)
        request.query += "&follow=true";
    if (stream.place == RunPlace::Previous)
        request.query += "&previous=true";
    if (const auto since = stream.since ? stream.since : m_setup.sinceNs)
        request.query += "&sinceTime=" + QUrl::toPercentEncoding(QString::fromUtf8(secondText(*since)));
    if (!stream.since && m_setup.tail)
        request.query += "&tailLines=" + QByteArray::number(*m_setup.tail);
    request.headers = {{"Accept", "text/plain, */*"}};
    if (stream.follow) {
        request.lane = net::Request::Lane::Stream;
        request.idleTimeoutMs = 0;
    }
    return request;
}

void LogReader::open()
{
    m_timer.reset();
    drop(m_next);
    m_next = std::make_unique<Stream>();
    Stream& s = *m_next;
    const quint64 serial = s.serial = ++m_serial;
    s.place = m_place;
    s.follow = m_setup.follow && m_place == RunPlace::Running;
    s.afterBreak = m_brokeOff;
    s.since = m_guard.since();
    m_guard.hold(s.since);
    s.timer = m_clock.after(this, m_setup.answerMs, [this, serial] {
        onFinished(serial, Error{Error::Kind::Network,
                                 tr("The server did not answer for %1 s.").arg(m_setup.answerMs / 1000),
                                 {},
                                 {}});
    });
    s.exchange =
        m_transport.open(requestFor(s), {[this, serial](const net::ResponseHead& head) { onHead(serial, head); },
                                         [this, serial](QByteArrayView bytes) { onData(serial, bytes); },
                                         [this, serial](std::optional<Error> e) { onFinished(serial, std::move(e)); }});
    if (!m_live)
        setPhase(ReaderState::Phase::Opening);
}

void LogReader::onHead(quint64 serial, const net::ResponseHead& head)
{
    if (!m_next || m_next->serial != serial)
        return;
    m_next->head = head;
    if (!m_next->ok())
        return;
    m_next->exchange->setPaused(true);
    look(serial, &LogReader::onProof);
}

void LogReader::onData(quint64 serial, QByteArrayView bytes)
{
    if (m_next && m_next->serial == serial) {
        if (m_next->ok() || m_next->held.size() + bytes.size() <= maxErrorBody)
            m_next->held.append(bytes);
        return;
    }
    if (!m_live || m_live->serial != serial)
        return;
    m_backoff.reset();
    LogBatch batch;
    m_live->cutter.feed(bytes, [&](QByteArrayView line, bool cut) { take(*m_live, line, cut, batch); });
    deliver(std::move(batch));
    armQuiet();
}

void LogReader::onFinished(quint64 serial, std::optional<Error> error)
{
    if (m_live && m_live->serial == serial) {
        m_live->finished = true;
        m_live->error = std::move(error);
        liveEnded();
        return;
    }
    if (!m_next || m_next->serial != serial)
        return;
    if (m_next->ok()) { // told what the pod says in a moment
        m_next->finished = true;
        m_next->error = std::move(error);
        m_next->timer.reset();
    } else if (error) {
        waitFor(0, std::move(*error));
    } else {
        onRefused();
    }
}

void LogReader::onRefused()
{
    const Stream& s = *m_next;
    Error error = cluster::errorFromResponse(s.head->status, s.head->header("Content-Type"), s.held,
                                             tr("Reading the log of %1 in %2").arg(m_setup.container, m_setup.pod));
    const bool denied = s.head->status == 401 || s.head->status == 403;
    if (s.head->status == 400 || s.head->status == 404) {
        m_next->timer.reset();
        m_refusal = std::move(error);
        look(s.serial, &LogReader::onRefusedSeen);
    } else {
        waitFor(denied ? refusedMs : qMax<qint64>(0, s.head->retryAfterMs()), std::move(error));
    }
}

void LogReader::look(quint64 serial, void (LogReader::*then)(Fate))
{
    net::Request request;
    request.path = podPath(m_setup);
    request.headers = {{"Accept", "application/json"}};
    request.idleTimeoutMs = lookMs;
    whenDone(net::send(m_transport, request, maxPodBytes), this, [=, this](const Result<net::Response>& answer) {
        const bool asked = (m_next && m_next->serial == serial) || (m_live && m_live->serial == serial);
        if (!asked)
            return;
        Fate fate = Fate::Unknown;
        if (!answer) {
            m_lookError = answer.error();
        } else if (answer->head.status == 404) {
            fate = Fate::Gone;
        } else if (answer->head.status != 200) {
            m_lookError = cluster::errorFromResponse(answer->head.status, answer->head.header("Content-Type"),
                                                     answer->body, tr("Reading the pod %1").arg(m_setup.pod));
        } else if (const auto runs = readPodRuns(answer->body); !runs) {
            m_lookError = runs.error();
        } else {
            fate = runs->uid == m_setup.podUid ? Fate::There : Fate::Gone;
            m_place = fate == Fate::Gone ? RunPlace::Lost : placeOf(runs->find(m_setup.container), m_setup.runId);
        }
        (this->*then)(fate);
    });
}

/// A stream has been opened: is it of this run?
void LogReader::onProof(Fate fate)
{
    const RunPlace asked = m_next->place;
    const bool namesake = fate == Fate::Gone && m_place == RunPlace::Lost;
    if (fate == Fate::Unknown) {
        waitFor(0, *m_lookError);
    } else if (fate == Fate::Gone && !namesake) {
        adopt(); // it was there when the log was opened
    } else if (m_place == RunPlace::Lost) {
        conclude(!m_brokeOff && m_guard.since().has_value());
    } else if ((asked == RunPlace::Previous) == (m_place == RunPlace::Previous) ||
               (asked == RunPlace::Previous && m_place == RunPlace::Ended)) {
        adopt();
    } else {
        open(); // another run has begun meanwhile
    }
}

void LogReader::adopt()
{
    drop(m_live);
    m_live = std::move(m_next);
    Stream& s = *m_live;
    s.timer.reset();
    s.replay = m_guard.replay(s.since);
    m_guard.hold({});
    m_brokeOff = false;
    setPhase(ReaderState::Phase::Reading);
    const quint64 serial = s.serial;
    const QByteArray held = std::exchange(s.held, {});
    if (!held.isEmpty())
        onData(serial, held);
    armQuiet();
    if (s.finished)
        liveEnded();
    else
        pauseOrGoOn();
}

void LogReader::liveEnded()
{
    Stream& s = *m_live;
    m_quietTimer.reset();
    m_brokeOff = s.error.has_value() || (s.afterBreak && !s.replay.joined());
    if (s.error) {
        ++m_state.interruptions;
        const Error error = *s.error;
        drop(m_live);
        if (!m_next)
            waitFor(0, error);
    } else if (m_next) {
        drop(m_live);
    } else if (!s.follow) {
        finishText();
        conclude(!m_brokeOff);
    } else {
        look(s.serial, &LogReader::onLiveOver);
    }
}

/// A followed stream has ended in order: is the run over?
void LogReader::onLiveOver(Fate fate)
{
    if (m_next)
        return; // its successor is on its way
    if (fate == Fate::Unknown) {
        drop(m_live);
        waitFor(0, *m_lookError);
    } else if (fate == Fate::Gone || m_place == RunPlace::Lost) {
        finishText();
        conclude(true);
    } else if (m_place == RunPlace::Running) {
        drop(m_live);
        waitFor(0, Error{Error::Kind::Network, tr("The server ended the log while the container goes on."), {}, {}});
    } else {
        drop(m_live); // once more, for its last words
        open();
    }
}

void LogReader::onRefusedSeen(Fate fate)
{
    const bool noPrevious = m_next->place == RunPlace::Previous && m_place == RunPlace::Previous;
    if (fate == Fate::Gone || (fate == Fate::There && (m_place == RunPlace::Lost || noPrevious)))
        conclude(!m_brokeOff && m_guard.since().has_value());
    else if (fate == Fate::There && m_place != m_next->place)
        open();
    else
        waitFor(0, fate == Fate::Unknown ? *m_lookError : *m_refusal);
}

void LogReader::waitFor(qint64 atLeastMs, Error error)
{
    drop(m_next);
    if (m_live && !m_live->finished) { // goes on; doubled again later
        armQuiet();
        return;
    }
    drop(m_live);
    m_timer = m_clock.after(this, m_backoff.next(atLeastMs), [this] { open(); });
    setPhase(ReaderState::Phase::Waiting, std::move(error));
}

void LogReader::conclude(bool complete)
{
    if (!complete) {
        LogBatch batch;
        addGap(batch, tr("the run has ended, and the server does not have its log any more"));
        deliver(std::move(batch));
    }
    drop(m_next);
    drop(m_live);
    m_timer.reset();
    m_quietTimer.reset();
    setPhase(ReaderState::Phase::Done);
}

void LogReader::drop(std::unique_ptr<Stream>& stream)
{
    if (!stream)
        return;
    // Its own callback may be on the stack: it goes a turn later, unheard.
    std::shared_ptr<Stream> old(std::move(stream));
    old->timer.reset();
    QMetaObject::invokeMethod(
        this, [old] {}, Qt::QueuedConnection);
}

void LogReader::armQuiet()
{
    m_quietTimer.reset();
    if (m_live && m_live->follow && !m_live->finished && !m_next)
        m_quietTimer = m_clock.after(this, m_setup.quietMs, [this] {
            if (m_underWay <= maxUnderWay / 2) // else the silence is our own
                open();
            else
                armQuiet();
        });
}

void LogReader::setPhase(ReaderState::Phase phase, std::optional<Error> error)
{
    const ReaderState before = m_state;
    m_state.phase = phase;
    m_state.error = std::move(error);
    if (!(before == m_state))
        m_events.changed();
}

} // namespace wk::logs
