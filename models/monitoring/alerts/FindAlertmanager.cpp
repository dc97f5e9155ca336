// SPDX-License-Identifier: GPL-3.0-or-later
#include "monitoring/alerts/FindAlertmanager.h"

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
    Q_DECLARE_TR_FUNCTIONS(wk::monitoring::AlertmanagerFinder)
};

constexpr int usualPort = 9093;
constexpr auto product = "alertmanager"_L1;

bool isOne(const QString& text) { return text.contains(product, Qt::CaseInsensitive); }

struct KnownSign
{
    QLatin1StringView label, value;
    int weight;
};
// Of kube-prometheus and the charts; of kube-prometheus-stack; of the operator's own service; of older charts.
constexpr KnownSign knownSigns[] = {
    {"app.kubernetes.io/name"_L1, product, 50},
    {"app"_L1, "kube-prometheus-stack-alertmanager"_L1, 48},
    {"operated-alertmanager"_L1, "true"_L1, 45},
    {"app"_L1, product, 40},
};
constexpr std::array knownNames{"alertmanager"_L1, "alertmanager-main"_L1, "alertmanager-operated"_L1};
constexpr int nameWeight = 10;
constexpr int homeBonus = 5;

Error notFound(const QString& sentence)
{
    return {Error::Kind::NotFound,
            sentence,
            {},
            Texts::tr("Give the platform a monitoring service called Alertmanager, with an endpoint or a host.")};
}

int portOf(const QJsonArray& ports)
{
    int out = 0;
    for (const QJsonValue& value : ports) {
        const int port = value["port"_L1].toInt();
        const QString name = value["name"_L1].toString();
        if (port == usualPort || name == "web"_L1 || name == "http-web"_L1)
            return port;
        out = out ? out : port;
    }
    return out;
}

/// What it is known by; none where it is something else.
std::optional<ServiceCandidate> candidateOf(const QJsonObject& service)
{
    const QJsonObject metadata = service.value("metadata"_L1).toObject();
    const QJsonObject labels = metadata.value("labels"_L1).toObject();
    ServiceCandidate out;
    out.space = metadata.value("namespace"_L1).toString();
    out.name = metadata.value("name"_L1).toString();
    for (const KnownSign& sign : knownSigns) {
        if (labels.value(sign.label).toString() == sign.value && sign.weight > out.weight) {
            out.weight = sign.weight;
            out.sign = Texts::tr("has the label %1=%2").arg(sign.label, sign.value);
        }
    }
    if (out.weight == 0 && std::ranges::find(knownNames, out.name) != knownNames.end()) {
        out.weight = nameWeight;
        out.sign = Texts::tr("is called so");
    }
    out.port = portOf(service.value("spec"_L1)["ports"_L1].toArray());
    return out.weight > 0 && out.port > 0 ? std::optional(out) : std::nullopt;
}

} // namespace

