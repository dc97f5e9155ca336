// SPDX-License-Identifier: GPL-3.0-or-later
#include "monitoring/prometheus/FindPrometheus.h"

#include "core/Future.h"
#include "platform/Platform.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QJsonArray>
#include <QtCore/QJsonDocument>
#include <QtCore/QTimer>

#include <array>

namespace wk::monitoring {

using namespace Qt::StringLiterals;

namespace {

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(wk::monitoring::PrometheusFinder)
};

struct KnownSign
{
    QLatin1StringView label, value;
    int weight;
};

// Of kube-prometheus and newer charts; of the operator's own service; of the chart "prometheus" before version 22; of
// kube-prometheus-stack and its predecessor.
constexpr KnownSign knownSigns[] = {
    {"app.kubernetes.io/name"_L1, "prometheus"_L1, 50},
    {"app"_L1, "kube-prometheus-stack-prometheus"_L1, 48},
    {"app"_L1, "prometheus-operator-prometheus"_L1, 47},
    {"operated-prometheus"_L1, "true"_L1, 45},
    {"app"_L1, "prometheus"_L1, 40},
    {"app.kubernetes.io/name"_L1, "thanos-query"_L1, 30},
    {"app"_L1, "thanos-query"_L1, 29},
};
// Where no label tells.
constexpr std::array knownNames{"prometheus"_L1, "prometheus-server"_L1, "prometheus-k8s"_L1, "prometheus-operated"_L1};
constexpr int nameWeight = 10;
constexpr int homeBonus = 5;
// What carries the same labels and is something else.
constexpr std::array helpers{"alertmanager"_L1, "node-exporter"_L1, "pushgateway"_L1,       "operator"_L1,
                             "adapter"_L1,      "exporter"_L1,      "kube-state-metrics"_L1};

bool isPrometheus(const QString& text) { return text.contains("prometheus"_L1, Qt::CaseInsensitive); }

QString mainNamespace(const platform::Platform& platform)
{
    const auto& all = platform.namespaces;
    const auto it = std::ranges::find_if(all, &platform::Namespace::main);
    return it != all.end() ? it->name : all.empty() ? QString() : all.front().name;
}

bool isHelper(const QString& name, const QJsonObject& labels)
{
    const auto isOne = [](const QString& text) {
        return std::ranges::any_of(helpers, [&](QLatin1StringView helper) { return text.endsWith(helper); });
    };
    return isOne(name) || isOne(labels.value("component"_L1).toString()) ||
           isOne(labels.value("app.kubernetes.io/component"_L1).toString());
}

/// The port for queries: by the names that the charts give it, else 9090, else the first.
void takePort(const QJsonArray& ports, ServiceCandidate& out)
{
    static constexpr std::array names{"http-web"_L1,        "web"_L1,       "http"_L1, "https"_L1,
                                      "http-prometheus"_L1, "prometheus"_L1};
    const auto rank = [](const QJsonObject& port) {
        const QString name = port.value("name"_L1).toString();
        const auto it = std::ranges::find(names, name);
        return it != names.end() ? int(it - names.begin()) : port.value("port"_L1).toInt() == 9090 ? 10 : 20;
    };
    int best = 100;
    for (const QJsonValue& value : ports) {
        const QJsonObject port = value.toObject();
        if (rank(port) >= best)
            continue;
        best = rank(port);
        out.port = port.value("port"_L1).toInt();
        out.https = port.value("name"_L1).toString().startsWith("https"_L1);
    }
}

QByteArrayList listQueries(bool byName)
{
    QByteArrayList out;
    if (byName) {
        for (const QLatin1StringView name : knownNames)
            out << "fieldSelector=metadata.name%3D" + QByteArray(name.data(), name.size()) + "&limit=50";
        return out;
    }
    for (const QLatin1StringView label : {"app.kubernetes.io/name"_L1, "app"_L1, "operated-prometheus"_L1}) {
        QStringList values;
        for (const KnownSign& sign : knownSigns) {
            if (sign.label == label)
                values << sign.value;
        }
        out << "labelSelector=" + QUrl::toPercentEncoding(u"%1 in (%2)"_s.arg(label, values.join(u','))) + "&limit=100";
    }
    return out;
}

} // namespace

