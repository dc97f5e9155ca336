// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/BackgroundThread.h"
#include "core/ReceiverLink.h"
#include "monitoring/prometheus/PrometheusClient.h"
#include "monitoring/prometheus/QueryBudget.h"
#include "monitoring/prometheus/RangeCache.h"

#include <QtCore/QObject>
#include <QtCore/QPointer>

#include <any>
#include <map>

namespace wk::monitoring {

/// What a chart wants to draw: step and points follow from its width.
struct ChartQuery
{
    QString query;
    TimeRange range;
    int pixels = 1'000;
    qint64 leastStepMs = 1'000; ///< the scrape interval, where it is known
};

/// One Prometheus server as panels and checks use it: on the GUI thread, never waiting. A thread of its own holds the
/// connection and decodes. At most two questions are with the server at once, whoever asks; ranges go out aligned to
/// their step, in pieces where they are long, and only for what is not known yet.
///
/// Each question gives a Flight; destroying it ends the question, on the server, too. Callbacks come from the event
/// loop, exactly once, and not at all once the Flight or the server object is gone.
class PrometheusServer final : public QObject
{
    Q_OBJECT
public:
    struct Options
    {
        PrometheusClient::Options client = {};
        int atOnce = 2;
        qint64 cacheBytes = 64LL << 20;
        /// How young a sample may be to still change: late scrapes, remote writes, rules that are evaluated later.
        qint64 unsettledMs = 300'000;
    };
    using FlightPtr = std::unique_ptr<Flight>;
    template <typename T>
    using Then = PrometheusClient::Then<T>;
    /// Runs on the server's own thread.
    using MakeWay = std::function<Result<Way>(Clock&)>;

    /// `clock` tells what has settled, and outlives it.
    PrometheusServer(const ServerAddress& address, Clock& clock, const Options& options, QObject* parent = nullptr);
    PrometheusServer(const ServerAddress& address, Clock& clock, QObject* parent = nullptr)
        : PrometheusServer(address, clock, Options(), parent)
    {
    }
    PrometheusServer(MakeWay makeWay, Clock& clock, const Options& options, QObject* parent = nullptr);
    ~PrometheusServer() override;

    [[nodiscard]] FlightPtr instant(const InstantQuery& query, Priority priority, Then<AnswerPtr> then);
    /// The samples at the multiples of the step, which stepFor() chooses; a Matrix.
    [[nodiscard]] FlightPtr chart(const ChartQuery& query, Priority priority, Then<AnswerPtr> then);
    /// Any other question: ask(client, then) runs on the server's thread.
    template <typename T>
    [[nodiscard]] FlightPtr facts(Priority priority, FlightPtr (PrometheusClient::*question)(Then<T>), Then<T> then)
    {
        return submit<T>(
            priority,
            [question](PrometheusClient& client, Then<T> done) { return (client.*question)(std::move(done)); },
            std::move(then));
    }
    template <typename T>
    [[nodiscard]] FlightPtr submit(Priority priority, std::function<FlightPtr(PrometheusClient&, Then<T>)> ask,
                                   Then<T> then)
    {
        const quint64 id = ++m_lastId;
        return enqueue(
            id, priority,
            {[ask = std::move(ask)](PrometheusClient& client, const Deliver& deliver) {
                 return ask(client, [deliver](Result<T> result) { deliver(std::any(std::move(result))); });
             },
             [then = std::move(then)](std::any result) { then(std::any_cast<Result<T>>(std::move(result))); },
             [](Error error) { return std::any(Result<T>(fail(std::move(error)))); }});
    }

    [[nodiscard]] int running() const { return m_budget.running(); }
    [[nodiscard]] int waiting() const { return m_budget.waiting(); }
    /// How far this machine's clock is ahead of the server's, in ms, by the Date of its last answer (to the second);
    /// 0 as long as it has not said.
    [[nodiscard]] qint64 clockLeadMs() const { return m_leadMs; }
    /// That the two clocks disagree so much that charts and alerts show it; empty where they do not.
    [[nodiscard]] QString clockRemark() const;
    static constexpr qint64 clockToleranceMs = 30'000;
    /// Questions that went out since the beginning.
    [[nodiscard]] quint64 sent() const { return m_sent; }

private:
    class Worker;
    class Ticket;
    class ChartFlight;
    using Deliver = std::function<void(std::any)>;
    struct Job
    {
        std::function<FlightPtr(PrometheusClient&, const Deliver&)> launch; ///< on the server's thread
        std::function<void(std::any)> deliver;                              ///< here
        std::function<std::any(Error)> failed;
    };

    FlightPtr enqueue(quint64 id, Priority priority, Job job);
    void launchNext();
    void onAnswer(quint64 id, std::any result);
    void forget(quint64 id);

    Clock& m_clock;
    Options m_options;
    QueryBudget m_budget;
    RangeCache m_cache;
    std::map<quint64, Job> m_jobs;
    quint64 m_lastId = 0, m_sent = 0;
    qint64 m_leadMs = 0;
    std::shared_ptr<ReceiverLink> m_link;
    std::shared_ptr<Worker> m_worker;
    std::unique_ptr<BackgroundThread> m_thread; ///< ends first
};

} // namespace wk::monitoring
