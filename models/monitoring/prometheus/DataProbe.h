// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "monitoring/prometheus/PrometheusServer.h"
#include "monitoring/promql/Promql.h"

#include <deque>

namespace wk::monitoring {

/// One thing that has to hold for a query to have an answer.
struct DataFinding
{
    enum class Step {
        Reachable,  ///< the server takes the question and answers
        Authorised, ///< it answers this person
        Path,       ///< what answers is a Prometheus
        Understood, ///< the query is one
        Metric,     ///< there is something of that name
        Labels,     ///< something of that name has these labels
        Window,     ///< there are samples enough where the query looks
        Query       ///< what the query does with them leaves something
    };
    enum class Verdict { Holds, Fails, Unknown };
    Step step = Step::Reachable;
    Verdict verdict = Verdict::Unknown;
    QString sentence;
    QString remedy; ///< may be empty
};

/// "reachable", "label": the stable name of a step, for terminals.
[[nodiscard]] QString stepName(DataFinding::Step step);

/// Why a query has no answer, as far as it was found: in the order in which it was asked.
struct DataFindings
{
    std::vector<DataFinding> steps;
    /// What does not hold, in sentences; where all holds, the last word. Never empty once something was asked.
    [[nodiscard]] QString text() const;
    [[nodiscard]] bool holds() const; ///< nothing fails
};

/// Explains why there is no data: is the server reachable, does it know us, is it a Prometheus, does it understand the
/// query; then for each selector of the query whether the metric exists, and which label does not fit; then whether
/// there are samples enough, and what the query does with them. A few small questions, one after the other, behind
/// those of charts (Priority::Later). On the GUI thread.
class DataProbe final : public QObject
{
    Q_OBJECT
public:
    using Then = std::function<void(const DataFindings&)>;
    /// No further back than this is looked for samples, however long the range.
    static constexpr qint64 mostMs = 86'400'000;
    /// How far back a server looks for the value of a moment (--query.lookback-delta).
    static constexpr qint64 lookbackMs = 300'000;

    /// `server` outlives it.
    explicit DataProbe(PrometheusServer& server, QObject* parent = nullptr) : QObject(parent), m_server(server) {}

    /// `range`: where values were wanted, ms; both ends the same for a moment. `then` is called once, from the event
    /// loop, not at all where it is asked again before, or destroyed.
    void ask(const QString& query, const TimeRange& range, Then then);
    /// Calls off what is under way.
    void rest();
    [[nodiscard]] bool isAsking() const { return bool(m_then); }

private:
    struct Selected
    {
        QString name;
        std::vector<PromqlNode::Matcher> matchers;
        qint64 rangeMs = 0, offsetMs = 0;
        bool operator==(const Selected&) const = default;
        /// name{a="b"}; with `only`, of the matchers this one alone; with -1, none.
        [[nodiscard]] QString text(std::optional<int> only = {}) const;
    };
    using Names = std::function<void(const Result<QStringList>&)>;
    using Most = std::function<void(const Result<std::optional<double>>&)>;

    void askServer();
    void askQuery();
    void next();
    void lookAt(const Selected& selected);
    void missing(const Selected& selected);
    void noMetric(const Selected& selected);
    void nearest(const Selected& selected);
    void label(const Selected& selected, int at);
    void badLabel(const Selected& selected, int at);
    void window(const Selected& selected);
    void conclude();

    void names(const QString& label, const QString& selector, Names then);
    /// The most samples that one series of the selector has in so many ms before the end; none: no series.
    void most(const QString& selector, qint64 ms, qint64 offsetMs, Most then);
    void add(DataFinding::Step step, DataFinding::Verdict verdict, const QString& sentence, const QString& remedy = {});
    void unknown(DataFinding::Step step, const Error& error);
    void end();
    [[nodiscard]] qint64 lookMs() const;

    PrometheusServer& m_server;
    QString m_query;
    PromqlPtr m_node;
    TimeRange m_range;
    Then m_then;
    DataFindings m_found;
    std::deque<Selected> m_open;
    std::optional<Selected> m_rated; ///< the first that is looked at through a window
    PrometheusServer::FlightPtr m_flight;
};

} // namespace wk::monitoring
