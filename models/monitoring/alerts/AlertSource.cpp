// SPDX-License-Identifier: GPL-3.0-or-later
#include "monitoring/alerts/AlertSource.h"

#include "monitoring/alerts/AlertmanagerClient.h"

#include <QtCore/QPointer>

#include <set>
#include <tuple>

namespace wk::monitoring {

using namespace Qt::StringLiterals;

/// What one replica said in one round.
struct AlertSource::Word
{
    std::optional<Error> error; ///< of the first question that failed; what the others gave does not count then
    std::vector<ManagedAlert> alerts;
    Said said;
};

/// The part on the source's own thread.
class AlertSource::Worker
{
public:
    explicit Worker(qint64 silenceMs) { m_options.silenceMs = silenceMs; }

    void ask(const ServerAddress& address, const std::function<void(Word)>& tell)
    {
        auto& held = m_held[address.key()];
        if (!held.client) {
            auto way = openWay(address, m_clock);
            if (!way) {
                Word word;
                word.error = std::move(way.error());
                tell(std::move(word));
                return;
            }
            held.client.emplace(std::move(*way), m_options);
        }
        held.round = std::make_shared<Round>(Round{{}, {}, 4, tell});
        const std::weak_ptr<Round> round = held.round;
        AlertmanagerClient& client = *held.client;
        auto& flights = held.round->flights;
        flights.push_back(client.alerts(
            {}, into<std::vector<ManagedAlert>>(round, [](Word& word, auto&& all) { word.alerts = std::move(all); })));
        flights.push_back(client.silences({}, into<std::vector<Silence>>(round, [](Word& word, auto&& all) {
                                              word.said.silences = std::move(all);
                                          })));
        flights.push_back(client.groups({}, into<std::vector<AlertGroup>>(round, [](Word& word, auto&& all) {
                                            word.said.groups = std::move(all);
                                        })));
        flights.push_back(client.receivers(
            into<QStringList>(round, [](Word& word, auto&& all) { word.said.receivers = std::move(all); })));
    }

    /// It is no replica any more.
    void drop(const QString& key) { m_held.erase(key); }
    void close() { m_held.clear(); }

private:
    struct Round
    {
        Word word;
        std::vector<std::unique_ptr<Flight>> flights;
        int open;
        std::function<void(Word)> tell;
    };
    struct Held
    {
        std::optional<AlertmanagerClient> client;
        std::shared_ptr<Round> round; ///< goes before the client
    };

    template <typename T, typename Take>
    std::function<void(Result<T>)> into(const std::weak_ptr<Round>& held, Take take)
    {
        return [held, take](Result<T> answer) {
            const auto round = held.lock();
            if (!round)
                return;
            if (answer)
                take(round->word, std::move(*answer));
            else if (!round->word.error)
                round->word.error = std::move(answer.error());
            if (--round->open == 0) {
                round->word.said.answers = !round->word.error;
                round->tell(std::move(round->word));
            }
        };
    }

