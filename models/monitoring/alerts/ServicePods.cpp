// SPDX-License-Identifier: GPL-3.0-or-later
#include "monitoring/alerts/ServicePods.h"

#include "core/Future.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QJsonArray>
#include <QtCore/QJsonDocument>
#include <QtCore/QRegularExpression>
#include <QtCore/QTimer>

namespace wk::monitoring {

using namespace Qt::StringLiterals;

namespace {

QJsonObject objectOf(const Result<net::Response>& answer)
{
    return answer && answer->head.status == 200 ? QJsonDocument::fromJson(answer->body).object() : QJsonObject();
}

bool isForbidden(const Result<net::Response>& answer)
{
    return answer ? answer->head.status == 403 : answer.error().kind == Error::Kind::Forbidden;
}

/// Of one subset; 0 where it has no such port. A service's only port may have no name.
int portOf(const QJsonArray& ports, const QString& name)
{
    for (const QJsonValue& port : ports)
        if (port["name"_L1].toString() == name)
            return port["port"_L1].toInt();
    return 0;
}

} // namespace

ServicePodsFinder::ServicePodsFinder(PrometheusFinder::Get get, const ServerAddress& service, QByteArray probe,
                                     Then then, QObject* parent)
    : QObject(parent), m_get(std::move(get)), m_service(service), m_probe(std::move(probe)), m_then(std::move(then))
{
    static const QRegularExpression form(
        u"^/api/v1/namespaces/([^/]+)/services/([^:/]+):([^:/]+):(\\d+)/proxy(/.*)?$"_s);
    const auto match = form.match(QString::fromLatin1(service.servicePath));
    if (!m_get || !match.hasMatch()) {
        QTimer::singleShot(0, this, [this] { byService(); });
        return;
    }
    m_space = match.captured(1);
    m_scheme = match.captured(2);
    m_name = match.captured(3);
    m_port = match.captured(4).toInt();
    m_rest = match.captured(5);
    whenDone(m_get(u"/api/v1/namespaces/%1/services/%2"_s.arg(m_space, m_name).toLatin1(), {}), this,
             [this](const Result<net::Response>& answer) { onService(answer); });
}

/// Its ports have other numbers than those of its pods, and the same names.
void ServicePodsFinder::onService(const Result<net::Response>& answer)
{
    const QJsonArray ports = objectOf(answer).value("spec"_L1)["ports"_L1].toArray();
    const auto ours =
        std::ranges::find_if(ports, [this](const QJsonValue& port) { return port["port"_L1].toInt() == m_port; });
    if (ours == ports.end()) {
        byService();
        return;
    }
    m_portName = (*ours)["name"_L1].toString();
    whenDone(m_get(u"/api/v1/namespaces/%1/endpoints/%2"_s.arg(m_space, m_name).toLatin1(), {}), this,
             [this](const Result<net::Response>& found) { onEndpoints(found); });
}

void ServicePodsFinder::onEndpoints(const Result<net::Response>& answer)
{
    QStringList seen;
    for (const QJsonValue& subset : objectOf(answer).value("subsets"_L1).toArray()) {
        const int port = portOf(subset["ports"_L1].toArray(), m_portName);
        for (const QJsonValue& address : subset["addresses"_L1].toArray()) {
            const QJsonObject pod = address["targetRef"_L1].toObject();
            const QString name = pod.value("name"_L1).toString();
            if (port == 0 || pod.value("kind"_L1).toString() != "Pod"_L1 || name.isEmpty() || seen.contains(name))
                continue;
            seen << name;
            ServerAddress one = m_service;
            one.servicePath =
                (u"/api/v1/namespaces/%1/pods/%2:%3:%4/proxy"_s.arg(m_space, m_scheme, name).arg(port) + m_rest)
                    .toLatin1();
            m_found.pods.push_back(std::move(one));
        }
    }
    if (m_found.pods.size() < 2) {
        byService(isForbidden(answer) ? tr("You are not allowed to get the endpoints of %1/%2: if it has several pods, "
                                           "each question goes to another one of them.")
                                            .arg(m_space, m_name)
                                      : QString());
        return;
    }
    std::ranges::sort(m_found.pods, {}, &ServerAddress::servicePath);
    whenDone(m_get(m_found.pods.front().servicePath + m_probe, {}), this,
             [this](const Result<net::Response>& found) { onPod(found); });
}

/// A pod that does not answer is a replica that is away; one that we may not ask is none.
void ServicePodsFinder::onPod(const Result<net::Response>& answer)
{
    if (isForbidden(answer)) {
        byService(
            tr("You are not allowed to reach the %1 pods of %2/%3 one by one (get pods/proxy): each question goes "
               "to another one of them.")
                .arg(m_found.pods.size())
                .arg(m_space, m_name));
        return;
    }
    m_found.why = tr("its %1 pods are asked one by one").arg(m_found.pods.size());
    const auto then = std::exchange(m_then, nullptr);
    then(m_found);
}

void ServicePodsFinder::byService(const QString& why)
{
    m_found = {{}, why};
    const auto then = std::exchange(m_then, nullptr);
    then(m_found);
}

} // namespace wk::monitoring
