// SPDX-License-Identifier: GPL-3.0-or-later
#include "cluster/ReflectorFeed.h"

#include <QtCore/QJsonArray>
#include <QtCore/QJsonDocument>
#include <QtCore/QJsonObject>

namespace wk::cluster {

using namespace Qt::StringLiterals;
using table::Freshness;

namespace {

constexpr qint64 staleAfterMs = 4'000; ///< without contact for longer, rows are called stale
constexpr qint64 loadingBatchMs = 250; ///< while the first list arrives, after the first rows
constexpr qsizetype maxSpaces = 200;

bool sameColumns(const table::Columns& a, const table::Columns& b)
{
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const table::Column& x, const table::Column& y) {
        return x.id == y.id && x.title == y.title && x.kind == y.kind;
    });
}

bool sameError(const std::optional<Error>& a, const std::optional<Error>& b)
{
    return a.has_value() == b.has_value() && (!a || (a->kind == b->kind && a->sentence == b->sentence));
}

} // namespace

/// One list+watch of the table with its rows.
class ReflectorFeed::Part final : public ReflectorSink
{
public:
    Part(ReflectorFeed& feed, const QString& space)
        : m_feed(feed),
          m_store([&feed](const table::RowPtr& before, const table::RowPtr& after) { feed.onRow(before, after); }),
          m_space(space)
    {
        makeReflector();
    }

    void makeReflector()
    {
        const Setup& s = m_feed.m_setup;
        Services& v = m_feed.m_services;
        m_reflector =
            std::make_unique<Reflector>(s.kind, m_space, s.renderer, v.transport, v.clock, v.random, s.options, *this);
    }

    void listBegan(bool initial) override
    {
        // A first list that was cut off left rows behind, which a person sees already: the next one replaces them at
        // once.
        m_store.beginList(initial && m_store.size() == 0);
    }
    void listed(Decoded&& object) override
    {
        ++m_feed.m_services.objects;
        m_store.listed(std::move(object));
    }
    void listEnded() override
    {
        m_store.commitList();
        emit m_feed.contentChanged();
    }
    void listFailed() override { m_store.abandonList(); }
    void changed(WatchEvent::Type type, Decoded&& object) override
    {
        ++m_feed.m_services.events;
        if (type == WatchEvent::Type::Deleted)
            m_store.remove(object);
        else
            m_store.upsert(std::move(object));
        emit m_feed.contentChanged();
    }
    void statusChanged() override { m_feed.onStatus(); }

    ReflectorFeed& m_feed;
    RowStore m_store;
    QString m_space;
    std::unique_ptr<Reflector> m_reflector;
};

ReflectorFeed::ReflectorFeed(Setup setup, Services services, Deliver deliver, QObject* parent)
    : QObject(parent), m_setup(std::move(setup)), m_services(std::move(services)), m_deliver(std::move(deliver)),
      m_overdue(m_services.clock, this, [this](const table::RowPtr& row) {
          if (!m_pending.contains(row->id))
              m_pending.add(row, row);
          schedule();
      })
{
    m_overdue.setColumns(m_setup.renderer->columns());
    m_sentColumns = columns();
}

ReflectorFeed::~ReflectorFeed() { m_parts.clear(); }

void ReflectorFeed::start()
{
    if (m_started)
        return;
    m_started = true;
    if (m_parts.empty())
        addPart(m_setup.space);
    for (const auto& part : m_parts)
        part->m_reflector->start();
}

void ReflectorFeed::addPart(const QString& space) { m_parts.push_back(std::make_unique<Part>(*this, space)); }

void ReflectorFeed::setKind(const ResourceKind& kind, std::shared_ptr<const Renderer> renderer)
{
    m_setup.kind = kind;
    m_setup.renderer = std::move(renderer);
    m_reset = true;
    m_overdue.setColumns(m_setup.renderer->columns());
    for (const auto& part : m_parts) {
        part->m_reflector->stop();
        part->m_store.clear(); // these rows have the other renderer's columns
        part->makeReflector();
        if (m_started)
            part->m_reflector->start();
    }
    TableUpdate update;
    update.kind = kind;
    m_deliver(std::move(update));
}

