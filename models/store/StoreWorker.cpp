// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/StoreWorker.h"

#include "store/Migrations.h"

namespace wk::store {

using namespace Qt::StringLiterals;

namespace {

/// The client gives up this much later than the server, whose answer says more.
constexpr qint64 GraceMs = 10'000;

/// Which of several hosts' refusals the person has to hear: one that is about us, then one of a server that answered.
const Error& mostTelling(const QList<Error>& errors)
{
    return *std::ranges::min_element(errors, {}, [](const Error& error) {
        if (!isPassing(error))
            return 0;
        return error.kind == Error::Kind::Network ? 2 : 1;
    });
}

} // namespace

StoreWorker::StoreWorker(Store::Options options, Clock& clock, int schemaVersion, Outbox outbox, QObject* parent)
    : QObject(parent), m_options(std::move(options)), m_clock(clock), m_wantedSchema(schemaVersion),
      m_outbox(std::move(outbox)),
      m_backoff(clock, m_options.random, {m_options.backoffInitialMs, 2.0, m_options.backoffCapMs, 1.0, 60'000})
{
}

StoreWorker::~StoreWorker() { m_password.fill('\0'); }

void StoreWorker::submit(Task task)
{
    if (m_status.state == StoreStatus::State::Failed) {
        m_outbox.answer(task.id, fail(*m_status.error));
        return;
    }
    task.deadlineMs = m_clock.monotonicMs() + m_options.waitMs;
    m_queue.push_back(std::move(task));
    if (m_ready)
        runNext();
    else
        armExpiry();
}

void StoreWorker::restart()
{
    m_backoff.reset();
    m_passwordAsked = false;
    if (m_connection && m_current)
        requeue(*std::exchange(m_current, {}));
    dropConnection();
    tell(m_wasReady ? StoreStatus::State::Reconnecting : StoreStatus::State::Connecting, {});
    beginRound();
}

void StoreWorker::dropConnection()
{
    m_ready = false;
    m_lookup.cancel();
    m_probe.reset();
    m_retry.reset();
    m_heartbeat.reset();
    m_limit.reset();
    if (m_connection) // this may run inside one of its calls
        m_connection.release()->deleteLater();
    armExpiry();
}

void StoreWorker::beginRound()
{
    m_refusals.clear();
    m_host = -1;
    m_outbox.askAddress(++m_round);
}

void StoreWorker::setAddress(quint64 round, Result<Address> address)
{
    if (round != m_round)
        return;
    if (!address) {
        endRound(address.error());
        return;
    }
    if (m_password.isEmpty() || address->text() != m_address.text())
        m_password = address->password();
    m_address = std::move(*address);
    m_status.isPrivate = m_address.isPrivate();
    m_lookup.start(m_address.hosts(), [this](Result<QList<Address::Host>> hosts) {
        if (!hosts) {
            endRound(hosts.error());
            return;
        }
        m_hosts = std::move(*hosts);
        tryNextHost();
    });
}

void StoreWorker::tryNextHost()
{
    if (++m_host >= m_hosts.size()) {
        Error error = mostTelling(m_refusals);
        QStringList details;
        if (m_refusals.size() > 1) {
            for (const Error& refusal : m_refusals)
                details << refusal.sentence + (refusal.detail.isEmpty() ? QString() : u" ("_s + refusal.detail + u')');
            error.detail = details.join(u'\n');
        }
        endRound(std::move(error));
        return;
    }
    const quint64 round = m_round;
    m_connection = std::make_unique<Connection>(
        m_clock,
        Connection::Events{[this](Error error) { onLost(std::move(error)); },
                           [this](const QByteArray&, QByteArray payload) { m_outbox.notified(std::move(payload)); }});
    m_connection->open(m_address, host(), m_password, m_options.connectMs, [this, round](const auto& refusal) {
        if (round == m_round)
            onOpened(refusal);
    });
}

void StoreWorker::onOpened(const std::optional<Connection::Refusal>& refusal)
{
    if (!refusal) {
        setUp();
        return;
    }
    m_connection.release()->deleteLater();
    if (refusal->wantsPassword && !m_passwordAsked && m_options.password) {
        m_passwordAsked = true;
        m_outbox.askPassword(m_round, m_address);
        return;
    }
    if (refusal->inTls) {
        // libpq says only that verification failed; asked again, the server's certificate tells why.
        m_probe = std::make_unique<TlsProbe>(m_clock);
        m_probe->start(m_address, host(), m_options.connectMs,
                       [this, error = refusal->error](std::optional<Error> why) {
                           m_probe.release()->deleteLater();
                           if (why)
                               why->detail = error.detail + u'\n' + why->detail;
                           onRefused(why ? *why : error, false);
                       });
        return;
    }
    onRefused(refusal->error, refusal->error.kind == Error::Kind::Unauthorized);
}

void StoreWorker::setPassword(quint64 round, Result<QByteArray> password)
{
    if (round != m_round)
        return;
    if (!password) {
        endRound(password.error());
        return;
    }
    m_password = std::move(*password);
    --m_host; // the same host once more
    tryNextHost();
}

void StoreWorker::onRefused(Error error, bool final)
{
    if (final) {
        endRound(std::move(error)); // the other hosts are the same database and would say the same
        return;
    }
    m_refusals.append(std::move(error));
    tryNextHost();
}

void StoreWorker::setUp()
{
    m_status.server = host().text();
    const Parameters settings{QByteArray::number(m_options.statementMs), QByteArray::number(m_options.lockMs)};
    m_connection->send(
        "SELECT set_config('statement_timeout', $1, false), set_config('lock_timeout', $2, false),"
        " set_config('TimeZone', 'UTC', false), set_config('DateStyle', 'ISO, YMD', false),"
        " set_config('search_path', 'pg_catalog, watchkeeper', false),"
        " session_user, current_setting('server_version'), pg_catalog.pg_is_in_recovery(),"
        " current_setting('transaction_read_only')::boolean,"
        " EXISTS (SELECT FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = relnamespace"
        "   WHERE nspname = 'watchkeeper' AND relname = 'schema_version')",
        &settings, [this](const Result<Rows>& rows) { onSetUp(rows); });
    m_limit = m_clock.after(this, m_options.connectMs,
                            [this] { onLost(timeoutError(m_options.connectMs, m_connection->subject())); });
}

void StoreWorker::onSetUp(const Result<Rows>& rows)
{
    if (!rows) {
        endRound(rows.error());
        return;
    }
    m_status.person = rows->text(0, 5);
    m_status.serverVersion = rows->text(0, 6).section(u' ', 0, 0);
    if (rows->boolean(0, 8) && !m_address.allowsReadOnly()) {
        const Error error = readOnlyError(rows->boolean(0, 7), m_connection->subject());
        m_limit.reset();
        m_connection.release()->deleteLater();
        onRefused(error, false); // another one may take changes
        return;
    }
    if (rows->boolean(0, 9))
        checkSchema();
    else if (m_options.needsSchema)
        endRound(sqlError("3F000", u"no table watchkeeper.schema_version"_s, {}, m_connection->subject()));
    else
        listen();
}

void StoreWorker::checkSchema()
{
    const Parameters none;
    m_connection->send("SELECT max(version) FROM watchkeeper.schema_version", &none, [this](const Result<Rows>& rows) {
        m_status.schemaVersion = rows ? int(rows->number(0, 0)) : 0;
        const auto fault =
            rows ? schemaFault(m_status.schemaVersion, m_wantedSchema, m_status.server) : std::optional(rows.error());
        if (fault && m_options.needsSchema)
            endRound(*fault);
        else
            listen();
    });
}

void StoreWorker::listen()
{
    const Parameters none;
    m_connection->send("LISTEN watchkeeper", &none, [this](const Result<Rows>& rows) {
        if (rows)
            becomeReady();
        else
            endRound(rows.error());
    });
}

void StoreWorker::becomeReady()
{
    m_limit.reset();
    m_retry.reset();
    m_ready = true;
    m_wasReady = true;
    m_passwordAsked = false;
    tell(StoreStatus::State::Ready, {});
    m_outbox.resynchronise();
    armExpiry();
    runNext();
}

void StoreWorker::endRound(Error error)
{
    ++m_round; // whatever this round still asked for is not wanted any more
    dropConnection();
    if (!isPassing(error)) {
        m_password.clear(); // asked for again
        tell(StoreStatus::State::Failed, error);
        failQueue(error);
        return;
    }
    const qint64 wait = m_backoff.next();
    tell(m_wasReady ? StoreStatus::State::Reconnecting : StoreStatus::State::Connecting, std::move(error), wait);
    m_retry = m_clock.after(this, wait, [this] { beginRound(); });
}

void StoreWorker::onLost(Error error)
{
    if (!m_ready) {
        if (m_connection) {
            m_limit.reset();
            m_connection.release()->deleteLater();
            onRefused(std::move(error), false);
        }
        return;
    }
    if (m_current) {
        Task task = *std::exchange(m_current, {});
        if (task.id != 0 && task.kind == Statement::Write)
            m_outbox.answer(task.id, fail(outcomeUnknownError(error)));
        else
            requeue(std::move(task));
    }
    const qint64 now = m_clock.monotonicMs();
    for (Task& task : m_queue)
        task.deadlineMs = now + m_options.waitMs; // they had waited for one another, not for a connection
    dropConnection();
    tell(StoreStatus::State::Reconnecting, std::move(error));
    beginRound(); // another host may be there already
}

void StoreWorker::requeue(Task task)
{
    if (task.id == 0)
        return;
    if (task.kind == Statement::Write) {
        m_outbox.answer(task.id,
                        fail(outcomeUnknownError({Error::Kind::Network, tr("The connection was dropped."), {}, {}})));
        return;
    }
    task.deadlineMs = m_clock.monotonicMs() + m_options.waitMs;
    m_queue.push_front(std::move(task));
}

void StoreWorker::runNext()
{
    if (!m_ready || m_current)
        return;
    if (m_queue.empty()) {
        m_heartbeat = m_clock.after(this, m_options.heartbeatMs, [this] { beat(); });
        return;
    }
    m_heartbeat.reset();
    m_current = std::move(m_queue.front());
    m_queue.pop_front();
    const qint64 limit = m_current->id == 0 ? m_options.connectMs : m_options.statementMs + GraceMs;
    m_limit = m_clock.after(this, limit, [this, limit] { onLost(timeoutError(limit, m_connection->subject())); });
    m_connection->send(m_current->sql, m_current->parameters ? &*m_current->parameters : nullptr,
                       [this](const Result<Rows>& rows) { onAnswer(rows); });
}

void StoreWorker::onAnswer(const Result<Rows>& rows)
{
    m_limit.reset();
    const Task task = *std::exchange(m_current, {});
    if (task.id != 0)
        m_outbox.answer(task.id, rows);
    if (!rows && sqlState(rows.error()) == u"25006" && !m_address.allowsReadOnly()) {
        // This server takes no writes any more; another one may.
        onLost(rows.error());
        return;
    }
    runNext();
}

void StoreWorker::beat()
{
    // An empty statement: the server answers, and nothing is parsed.
    m_queue.push_front({0, {}, Parameters{}, Statement::Read, 0});
    runNext();
}

void StoreWorker::failQueue(const Error& error)
{
    for (const Task& task : std::exchange(m_queue, {}))
        m_outbox.answer(task.id, fail(error));
}

void StoreWorker::armExpiry()
{
    m_expiry.reset();
    if (m_ready || m_queue.empty())
        return;
    const auto first = std::ranges::min_element(m_queue, {}, &Task::deadlineMs);
    m_expiry =
        m_clock.after(this, std::max<qint64>(0, first->deadlineMs - m_clock.monotonicMs()), [this] { expire(); });
}

void StoreWorker::expire()
{
    const qint64 now = m_clock.monotonicMs();
    Error error =
        m_status.error.value_or(Error{Error::Kind::Network, tr("There is no connection to the store yet."), {}, {}});
    error.sentence += u' ' + tr("Nothing was changed.");
    error.kind = Error::Kind::Network;
    std::deque<Task> kept;
    for (Task& task : std::exchange(m_queue, {})) {
        if (task.deadlineMs <= now)
            m_outbox.answer(task.id, fail(error));
        else
            kept.push_back(std::move(task));
    }
    m_queue = std::move(kept);
    armExpiry();
}

void StoreWorker::tell(StoreStatus::State state, std::optional<Error> error, qint64 nextTryInMs)
{
    const qint64 now = m_clock.nowMs();
    if (state != m_status.state || m_status.sinceMs == 0)
        m_status.sinceMs = now;
    m_status.state = state;
    m_status.error = std::move(error);
    m_status.nextTryMs = nextTryInMs > 0 ? now + nextTryInMs : 0;
    m_outbox.status(m_status);
}

} // namespace wk::store
