// SPDX-License-Identifier: GPL-3.0-or-later
#include "monitoring/prometheus/PrometheusServer.h"

#include "core/Duration.h"

#include <QtCore/QDateTime>
#include <QtCore/QTimer>

namespace wk::monitoring {

/// The part on the server's own thread.
class PrometheusServer::Worker
{
public:
    /// `tellLead`: how far this machine's clock is ahead, whenever that has changed.
    Worker(MakeWay makeWay, PrometheusClient::Options options, std::function<void(qint64)> tellLead)
        : m_makeWay(std::move(makeWay)), m_options(options), m_tellLead(std::move(tellLead))
    {
    }

    void ask(quint64 id, const Job& job, const std::function<void(quint64, std::any)>& tell)
    {
        if (!m_client) {
            auto way = m_makeWay(m_clock);
            if (!way) {
                tell(id, job.failed(std::move(way.error())));
                return;
            }
            m_client.emplace(std::move(*way), m_options);
            m_client->watchHeads([this](const net::ResponseHead& head) { compareClocks(head); });
        }
        m_flights[id] = job.launch(*m_client, [this, id, tell](std::any result) {
            // The flight is on the stack; it holds itself.
            m_flights.erase(id);
            tell(id, std::move(result));
        });
    }
    void drop(quint64 id) { m_flights.erase(id); }
    /// RFC 9110: the Date is when the answer was made, in whole seconds. On a slow way it is older than now.
    void compareClocks(const net::ResponseHead& head)
    {
        const QDateTime made =
            QDateTime::fromString(QString::fromLatin1(head.header("Date").replace(" GMT", " +0000")), Qt::RFC2822Date);
        const qint64 lead = made.isValid() ? m_clock.nowMs() - made.toMSecsSinceEpoch() : 0;
        if (!made.isValid() || qAbs(lead - m_leadMs) < leadStepMs)
            return;
        m_leadMs = lead;
        m_tellLead(lead);
    }
    void close()
    {
        m_flights.clear();
        m_client.reset();
        m_makeWay = nullptr;
    }

private:
    SystemClock m_clock;
    MakeWay m_makeWay;
    PrometheusClient::Options m_options;
    static constexpr qint64 leadStepMs = 5'000;
    std::function<void(qint64)> m_tellLead;
    qint64 m_leadMs = 0;
    std::optional<PrometheusClient> m_client;
    std::map<quint64, FlightPtr> m_flights;
};

/// What the asker holds.
class PrometheusServer::Ticket final : public Flight
{
public:
    Ticket(PrometheusServer* server, quint64 id) : m_server(server), m_id(id) {}
    ~Ticket() override
    {
        if (m_server)
            m_server->forget(m_id);
    }

private:
    QPointer<PrometheusServer> m_server;
    quint64 m_id;
};

/// A range in pieces: what is known, and what is asked for.
class PrometheusServer::ChartFlight final : public QObject, public Flight
{
public:
    ChartFlight(PrometheusServer& server, const ChartQuery& query, Priority priority, Then<AnswerPtr> then)
        : m_server(&server), m_query(query.query), m_then(std::move(then)),
          m_step(stepFor(query.range, query.pixels, query.leastStepMs)), m_wanted(aligned(query.range, m_step))
    {
        const RangeCache::Stretch known = server.m_cache.find(m_query, m_step);
        std::vector<TimeRange> asked;
        for (const TimeRange& range : missing(m_wanted, known.range, m_step)) {
            const auto more = pieces(range, m_step);
            asked.insert(asked.end(), more.begin(), more.end());
        }
        const bool used = !m_wanted.isEmpty() && asked != pieces(m_wanted, m_step) && known.answer;
        if (used)
            m_parts.push_back({known.range, known.answer});
        m_waitingFor = asked.size();
        for (const TimeRange& piece : asked) {
            m_flights.push_back(server.submit<AnswerPtr>(
                priority,
                [text = m_query, piece, step = m_step](PrometheusClient& client, Then<AnswerPtr> done) {
                    return client.queryRange({text, piece.from, piece.to, step}, std::move(done));
                },
                [this, piece](Result<AnswerPtr> answer) { onPiece(piece, std::move(answer)); }));
        }
        if (asked.empty())
            QTimer::singleShot(0, this, [this] { conclude(); });
    }

private:
    void onPiece(const TimeRange& piece, Result<AnswerPtr> answer)
    {
        if (!answer) {
            m_flights.clear(); // what the other pieces hold is of no use
            const auto then = std::exchange(m_then, nullptr);
            then(fail(std::move(answer.error())));
            return;
        }
        m_parts.push_back({piece, std::move(*answer)});
        if (--m_waitingFor == 0)
            conclude();
    }

