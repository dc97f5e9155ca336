// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cluster/connection/ApiClient.h"
#include "cluster/connection/Guest.h"

namespace wk::cluster {

/// A guest together with what it may open channels by.
class ChannelGuest final : public Guest, private net::SocketOpener
{
public:
    /// `api`, `transport` and `clock` outlive it.
    ChannelGuest(ApiClient& api, const ChannelPermit& permit, net::Transport& transport, Clock& clock,
                 const ChannelGuestMaker& make);
    ~ChannelGuest() override;

    void reopen() override;

private:
    [[nodiscard]] std::unique_ptr<net::WebSocket>
    openSocket(const net::Request& request, const QList<QByteArray>& protocols, net::SocketHandlers handlers) override;

    ApiClient& m_api;
    const ChannelPermit m_permit;
    std::unique_ptr<Guest> m_guest;
};

} // namespace wk::cluster
