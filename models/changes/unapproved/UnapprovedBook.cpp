// SPDX-License-Identifier: GPL-3.0-or-later
#include "changes/unapproved/UnapprovedBook.h"

#include "changes/desk/RecordReader.h"

namespace wk::changes {

using namespace Qt::StringLiterals;
using enum RecordReader::Need;
using Verdict = ObjectChange::Verdict;
using What = ObjectChange::What;

namespace {

constexpr qint64 settleMs = 20;   ///< notices within this time are answered by one look at the store
constexpr qint64 againMs = 5'000; ///< after a reading that failed

constexpr char openSql[] =
    "SELECT to_jsonb(u) || jsonb_build_object('request_state', r.state, 'contradictions', (SELECT "
    "coalesce(jsonb_agg(to_jsonb(p) ORDER BY p.seen_at), '[]') FROM watchkeeper.unapproved_report p "
    "WHERE p.change = u.id AND p.contradicts)) FROM watchkeeper.unapproved_change u "
    "LEFT JOIN watchkeeper.request r ON r.number = u.request "
    "WHERE u.settled_at IS NULL AND r.state IS DISTINCT FROM 'closed' ORDER BY u.id DESC LIMIT $1";

/// What another observer saw of a change that is on record in other words.
struct Contradiction
{
    QString observer, sentence, difference;
};

Contradiction readContradiction(RecordReader& reader)
{
    return {reader.text("observer"), reader.text("summary"), reader.text("difference")};
}

UnapprovedItem readItem(RecordReader& reader)
{
    UnapprovedItem out;
    out.id = reader.number("id", 1);
    reader.setWhat(UnapprovedBook::tr("unapproved change %1").arg(out.id));
    out.platform = reader.text("platform");
    out.target.cluster = reader.text("cluster");
    out.target.group = reader.text("api_group");
    out.target.kind = reader.text("kind");
    // The record names the kind alone; of those that are watched (UnapprovedChanges::kindIds()) the plural follows.
    const QString kind = out.target.kind.toLower();
    out.target.resource = kind + (kind.endsWith(u's') ? u"es"_s : u"s"_s);
    out.target.space = reader.text("namespace");
    out.target.name = reader.text("name");
    out.resourceVersion = reader.text("resource_version");
    out.manager = reader.text("manager");
    out.at = reader.moment("changed_at");
    out.sentence = reader.text("summary");
    out.difference = reader.text("difference");
    // Whoever reported it first may be wrong, or mean to be.
    for (const Contradiction& other :
         reader.list("contradictions", readContradiction, UnapprovedBook::tr("what others saw"))) {
        const QString words = UnapprovedBook::tr("%1 sees it otherwise: %2").arg(other.observer, other.sentence);
        out.sentence += u' ' + words;
        out.difference += u"\n\n"_s + words + u'\n' + other.difference;
    }
    out.observer = reader.text("observer");
    out.seenAt = reader.moment("seen_at", Required);
    out.request = reader.number("request", 1, std::numeric_limits<qint64>::max(), Optional);
    if (out.request != 0)
        out.requestState = reader.word("request_state", requestState);
    return out;
}

Result<QList<UnapprovedItem>> readItems(const Result<store::Rows>& rows)
{
    if (!rows)
        return fail(rows.error());
    return readObjects(*rows, UnapprovedBook::tr("an unapproved change"), readItem);
}

/// As much of it as tells it apart, the same as on record.
UnapprovedItem namedBy(const QString& platform, const ObjectChange& change)
{
    UnapprovedItem out;
    out.platform = platform;
    out.target = change.target;
    out.resourceVersion = change.version();
    return out;
}

UnapprovedItem itemOf(const QString& platform, const ObjectChange& change, const QDateTime& now)
{
    UnapprovedItem out = namedBy(platform, change);
    out.manager = change.author.manager;
    out.at = change.author.at;
    out.controller = change.verdict == Verdict::Controller ? change.controller : QString();
    out.sentence = change.sentence();
    out.difference = change.difference.text();
    out.seenAt = now;
    out.seen = std::make_shared<const ObjectChange>(change);
    return out;
}

/// Takes off `outstanding` what that change brings back; whether nothing is left then.
bool bringsBack(const ObjectChange& former, QStringList& outstanding, const ObjectChange& now)
{
    if (former.what == What::Created)
        return now.what == What::Deleted;
    if (former.what == What::Deleted)
        return now.what == What::Created;
    for (const FieldChange& field : former.fields) {
        const auto it = std::ranges::find(now.fields, field.path, &FieldChange::path);
        if (it == now.fields.end())
            continue;
        outstanding.removeAll(field.path);
        if (it->after != field.before)
            outstanding << field.path; // changed once more, to something else
    }
    return outstanding.isEmpty();
}

} // namespace

UnapprovedBook::UnapprovedBook(store::Store& store, Clock& clock, QObject* parent)
    : UnapprovedDesk(parent), m_store(store), m_clock(clock)
{
    connect(&m_store, &store::Store::stateChanged, this, &UnapprovedBook::followStore);
    connect(&m_store, &store::Store::resynchronise, this, &UnapprovedBook::outdate);
    connect(&m_store, &store::Store::notified, this, [this](const QJsonObject& notice) {
        const QString what = notice.value("what"_L1).toString();
        // A request may account for one of them, also of those that are just being read.
        const bool concerned = !m_records.isEmpty() || m_reads || m_outdated;
        if (what == "notice"_L1 || (what == "request"_L1 && concerned))
            outdate();
    });
    followStore();
    outdate();
}

UnapprovedBook::~UnapprovedBook() = default;

void UnapprovedBook::setWatched(const QStringList& sentences)
{
    if (std::exchange(m_watched, sentences) != sentences)
        emit changed();
}

void UnapprovedBook::refresh()
{
    if (m_store.state() == store::Store::State::Failed)
        m_store.reconnect();
    outdate();
}

void UnapprovedBook::outdate()
{
    m_outdated = true;
    if (m_reads || m_store.state() != store::Store::State::Ready)
        return;
    m_timer = m_clock.after(this, settleMs, [this] { readNow(); });
}

void UnapprovedBook::readNow()
{
    m_outdated = false;
    m_reads = true;
    whenDone(m_store.query(openSql, {qint64(maxRecords)}), this,
             [this, reading = ++m_reading](const Result<store::Rows>& rows) { onRead(reading, readItems(rows)); });
}

void UnapprovedBook::onRead(int reading, const Result<QList<UnapprovedItem>>& records)
{
    m_reads = false;
    if (records) {
        m_records = *records;
        m_status.state = DeskStatus::State::Current;
        m_status.asOf = QDateTime::fromMSecsSinceEpoch(m_clock.nowMs(), Qt::UTC);
        m_status.error.reset();
        // What is on record, and is no longer among what is open, was accounted for.
        std::erase_if(m_seen, [&](const Seen& seen) {
            return seen.item.id != 0 && seen.readWhenFiled < reading &&
                   std::ranges::find(m_records, seen.item.id, &UnapprovedItem::id) == m_records.end();
        });
        rebuild();
    } else if (records.error().kind != Error::Kind::Cancelled) {
        m_outdated = true;
        m_status.state = m_status.asOf ? DeskStatus::State::Stale : DeskStatus::State::Failed;
        m_status.error = records.error();
        m_timer = m_clock.after(this, againMs, [this] { outdate(); });
        emit changed();
        return;
    }
    if (m_outdated)
        outdate();
}

void UnapprovedBook::followStore()
{
    const store::StoreStatus& store = m_store.status();
    m_status.isPrivate = store.isPrivate;
    m_status.server = store.server;
    if (store.state == store::Store::State::Ready)
        return; // the reading says how it stands
    m_status.error = store.error;
    m_status.state = store.state == store::Store::State::Failed ? DeskStatus::State::Failed
                     : m_status.asOf                            ? DeskStatus::State::Stale
                     : store.error                              ? DeskStatus::State::Failed
                                                                : DeskStatus::State::Loading;
    emit changed();
}

void UnapprovedBook::take(const QString& platform, const ObjectChange& change)
{
    const QDateTime now = QDateTime::fromMSecsSinceEpoch(m_clock.nowMs(), Qt::UTC);
    if (change.verdict == Verdict::Ours)
        return restoreBy(change);
    if (change.verdict == Verdict::Controller) {
        m_by.push_back(itemOf(platform, change, now));
        if (m_by.size() > maxControllers)
            m_by.pop_front();
        return rebuild();
    }
    if (change.verdict != Verdict::Unapproved)
        return;
    Seen seen{itemOf(platform, change, now), {}, false, 0};
    for (const FieldChange& field : change.fields)
        seen.outstanding << field.path;
    m_seen.push_back(std::move(seen));
    if (m_seen.size() > maxSeen)
        m_seen.pop_front();
    auto& filer = m_filers[platform];
    if (!filer) {
        filer = std::make_unique<UnapprovedFiler>(m_store, m_clock, platform);
        connect(filer.get(), &UnapprovedFiler::filed, this,
                [this, platform](const ObjectChange& of, qint64 id) { onFiled(platform, of, id); });
        connect(filer.get(), &UnapprovedFiler::refused, this,
                [this, platform](const ObjectChange& of, const Error& error) { onRefused(platform, of, error); });
    }
    filer->file(change);
    rebuild();
}

UnapprovedBook::Seen* UnapprovedBook::seenOf(const QString& platform, const ObjectChange& change)
{
    const QString key = namedBy(platform, change).key();
    const auto it = std::ranges::find_if(m_seen, [&](const Seen& seen) { return seen.item.key() == key; });
    return it == m_seen.end() ? nullptr : &*it;
}

void UnapprovedBook::onFiled(const QString& platform, const ObjectChange& change, qint64 id)
{
    if (Seen* seen = seenOf(platform, change)) {
        seen->item.id = id;
        seen->item.notFiled.clear();
        seen->readWhenFiled = m_reading;
        if (seen->restored)
            settle(*seen);
        rebuild();
    }
    outdate();
}

void UnapprovedBook::onRefused(const QString& platform, const ObjectChange& change, const Error& error)
{
    if (Seen* seen = seenOf(platform, change)) {
        seen->item.notFiled = error.text();
        rebuild();
    }
}

void UnapprovedBook::restoreBy(const ObjectChange& ours)
{
    for (Seen& seen : m_seen) {
        if (seen.restored || seen.item.target.key() != ours.target.key() ||
            !bringsBack(*seen.item.seen, seen.outstanding, ours))
            continue;
        seen.restored = true;
        settle(seen);
    }
    rebuild();
}

/// What a request accounts for is settled by that; what is not on record yet, once it is.
void UnapprovedBook::settle(const Seen& seen)
{
    if (seen.item.id == 0 || seen.item.request != 0)
        return;
    whenDone(dismiss(seen.item.id, tr("A plan brought back what was there before.")), this,
             [this](const Result<void>&) { outdate(); });
}

QFuture<Result<void>> UnapprovedBook::dismiss(qint64 id, const QString& reason)
{
    class Settling final : public Promising<void>
    {
    public:
        Settling(QFuture<Result<QJsonValue>> answer) : m_answer(std::move(answer)) {}
        void start() override
        {
            await(m_answer, [this](const Result<QJsonValue>& answer) {
                end(answer ? Result<void>() : Result<void>(fail(answer.error())));
            });
        }

    private:
        QFuture<Result<QJsonValue>> m_answer;
    };
    return m_jobs.run(std::make_unique<Settling>(m_store.call(u"settle_unapproved_change"_s, {id, reason})));
}

void UnapprovedBook::rebuild()
{
    QList<UnapprovedItem> items;
    QSet<QString> known;
    for (UnapprovedItem item : std::as_const(m_records)) {
        const auto seen = std::ranges::find_if(m_seen, [&](const Seen& one) { return one.item.key() == item.key(); });
        if (seen != m_seen.end()) {
            if (seen->restored)
                continue;
            seen->item.request = item.request;
            item.target = seen->item.target;
            item.seen = seen->item.seen;
        }
        known.insert(item.key());
        items << std::move(item);
    }
    for (const Seen& seen : m_seen)
        if (!seen.restored && !known.contains(seen.item.key()))
            items << seen.item;
    items.append(QList<UnapprovedItem>(m_by.begin(), m_by.end()));
    std::ranges::stable_sort(items, std::greater(), [](const UnapprovedItem& item) { return item.seenAt; });
    m_items = std::move(items);
    emit changed();
}

} // namespace wk::changes