Result<FoundServer> prometheusOf(const platform::Platform* platform)
{
    if (platform && platform->monitoring.prometheus && !platform->monitoring.prometheus->urls.isEmpty()) {
        FoundServer found;
        found.address.url = QUrl(platform->monitoring.prometheus->urls.front());
        found.reason = Texts::tr("the platform file gives this address");
        return found;
    }
    static const std::vector<platform::Service> none;
    for (const platform::Service& service : platform ? platform->services : none) {
        if (service.kind != platform::Service::Kind::Monitoring)
            continue;
        FoundServer found;
        for (const platform::Endpoint& endpoint : service.healthEndpoints) {
            if (!isPrometheus(endpoint.name) || endpoint.url.isEmpty())
                continue;
            found.address.url = QUrl(endpoint.url);
            found.reason = Texts::tr("the platform file gives this address");
            return found;
        }
        if (service.host.isEmpty() || !(isPrometheus(service.name) || isPrometheus(service.product)))
            continue;
        const int port = service.ports.empty() ? 9090 : service.ports.front();
        found.reason = Texts::tr("the platform file names this host");
        if (service.host.contains(u'.')) {
            found.address.url = QUrl(u"http://%1:%2"_s.arg(service.host).arg(port));
            return found;
        }
        if (const QString space = mainNamespace(*platform); !space.isEmpty()) {
            found.address.servicePath = servicePath(space, service.host, port);
            return found;
        }
    }
    return fail(Error::Kind::NotFound, Texts::tr("No platform file says where Prometheus is."), {},
                Texts::tr("Give the platform a monitoring service with a host, or write the url into the step."));
}

std::vector<ServiceCandidate> candidatesIn(const QJsonObject& serviceList)
{
    std::vector<ServiceCandidate> out;
    for (const QJsonValue& item : serviceList.value("items"_L1).toArray()) {
        const QJsonObject metadata = item["metadata"_L1].toObject(), spec = item["spec"_L1].toObject();
        const QJsonObject labels = metadata.value("labels"_L1).toObject();
        ServiceCandidate candidate{
            metadata.value("namespace"_L1).toString(), metadata.value("name"_L1).toString(), {}, 0, false, 0};
        if (isHelper(candidate.name, labels))
            continue;
        for (const KnownSign& sign : knownSigns) {
            if (labels.value(sign.label).toString() == sign.value && sign.weight > candidate.weight) {
                candidate.weight = sign.weight;
                candidate.sign = Texts::tr("has the label %1=%2").arg(sign.label, sign.value);
            }
        }
        if (candidate.weight == 0 && std::ranges::find(knownNames, candidate.name) != knownNames.end()) {
            candidate.weight = nameWeight;
            candidate.sign = Texts::tr("is called so");
        }
        takePort(spec.value("ports"_L1).toArray(), candidate);
        if (candidate.weight > 0 && candidate.port > 0)
            out.push_back(std::move(candidate));
    }
    return out;
}

Result<FoundServer> chosenOf(std::vector<ServiceCandidate> candidates, const QStringList& spaces)
{
    for (ServiceCandidate& one : candidates) {
        if (spaces.contains(one.space) || one.space == "monitoring"_L1)
            one.weight += homeBonus;
    }
    std::ranges::sort(candidates, [](const ServiceCandidate& a, const ServiceCandidate& b) {
        return std::tuple(-a.weight, a.space, a.name) < std::tuple(-b.weight, b.space, b.name);
    });
    const auto same = [](const ServiceCandidate& a, const ServiceCandidate& b) {
        return a.space == b.space && a.name == b.name;
    };
    candidates.erase(std::ranges::unique(candidates, same).begin(), candidates.end());
    if (candidates.empty())
        return fail(Error::Kind::NotFound,
                    Texts::tr("No service of the cluster is known as a Prometheus by its labels or its name."), {},
                    Texts::tr("Give the platform a monitoring service with a host, or write the url into the step."));
    const ServiceCandidate& best = candidates.front();
    FoundServer found;
    found.address.servicePath = servicePath(best.space, best.name, best.port, best.https);
    found.reason = Texts::tr("service %1/%2 %3").arg(best.space, best.name, best.sign);
    for (auto it = candidates.begin() + 1; it != candidates.end(); ++it)
        found.others << it->space + u'/' + it->name;
    return found;
}

