// SPDX-License-Identifier: GPL-3.0-or-later
#include "monitoring/probes/ProbePlan.h"

#include "monitoring/probes/ProbeParts.h"
#include "net/HttpOptions.h"
#include "platform/Platform.h"

#include <QtCore/QSet>

namespace wk::monitoring {

using namespace Qt::StringLiterals;
using Kind = ProbeSpec::Kind;
using platform::Endpoint;
using platform::Service;

namespace {

/// How a product is asked whether it is there. `manage`: a port of its own, whatever ports the file names.
struct Product
{
    QLatin1StringView word;
    Kind kind;
    int port;
    QLatin1StringView path;
    bool manage = false;
};

// Sources: the products' own documentation of health checks (Prometheus and Alertmanager: "Management API", Grafana:
// "Health API", MinIO: "Healthcheck Probe", NATS: "Monitoring", Consul: "Status HTTP API") and of default ports.
constexpr Product products[] = {
    {"postgres"_L1, Kind::PostgreSql, 5432, {}},
    {"redis"_L1, Kind::Redis, 6379, {}},
    {"valkey"_L1, Kind::Redis, 6379, {}},
    {"scylla"_L1, Kind::Tcp, 9042, {}},
    {"cassandra"_L1, Kind::Tcp, 9042, {}},
    {"alertmanager"_L1, Kind::Http, 9093, "/-/healthy"_L1},
    {"prometheus"_L1, Kind::Http, 9090, "/-/healthy"_L1},
    {"grafana"_L1, Kind::Http, 3000, "/api/health"_L1},
    {"minio"_L1, Kind::Http, 9000, "/minio/health/live"_L1},
    {"nats"_L1, Kind::Http, 8222, "/healthz"_L1, true},
    {"consul"_L1, Kind::Http, 8500, "/v1/status/leader"_L1},
};

const Product* productOf(const Service& service)
{
    const QString words = service.product.isEmpty() ? service.name : service.product;
    const auto it = std::ranges::find_if(
        products, [&](const Product& product) { return words.contains(product.word, Qt::CaseInsensitive); });
    return it == std::end(products) ? nullptr : &*it;
}

/// Where a service is.
struct Place
{
    QString host;          ///< directly
    QString space, inside; ///< its Kubernetes service
    QString reason;
    [[nodiscard]] bool isKnown() const { return !host.isEmpty() || !inside.isEmpty(); }
};

class Planner
{
public:
    Planner(const platform::Platform& platform, const ProbePlanOptions& options)
        : m_platform(platform), m_options(options)
    {
    }

    ProbePlan plan()
    {
        for (const Service& service : m_platform.services)
            add(service);
        return std::move(m_plan);
    }

private:
    void add(const Service& service)
    {
        const auto before = m_plan.probes.size() + m_plan.unprobed.size();
        for (const Endpoint& endpoint : service.healthEndpoints) {
            if (endpoint.use == Endpoint::Use::Metrics || endpoint.use == Endpoint::Use::Profile)
                continue;
            addEndpoint(service, endpoint);
        }
        if (m_plan.probes.size() + m_plan.unprobed.size() == before)
            addProduct(service);
    }

    void addEndpoint(const Service& service, const Endpoint& endpoint)
    {
        ProbeSpec spec = begin(service, endpoint.name.isEmpty() ? endpoint.path : endpoint.name);
        spec.expect = endpoint.expect;
        spec.method = endpoint.method.toLatin1().toUpper();
        if (spec.method != "GET" && spec.method != "HEAD") {
            leave(
                spec,
                ProbeWords::tr("It is asked by %1, which may change something.").arg(QString::fromLatin1(spec.method)));
            return;
        }
        if (!endpoint.url.isEmpty()) {
            spec.url = QUrl(endpoint.url, QUrl::StrictMode);
            if (!spec.url.isValid() || spec.url.host().isEmpty() || !spec.url.scheme().startsWith("http"_L1)) {
                leave(spec, ProbeWords::tr("“%1” is no address.").arg(spec.url.toDisplayString()));
                return;
            }
            spec.reason = ProbeWords::tr("the platform file gives this address");
            settle(spec, placeOf(spec.url.host()));
            return;
        }
        const int port = endpoint.port.value_or(service.ports.empty() ? 80 : service.ports.front());
        spec.url.setScheme(port == 443 || port == 8443 ? u"https"_s : u"http"_s);
        spec.url.setPort(port);
        const QUrl path(endpoint.path);
        spec.url.setPath(path.path());
        spec.url.setQuery(path.query(QUrl::FullyEncoded));
        settle(spec, placeOf(service));
    }

