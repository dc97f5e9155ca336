// SPDX-License-Identifier: GPL-3.0-or-later
#include "monitoring/prometheus/ServerSource.h"

namespace wk::monitoring {

using namespace Qt::StringLiterals;

ServerSource::ServerSource(Places places, Clock& clock, QObject* parent)
    : QObject(parent), m_places(std::move(places)), m_clock(clock)
{
}

ServerSource::~ServerSource() = default;

void ServerSource::set(State state)
{
    m_state = state;
    emit changed();
}

void ServerSource::look()
{
    if (m_state == State::Looking || m_state == State::Found)
        return;
    m_error.reset();
    m_finder = std::make_unique<PrometheusFinder>(
        m_places.get, m_places.platform.get(), [this](Result<FoundServer> found) { take(std::move(found)); },
        m_places.secrets);
    set(State::Looking);
}

void ServerSource::take(Result<FoundServer> found)
{
    m_finder.release()->deleteLater(); // it is on the stack
    if (found && !found->address.servicePath.isEmpty()) {
        found->address.cluster = m_places.context ? m_places.context() : nullptr;
        if (!found->address.cluster)
            found =
                fail(Error::Kind::Unsupported,
                     tr("%1 is a service of the cluster, and the cluster is not open.").arg(found->address.words()));
    }
    if (!found) {
        m_error = std::move(found.error());
        set(State::Failed);
        return;
    }
    m_name = found->address.words();
    m_key = found->address.key();
    m_inside = !found->address.servicePath.isEmpty();
    m_reason = found->reason;
    if (!found->others.isEmpty())
        m_reason += u". "_s + tr("There are also: %1").arg(found->others.join(u", "_s));
    m_server = std::make_unique<PrometheusServer>(found->address, m_clock);
    set(State::Found);
}

} // namespace wk::monitoring