void ReflectorFeed::stop()
{
    m_started = false;
    m_spacesCall.reset();
    for (const auto& part : m_parts)
        part->m_reflector->stop();
}

void ReflectorFeed::restart()
{
    for (const auto& part : m_parts)
        part->m_reflector->restart();
}

void ReflectorFeed::reopen()
{
    if (!m_split) {
        restart();
        return;
    }
    // Rights may be others now: ask for the whole again.
    m_spacesCall.reset();
    m_parts.clear();
    m_pending.clear();
    m_split = false;
    m_reset = true;
    m_started = false;
    start();
}

void ReflectorFeed::kick()
{
    for (const auto& part : m_parts)
        part->m_reflector->kick();
}

void ReflectorFeed::verify()
{
    for (const auto& part : m_parts)
        part->m_reflector->verify();
}

void ReflectorFeed::setUndecided(bool undecided)
{
    m_undecided = undecided;
    linkChanged();
}

bool ReflectorFeed::notServed() const
{
    return std::ranges::any_of(m_parts, [](const auto& part) {
        const ReflectorStatus& s = part->m_reflector->status();
        return s.refused && s.error && s.error->httpStatus == 404;
    });
}

void ReflectorFeed::onStatus()
{
    using Phase = ReflectorStatus::Phase;
    if (m_parts.size() == 1) {
        const ReflectorStatus& s = m_parts.front()->m_reflector->status();
        if (s.phase == Phase::Refused && s.error && s.error->httpStatus == 403 && !m_split && m_setup.kind.namespaced &&
            m_setup.space.isEmpty()) {
            m_split = true;
            splitBySpace();
        } else if (s.phase == Phase::Refused && s.error && s.error->httpStatus == 404) {
            emit versionMissing();
        }
    }
    linkChanged();
}

/// The whole cluster is forbidden: look into each namespace that can be listed, else into the context's own.
void ReflectorFeed::splitBySpace()
{
    net::Request request;
    request.path = "/api/v1/namespaces";
    request.query = "resourceVersion=0";
    request.headers = {{"Accept", "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json"}};
    auto body = std::make_shared<QByteArray>();
    auto status = std::make_shared<int>(0);
    m_spacesCall = m_services.transport.open(
        request, {[status](const net::ResponseHead& head) { *status = head.status; },
                  [body](QByteArrayView bytes) { body->append(bytes); },
                  [this, body, status](const std::optional<Error>& error) {
                      QStringList spaces;
                      if (!error && *status == 200) {
                          const QJsonArray items = QJsonDocument::fromJson(*body).object().value("items"_L1).toArray();
                          for (const auto& item : items)
                              spaces += item.toObject().value("metadata"_L1).toObject().value("name"_L1).toString();
                      }
                      if (spaces.isEmpty() || spaces.size() > maxSpaces)
                          spaces = {m_setup.homeSpace.isEmpty() ? u"default"_s : m_setup.homeSpace};
                      // Parts must not go while one of their reflectors is on the stack.
                      QMetaObject::invokeMethod(
                          this,
                          [this, spaces] {
                              m_parts.front()->m_reflector->stop(); // its rows would be these rows again
                              for (const QString& space : spaces)
                                  addPart(space);
                              for (size_t i = 1; i < m_parts.size(); ++i)
                                  m_parts[i]->m_reflector->start();
                              linkChanged();
                          },
                          Qt::QueuedConnection);
                  }});
}

