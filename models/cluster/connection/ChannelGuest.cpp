// SPDX-License-Identifier: GPL-3.0-or-later
#include "cluster/connection/ChannelGuest.h"

namespace wk::cluster {

ChannelGuest::ChannelGuest(ApiClient& api, const ChannelPermit& permit, net::Transport& transport, Clock& clock,
                           const ChannelGuestMaker& make)
    : m_api(api), m_permit(permit), m_guest(make(transport, *this, clock))
{
}

ChannelGuest::~ChannelGuest() = default;

void ChannelGuest::reopen() { m_guest->reopen(); }

std::unique_ptr<net::WebSocket>
ChannelGuest::openSocket(const net::Request& request, const QList<QByteArray>& protocols, net::SocketHandlers handlers)
{
    return m_api.openSocket(request, protocols, std::move(handlers), m_permit);
}

} // namespace wk::cluster
