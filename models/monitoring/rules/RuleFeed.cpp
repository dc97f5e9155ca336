// SPDX-License-Identifier: GPL-3.0-or-later
#include "monitoring/rules/RuleFeed.h"

namespace wk::monitoring {

RuleFeed::RuleFeed(Clock& clock, QObject* parent) : QObject(parent), m_clock(clock) {}

RuleFeed::~RuleFeed() = default;

void RuleFeed::setSource(std::shared_ptr<ServerSource> source)
{
    if (source != m_source) {
        m_flight.reset();
        if (m_source)
            m_source->disconnect(this);
        m_source = std::move(source);
        if (m_source)
            connect(m_source.get(), &ServerSource::changed, this, &RuleFeed::onSource);
    }
    onSource();
}

void RuleFeed::onSource()
{
    PrometheusServer* server = m_source ? m_source->server() : nullptr;
    if (server == m_server && server)
        return;
    m_flight.reset();
    m_timer.reset();
    m_server = server;
    m_groups.clear();
    m_askedMs = m_errorMs = 0;
    m_error.reset();
    emit changed();
    if (m_running)
        ask();
}

void RuleFeed::setRunning(bool running)
{
    if (std::exchange(m_running, running) == running)
        return;
    m_timer.reset();
    m_flight.reset();
    if (m_running)
        ask();
}

void RuleFeed::ask()
{
    m_timer.reset();
    if (!m_server)
        return;
    m_flight = m_server->facts<std::vector<RuleGroup>>(
        Priority::Visible, &PrometheusClient::rules,
        [this, asked = m_clock.nowMs()](Result<std::vector<RuleGroup>> answer) { take(std::move(answer), asked); });
}

void RuleFeed::take(Result<std::vector<RuleGroup>> answer, qint64 askedMs)
{
    if (answer) {
        m_groups = std::move(*answer);
        m_askedMs = askedMs;
        m_error.reset();
        m_errorMs = 0;
    } else {
        m_error = std::move(answer.error());
        if (m_errorMs == 0)
            m_errorMs = askedMs;
    }
    if (m_running)
        m_timer = m_clock.after(this, everyMs, [this] { ask(); });
    emit changed();
}

table::Freshness RuleFeed::freshness() const
{
    using State = table::Freshness::State;
    table::Freshness out;
    out.asOfMs = m_askedMs;
    out.error = m_error;
    out.sinceMs = m_error ? m_errorMs : m_askedMs;
    if (!isKnown())
        out.state = m_error ? State::Failed : State::Loading;
    else if (m_error || m_clock.nowMs() - m_askedMs > 3 * everyMs)
        out.state = State::Stale;
    else
        out.state = State::Live;
    return out;
}

} // namespace wk::monitoring
