// SPDX-License-Identifier: GPL-3.0-or-later
#include "monitoring/probes/ProbeRunner.h"

namespace wk::monitoring {

ProbeRunner::ProbeRunner(ProbeWay way, Clock& clock, Random random, const Options& options, QObject* parent)
    : QObject(parent), m_way(std::move(way)), m_clock(clock), m_atOnce(qMax(1, options.atOnce)),
      m_book(std::move(random), options.book)
{
}

ProbeRunner::ProbeRunner(ProbeWay way, Clock& clock, Random random, QObject* parent)
    : ProbeRunner(std::move(way), clock, std::move(random), Options(), parent)
{
}

ProbeRunner::~ProbeRunner() = default;

void ProbeRunner::setProbes(const std::vector<ProbeSpec>& probes)
{
    m_book.setProbes(probes, m_clock.monotonicMs());
    // An answer to a question that is no longer asked would be taken for one to its successor of the same name.
    std::erase_if(m_flights, [this](const auto& flight) {
        const ProbeBook::Entry* entry = m_book.find(flight.first);
        return !entry || !entry->running;
    });
    turn();
}

void ProbeRunner::setPaused(bool paused)
{
    m_paused = paused;
    turn();
}

void ProbeRunner::askNow(const QString& id)
{
    for (const ProbeBook::Entry& entry : m_book.entries()) {
        if (id.isEmpty() || entry.spec.id == id)
            m_book.hasten(entry.spec.id, m_clock.monotonicMs());
    }
    turn();
}

void ProbeRunner::turn()
{
    m_timer.reset();
    if (m_paused)
        return;
    const qint64 now = m_clock.monotonicMs();
    while (running() < m_atOnce) {
        const ProbeBook::Entry* entry = m_book.due(now);
        if (!entry)
            break;
        start(*entry);
    }
    // With all hands full, the end of one is the next turn.
    const auto next = m_book.nextDueMs();
    if (next && running() < m_atOnce)
        m_timer = m_clock.after(this, qMax<qint64>(0, *next - now), [this] { turn(); });
}

void ProbeRunner::start(const ProbeBook::Entry& entry)
{
    const QString id = entry.spec.id;
    m_book.begun(id);
    m_flights[id] = startProbe(entry.spec, m_way, m_clock, [this, id](ProbeResult result) {
        const auto flight = m_flights.extract(id);
        m_book.record(id, std::move(result), m_clock.monotonicMs());
        turn();
        emit recorded(id);
    });
}

} // namespace wk::monitoring
