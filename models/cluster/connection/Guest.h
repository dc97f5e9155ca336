// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/Clock.h"
#include "core/Random.h"
#include "net/Transport.h"
#include "net/WebSocket.h"

#include <functional>
#include <memory>

namespace wk::cluster {

/// Something that speaks to a cluster for as long as it wants (a followed log), on the thread of the cluster's
/// connection and with its credentials. Made there, destroyed there.
class Guest
{
public:
    virtual ~Guest() = default;
    /// What is open may be dead: the network was away, or the machine slept. To be opened anew, so that nothing is
    /// lost.
    virtual void reopen() = 0;
};

/// Makes a guest; what it is given outlives it.
using GuestMaker = std::function<std::unique_ptr<Guest>(net::Transport&, Clock&, const Random&)>;
/// As GuestMaker, of a guest who opens channels into pods.
using ChannelGuestMaker = std::function<std::unique_ptr<Guest>(net::Transport&, net::SocketOpener&, Clock&)>;

} // namespace wk::cluster
