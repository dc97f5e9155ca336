// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "monitoring/prometheus/FindPrometheus.h"

namespace wk::monitoring {

/// The pods behind a service inside a cluster.
struct ServicePods
{
    /// Each with an address of its own, by the API server's proxy to pods, in alphabetical order; empty where the
    /// service itself is asked: it has one pod, or its pods cannot be reached one by one.
    std::vector<ServerAddress> pods;
    QString why; ///< in a sentence; empty where there is nothing to say
};

/// Looks for the pods behind the service of an address. A service sends each question to another one of them, and
/// Alertmanagers have each their own alerts: who asks the service sees now these, now those. Needed are the rights to
/// get the service and its endpoints, and to get pods/proxy; without them the service is asked, and why is told.
/// Nothing but GETs goes out.
class ServicePodsFinder final : public QObject
{
    Q_OBJECT
public:
    using Then = std::function<void(const ServicePods&)>;

    /// `probe`: what a pod is asked to see whether it may be, below its address: "/api/v2/status". `then` is called
    /// once, from the event loop; not at all where the finder is destroyed before.
    ServicePodsFinder(PrometheusFinder::Get get, const ServerAddress& service, QByteArray probe, Then then,
                      QObject* parent = nullptr);

private:
    void onService(const Result<net::Response>& answer);
    void onEndpoints(const Result<net::Response>& answer);
    void onPod(const Result<net::Response>& answer);
    void byService(const QString& why = {});

    PrometheusFinder::Get m_get;
    const ServerAddress m_service;
    const QByteArray m_probe;
    Then m_then;
    QString m_space, m_name, m_scheme, m_rest; ///< of the service's path
    int m_port = 0;
    QString m_portName;
    ServicePods m_found;
};

} // namespace wk::monitoring