Result<FoundAlertmanagers> alertmanagersOf(const platform::Platform* platform)
{
    static const std::vector<platform::Service> none;
    FoundAlertmanagers found;
    if (platform && platform->monitoring.alertmanager) {
        for (const QString& url : platform->monitoring.alertmanager->urls) {
            found.replicas.emplace_back();
            found.replicas.back().url = QUrl(url);
        }
        found.reason = Texts::tr("the platform file gives this address");
        if (!found.replicas.empty())
            return found;
    }
    for (const platform::Service& service : platform ? platform->services : none) {
        if (service.kind != platform::Service::Kind::Monitoring)
            continue;
        const bool isIt = isOne(service.name) || isOne(service.product);
        for (const platform::Endpoint& endpoint : service.healthEndpoints) {
            if (endpoint.url.isEmpty() || !(isIt || isOne(endpoint.name)))
                continue;
            ServerAddress address;
            address.url = QUrl(endpoint.url).adjusted(QUrl::RemoveQuery | QUrl::RemoveFragment);
            // What is asked for its health is asked there for its alerts, too.
            const QString path = address.url.path();
            for (const auto health : {"/-/healthy"_L1, "/-/ready"_L1})
                if (path.endsWith(health))
                    address.url.setPath(path.chopped(health.size()));
            const auto same = [&](const ServerAddress& one) { return one.url == address.url; };
            if (std::ranges::none_of(found.replicas, same))
                found.replicas.push_back(std::move(address));
        }
        if (!found.replicas.empty()) {
            found.reason = Texts::tr("the platform file gives this address");
            return found;
        }
        if (!isIt || service.host.isEmpty())
            continue;
        const int port = service.ports.empty() ? usualPort : service.ports.front();
        ServerAddress address;
        if (service.host.contains(u'.')) {
            address.url = QUrl(u"http://%1:%2"_s.arg(service.host).arg(port));
        } else {
            const auto& spaces = platform->namespaces;
            const auto main = std::ranges::find_if(spaces, &platform::Namespace::main);
            if (spaces.empty())
                continue;
            address.servicePath =
                servicePath(main == spaces.end() ? spaces.front().name : main->name, service.host, port);
        }
        found.replicas.push_back(std::move(address));
        found.reason = Texts::tr("the platform file names this host");
        return found;
    }
    return fail(notFound(Texts::tr("No platform file says where Alertmanager is.")));
}

Result<FoundAlertmanagers> alertmanagersIn(const std::vector<QJsonObject>& serviceLists, const QStringList& spaces)
{
    std::vector<ServiceCandidate> all;
    for (const QJsonObject& list : serviceLists)
        for (const QJsonValue& item : list.value("items"_L1).toArray())
            if (auto candidate = candidateOf(item.toObject()))
                all.push_back(*std::move(candidate));
    // Chosen as a Prometheus is: the same order, the same words.
    const auto chosen = chosenOf(std::move(all), spaces);
    if (!chosen)
        return fail(
            notFound(Texts::tr("No service of the cluster is known as an Alertmanager by its labels or its name.")));
    return FoundAlertmanagers{{chosen->address}, chosen->reason, chosen->others};
}

AlertmanagerFinder::AlertmanagerFinder(Places places, Then then, QObject* parent)
    : QObject(parent), m_places(std::move(places)), m_then(std::move(then))
{
    if (auto place = alertmanagersOf(m_places.platform.get()))
        QTimer::singleShot(0, this, [this, place = std::move(place)] { end(place); });
    else if (m_places.prometheus)
        QTimer::singleShot(0, this, &AlertmanagerFinder::askPrometheus);
    else
        QTimer::singleShot(0, this, &AlertmanagerFinder::list);
}

void AlertmanagerFinder::askPrometheus()
{
    connect(m_places.prometheus.get(), &ServerSource::changed, this, &AlertmanagerFinder::followPrometheus);
    m_places.prometheus->look();
    followPrometheus();
}

void AlertmanagerFinder::followPrometheus()
{
    const ServerSource& source = *m_places.prometheus;
    const bool failed = source.state() == ServerSource::State::Failed;
    if (m_asked || (!failed && source.state() != ServerSource::State::Found))
        return;
    m_asked = true;
    source.disconnect(this);
    if (failed) {
        m_note = Texts::tr("Prometheus, which would know it, was not found.");
        list();
        return;
    }
    m_flight = source.server()->facts<QStringList>(Priority::Now, &PrometheusClient::alertmanagers,
                                                   [this](const Result<QStringList>& urls) { onPrometheus(urls); });
}

