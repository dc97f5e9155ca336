// SPDX-License-Identifier: GPL-3.0-or-later
#include "channels/ForwardSession.h"

namespace wk::channels {

ForwardSession::ForwardSession(const Host& host, ForwardTarget target, quint16 localPort, QObject* parent)
    : QObject(parent), m_target(std::move(target)), m_link(std::make_shared<ReceiverLink>(this))
{
    const auto tell = [link = m_link, session = this](const ForwardState& state) {
        link->post([session, state] {
            session->m_state = state;
            emit session->stateChanged();
        });
    };
    m_forward = host([target = m_target, localPort, tell](net::Transport& transport, net::SocketOpener& opener,
                                                          Clock& clock) -> std::unique_ptr<cluster::Guest> {
        return std::make_unique<Forward>(target, localPort, transport, opener, clock, tell);
    });
}

ForwardSession::~ForwardSession()
{
    m_forward.reset();
    m_link->close();
}

} // namespace wk::channels