    SystemClock m_clock;
    AlertmanagerClient::Options m_options;
    std::map<QString, Held> m_held; ///< by the address's key
};

AlertSource::AlertSource(Places places, Clock& clock, Options options, QObject* parent)
    : QObject(parent), m_places(std::move(places)), m_clock(clock), m_options(options),
      m_link(std::make_shared<ReceiverLink>(this)), m_worker(std::make_shared<Worker>(options.silenceMs)),
      m_thread(std::make_unique<BackgroundThread>(u"alerts"_s))
{
}

AlertSource::~AlertSource()
{
    m_link->close();
    m_thread->post([worker = m_worker] { worker->close(); });
}

void AlertSource::set(State state)
{
    m_state = state;
    emit changed();
}

bool AlertSource::isWatched() const
{
    return std::ranges::any_of(m_watched, [](const auto& watched) { return !watched.expired(); });
}

qint64 AlertSource::pauseMs() const
{
    return m_options.everyMs * (m_watched[std::size_t(Pace::Close)].expired() ? calmFactor : 1);
}

std::shared_ptr<void> AlertSource::watch(Pace pace)
{
    std::weak_ptr<void>& watched = m_watched[std::size_t(pace)];
    if (auto held = watched.lock())
        return held;
    const std::shared_ptr<void> made(static_cast<void*>(this), [self = QPointer(this)](void*) {
        if (!self || self->isWatched())
            return;
        self->m_timer.reset();
        self->m_podsTimer.reset();
        for (Turn& turn : self->m_turns)
            turn.timer.reset();
    });
    watched = made;
    // From the event loop: who begins to watch may not be ready yet for what changes.
    m_timer = m_clock.after(this, 0, [this] {
        if (m_state == State::Found && m_service && !m_podsFinder)
            lookForPods(); // nobody has looked meanwhile
        else
            askNow();
    });
    return made;
}

void AlertSource::askNow()
{
    if (m_state == State::Idle || m_state == State::Failed)
        look();
    else if (m_state == State::Found)
        for (std::size_t i = 0; i < m_turns.size(); ++i)
            ask(i);
}

void AlertSource::look()
{
    m_error.reset();
    m_finder = std::make_unique<AlertmanagerFinder>(
        m_places.where, [this](Result<FoundAlertmanagers> found) { take(std::move(found)); });
    set(State::Looking);
}

void AlertSource::take(Result<FoundAlertmanagers> found)
{
    m_finder.release()->deleteLater(); // it is on the stack
    for (ServerAddress& address : found ? found->replicas : m_replicas) {
        if (address.servicePath.isEmpty())
            continue;
        address.cluster = m_places.context ? m_places.context() : nullptr;
        if (!address.cluster) {
            found = fail(Error::Kind::Unsupported,
                         tr("%1 is a service of the cluster, and the cluster is not open.").arg(address.words()));
            break;
        }
    }
    if (!found) {
        m_error = std::move(found.error());
        set(State::Failed);
        return;
    }
    m_reason = found->reason;
    if (!found->others.isEmpty())
        m_reason += u". "_s + tr("There are also: %1").arg(found->others.join(u", "_s));
    const bool isService = found->replicas.size() == 1 && !found->replicas.front().servicePath.isEmpty();
    m_service = isService ? std::optional(found->replicas.front()) : std::nullopt;
    if (m_service) {
        lookForPods();
        return;
    }
    replace(std::move(found->replicas));
    set(State::Found);
    askNow();
}

void AlertSource::lookForPods()
{
    m_podsTimer.reset();
    m_podsFinder = std::make_unique<ServicePodsFinder>(m_places.where.get, *m_service, "/api/v2/status",
                                                       [this](const ServicePods& found) { takePods(found); });
}

void AlertSource::takePods(const ServicePods& found)
{
    m_podsFinder.release()->deleteLater(); // it is on the stack
    m_podsReason = found.why;
    replace(found.pods.empty() ? std::vector{*m_service} : found.pods);
    if (isWatched())
        m_podsTimer = m_clock.after(this, m_options.podsMs, [this] { lookForPods(); });
    set(State::Found);
    askNow();
}

/// Those that stay keep what they said, and their turn.
void AlertSource::replace(std::vector<ServerAddress> replicas)
{
    std::vector<Said> said(replicas.size());
    std::vector<Turn> turns(replicas.size());
    for (std::size_t i = 0; i < replicas.size(); ++i) {
        if (const auto at = placeOf(replicas[i].key())) {
            said[i] = std::move(m_said[*at]);
            turns[i] = std::move(m_turns[*at]);
        }
    }
    const std::vector<ServerAddress> before = std::exchange(m_replicas, std::move(replicas));
    m_said = std::move(said);
    m_turns = std::move(turns);
    for (const ServerAddress& one : before) {
        if (placeOf(one.key()))
            continue;
        m_book.leave(one.words(), m_clock.nowMs());
        m_thread->post([worker = m_worker, key = one.key()] { worker->drop(key); });
    }
}

std::optional<std::size_t> AlertSource::placeOf(const QString& key) const
{
    const auto known = std::ranges::find(m_replicas, key, &ServerAddress::key);
    return known == m_replicas.end() ? std::nullopt : std::optional(std::size_t(known - m_replicas.begin()));
}

QString AlertSource::name() const
{
    QStringList out;
    for (const ServerAddress& address : m_replicas)
        out << address.words();
    return out.join(u", "_s);
}

void AlertSource::ask(std::size_t replica)
{
    Turn& turn = m_turns[replica];
    turn.timer.reset();
    if (std::exchange(turn.asking, true))
        return;
    m_thread->post([worker = m_worker, link = m_link, source = this, address = m_replicas[replica]] {
        worker->ask(address, [link, source, key = address.key()](Word word) {
            link->post([source, key, word = std::move(word)] { source->hear(key, word); });
        });
    });
}

void AlertSource::hear(const QString& key, Word word)
{
    const auto place = placeOf(key);
    if (!place)
        return; // it has left meanwhile
    const std::size_t replica = *place;
    const QString name = m_replicas[replica].words();
    const qint64 now = m_clock.nowMs();
    const bool isLost = m_service && m_replicas[replica].servicePath != m_service->servicePath && word.error &&
                        word.error->kind == Error::Kind::NotFound;
    if (word.error) {
        m_said[replica].answers = false;
        m_book.away(name, *word.error, now);
    } else {
        m_said[replica] = std::move(word.said);
        m_book.heard(name, word.alerts, now);
    }
    gather();
    m_turns[replica].asking = false;
    if (isWatched())
        m_turns[replica].timer = m_clock.after(this, pauseMs(), [this, key] {
            if (const auto due = placeOf(key))
                ask(*due);
        });
    // A pod that is gone comes back under its name only where a StatefulSet makes it anew.
    if (isLost && !m_podsFinder)
        lookForPods();
    emit changed();
}

void AlertSource::gather()
{
    const bool any = std::ranges::any_of(m_said, &Said::answers);
    if (!any)
        return; // what was said last stands, and is shown as old
    std::map<QString, Silence> all;
    bool first = true;
    for (const Said& said : m_said) {
        if (!said.answers)
            continue;
        for (const Silence& silence : said.silences) {
            const auto [known, isNew] = all.try_emplace(silence.id, silence);
            if (!isNew && silence.updatedAt > known->second.updatedAt)
                known->second = silence;
        }
        if (std::exchange(first, false)) {
            m_groups = said.groups;
            m_receivers = said.receivers;
        }
    }
    m_silences.clear();
    for (auto& [id, silence] : all)
        m_silences.push_back(std::move(silence));
    std::ranges::sort(m_silences, {}, [](const Silence& one) {
        using S = Silence::State;
        const int rank = one.state == S::Active ? 0 : one.state == S::Pending ? 1 : 2;
        return std::tuple(rank, rank == 2 ? -one.endsAt : rank == 1 ? one.startsAt : one.endsAt, one.id);
    });
}

const Silence* AlertSource::silence(const QString& id) const
{
    const auto found = std::ranges::find(m_silences, id, &Silence::id);
    return found == m_silences.end() ? nullptr : &*found;
}

qint64 AlertSource::heardAt() const
{
    qint64 out = 0;
    for (const auto& [name, replica] : m_book.replicas())
        out = std::max(out, replica.heardAt);
    return out;
}

bool AlertSource::isStale() const
{
    const auto& all = m_book.replicas();
    return !all.empty() && std::ranges::all_of(all, [](const auto& one) { return one.second.awaySince != 0; });
}

std::vector<ManagedAlert> AlertSource::firing() const
{
    std::vector<ManagedAlert> out;
    for (const BookedAlert* booked : m_book.alerts())
        if (booked->firing)
            out.push_back(booked->alert);
    return out;
}

void AlertSource::setAcknowledgements(const std::vector<Acknowledgement>& acknowledgements)
{
    m_book.setAcknowledgements(acknowledgements);
    emit changed();
}

} // namespace wk::monitoring