    void conclude()
    {
        const auto then = std::exchange(m_then, nullptr);
        if (m_parts.empty()) {
            auto nothing = std::make_shared<Answer>();
            nothing->kind = Answer::Kind::Matrix;
            then(AnswerPtr(std::move(nothing)));
            return;
        }
        std::ranges::sort(m_parts, {}, [](const RangeCache::Stretch& part) { return part.range.from; });
        std::vector<AnswerPtr> answers;
        for (const RangeCache::Stretch& part : m_parts)
            answers.push_back(part.answer);
        AnswerPtr all = joined(answers);
        const TimeRange whole{m_parts.front().range.from, m_parts.back().range.to};
        keep(whole, all);
        then(whole == m_wanted ? std::move(all) : cut(all, m_wanted));
    }

    void keep(const TimeRange& whole, const AnswerPtr& all)
    {
        if (!m_server)
            return;
        // What lies ahead of the server's clock is not known to be empty.
        const qint64 settled =
            m_server->m_clock.nowMs() - qMax(0, m_server->m_leadMs) - m_server->m_options.unsettledMs;
        // A window that moves on for days must not drag its past along.
        const qint64 length = m_wanted.to - m_wanted.from;
        const TimeRange kept = aligned({qMax(whole.from, m_wanted.from - length), qMin(whole.to, settled)}, m_step);
        if (!kept.isEmpty())
            m_server->m_cache.keep(m_query, m_step, {kept, kept == whole ? all : cut(all, kept)});
    }

    QPointer<PrometheusServer> m_server;
    QString m_query;
    Then<AnswerPtr> m_then;
    qint64 m_step;
    TimeRange m_wanted;
    std::vector<RangeCache::Stretch> m_parts;
    std::vector<FlightPtr> m_flights;
    std::size_t m_waitingFor = 0;
};

PrometheusServer::PrometheusServer(const ServerAddress& address, Clock& clock, const Options& options, QObject* parent)
    : PrometheusServer([address](Clock& own) { return openWay(address, own); }, clock, options, parent)
{
}

PrometheusServer::PrometheusServer(MakeWay makeWay, Clock& clock, const Options& options, QObject* parent)
    : QObject(parent), m_clock(clock), m_options(options), m_budget(options.atOnce), m_cache(options.cacheBytes),
      m_link(std::make_shared<ReceiverLink>(this)),
      m_worker(std::make_shared<Worker>(
          std::move(makeWay), options.client,
          [link = m_link, this](qint64 leadMs) { link->post([this, leadMs] { m_leadMs = leadMs; }); })),
      m_thread(std::make_unique<BackgroundThread>(QStringLiteral("prometheus")))
{
}

PrometheusServer::~PrometheusServer()
{
    m_link->close();
    m_thread->post([worker = m_worker] { worker->close(); });
    const auto jobs = std::exchange(m_jobs, {}); // what they call may hold a flight, which comes back here
}

PrometheusServer::FlightPtr PrometheusServer::instant(const InstantQuery& query, Priority priority,
                                                      Then<AnswerPtr> then)
{
    return submit<AnswerPtr>(
        priority,
        [query](PrometheusClient& client, Then<AnswerPtr> done) { return client.query(query, std::move(done)); },
        std::move(then));
}

PrometheusServer::FlightPtr PrometheusServer::chart(const ChartQuery& query, Priority priority, Then<AnswerPtr> then)
{
    return std::make_unique<ChartFlight>(*this, query, priority, std::move(then));
}

PrometheusServer::FlightPtr PrometheusServer::enqueue(quint64 id, Priority priority, Job job)
{
    m_jobs.emplace(id, std::move(job));
    m_budget.add(id, priority);
    launchNext();
    return std::make_unique<Ticket>(this, id);
}

QString PrometheusServer::clockRemark() const
{
    if (qAbs(m_leadMs) < clockToleranceMs)
        return {};
    const QString by = humanDuration(qAbs(m_leadMs));
    return m_leadMs > 0
               ? tr("This machine's clock is %1 ahead of the server's: the newest values seem to be missing").arg(by)
               : tr("This machine's clock is %1 behind the server's: the newest values are not shown").arg(by);
}

void PrometheusServer::launchNext()
{
    while (const auto id = m_budget.next()) {
        ++m_sent;
        // What is to be called here stays here.
        const Job& job = m_jobs.at(*id);
        m_thread->post(
            [worker = m_worker, link = m_link, server = this, id = *id, job = Job{job.launch, nullptr, job.failed}] {
                worker->ask(id, job, [link, server](quint64 answered, std::any result) {
                    link->post([server, answered, result = std::move(result)] { server->onAnswer(answered, result); });
                });
            });
    }
}

void PrometheusServer::onAnswer(quint64 id, std::any result)
{
    const auto it = m_jobs.find(id);
    if (it == m_jobs.end())
        return;
    const Job job = std::move(it->second);
    m_jobs.erase(it);
    m_budget.remove(id);
    launchNext();
    job.deliver(std::move(result)); // last: this object may go in it
}

void PrometheusServer::forget(quint64 id)
{
    if (m_jobs.erase(id) == 0)
        return;
    m_budget.remove(id);
    m_thread->post([worker = m_worker, id] { worker->drop(id); });
    launchNext();
}

} // namespace wk::monitoring