void ReflectorFeed::linkChanged()
{
    if (!sameColumns(columns(), m_sentColumns))
        m_reset = true; // a server's own columns are known from its first answer on, also without a row
    const Freshness now = computeFreshness();
    const bool same = now.state == m_sent.state && sameError(now.error, m_sent.error);
    if (now.isLive() && (!m_pending.isEmpty() || m_reset || m_inFlight)) {
        // "Live" must not arrive before the rows that make it true.
        m_urgent = m_urgent || !same;
        schedule();
        return;
    }
    if (same && now.asOfMs == m_sent.asOfMs)
        return;
    TableUpdate update;
    sendFreshness(update);
    m_deliver(std::move(update));
}

Freshness ReflectorFeed::computeFreshness()
{
    using Phase = ReflectorStatus::Phase;
    using State = Freshness::State;
    Freshness f;
    f.state = State::Loading;
    const LinkHealth& link = m_services.link;
    bool allSynced = !m_parts.empty();
    bool allLive = true;
    bool done = true;
    size_t refused = 0;
    qint64 silentSince = 0;
    std::optional<Error> error;
    bool gaveUp = false;
    for (const auto& part : m_parts) {
        const ReflectorStatus& s = part->m_reflector->status();
        gaveUp = gaveUp || s.phase == Phase::Failed;
        // Where the cluster as a whole is refused, the first part stands for that and the others have the rows.
        if (s.refused || (m_split && part == m_parts.front())) {
            ++refused;
            if (!f.error)
                f.error = s.error;
            continue;
        }
        allSynced = allSynced && s.synced;
        done = done && s.phase == Phase::Done;
        if (!s.isLive()) {
            allLive = false;
            if (s.error && !error)
                error = s.error;
            if (s.silent)
                silentSince = silentSince ? std::min(silentSince, s.proofMs) : s.proofMs;
        }
    }
    const bool splitting = m_split && m_parts.size() == 1;
    if (!m_parts.empty() && refused == m_parts.size() && !splitting && !(m_undecided && notServed())) {
        f.state = State::Unavailable;
        f.asOfMs = m_asOfMs;
    } else if (splitting || (refused > 0 && refused == m_parts.size())) {
        f.error.reset(); // not decided yet
    } else if (allSynced && allLive && (link.up || done)) {
        f.state = State::Live;
        m_asOfMs = std::max(m_asOfMs, done ? m_parts.front()->m_reflector->status().proofMs : link.lastContactMs);
        f.asOfMs = m_asOfMs;
        // f.error stays where parts of the cluster are forbidden: the rows are live, and not all there are.
    } else {
        f.error = link.error ? link.error : error;
        if (allSynced) {
            if (silentSince)
                m_asOfMs = std::min(m_asOfMs, silentSince);
            f.asOfMs = m_asOfMs;
            const qint64 age = m_services.clock.nowMs() - m_asOfMs;
            f.state = age >= staleAfterMs ? State::Stale : State::Reconnecting;
            if (f.state == State::Reconnecting)
                m_staleTimer = m_services.clock.after(this, staleAfterMs - age, [this] { linkChanged(); });
        } else if (f.error) {
            const bool rows = std::ranges::any_of(m_parts, [](const auto& part) { return part->m_store.size() > 0; });
            f.state = rows && !gaveUp ? State::Loading : State::Failed;
        }
    }
    if (f.state != State::Reconnecting)
        m_staleTimer.reset();
    return f;
}

void ReflectorFeed::sendFreshness(TableUpdate& update)
{
    Freshness f = computeFreshness();
    f.sinceMs = f.state == m_sent.state ? m_sent.sinceMs : m_services.clock.nowMs();
    m_sent = f;
    update.freshness = f;
}

table::Columns ReflectorFeed::columns() const
{
    table::Columns columns = m_setup.renderer->columns();
    if (m_usage && !columns.isEmpty())
        columns += usageColumns();
    return columns;
}

