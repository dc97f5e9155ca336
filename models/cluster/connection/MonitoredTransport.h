// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/Clock.h"
#include "net/Transport.h"

#include <atomic>

namespace wk::cluster {

/// Passes requests on and notes when the server was heard. Tells traffic on exchanges that existed before a given
/// moment from traffic on later ones: only the former shows that the network still carries what was open then.
class MonitoredTransport final : public net::Transport
{
public:
    /// `bytes` is increased by what arrives; it and `clock` outlive the transport and its exchanges.
    MonitoredTransport(std::unique_ptr<net::Transport> inner, Clock& clock, std::atomic<qint64>& bytes);
    ~MonitoredTransport() override;

    [[nodiscard]] std::unique_ptr<net::Exchange> open(const net::Request& request, net::Handlers handlers) override;

    /// Exchanges opened from now on are "new" for lastOldArrivalMs().
    void mark();
    /// Monotonic time of the last byte on an exchange that was opened before mark(); 0 where none.
    [[nodiscard]] qint64 lastOldArrivalMs() const;

private:
    struct Notes;
    std::unique_ptr<net::Transport> m_inner;
    std::shared_ptr<Notes> m_notes;
};

} // namespace wk::cluster
