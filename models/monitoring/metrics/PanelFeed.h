// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "monitoring/metrics/DashboardPlan.h"
#include "monitoring/prometheus/PrometheusServer.h"

namespace wk::monitoring {

/// The figures of one panel of a dashboard: asks its queries for a range and keeps the answers. On the GUI thread. What
/// was asked before is called off by the next question; what was answered before stays until the next answer is whole.
class PanelFeed : public QObject
{
    Q_OBJECT
public:
    enum class State {
        Idle,    ///< nothing was asked yet
        Asking,  ///< for the first time, or after nothing but failures
        Current, ///< answers() are what was asked for last
        Stale    ///< answers() are of an earlier question: error() says why, or the next answers are on their way
    };

    /// One query's answer, in the panel's order.
    struct Part
    {
        QString promql, title;
        AnswerPtr answer;
    };

    /// `server` outlives it.
    PanelFeed(PrometheusServer& server, PanelPlan plan, QObject* parent = nullptr);

    [[nodiscard]] const PanelPlan& plan() const { return m_plan; }
    /// `pixels`: how many values a line can show. Asking for the same aligned range again costs the server nothing.
    void ask(const TimeRange& range, int pixels, qint64 nowMs);
    /// Calls off what is under way: nobody looks.
    void rest();

    [[nodiscard]] State state() const;
    [[nodiscard]] const std::vector<Part>& parts() const { return m_parts; }
    /// When the answers were asked for; 0: never.
    [[nodiscard]] qint64 askedMs() const { return m_partsAskedMs; }
    /// Why the last question got no answer.
    [[nodiscard]] const std::optional<Error>& error() const { return m_error; }
    /// What the server says about the answers, each sentence once.
    [[nodiscard]] QStringList remarks() const;
    [[nodiscard]] bool isPartial() const;

signals:
    void changed();

private:
    void take(size_t query, Result<AnswerPtr> answer);

    PrometheusServer& m_server;
    PanelPlan m_plan;
    std::vector<PrometheusServer::FlightPtr> m_flights;
    std::vector<Part> m_parts, m_coming;
    size_t m_open = 0; ///< questions without an answer
    qint64 m_askedMs = 0, m_partsAskedMs = 0;
    std::optional<Error> m_error;
};

} // namespace wk::monitoring