table::RowPtr ReflectorFeed::decorated(const table::RowPtr& plain) const
{
    const table::RowPtr row = m_overdue.judged(plain);
    if (!m_usage)
        return row;
    auto copy = std::make_shared<table::Row>(*row);
    const auto it = m_usage->values.find(row->space.isEmpty() ? row->name : row->space + u'/' + row->name);
    copy->cells.reserve(copy->cells.size() + 2);
    if (it == m_usage->values.end()) {
        copy->cells.insert(copy->cells.end(), 2, table::Cell{});
    } else {
        copy->cells.emplace_back(it->second.milliCpu);
        copy->cells.emplace_back(it->second.bytes);
    }
    return copy;
}

void ReflectorFeed::setUsage(std::shared_ptr<const Usage> usage)
{
    const auto before = std::exchange(m_usage, std::move(usage));
    if (!before != !m_usage) {
        m_reset = true; // the columns differ: every row does
    } else if (m_usage) {
        const auto valueOf = [](const Usage& u, const QString& key) {
            const auto it = u.values.find(key);
            return it == u.values.end() ? std::nullopt : std::optional(it->second);
        };
        for (const auto& part : m_parts) {
            part->m_store.forEach([&](const QString& key, const table::RowPtr& row) {
                if (valueOf(*before, key) != valueOf(*m_usage, key) && !m_pending.contains(row->id))
                    m_pending.add(row, row);
            });
        }
    }
    schedule();
}

void ReflectorFeed::onRow(const table::RowPtr& before, const table::RowPtr& after)
{
    m_overdue.note(before, after);
    m_pending.add(before, after);
    schedule();
}

void ReflectorFeed::schedule()
{
    if (m_inFlight || (m_pending.isEmpty() && !m_reset && !m_urgent) || (m_batchTimer && !m_urgent))
        return;
    if (!m_setup.options.watch && m_sent.state == Freshness::State::Loading && !m_urgent)
        return; // a single list is handed over once, whole
    const qint64 now = m_services.clock.monotonicMs();
    const qint64 gap = m_sent.state == Freshness::State::Loading && m_sentMs >= 0 ? loadingBatchMs : m_setup.batchMs;
    const qint64 wait = m_urgent || m_sentMs < 0 ? (m_urgent ? 0 : gap) : std::max<qint64>(0, m_sentMs + gap - now);
    m_batchTimer = m_services.clock.after(this, wait, [this] {
        m_batchTimer.reset();
        flush();
    });
}

void ReflectorFeed::flush()
{
    if (m_inFlight)
        return;
    m_urgent = false;
    TableUpdate update;
    const table::Columns now = columns();
    if (!sameColumns(now, m_sentColumns)) {
        m_sentColumns = now;
        update.columns = now;
        m_reset = true;
        if (m_overdue.columns().isEmpty()) { // a server's own columns have come
            m_overdue.setColumns(m_setup.renderer->columns());
            for (const auto& part : m_parts)
                part->m_store.forEach(
                    [this](const QString&, const table::RowPtr& row) { m_overdue.note(nullptr, row); });
        }
    }
    if (m_reset) {
        m_reset = false;
        m_pending.clear();
        table::Batch batch;
        batch.reset = true;
        for (const auto& part : m_parts)
            part->m_store.forEach(
                [&](const QString&, const table::RowPtr& row) { batch.upserts.push_back(decorated(row)); });
        update.batch = std::move(batch);
    } else if (!m_pending.isEmpty()) {
        table::Batch batch = m_pending.take();
        if (m_usage || !m_overdue.isEmpty())
            std::ranges::transform(batch.upserts, batch.upserts.begin(),
                                   [this](const auto& row) { return decorated(row); });
        update.batch = std::move(batch);
    }
    m_inFlight = update.batch.has_value();
    if (m_inFlight)
        m_sentMs = m_services.clock.monotonicMs();
    sendFreshness(update);
    m_deliver(std::move(update));
}

void ReflectorFeed::acknowledge()
{
    m_inFlight = false;
    schedule();
}

} // namespace wk::cluster
