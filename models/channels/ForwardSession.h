// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "channels/Forward.h"
#include "core/ReceiverLink.h"

namespace wk::channels {

/// Takes a guest in on a connection's thread (changes::ChannelGate gives it); it stays until what is returned is
/// released.
using Host = std::function<std::shared_ptr<void>(cluster::ChannelGuestMaker)>;

/// A forward as the GUI thread sees it. Destroying it closes the local port and every connection.
class ForwardSession final : public QObject
{
    Q_OBJECT
public:
    ForwardSession(const Host& host, ForwardTarget target, quint16 localPort = 0, QObject* parent = nullptr);
    ~ForwardSession() override;

    [[nodiscard]] const ForwardTarget& target() const { return m_target; }
    [[nodiscard]] const ForwardState& state() const { return m_state; }

signals:
    void stateChanged();

private:
    ForwardTarget m_target;
    ForwardState m_state;
    std::shared_ptr<ReceiverLink> m_link;
    std::shared_ptr<void> m_forward;
};

} // namespace wk::channels
