// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace wk::changes {
class MutationSender;
}

namespace wk::cluster {

/// What a request needs that changes a cluster. Only the sender of approved changes can make one: no other code reaches
/// a cluster with anything but reads.
class WritePermit
{
    friend class changes::MutationSender;
    WritePermit() = default;
};

} // namespace wk::cluster
