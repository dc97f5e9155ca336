// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/monitoring/explore/QueryAnswer.h"

#include "monitoring/prometheus/AnswerRows.h"

namespace wk::widgets {

QueryAnswer::QueryAnswer(monitoring::PrometheusServer& server, Clock& clock, QObject* parent)
    : TableSource(parent), m_server(server), m_clock(clock)
{
}

void QueryAnswer::ask(const QString& query, std::optional<qint64> atMs)
{
    if (query != m_query) { // figures of another question are no earlier answer to this one
        m_answer.reset();
        m_rows.clear();
        m_left = 0;
        m_error.reset();
        emit changed({true, {}, {}});
    }
    m_query = query;
    m_askedMs = m_clock.nowMs();
    m_askedAt = m_clock.monotonicMs();
    m_flight = m_server.instant({query, atMs}, monitoring::Priority::Now,
                                [this](Result<monitoring::AnswerPtr> answer) { take(std::move(answer)); });
    emit freshnessChanged();
}

void QueryAnswer::rest() { m_flight.reset(); }

void QueryAnswer::take(Result<monitoring::AnswerPtr> answer)
{
    m_flight.reset();
    m_tookMs = m_clock.monotonicMs() - m_askedAt;
    m_error = answer ? std::nullopt : std::optional(answer.error());
    if (answer) {
        m_answer = std::move(*answer);
        m_asOfMs = m_askedMs;
        monitoring::AnswerRows made = monitoring::rowsOf(*m_answer, mostRows);
        const bool others = made.columns != m_columns;
        m_columns = std::move(made.columns);
        m_rows = std::move(made.rows);
        m_left = made.left;
        if (others)
            emit columnsChanged();
        emit changed({true, m_rows, {}});
    }
    emit freshnessChanged();
    emit ended();
}

table::Freshness QueryAnswer::freshness() const
{
    using State = table::Freshness::State;
    table::Freshness out;
    out.asOfMs = m_asOfMs;
    out.error = m_error;
    if (m_error)
        out.state = m_answer ? State::Stale : State::Failed;
    else if (m_answer)
        out.state = State::Live;
    else
        out.state = m_query.isEmpty() ? State::Idle : State::Loading;
    return out;
}

} // namespace wk::widgets
