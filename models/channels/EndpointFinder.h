// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "channels/Endpoints.h"
#include "net/Send.h"

#include <QtCore/QObject>

#include <functional>

namespace wk::channels {

/// Looks where a target leads to at this moment: a service's ready pods by its Endpoints, which every Kubernetes
/// serves. Needed are the rights to get the service and its endpoints. Lives on the transport's thread.
class EndpointFinder final : public QObject
{
    Q_OBJECT
public:
    using Found = std::function<void(const Result<std::vector<PodPort>>&)>;

    /// `transport` outlives it.
    EndpointFinder(ForwardTarget target, net::Transport& transport, QObject* parent = nullptr);

    /// `found` is called once, from the event loop; not at all where the finder is destroyed before. Who asks while a
    /// look is under way gets its answer. No pod is an Error.
    void look(Found found);

private:
    using Taken = void (EndpointFinder::*)(const QByteArray& body);

    void read(const QString& resource, Taken taken);
    void onService(const QByteArray& body);
    void onEndpoints(const QByteArray& body);
    void answer(const Result<std::vector<PodPort>>& result);

    const ForwardTarget m_target;
    net::Transport& m_transport;
    QString m_portName;
    std::vector<Found> m_waiting;
};

} // namespace wk::channels
