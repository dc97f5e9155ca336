// SPDX-License-Identifier: GPL-3.0-or-later
#include "monitoring/metrics/PanelFeed.h"

namespace wk::monitoring {

PanelFeed::PanelFeed(PrometheusServer& server, PanelPlan plan, QObject* parent)
    : QObject(parent), m_server(server), m_plan(std::move(plan))
{
}

void PanelFeed::ask(const TimeRange& range, int pixels, qint64 nowMs)
{
    rest();
    if (m_plan.queries.empty())
        return;
    m_askedMs = nowMs;
    m_error.reset();
    m_coming.clear();
    m_open = m_plan.queries.size();
    for (size_t i = 0; i < m_plan.queries.size(); ++i) {
        const PanelQuery& query = m_plan.queries[i];
        m_coming.push_back({query.promql, query.title, {}});
        m_flights.push_back(m_server.chart({.query = query.promql, .range = range, .pixels = pixels}, Priority::Visible,
                                           [this, i](Result<AnswerPtr> answer) { take(i, std::move(answer)); }));
    }
    emit changed();
}

void PanelFeed::rest()
{
    m_flights.clear();
    m_open = 0;
}

void PanelFeed::take(size_t query, Result<AnswerPtr> answer)
{
    if (answer)
        m_coming[query].answer = std::move(*answer);
    else if (!m_error)
        m_error = std::move(answer.error());
    if (--m_open > 0)
        return;
    // A chart with half of its lines would look like one whose other half is gone: all or what was there before.
    if (!m_error) {
        m_parts = std::move(m_coming);
        m_partsAskedMs = m_askedMs;
    }
    m_coming.clear();
    emit changed();
}

PanelFeed::State PanelFeed::state() const
{
    if (m_parts.empty())
        return m_askedMs == 0 ? State::Idle : State::Asking;
    return m_error || m_partsAskedMs != m_askedMs ? State::Stale : State::Current;
}

QStringList PanelFeed::remarks() const
{
    QStringList remarks;
    if (const QString clocks = m_server.clockRemark(); !clocks.isEmpty())
        remarks << clocks;
    for (const Part& part : m_parts) {
        if (part.answer)
            remarks += part.answer->warnings + part.answer->infos;
    }
    remarks.removeDuplicates();
    return remarks;
}

bool PanelFeed::isPartial() const
{
    return std::ranges::any_of(m_parts, [](const Part& part) { return part.answer && part.answer->partial; });
}

} // namespace wk::monitoring