/// What it names is as it sees the network. Where it is asked through a cluster, that is not ours.
void AlertmanagerFinder::onPrometheus(const Result<QStringList>& urls)
{
    FoundAlertmanagers found;
    for (const QString& url : urls.value_or(QStringList())) {
        ServerAddress address;
        address.url = QUrl(url);
        if (address.url.isValid() && !address.url.host().isEmpty())
            found.replicas.push_back(std::move(address));
    }
    if (!found.replicas.empty() && !m_places.prometheus->isInside()) {
        found.reason = Texts::tr("%1 sends its alerts there").arg(m_places.prometheus->name());
        end(std::move(found));
        return;
    }
    m_note = !urls ? Texts::tr("Prometheus could not be asked where it sends alerts: %1").arg(urls.error().sentence)
             : found.replicas.empty() ? Texts::tr("%1 sends its alerts nowhere.").arg(m_places.prometheus->name())
                                      : Texts::tr("%1 sends its alerts to %2, inside the cluster.")
                                            .arg(m_places.prometheus->name(), found.replicas.front().words());
    list();
}

void AlertmanagerFinder::list()
{
    if (!m_places.get) {
        end(fail(notFound(Texts::tr("Nothing says where Alertmanager is."))));
        return;
    }
    QByteArrayList queries;
    for (const QLatin1StringView label : {"app.kubernetes.io/name"_L1, "app"_L1, "operated-alertmanager"_L1}) {
        QStringList values;
        for (const KnownSign& sign : knownSigns)
            if (sign.label == label)
                values << sign.value;
        queries << "labelSelector=" + QUrl::toPercentEncoding(u"%1 in (%2)"_s.arg(label, values.join(u','))) +
                       "&limit=100";
    }
    for (const QLatin1StringView name : knownNames)
        queries << "fieldSelector=metadata.name%3D" + QByteArray(name.data(), name.size()) + "&limit=50";
    m_open = int(queries.size());
    for (const QByteArray& query : queries)
        whenDone(m_places.get("/api/v1/services", query), this,
                 [this](const Result<net::Response>& answer) { onList(answer); });
}

void AlertmanagerFinder::onList(const Result<net::Response>& answer)
{
    if (!answer)
        m_error = answer.error();
    else if (answer->head.status == 200)
        m_lists.push_back(QJsonDocument::fromJson(answer->body).object());
    else if (answer->head.status == 403)
        m_error = Error{Error::Kind::Forbidden,
                        Texts::tr("You are not allowed to list the services in which Alertmanager is looked for."),
                        QString::fromUtf8(answer->body.left(500)),
                        {}};
    if (--m_open > 0)
        return;
    auto found = alertmanagersIn(m_lists, m_places.platform ? m_places.platform->namespaceNames() : QStringList());
    if (!found && m_error)
        found = fail(*m_error);
    end(std::move(found));
}

void AlertmanagerFinder::end(Result<FoundAlertmanagers> result)
{
    if (!m_note.isEmpty()) {
        if (result)
            result->reason += u". "_s + m_note;
        else
            result.error().sentence += u' ' + m_note;
    }
    const platform::Platform* const platform = m_places.platform.get();
    const auto access =
        platform ? accessOf(platform->monitoring.alertmanager, platform->name, platform->file, u"alertmanager"_s)
                 : std::nullopt;
    if (result && access)
        reach(std::move(*result), *access, 0);
    else
        deliver(std::move(result));
}

/// One replica after the other: with its login, and what else the platform file says.
void AlertmanagerFinder::reach(FoundAlertmanagers found, const AccessFile& access, std::size_t next)
{
    if (next == found.replicas.size()) {
        deliver(std::move(found));
        return;
    }
    const ServerAddress replica = found.replicas[next];
    whenDone(withAccess(replica, access, m_places.secrets), this,
             [this, found = std::move(found), access, next](Result<ServerAddress> address) mutable {
                 if (!address) {
                     deliver(fail(std::move(address.error())));
                     return;
                 }
                 found.replicas[next] = std::move(*address);
                 reach(std::move(found), access, next + 1);
             });
}

void AlertmanagerFinder::deliver(Result<FoundAlertmanagers> result)
{
    const auto then = std::exchange(m_then, nullptr);
    then(std::move(result));
}

} // namespace wk::monitoring
