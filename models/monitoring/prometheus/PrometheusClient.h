// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "monitoring/prometheus/Answer.h"
#include "monitoring/prometheus/ServerAddress.h"
#include "monitoring/prometheus/ServerFacts.h"

#include <functional>

namespace wk::monitoring {

struct InstantQuery
{
    QString query;
    std::optional<qint64> time; ///< ms since the epoch; absent: the server's now
    bool operator==(const InstantQuery&) const = default;
};

/// Evaluated at from, from + step, … up to and including `to`. All in ms; at most 11,000 points.
struct RangeQuery
{
    QString query;
    qint64 from = 0, to = 0;
    qint64 step = 15'000;
    bool operator==(const RangeQuery&) const = default;
};

/// What metadata is asked about. Empty or 0: no limit.
struct Selection
{
    QStringList matchers; ///< series selectors: http_requests_total{job="api"}
    qint64 from = 0, to = 0;
};

/// A question under way. Destroying it ends it: the connection is given up, and nothing is called any more.
class Flight
{
public:
    virtual ~Flight() = default;
};

/// Asks one Prometheus server: reads only. Decodes while the bytes arrive, on the transport's thread, on which it lives
/// and calls back, never from inside the call that asks. Any failure is an Error with a sentence of its own (see
/// ServerError.h); an answer beyond `maxBytes` is given up while it arrives.
///
/// Queries are POSTed in form, since they outgrow what proxies take in an address; where that is refused (405, 501), or
/// must not be (Way::mayPost), they go by GET.
class PrometheusClient
{
public:
    struct Options
    {
        qint64 maxBytes = 256LL << 20; ///< of the decoded body
        qint64 timeoutMs = 60'000;     ///< how long the server may work on a query; it is told so
        qint64 silenceMs = 70'000;     ///< how long it may say nothing
    };
    template <typename T>
    using Then = std::function<void(Result<T>)>;
    using FlightPtr = std::unique_ptr<Flight>;

    /// `way.transport` must be there.
    PrometheusClient(Way way, Options options);
    explicit PrometheusClient(Way way) : PrometheusClient(std::move(way), Options()) {}

    [[nodiscard]] FlightPtr query(const InstantQuery& query, Then<AnswerPtr> then);
    [[nodiscard]] FlightPtr queryRange(const RangeQuery& query, Then<AnswerPtr> then);
    [[nodiscard]] FlightPtr labelNames(const Selection& selection, Then<QStringList> then);
    [[nodiscard]] FlightPtr labelValues(const QString& label, const Selection& selection, Then<QStringList> then);
    [[nodiscard]] FlightPtr series(const Selection& selection, Then<std::vector<Labels>> then);
    [[nodiscard]] FlightPtr metadata(Then<MetadataMap> then);
    [[nodiscard]] FlightPtr rules(Then<std::vector<RuleGroup>> then);
    [[nodiscard]] FlightPtr alerts(Then<std::vector<Alert>> then);
    [[nodiscard]] FlightPtr targets(Then<Targets> then);
    [[nodiscard]] FlightPtr buildInfo(Then<BuildInfo> then);
    /// Where it sends alerts to.
    [[nodiscard]] FlightPtr alertmanagers(Then<QStringList> then);

    [[nodiscard]] const QString& words() const { return m_way.words; }
    /// Shows every head that comes from now on, refusals included: what a server says of itself besides its answers.
    void watchHeads(std::function<void(const net::ResponseHead&)> watch) { m_watch = std::move(watch); }

private:
    using Form = std::vector<std::pair<QByteArray, QString>>;
    [[nodiscard]] net::Request request(const QByteArray& path, const Form& form, bool post) const;
    [[nodiscard]] FlightPtr ask(const QByteArray& path, const Form& form, Then<AnswerPtr> then);
    template <typename T>
    [[nodiscard]] FlightPtr read(const QByteArray& path, const Form& form, Result<T> (*reader)(QByteArrayView),
                                 Then<T> then, bool post = false);

    Way m_way;
    Options m_options;
    std::function<void(const net::ResponseHead&)> m_watch;
};

} // namespace wk::monitoring