    /// A service without an endpoint: what is known of its product.
    void addProduct(const Service& service)
    {
        const Product* product = productOf(service);
        const Place place = placeOf(service);
        ProbeSpec spec = begin(service, service.product.isEmpty() ? service.title : service.product);
        if (!place.isKnown()) {
            leave(spec, ProbeWords::tr("The platform file says neither a host of it nor an endpoint."));
            return;
        }
        const bool named = !service.ports.empty();
        if (product) {
            const bool own =
                named && !product->manage && std::ranges::find(service.ports, product->port) == service.ports.end();
            spec.kind = product->kind;
            spec.url.setPort(own ? service.ports.front() : product->port);
            spec.url.setPath(product->path);
            if (!named)
                spec.reason = ProbeWords::tr("port %1 is the product's own").arg(product->port);
        } else if (named) {
            spec.kind = Kind::Tcp;
            spec.url.setPort(service.ports.front());
        } else if (!place.host.isEmpty() && !service.isStore()) {
            spec.kind = Kind::Tcp;
            spec.url.setPort(443);
            spec.reason = ProbeWords::tr("port 443, since the platform file names none");
        } else {
            leave(spec, ProbeWords::tr("The platform file says neither a port of it nor an endpoint."));
            return;
        }
        spec.url.setScheme(spec.kind == Kind::Http ? u"http"_s : u"tcp"_s);
        settle(spec, place);
    }

    [[nodiscard]] ProbeSpec begin(const Service& service, const QString& title) const
    {
        ProbeSpec spec;
        spec.service = service.name;
        spec.title = title;
        spec.everyMs = m_options.everyMs;
        return spec;
    }

    /// Gives the probe its place, or says why it has none.
    void settle(ProbeSpec& spec, const Place& place)
    {
        if (!place.isKnown()) {
            leave(spec,
                  ProbeWords::tr("The platform file says neither its host nor a workload that it could be found by."));
            return;
        }
        QStringList reasons{place.reason, spec.reason};
        reasons.removeAll(QString());
        spec.reason = reasons.join(u"; "_s);
        if (place.inside.isEmpty() || m_options.clusterNames) {
            spec.url.setHost(place.inside.isEmpty() ? place.host : place.inside + u'.' + place.space + u".svc"_s);
        } else if (spec.kind != Kind::Http) {
            leave(spec, ProbeWords::tr("%1 in %2 is inside the cluster, and the API server passes only HTTP on.")
                            .arg(place.inside, place.space));
            return;
        } else {
            spec.url.setHost(place.inside);
            spec.space = place.space;
            spec.inside = place.inside;
        }
        take(spec);
        const bool direct = spec.inside.isEmpty();
        if (direct && (spec.url.scheme() == "https"_L1 || (spec.kind == Kind::Tcp && spec.url.port() == 443)))
            addCertificate(spec);
    }

    /// One for each host and port.
    void addCertificate(const ProbeSpec& of)
    {
        const QString server = net::serverName(of.url);
        if (m_certificates.contains(server))
            return;
        m_certificates.insert(server);
        ProbeSpec spec = of;
        spec.id.clear();
        spec.kind = Kind::TlsExpiry;
        spec.title = ProbeWords::tr("certificate");
        spec.url = QUrl();
        spec.url.setScheme(u"tcp"_s);
        spec.url.setHost(of.url.host());
        spec.url.setPort(net::serverPort(of.url) > 0 ? net::serverPort(of.url) : 443);
        spec.expect.reset();
        spec.everyMs = m_options.certificateEveryMs;
        take(spec);
    }

    void take(ProbeSpec& spec)
    {
        const QString wanted =
            spec.service + u'/' + (spec.kind == Kind::TlsExpiry ? u"certificate"_s : spec.title.toLower());
        spec.id = wanted;
        for (int i = 2; m_ids.contains(spec.id); ++i)
            spec.id = wanted + u'-' + QString::number(i);
        m_ids.insert(spec.id);
        m_plan.probes.push_back(spec);
    }

    void leave(const ProbeSpec& spec, const QString& reason)
    {
        m_plan.unprobed.push_back({spec.service, spec.title, reason});
    }

    [[nodiscard]] QString mainNamespace() const
    {
        const auto& all = m_platform.namespaces;
        const auto it = std::ranges::find_if(all, &platform::Namespace::main);
        return it != all.end() ? it->name : all.empty() ? QString() : all.front().name;
    }

    /// A name without a dot is a service of the main namespace; name.namespace.svc… is one, too; an address or any
    /// other name is asked directly.
    [[nodiscard]] Place placeOf(const QString& host) const
    {
        const QStringList parts = host.split(u'.');
        if (parts.size() >= 3 && parts.at(2) == "svc"_L1)
            return {{}, parts.at(1), parts.at(0), {}};
        const bool nameless = host.contains(u':') || host == "localhost"_L1;
        if (parts.size() > 1 || nameless || mainNamespace().isEmpty())
            return {host, {}, {}, {}};
        return {{}, mainNamespace(), host, {}};
    }

    [[nodiscard]] Place placeOf(const Service& service) const
    {
        if (!service.host.isEmpty()) {
            Place place = placeOf(service.host);
            place.reason = ProbeWords::tr("the platform file names this host");
            return place;
        }
        if (service.workloads.empty())
            return {};
        const platform::Workload& workload = service.workloads.front();
        return {{},
                workload.space.isEmpty() ? mainNamespace() : workload.space,
                workload.name,
                ProbeWords::tr("the service that is called like its %1").arg(workload.kind)};
    }

    const platform::Platform& m_platform;
    const ProbePlanOptions& m_options;
    ProbePlan m_plan;
    QSet<QString> m_ids, m_certificates;
};

} // namespace

ProbePlan probesOf(const platform::Platform& platform, const ProbePlanOptions& options)
{
    return Planner(platform, options).plan();
}

} // namespace wk::monitoring
