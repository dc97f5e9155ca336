// SPDX-License-Identifier: GPL-3.0-or-later
#include "changes/desk/Requests.h"

#include "changes/desk/DeskReader.h"
#include "changes/desk/RequestReader.h"
#include "changes/desk/RequestsPrivate.h"
#include "changes/desk/WaitingForMe.h"

#include <QtCore/QThreadPool>

namespace wk::changes {

using namespace Qt::StringLiterals;

namespace {

constexpr qint64 longestLookMs = 3'600'000;
constexpr qint64 againMs = 5'000; ///< after a reading that failed

/// Reads an answer on a thread of the pool: it may be 100,000 rows.
template <typename T>
QFuture<Result<T>> readAside(const QFuture<Result<store::Rows>>& rows, Result<T> (*reader)(const store::Rows&))
{
    return QFuture(rows).then(QThreadPool::globalInstance(), [reader](const Result<store::Rows>& found) {
        return found ? reader(*found) : Result<T>(fail(found.error()));
    });
}

store::Value timeValue(const Moment& time)
{
    return time ? store::Value::timeMs(time->toMSecsSinceEpoch()) : store::Value();
}

store::Value textValue(const QString& text) { return text.isEmpty() ? store::Value() : store::Value(text); }

/// For LIKE: what the person typed stands for itself.
QString pattern(QString text) { return text.replace(u'\\', u"\\\\"_s).replace(u'%', u"\\%"_s).replace(u'_', u"\\_"_s); }

store::Value containing(const QString& text)
{
    return text.isEmpty() ? store::Value() : store::Value(u'%' + pattern(text) + u'%');
}

} // namespace

Requests::Private::Private(Requests* owner, store::Store& theStore, Options wanted)
    : store(theStore), options(std::move(wanted)), heads(options.headsFile, options.storeName), q(owner),
      m_clock(options.clock ? *options.clock : m_machine)
{
}

QDateTime Requests::Private::now() const { return QDateTime::fromMSecsSinceEpoch(m_clock.nowMs(), Qt::UTC); }

void Requests::Private::outdate(const DeskParts& parts)
{
    m_outdated.add(parts);
    if (m_outdated.isEmpty() || m_reads || m_settle || store.state() != store::Store::State::Ready)
        return;
    m_settle = m_clock.after(q, options.settleMs, [this] {
        m_settle.reset();
        readNow();
    });
}

void Requests::Private::readNow()
{
    const DeskParts parts = std::exchange(m_outdated, {});
    if (parts.isEmpty())
        return;
    m_reads = true;
    whenDone(m_jobs.run(std::make_unique<DeskRound>(store, parts)), q,
             [this, parts](const Result<DeskFound>& found) { onRound(parts, found); });
}

void Requests::Private::onRound(const DeskParts& parts, Result<DeskFound> found)
{
    m_reads = false;
    if (!found) {
        if (found.error().kind == Error::Kind::Cancelled)
            return;
        m_outdated.add(parts); // with the next connection, when asked, or after a while
        m_timer = m_clock.after(q, againMs, [this] { outdate({}); });
        status.state = found.error().kind == Error::Kind::Network && status.asOf ? DeskStatus::State::Stale
                                                                                 : DeskStatus::State::Failed;
        status.error = found.error();
        emit q->changed();
        return;
    }
    take(std::move(*found), parts);
    if (status.asOf || (parts.parts & DeskParts::All) == DeskParts::All) {
        status.asOf = now();
        status.state = DeskStatus::State::Current;
        status.error.reset();
    }
    work();
    emit q->changed();
    for (const qint64 number : parts.numbers)
        emit q->requestChanged(number);
    outdate({}); // what was marked meanwhile
}

void Requests::Private::take(DeskFound found, const DeskParts& parts)
{
    if (found.list)
        rows = std::move(*found.list);
    else
        merge(found.some, parts.numbers);
    std::ranges::sort(rows, std::greater(), &RequestSummary::number);
    if (found.windows)
        windows = std::move(*found.windows);
    if (found.policies)
        policies = std::move(*found.policies);
    if (found.templates)
        templates = std::move(*found.templates);
    if (found.book)
        book = std::move(*found.book);
    if (found.reviews)
        reviews = std::move(*found.reviews);
    if (found.notices)
        takeNotices(*found.notices);
    if (!found.me)
        return;
    person = std::move(*found.me);
    const AuditHead& last = heads.last();
    if (!m_recordJudged || person.head.seq < last.seq || (person.head.seq == last.seq && person.head.hash != last.hash))
        judgeRecord();
    else if (!status.record)
        heads.remember(person.head);
}

void Requests::Private::merge(const QList<RequestSummary>& some, const std::set<qint64>& asked)
{
    rows.removeIf([&asked](const RequestSummary& row) { return asked.contains(row.number); });
    rows += some;
}

void Requests::Private::takeNotices(const QList<Notice>& list)
{
    const qint64 newest = notices.isEmpty() ? 0 : notices.first().id;
    notices = list;
    const bool known = std::exchange(m_noticesKnown, true);
    for (const Notice& notice : list)
        if (known && notice.id > newest)
            emit q->noticed(notice);
}

void Requests::Private::judgeRecord()
{
    m_recordJudged = true;
    static const QByteArray sql =
        "SELECT (SELECT encode(row_hash, 'hex') FROM watchkeeper.audit WHERE seq = $1), h.seq, encode(h.hash, 'hex'), "
        "a.seq, encode(a.hash, 'hex') FROM watchkeeper.audit_head h "
        "LEFT JOIN (SELECT seq, hash FROM watchkeeper.audit_anchor ORDER BY seq DESC LIMIT 1) a ON true";
    whenDone(store.query(sql, {heads.last().seq}), q, [this](const Result<store::Rows>& found) { onRecord(found); });
}

void Requests::Private::onRecord(const Result<store::Rows>& found)
{
    if (!found || found->isEmpty()) {
        m_recordJudged = false; // with the next connection
        return;
    }
    const AuditHead head{found->number(0, 1), found->text(0, 2).toLatin1()};
    const AuditHead anchor{found->isNull(0, 3) ? -1 : found->number(0, 3), found->text(0, 4).toLatin1()};
    if (auto wrong = heads.judge(head, found->text(0, 0).toLatin1(), anchor))
        status.record = std::move(wrong);
    else if (!status.record)
        heads.remember(head);
    if (heads.error() && !status.record)
        status.record = heads.error();
    if (status.record)
        emit q->changed();
}

void Requests::Private::onNotice(const QJsonObject& notice)
{
    const QString what = notice.value("what"_L1).toString();
    const qint64 number = notice.value("number"_L1).toInteger();
    if (what == "step"_L1 || what == "execution"_L1)
        emit q->executionChanged(number);
    outdate(DeskParts::of(notice));
}

void Requests::Private::onConnected()
{
    m_recordJudged = false;
    onStoreState();
    outdate({DeskParts::All, {}});
}

void Requests::Private::onStoreState()
{
    const store::StoreStatus& now = store.status();
    status.isPrivate = now.isPrivate;
    status.server = now.server;
    if (now.state == store::Store::State::Failed)
        status.state = DeskStatus::State::Failed;
    else if (now.state != store::Store::State::Ready) // a try has failed: that is told, though another will follow
        status.state = status.asOf ? DeskStatus::State::Stale
                       : now.error ? DeskStatus::State::Failed
                                   : DeskStatus::State::Loading;
    if (now.state != store::Store::State::Ready)
        status.error = now.error;
    emit q->changed();
}

void Requests::Private::work()
{
    waiting = changes::waitingForMe(rows, reviews, policies, person, book, now());
    armTimer();
}

void Requests::Private::armTimer()
{
    const QDateTime current = now();
    qint64 inMs = longestLookMs;
    const auto consider = [&](const Moment& time) {
        if (time && *time > current)
            inMs = std::min(inMs, current.msecsTo(*time) + 1'000); // the server's clock may be a little behind
    };
    for (const RequestSummary& row : rows) {
        if (row.state == RequestState::Running && row.executor != person.name)
            inMs = std::min(inMs, options.leaseLookMs);
        if (isOpen(row.state))
            std::ranges::for_each(std::array{row.expiresAt, row.notBefore, row.notAfter}, consider);
    }
    for (const Review& review : reviews)
        if (review.verdict.isEmpty())
            consider(review.dueAt);
    m_timer = m_clock.after(q, inMs, [this] { onTime(); });
}

void Requests::Private::onTime()
{
    DeskParts parts{DeskParts::Windows | DeskParts::Reviews, {}};
    for (const RequestSummary& row : rows)
        if (row.state == RequestState::Running || (row.expiresAt && !row.expired && *row.expiresAt <= now()))
            parts.numbers.insert(row.number);
    outdate(parts);
    if (store.state() != store::Store::State::Ready)
        work(); // read with the next connection; what I can do changes by the clock all the same
}

Requests::Written Requests::Private::write(Write wanted)
{
    return m_jobs.run(std::make_unique<WriteJob>(store, std::move(wanted)));
}

const RequestSummary* Requests::Private::row(qint64 number) const
{
    const auto it = std::ranges::find(rows, number, &RequestSummary::number);
    return it == rows.end() ? nullptr : &*it;
}

Requests::Requests(store::Store& store, Options options, QObject* parent)
    : ChangeDesk(parent), d(std::make_unique<Private>(this, store, std::move(options)))
{
    connect(&store, &store::Store::notified, this, [this](const QJsonObject& notice) { d->onNotice(notice); });
    connect(&store, &store::Store::resynchronise, this, [this] { d->onConnected(); });
    connect(&store, &store::Store::stateChanged, this, [this] { d->onStoreState(); });
    if (store.state() == store::Store::State::Ready)
        d->onConnected();
}

Requests::~Requests() = default;

const DeskStatus& Requests::status() const { return d->status; }
const QList<RequestSummary>& Requests::rows() const { return d->rows; }
const Person& Requests::person() const { return d->person; }
const QList<TimeWindow>& Requests::windows() const { return d->windows; }
const QList<Policy>& Requests::policies() const { return d->policies; }
const QList<StoredTemplate>& Requests::templates() const { return d->templates; }
const QList<Review>& Requests::reviews() const { return d->reviews; }
const QList<Notice>& Requests::notices() const { return d->notices; }
const RoleBook& Requests::roleBook() const { return d->book; }
const QList<Waiting>& Requests::waitingForMe() const { return d->waiting; }

QFuture<Result<RequestDetail>> Requests::detail(qint64 number)
{
    return d->store.query(requestDetailSql(), {number}).then([number](const Result<store::Rows>& rows) {
        return rows ? readDetail(*rows, number) : Result<RequestDetail>(fail(rows.error()));
    });
}

QFuture<Result<QList<RequestSummary>>> Requests::history(const HistoryFilter& filter)
{
    QStringList states;
    std::ranges::transform(filter.states, std::back_inserter(states), requestStateName);
    const QByteArray sql =
        requestListSql() +
        "WHERE ($1::text IS NULL OR l.platform = $1) AND ($2::text[] = '{}' OR l.state = ANY ($2::text[])) "
        "AND ($3::timestamptz IS NULL OR l.created_at >= $3) AND ($4::timestamptz IS NULL OR l.created_at < $4) "
        "AND ($5::bigint = 0 OR l.number < $5) AND ($6::text IS NULL OR l.title ILIKE $6 OR l.requester ILIKE $6 "
        "OR l.incident ILIKE $6) ORDER BY l.number DESC LIMIT $7::int";
    return readAside(d->store.query(sql, {textValue(filter.platform), store::Value::texts(states),
                                          timeValue(filter.from), timeValue(filter.to), filter.below,
                                          containing(filter.text), std::clamp(filter.limit, 1, 100'000)}),
                     readRequests);
}

QFuture<Result<QList<AuditEntry>>> Requests::audit(const AuditFilter& filter)
{
    QString action = pattern(filter.action);
    if (action.endsWith(u'.'))
        action += u'%';
    const bool ascending = filter.above != 0;
    const QByteArray sql =
        auditSql() +
        "WHERE ($1::bigint = 0 OR a.number = $1) AND ($2::text IS NULL OR a.person = $2) "
        "AND ($3::text IS NULL OR a.action LIKE $3) AND ($4::timestamptz IS NULL OR a.at >= $4) "
        "AND ($5::timestamptz IS NULL OR a.at < $5) AND ($6::bigint = 0 OR a.seq < $6) "
        "AND ($7::text IS NULL OR a.entry ILIKE $7) AND ($9::bigint = 0 OR a.seq > $9) ORDER BY a.seq " +
        (ascending ? "" : "DESC ") + "LIMIT $8::int";
    return readAside(d->store.query(sql, {filter.number, textValue(filter.person), textValue(action),
                                          timeValue(filter.from), timeValue(filter.to), filter.below,
                                          containing(filter.text), std::clamp(filter.limit, 1, 100'000), filter.above}),
                     readAudit);
}

QFuture<Result<AuditVerdict>> Requests::verifyAudit(qint64 fromSeq)
{
    return d->store.call(u"verify_audit"_s, {fromSeq}, store::Statement::Read)
        .then([](const Result<QJsonValue>& answer) {
            return answer ? readVerdict(*answer) : Result<AuditVerdict>(fail(answer.error()));
        });
}

void Requests::acceptRecord()
{
    d->status.record.reset();
    d->heads.remember(d->person.head);
    emit changed();
}

void Requests::refresh()
{
    if (d->store.state() == store::Store::State::Failed)
        d->store.reconnect();
    d->outdate({DeskParts::All, {}});
}

} // namespace wk::changes
