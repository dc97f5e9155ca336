// SPDX-License-Identifier: GPL-3.0-or-later
#include "cluster/connection/ConnectionWorker.h"

namespace wk::cluster {

using namespace Qt::StringLiterals;

namespace {
constexpr qint64 staleAfterMs = 4'000;
constexpr qint64 rediscoverMs = 60'000;    ///< custom kinds come and go
constexpr qint64 rediscoverSoonMs = 1'000; ///< after a change to the definitions: the server needs a moment itself
constexpr qint64 discoveryRetryMs = 5'000;
constexpr qint64 pluginMarginMs = 30'000; ///< a credential that ends sooner is probably being renewed
constexpr qsizetype maxBody = 512 * 1024 * 1024;
constexpr auto definitions = "customresourcedefinitions.apiextensions.k8s.io"_L1;
} // namespace

struct ConnectionWorker::Call
{
    int status = 0;
    QByteArray contentType;
    QByteArray body;
    QString what;
    Answer answer;
    std::unique_ptr<net::Exchange> exchange;
};

struct ConnectionWorker::Follower
{
    QString space;
    std::unique_ptr<ReflectorFeed> feed;
    std::unique_ptr<UsagePoller> usage;
};

ConnectionWorker::ConnectionWorker(Setup setup, Services services, Outbox outbox, QObject* parent)
    : QObject(parent), m_setup(std::move(setup)), m_clock(services.clock), m_counters(services.counters),
      m_dropConnections(std::move(services.dropConnections)),
      m_credentialExpiresMs(std::move(services.credentialExpiresMs)), m_outbox(std::move(outbox)),
      m_transport(std::move(services.transport), m_clock, m_counters.bytes),
      m_heartbeat(m_transport, m_clock, m_setup.options.random,
                  {m_setup.context.server.toDisplayString(), !m_setup.options.watch, m_setup.context.exec.has_value(),
                   [this] {
                       const qint64 expires = m_credentialExpiresMs();
                       return m_setup.context.exec && expires > 0 && m_clock.nowMs() > expires - pluginMarginMs;
                   }}),
      m_discovery(m_transport)
{
    m_state.insecure = m_setup.context.insecureSkipTlsVerify;
    m_state.userName = m_setup.context.userName;
    connect(&m_heartbeat, &Heartbeat::found, this, &ConnectionWorker::onFound);
    connect(&m_heartbeat, &Heartbeat::answered, this, &ConnectionWorker::onAnswered);
    connect(&m_heartbeat, &Heartbeat::lost, this, &ConnectionWorker::onLost);
    connect(&m_heartbeat, &Heartbeat::woke, this, &ConnectionWorker::reconnect);
}

ConnectionWorker::~ConnectionWorker()
{
    m_heartbeat.stop();
    m_guests.clear();
    m_followers.clear();
    for (const auto& call : std::exchange(m_calls, {})) {
        call->exchange.reset();
        call->answer(fail(Error::Kind::Cancelled, tr("The connection was closed.")));
    }
}

void ConnectionWorker::start() { m_heartbeat.start(); }

std::shared_ptr<const Renderer> ConnectionWorker::renderer(const ResourceKind& kind) const
{
    return rendererFor(kind, {m_minor, m_setup.options.extraColumns});
}

void ConnectionWorker::openTable(Table id, const ResourceKind& kind, const QString& space)
{
    auto follower = std::make_unique<Follower>();
    follower->space = space;
    Reflector::Options options;
    options.watch = m_setup.options.watch;
    options.mostRecent = m_setup.options.mostRecent;
    options.watchList = m_setup.options.watchList.value_or(m_minor >= 32);
    options.labelSelector = m_setup.options.labelSelector;
    options.fieldSelector = m_setup.options.fieldSelector;
    follower->feed = std::make_unique<ReflectorFeed>(
        ReflectorFeed::Setup{kind, space, m_setup.context.space, renderer(kind), options, m_setup.options.batchMs},
        ReflectorFeed::Services{m_transport, m_clock, m_setup.options.random, m_link, m_counters.objects,
                                m_counters.events},
        [this, id](TableUpdate&& update) { m_outbox.table(id, std::move(update)); });
    ReflectorFeed* feed = follower->feed.get();
    feed->setUndecided(!m_discovered);
    connect(
        feed, &ReflectorFeed::versionMissing, this,
        [this, feed] {
            if (m_discovered)
                adaptFeeds();
            else if (!m_discovery.isRunning())
                discover();
            Q_UNUSED(feed);
        },
        Qt::QueuedConnection); // the feed is on the stack
    if (kind.id() == definitions) {
        connect(feed, &ReflectorFeed::contentChanged, this, [this] {
            if (m_discovered && !m_discovery.isRunning())
                discoverIn(rediscoverSoonMs);
        });
    }
    Follower& f = *(m_followers[id] = std::move(follower));
    if (m_found)
        feed->start();
    feed->linkChanged();
    followUsage(f);
}

void ConnectionWorker::closeTable(Table id) { m_followers.erase(id); }

void ConnectionWorker::followVersions(Table id)
{
    if (const auto it = m_followers.find(id); it != m_followers.end())
        it->second->feed->followVersions();
}

void ConnectionWorker::acknowledge(Table id)
{
    const auto it = m_followers.find(id);
    if (it != m_followers.end())
        it->second->feed->acknowledge();
}

void ConnectionWorker::takeIn(quint64 id, const GuestMaker& make)
{
    m_guests[id] = make(m_transport, m_clock, m_setup.options.random);
}

void ConnectionWorker::seeOff(quint64 id) { m_guests.erase(id); }

void ConnectionWorker::reopenGuests()
{
    for (const auto& [id, guest] : m_guests)
        guest->reopen();
}

void ConnectionWorker::onFound(const ServerVersion& version)
{
    m_state.serverVersion = version.gitVersion;
    const bool first = !std::exchange(m_found, true);
    const bool otherMinor = std::exchange(m_minor, version.minor) != version.minor;
    for (auto& [id, follower] : m_followers) {
        if (otherMinor) // how a server of this age prints a kind
            follower->feed->setKind(follower->feed->kind(), renderer(follower->feed->kind()));
        follower->feed->start();
    }
    if ((m_setup.options.watch || m_wantsKinds) && (first || otherMinor))
        discover();
}

void ConnectionWorker::onAnswered(bool recovered)
{
    m_link.up = true;
    m_link.error.reset();
    const qint64 lastContactMs = std::exchange(m_link.lastContactMs, m_clock.nowMs());
    m_state.lastContactMs = m_link.lastContactMs;
    if (recovered && std::exchange(m_everUp, true)) {
        // After a silence, what seems to be open may be dead. After a mere cut of the heartbeat's own connection it is
        // doubled before it is replaced, so that nobody sees it.
        const bool suspect = std::exchange(m_lossTimedOut, false) || m_clock.nowMs() - lastContactMs >= staleAfterMs;
        for (auto& [id, follower] : m_followers) {
            if (suspect) {
                follower->feed->restart();
            } else {
                follower->feed->kick();
                follower->feed->verify();
            }
        }
        reopenGuests();
        if (!m_discovered)
            discoverIn(0);
    }
    linkChanged();
}

void ConnectionWorker::onLost(const Error& error, bool timedOut)
{
    m_link.up = false;
    m_link.error = error;
    m_lossTimedOut = m_lossTimedOut || timedOut;
    if (timedOut)
        m_dropConnections(); // each pooled connection would swallow a request of its own
    linkChanged();
}

void ConnectionWorker::reconnect()
{
    m_dropConnections();
    m_link.up = false;
    for (auto& [id, follower] : m_followers) {
        if (follower->feed->started())
            follower->feed->reopen();
    }
    reopenGuests();
    m_heartbeat.beatNow();
    linkChanged();
}

void ConnectionWorker::findKinds()
{
    m_wantsKinds = true;
    if (m_found && !m_discovered && !m_discovery.isRunning())
        discover();
}

void ConnectionWorker::linkChanged()
{
    publishState();
    for (auto& [id, follower] : m_followers)
        follower->feed->linkChanged();
}

void ConnectionWorker::publishState()
{
    using Phase = ConnectionState::Phase;
    m_state.error = m_link.error;
    m_state.credentialExpiresMs = m_credentialExpiresMs();
    m_staleTimer.reset();
    const bool refused =
        m_link.error && (m_link.error->kind == Error::Kind::Tls || m_link.error->kind == Error::Kind::Unauthorized);
    if (m_link.up) {
        m_state.phase = Phase::Live;
    } else if (!m_everUp || refused) {
        m_state.phase = m_link.error ? Phase::Failed : Phase::Connecting;
    } else {
        const qint64 age = m_clock.nowMs() - m_link.lastContactMs;
        m_state.phase = age >= staleAfterMs ? Phase::Stale : Phase::Reconnecting;
        if (m_state.phase == Phase::Reconnecting)
            m_staleTimer = m_clock.after(this, staleAfterMs - age, [this] { publishState(); });
    }
    m_outbox.state(m_state);
}

void ConnectionWorker::discoverIn(qint64 ms)
{
    m_discoveryTimer = m_clock.after(this, ms, [this] {
        m_discoveryTimer.reset();
        discover();
    });
}

void ConnectionWorker::discover()
{
    m_discoveryTimer.reset();
    m_discovery.run([this](Result<std::vector<ApiGroup>> groups) { onDiscovered(std::move(groups)); });
}

void ConnectionWorker::onDiscovered(Result<std::vector<ApiGroup>> groups)
{
    if (!groups) {
        if (m_setup.options.watch)
            discoverIn(m_discovered ? rediscoverMs : discoveryRetryMs);
        else
            m_discovered = true; // `get` does not wait for a better moment: the 404 stands
        if (m_discovered && m_wantsKinds)
            m_outbox.kinds(m_kinds);
        adaptFeeds();
        return;
    }
    // What a group's version had before stays while that version does not answer.
    for (ApiGroup& group : *groups) {
        const auto before = std::ranges::find(m_groups, group.name, &ApiGroup::name);
        if (before == m_groups.end())
            continue;
        for (const QString& version : group.versions) {
            const auto known = before->resources.find(version);
            if (known != before->resources.end())
                group.resources.try_emplace(version, known->second);
        }
    }
    m_groups = std::move(*groups);
    m_discovered = true;
    m_kinds = chooseKinds(m_groups);
    m_outbox.kinds(m_kinds);
    adaptFeeds();
    if (m_setup.options.watch)
        discoverIn(rediscoverMs);
}

bool ConnectionWorker::isServed(const ResourceKind& kind) const
{
    const auto group = std::ranges::find(m_groups, kind.group, &ApiGroup::name);
    if (group == m_groups.end())
        return false;
    const auto version = group->resources.find(kind.version);
    return version != group->resources.end() &&
           std::ranges::find(version->second, kind.resource, &ResourceKind::resource) != version->second.end();
}

void ConnectionWorker::adaptFeeds()
{
    for (auto& [id, follower] : m_followers) {
        ReflectorFeed& feed = *follower->feed;
        const auto best =
            std::ranges::find_if(m_kinds, [&](const ResourceKind& k) { return k.id() == feed.kind().id(); });
        // A version that is served, if not the best, is left alone: what is on the screen stays.
        if (best != m_kinds.end() && best->version != feed.kind().version &&
            (feed.notServed() || !isServed(feed.kind())))
            feed.setKind(*best, renderer(*best));
        feed.setUndecided(!m_discovered);
        followUsage(*follower);
    }
}

void ConnectionWorker::followUsage(Follower& follower)
{
    const ResourceKind& kind = follower.feed->kind();
    if (!m_setup.options.watch || !m_setup.options.extraColumns || follower.usage || !kind.group.isEmpty() ||
        (kind.resource != u"pods" && kind.resource != u"nodes"))
        return;
    ResourceKind metrics;
    metrics.group = u"metrics.k8s.io"_s;
    metrics.version = u"v1beta1"_s;
    metrics.resource = kind.resource;
    metrics.namespaced = kind.namespaced;
    if (!isServed(metrics))
        return;
    ReflectorFeed* feed = follower.feed.get();
    follower.usage =
        std::make_unique<UsagePoller>(metrics.path(follower.space), m_transport, m_clock,
                                      [feed](std::shared_ptr<const Usage> usage) { feed->setUsage(std::move(usage)); });
    follower.usage->poll();
}

void ConnectionWorker::get(const QByteArray& path, const QByteArray& query, const QByteArray& accept,
                           const QString& what, Answer answer)
{
    auto call = std::make_shared<Call>();
    call->what = what;
    call->answer = std::move(answer);
    m_calls.push_back(call);
    net::Request request;
    request.path = path;
    request.query = query;
    request.headers = {{"Accept", accept}};
    const std::weak_ptr<Call> weak = call;
    call->exchange = m_transport.open(
        request, {[weak](const net::ResponseHead& head) {
                      if (const auto c = weak.lock()) {
                          c->status = head.status;
                          c->contentType = head.header("Content-Type");
                      }
                  },
                  [weak](QByteArrayView bytes) {
                      if (const auto c = weak.lock(); c && c->body.size() + bytes.size() <= maxBody)
                          c->body.append(bytes);
                  },
                  [this, weak](std::optional<Error> error) {
                      const auto c = weak.lock();
                      if (!c)
                          return;
                      std::erase(m_calls, c);
                      if (error)
                          c->answer(fail(std::move(*error)));
                      else if (c->status < 200 || c->status >= 300)
                          c->answer(fail(errorFromResponse(c->status, c->contentType, c->body, c->what)));
                      else
                          c->answer(std::move(c->body));
                      // Its own callback is on the stack: the exchange goes a turn later.
                      QMetaObject::invokeMethod(
                          this, [c] {}, Qt::QueuedConnection);
                  }});
}

} // namespace wk::cluster
