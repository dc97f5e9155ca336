// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace wk::changes {
class ChannelGate;
}

namespace wk::cluster {

/// What a channel into a pod needs: a port forward, a command. Both can change what runs there, whatever verb opens
/// them. Only the gate of changes makes one.
class ChannelPermit
{
    friend class changes::ChannelGate;
    ChannelPermit() = default;
};

} // namespace wk::cluster