PrometheusFinder::PrometheusFinder(Get get, const platform::Platform* platform, Then then,
                                   secrets::SecretStore* secrets, QObject* parent)
    : QObject(parent), m_get(std::move(get)), m_then(std::move(then)), m_secrets(secrets)
{
    if (platform) {
        m_spaces = platform->namespaceNames();
        m_access = accessOf(platform->monitoring.prometheus, platform->name, platform->file, u"prometheus"_s);
    }
    Result<FoundServer> place = prometheusOf(platform);
    const bool isService = place && !place->address.servicePath.isEmpty();
    if (!m_get || (place && !isService))
        QTimer::singleShot(0, this, [this, place = std::move(place)] { end(place); });
    else if (isService)
        confirmPlace(*place);
    else
        list(true);
}

/// Platform files are written before clusters: is there such a service?
void PrometheusFinder::confirmPlace(const FoundServer& place)
{
    const QStringList parts = QString::fromLatin1(place.address.servicePath).split(u'/');
    const QString space = parts.value(4), name = parts.value(6).section(u':', 1, 1);
    const QByteArray path = u"/api/v1/namespaces/%1/services/%2"_s.arg(space, name).toLatin1();
    whenDone(m_get(path, {}), this, [this, place, space, name](const Result<net::Response>& answer) {
        if (answer && answer->head.status == 404) {
            m_note = Texts::tr("; %1/%2, which the platform file names, does not exist").arg(space, name);
            list(true);
            return;
        }
        end(answer ? Result<FoundServer>(place) : fail(answer.error()));
    });
}

void PrometheusFinder::list(bool everywhere)
{
    QByteArrayList paths;
    if (everywhere)
        paths << "/api/v1/services";
    else
        for (const QString& space : m_spaces)
            paths << "/api/v1/namespaces/" + space.toLatin1() + "/services";
    m_refused = false;
    const QByteArrayList queries = listQueries(false) + listQueries(true);
    m_open = int(paths.size() * queries.size());
    if (m_open == 0)
        conclude();
    for (const QByteArray& path : paths) {
        for (const QByteArray& query : queries)
            whenDone(m_get(path, query), this,
                     [this, everywhere](const Result<net::Response>& answer) { onList(answer, everywhere); });
    }
}

void PrometheusFinder::onList(const Result<net::Response>& answer, bool everywhere)
{
    if (!answer) {
        m_error = answer.error();
    } else if (answer->head.status == 200) {
        const auto more = candidatesIn(QJsonDocument::fromJson(answer->body).object());
        m_candidates.insert(m_candidates.end(), more.begin(), more.end());
    } else if (answer->head.status == 403) {
        m_refused = true;
    } else {
        m_error = Error{
            Error::Kind::Server,
            Texts::tr("The cluster answered with status %1 when asked for its services.").arg(answer->head.status),
            QString::fromUtf8(answer->body.left(500)),
            {}};
    }
    if (--m_open > 0)
        return;
    if (everywhere && m_refused && m_candidates.empty() && !m_spaces.isEmpty())
        list(false);
    else
        conclude();
}

void PrometheusFinder::conclude()
{
    auto found = chosenOf(std::move(m_candidates), m_spaces);
    if (found) {
        found->reason += m_note;
    } else if (m_error) {
        found = fail(*m_error);
    } else if (m_refused) {
        found.error().kind = Error::Kind::Forbidden;
        found.error().sentence =
            Texts::tr("You are not allowed to list the services in which Prometheus is looked for.");
    }
    end(std::move(found));
}

void PrometheusFinder::end(Result<FoundServer> result)
{
    if (!result || !m_access) {
        deliver(std::move(result));
        return;
    }
    whenDone(withAccess(result->address, *m_access, m_secrets), this,
             [this, found = *result](Result<ServerAddress> address) {
                 FoundServer reached = found;
                 if (address)
                     reached.address = std::move(*address);
                 deliver(address ? Result<FoundServer>(std::move(reached)) : fail(std::move(address.error())));
             });
}

void PrometheusFinder::deliver(Result<FoundServer> result)
{
    const auto then = std::exchange(m_then, nullptr);
    then(std::move(result));
}

} // namespace wk::monitoring
