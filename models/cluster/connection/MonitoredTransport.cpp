// SPDX-License-Identifier: GPL-3.0-or-later
#include "cluster/connection/MonitoredTransport.h"

namespace wk::cluster {

struct MonitoredTransport::Notes
{
    Clock& clock;
    std::atomic<qint64>& bytes;
    quint64 generation = 0;
    qint64 lastOldArrivalMs = 0;

    void arrived(quint64 openedIn)
    {
        if (openedIn < generation)
            lastOldArrivalMs = clock.monotonicMs();
    }
};

MonitoredTransport::MonitoredTransport(std::unique_ptr<net::Transport> inner, Clock& clock, std::atomic<qint64>& bytes)
    : m_inner(std::move(inner)), m_notes(std::make_shared<Notes>(Notes{clock, bytes}))
{
}

MonitoredTransport::~MonitoredTransport() = default;

std::unique_ptr<net::Exchange> MonitoredTransport::open(const net::Request& request, net::Handlers handlers)
{
    const quint64 generation = m_notes->generation;
    net::Handlers watched;
    watched.head = [notes = m_notes, generation, head = std::move(handlers.head)](const net::ResponseHead& h) {
        notes->arrived(generation);
        head(h);
    };
    watched.data = [notes = m_notes, generation, data = std::move(handlers.data)](QByteArrayView bytes) {
        notes->arrived(generation);
        notes->bytes += bytes.size();
        data(bytes);
    };
    watched.finished = std::move(handlers.finished);
    return m_inner->open(request, std::move(watched));
}

void MonitoredTransport::mark() { ++m_notes->generation; }

qint64 MonitoredTransport::lastOldArrivalMs() const { return m_notes->lastOldArrivalMs; }

} // namespace wk::cluster
