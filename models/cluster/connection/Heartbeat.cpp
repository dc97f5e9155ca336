// SPDX-License-Identifier: GPL-3.0-or-later
#include "cluster/connection/Heartbeat.h"

#include "cluster/Decoder.h"

#include <QtCore/QJsonDocument>
#include <QtCore/QJsonObject>

namespace wk::cluster {

using namespace Qt::StringLiterals;

namespace {
constexpr Backoff::Limits networkLimits{1'000, 1.5, 5'000, 0.2, 60'000};
constexpr Backoff::Limits tlsLimits{2'000, 2.0, 30'000, 0.2, 120'000};
constexpr Backoff::Limits credentialLimits{5'000, 2.0, 300'000, 0.2, 900'000};
constexpr qint64 firstLimitMs = 10'000; ///< a handshake over a slow line takes longer than an answer
constexpr qint64 patientLimitMs = 60'000;
constexpr qint64 sleepMs = 10'000;
constexpr qint64 longestPauseMs = 10'000;
constexpr qint64 flowingMs = 1'000;
constexpr int unreadyForgiven = 1;
constexpr qsizetype maxBody = qsizetype(64) * 1024;
} // namespace

ServerVersion parseServerVersion(const QByteArray& json)
{
    const QJsonObject info = QJsonDocument::fromJson(json).object();
    ServerVersion version;
    version.gitVersion = info.value("gitVersion"_L1).toString();
    // "20", or "20+" where a provider patched it.
    QString minor = info.value("minor"_L1).toString();
    minor.truncate(std::ranges::find_if_not(minor, [](QChar c) { return c.isDigit(); }) - minor.begin());
    version.minor = info.value("major"_L1).toString() == "1"_L1 ? minor.toInt() : 0;
    return version;
}

Heartbeat::Heartbeat(MonitoredTransport& transport, Clock& clock, const Random& random, Options options,
                     QObject* parent)
    : QObject(parent), m_transport(transport), m_clock(clock), m_options(std::move(options)),
      m_networkBackoff(clock, random, networkLimits), m_tlsBackoff(clock, random, tlsLimits),
      m_credentialBackoff(clock, random, credentialLimits)
{
}

Heartbeat::~Heartbeat() = default;

void Heartbeat::start()
{
    m_wallMs = m_clock.nowMs();
    m_monotonicMs = m_clock.monotonicMs();
    beat(true);
}

void Heartbeat::stop()
{
    ++m_serial;
    m_exchange.reset();
    m_limitTimer.reset();
    m_nextTimer.reset();
}

void Heartbeat::beatNow()
{
    m_networkBackoff.reset();
    m_tlsBackoff.reset();
    m_credentialBackoff.reset();
    m_failures = 0;
    stop();
    beat(!m_up);
}

void Heartbeat::beat(bool version)
{
    m_asksVersion = version;
    m_status = 0;
    m_retryAfterMs = -1;
    m_body.clear();
    m_startedMs = m_clock.monotonicMs();
    m_transport.mark();
    net::Request request;
    request.path = version ? "/version" : "/readyz";
    request.headers = {{"Accept", version ? "application/json" : "*/*"}};
    request.lane = net::Request::Lane::Stream; // calls may all wait behind large lists
    request.idleTimeoutMs = patientLimitMs;    // ours, below, is the one that counts
    const quint64 serial = ++m_serial;
    m_exchange = m_transport.open(request, {[this, serial](const net::ResponseHead& head) {
                                                if (serial == m_serial) {
                                                    m_status = head.status;
                                                    m_retryAfterMs = head.retryAfterMs();
                                                }
                                            },
                                            [this, serial](QByteArrayView bytes) {
                                                if (serial == m_serial && m_body.size() + bytes.size() <= maxBody)
                                                    m_body.append(bytes);
                                            },
                                            [this, serial](const std::optional<Error>& error) {
                                                if (serial == m_serial)
                                                    onFinished(error);
                                            }});
    const qint64 limit = m_up ? limitMs : (m_options.patient ? patientLimitMs : firstLimitMs);
    m_limitTimer = m_clock.after(this, limit, [this] { onLimit(); });
}

void Heartbeat::onLimit()
{
    const bool flowing = m_clock.monotonicMs() - m_transport.lastOldArrivalMs() < flowingMs;
    const bool excused =
        m_options.excused && m_clock.monotonicMs() - m_startedMs < patientLimitMs && m_options.excused();
    if (m_up && (flowing || excused)) {
        m_limitTimer = m_clock.after(this, flowingMs, [this] { onLimit(); });
        return;
    }
    const qint64 waited = (m_clock.monotonicMs() - m_startedMs + 500) / 1000;
    bad({Error::Kind::Network,
         tr("%1 does not answer (no word for %2 s).").arg(m_options.server).arg(waited),
         {},
         tr("Check the network, the VPN and the proxy.")},
        true);
}

void Heartbeat::onFinished(const std::optional<Error>& error)
{
    if (error) {
        bad(*error, false);
        return;
    }
    if (m_status == 401) {
        Error refused =
            errorFromResponse(m_status, "application/json", m_body, tr("Connecting to %1").arg(m_options.server));
        refused.kind = Error::Kind::Unauthorized;
        refused.httpStatus = m_status;
        bad(refused, false);
        return;
    }
    if (m_status >= 500) {
        // Once may be the moment of a restart behind a load balancer.
        if (m_up && ++m_unready <= unreadyForgiven) {
            scheduleNext(intervalMs / 2);
            return;
        }
        bad({Error::Kind::Server,
             tr("The API server at %1 answers that it is not ready (%2).").arg(m_options.server).arg(m_status),
             QString::fromUtf8(m_body),
             {},
             m_status},
            false);
        return;
    }
    m_unready = 0;
    if (m_asksVersion) {
        emit found(parseServerVersion(m_body));
        if (m_everUp && !m_options.once) {
            beat(false); // it answers again; is it ready, too?
            return;
        }
    }
    good();
}

void Heartbeat::good()
{
    m_limitTimer.reset();
    m_failures = 0;
    const bool recovered = !std::exchange(m_up, true);
    m_everUp = true;
    if (!m_options.once) {
        // A throttling server asks for fewer requests; these few are how we know that it is there.
        const qint64 pause = std::clamp(m_retryAfterMs, intervalMs, longestPauseMs);
        scheduleNext(std::max<qint64>(0, m_startedMs + pause - m_clock.monotonicMs()));
    }
    emit answered(recovered);
}

void Heartbeat::bad(const Error& error, bool timedOut)
{
    ++m_serial;
    // Not destroyed here: this may be one of its own callbacks.
    QMetaObject::invokeMethod(
        this, [dying = std::shared_ptr<net::Exchange>(std::move(m_exchange))] {}, Qt::QueuedConnection);
    m_limitTimer.reset();
    m_up = false;
    ++m_failures;
    Backoff& backoff = error.kind == Error::Kind::Tls            ? m_tlsBackoff
                       : error.kind == Error::Kind::Unauthorized ? m_credentialBackoff
                                                                 : m_networkBackoff;
    if (!m_options.once)
        scheduleNext(timedOut ? 0 : backoff.next());
    emit lost(error, timedOut);
}

void Heartbeat::scheduleNext(qint64 ms)
{
    m_plannedMs = ms;
    m_wallMs = m_clock.nowMs();
    m_monotonicMs = m_clock.monotonicMs();
    m_nextTimer = m_clock.after(this, ms, [this] {
        m_nextTimer.reset();
        noticeSleep();
        if (!m_nextTimer && !m_limitTimer)
            beat(!m_up);
    });
}

void Heartbeat::noticeSleep()
{
    // The monotonic clock stands still while the machine sleeps (Linux) or goes on (macOS, Windows): either shows a
    // jump.
    const qint64 wall = m_clock.nowMs() - m_wallMs;
    const qint64 monotonic = m_clock.monotonicMs() - m_monotonicMs;
    if (wall - m_plannedMs > sleepMs || monotonic - m_plannedMs > sleepMs || wall < -sleepMs)
        emit woke();
}

} // namespace wk::cluster
