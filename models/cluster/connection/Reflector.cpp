// SPDX-License-Identifier: GPL-3.0-or-later
#include "cluster/connection/Reflector.h"

#include "cluster/connection/ReflectorParts.h"

#include <QtCore/QUrl>

namespace wk::cluster {

namespace {
constexpr qint64 refusalForgivenMs =
    10'000; ///< a server that starts may forbid for a moment what it allows (RBAC cache)
constexpr qint64 listFlowsMs = 2'000;
constexpr Backoff::Limits refusalLimits{5'000, 2.0, 60'000, 0.1, 600'000};
} // namespace

Reflector::Reflector(const ResourceKind& kind, QString space, std::shared_ptr<const Renderer> renderer,
                     net::Transport& transport, Clock& clock, const Random& random, Options options,
                     ReflectorSink& sink, QObject* parent)
    : QObject(parent), m_kind(kind), m_space(std::move(space)), m_renderer(std::move(renderer)), m_transport(transport),
      m_clock(clock), m_random(random), m_options(std::move(options)), m_sink(sink), m_backoff(clock, random),
      m_refusals(clock, random, refusalLimits)
{
}

Reflector::~Reflector() = default;

void Reflector::start()
{
    if (m_status.phase == ReflectorStatus::Phase::Idle)
        resume();
}

void Reflector::resume()
{
    m_timer.reset();
    m_afterWait = nullptr;
    m_waitByServer = false;
    if (m_status.synced && m_options.watch && !m_version.isEmpty() && !m_versionLost)
        startWatch();
    else if (!m_status.synced && m_options.watch && m_options.watchList && !m_watchListRefused &&
             m_renderer->supportsBookmarks())
        startWatchList();
    else
        startList(m_versionLost || (!m_options.watch && m_options.mostRecent)
                      ? ListFrom::Quorum
                      : (m_version.isEmpty() ? ListFrom::Cache : ListFrom::Last));
}

void Reflector::stop()
{
    dropList();
    dropStreams();
    m_timer.reset();
    m_afterWait = nullptr;
    m_waitByServer = false;
    m_status.phase = ReflectorStatus::Phase::Idle;
}

void Reflector::kick()
{
    using Phase = ReflectorStatus::Phase;
    if ((m_status.phase != Phase::Waiting && m_status.phase != Phase::Refused) || m_waitByServer || !m_timer)
        return;
    m_backoff.reset();
    m_timer = m_clock.after(this, qint64(500 * m_random()), [this] { resume(); });
}

void Reflector::restart()
{
    using Phase = ReflectorStatus::Phase;
    if (m_status.phase == Phase::Done || m_status.phase == Phase::Failed || m_status.phase == Phase::Idle)
        return;
    if (m_waitByServer && m_timer)
        return; // nothing is open, and the server named the moment
    if (m_status.phase == Phase::Listing && m_clock.nowMs() - m_status.proofMs < listFlowsMs)
        return; // bytes arrive: a long list must not begin again and again on a bad line
    dropList();
    dropStreams();
    m_backoff.reset();
    if (!m_status.error)
        m_status.error = Error{
            Error::Kind::Network, tr("The connection was lost; %1 is being followed anew.").arg(m_kind.id()), {}, {}};
    setPhase(Phase::Waiting);
    m_timer = m_clock.after(this, qint64(500 * m_random()), [this] { resume(); });
    publish();
}

void Reflector::wait(qint64 ms, bool byServer, std::function<void()> then)
{
    m_waitByServer = byServer;
    m_afterWait = std::move(then);
    m_timer = m_clock.after(this, ms, [this] {
        const auto next = std::move(m_afterWait);
        m_timer.reset();
        m_waitByServer = false;
        next();
    });
}

void Reflector::refuse(Error error)
{
    dropStreams();
    m_status.error = std::move(error);
    const qint64 now = m_clock.monotonicMs();
    if (!m_options.watch) {
        m_status.refused = true;
        setPhase(ReflectorStatus::Phase::Refused);
    } else if (m_status.synced && (m_refusedSinceMs < 0 || now - m_refusedSinceMs < refusalForgivenMs)) {
        // It was allowed before: do not call it forbidden before the server has said so for a while.
        if (m_refusedSinceMs < 0)
            m_refusedSinceMs = now;
        setPhase(ReflectorStatus::Phase::Waiting);
        wait(m_backoff.next(), false, [this] { resume(); });
    } else {
        m_status.refused = true;
        setPhase(ReflectorStatus::Phase::Refused);
        wait(m_refusals.next(), false, [this] { resume(); });
    }
    publish();
}

void Reflector::setPhase(ReflectorStatus::Phase phase) { m_status.phase = phase; }

void Reflector::publish() { m_sink.statusChanged(); }

void Reflector::retire(std::unique_ptr<net::Exchange> exchange)
{
    // Often called from one of the exchange's own callbacks: it must outlive them. Its serial is void already.
    if (exchange) {
        QMetaObject::invokeMethod(
            this, [dying = std::shared_ptr<net::Exchange>(std::move(exchange))] {}, Qt::QueuedConnection);
    }
}

QByteArray Reflector::selectors() const
{
    QByteArray query;
    if (!m_options.labelSelector.isEmpty())
        query += "&labelSelector=" + m_options.labelSelector.toPercentEncoding();
    if (!m_options.fieldSelector.isEmpty())
        query += "&fieldSelector=" + m_options.fieldSelector.toPercentEncoding();
    return query;
}

Error Reflector::errorOf(const Response& response, bool watch) const
{
    const QString scope = m_space.isEmpty() ? QString() : tr(" in namespace %1").arg(m_space);
    const QString what = (watch ? tr("Watching %1%2") : tr("Listing %1%2")).arg(m_kind.id(), scope);
    Error error = errorFromResponse(response.status, response.contentType, response.body, what);
    error.httpStatus = response.status;
    if (error.retryAfterMs < 0)
        error.retryAfterMs = response.retryAfterMs;
    return error;
}

} // namespace wk::cluster
