// SPDX-License-Identifier: GPL-3.0-or-later
#include "monitoring/prometheus/FindPrometheus.h"
#include "platform/Platform.h"

#include <QtCore/QJsonDocument>
#include <QtCore/QPromise>
#include <QtTest/QTest>

using namespace wk;
using namespace wk::monitoring;
using namespace Qt::StringLiterals;

namespace {

QByteArray service(const QByteArray& space, const QByteArray& name, const QByteArray& labels,
                   const QByteArray& ports = R"({"name":"web","port":9090})")
{
    return R"({"metadata":{"namespace":")" + space + R"(","name":")" + name + R"(","labels":{)" + labels +
           R"(}},"spec":{"ports":[)" + ports + "]}}";
}

QByteArray list(const QByteArrayList& services)
{
    return R"({"kind":"ServiceList","items":[)" + services.join(',') + "]}";
}

platform::Platform shop(const QString& host = {}, int port = 9090)
{
    platform::Platform platform;
    platform.namespaces = {{u"other"_s, {}, {}, false}, {u"shop"_s, {}, {}, true}};
    if (!host.isEmpty()) {
        platform::Service service;
        service.name = u"prometheus"_s;
        service.kind = platform::Service::Kind::Monitoring;
        service.host = host;
        service.ports = {port};
        platform.services = {service};
    }
    return platform;
}

/// A cluster of services, as far as the finder asks.
struct Cluster
{
    std::map<QByteArray, std::pair<int, QByteArray>> answers; ///< by path
    QByteArrayList asked;
    std::optional<Error> broken;
    PrometheusFinder::Get get()
    {
        return [this](const QByteArray& path, const QByteArray& query) {
            asked << path + '?' + query;
            Result<net::Response> result = broken ? fail(*broken) : Result<net::Response>(net::Response{{404, {}}, {}});
            if (const auto it = answers.find(path); !broken && it != answers.end())
                result = net::Response{{it->second.first, {}}, it->second.second};
            return QtFuture::makeReadyFuture(result);
        };
    }
    Result<FoundServer> find(const platform::Platform* platform)
    {
        std::optional<Result<FoundServer>> found;
        const PrometheusFinder finder(get(), platform, [&](Result<FoundServer> result) { found = std::move(result); });
        if (!QTest::qWaitFor([&] { return found.has_value(); }))
            qFatal("the finder says nothing");
        return *found;
    }
};

const QByteArray kube = R"("app.kubernetes.io/name":"prometheus")";

} // namespace

class TestMonitoringFind : public QObject
{
    Q_OBJECT

private slots:
    void platformFile();
    void choice_data();
    void choice();
    void nothingThere();
    void platformFileComesFirst();
    void whatDoesNotExist();
    void onlyItsNamespaces();
    void clusterAway();
    void withoutCluster();
};

void TestMonitoringFind::platformFile()
{
    QVERIFY(!prometheusOf(nullptr));
    platform::Platform platform = shop();
    QCOMPARE(prometheusOf(&platform).error().kind, Error::Kind::NotFound);
    platform = shop(u"prom.example"_s);
    QCOMPARE(prometheusOf(&platform)->address.url.toString(), u"http://prom.example:9090"_s);
    platform = shop(u"prometheus"_s, 9091);
    QCOMPARE(prometheusOf(&platform)->address.servicePath,
             "/api/v1/namespaces/shop/services/http:prometheus:9091/proxy");
    QCOMPARE(prometheusOf(&platform)->address.words(), u"prometheus in shop"_s);
    platform.services.front().healthEndpoints = {{}};
    platform.services.front().healthEndpoints.front().name = u"Prometheus"_s;
    platform.services.front().healthEndpoints.front().url = u"https://prom.example/p"_s;
    QCOMPARE(prometheusOf(&platform)->address.url.toString(), u"https://prom.example/p"_s);
}

void TestMonitoringFind::choice_data()
{
    QTest::addColumn<QByteArrayList>("services");
    QTest::addColumn<QByteArray>("path");
    QTest::addColumn<QString>("reason");
    QTest::addColumn<QStringList>("others");
    const auto row = [](const char* name, const QByteArrayList& services, const QByteArray& path, const QString& reason,
                        const QStringList& others = {}) {
        QTest::newRow(name) << services << path << reason << others;
    };
    row("kube-prometheus", {service("monitoring", "prometheus-k8s", kube)},
        "/api/v1/namespaces/monitoring/services/http:prometheus-k8s:9090/proxy",
        u"service monitoring/prometheus-k8s has the label app.kubernetes.io/name=prometheus"_s);
    row("its helpers",
        {service("a", "x-alertmanager", kube), service("a", "prom-node-exporter", kube),
         service("a", "c", kube + R"(,"app.kubernetes.io/component":"alertmanager")"),
         service("a", "server", R"("app":"prometheus","component":"server")",
                 R"({"name":"grpc","port":10901},{"name":"http","port":80})")},
        "/api/v1/namespaces/a/services/http:server:80/proxy", u"service a/server has the label app=prometheus"_s);
    row("label before name", {service("a", "prometheus", ""), service("z", "p", R"("operated-prometheus":"true")")},
        "/api/v1/namespaces/z/services/http:p:9090/proxy", u"service z/p has the label operated-prometheus=true"_s,
        {u"a/prometheus"_s});
    row("by its name", {service("a", "prometheus-server", "", R"({"port":80})")},
        "/api/v1/namespaces/a/services/http:prometheus-server:80/proxy", u"service a/prometheus-server is called so"_s);
    row("at home before elsewhere", {service("a", "p", kube), service("shop", "p", kube), service("b", "p", kube)},
        "/api/v1/namespaces/shop/services/http:p:9090/proxy",
        u"service shop/p has the label app.kubernetes.io/name=prometheus"_s, {u"a/p"_s, u"b/p"_s});
    row("9090 among others", {service("a", "p", kube, R"({"name":"x","port":1},{"name":"y","port":9090})")},
        "/api/v1/namespaces/a/services/http:p:9090/proxy",
        u"service a/p has the label app.kubernetes.io/name=prometheus"_s);
    row("TLS", {service("a", "p", kube, R"({"name":"https","port":9091})")},
        "/api/v1/namespaces/a/services/https:p:9091/proxy",
        u"service a/p has the label app.kubernetes.io/name=prometheus"_s);
    row("found by two lists", {service("a", "p", kube), service("a", "p", kube)},
        "/api/v1/namespaces/a/services/http:p:9090/proxy",
        u"service a/p has the label app.kubernetes.io/name=prometheus"_s);
    row("without a port", {service("a", "p", kube, {}), service("a", "q", kube)},
        "/api/v1/namespaces/a/services/http:q:9090/proxy",
        u"service a/q has the label app.kubernetes.io/name=prometheus"_s);
}

void TestMonitoringFind::choice()
{
    QFETCH(QByteArrayList, services);
    QFETCH(QByteArray, path);
    QFETCH(QString, reason);
    QFETCH(QStringList, others);
    Cluster cluster;
    cluster.answers["/api/v1/services"] = {200, list(services)};
    const platform::Platform platform = shop();
    const auto found = cluster.find(&platform);
    QVERIFY2(found, qPrintable(found ? QString() : found.error().text()));
    QCOMPARE(found->address.servicePath, path);
    QCOMPARE(found->reason, reason);
    QCOMPARE(found->others, others);
    // Few and selective lists: a cluster may have thousands of services.
    for (const QByteArray& asked : cluster.asked)
        QVERIFY2(asked.contains("Selector=") && asked.contains("limit="), asked.constData());
}

void TestMonitoringFind::nothingThere()
{
    Cluster cluster;
    cluster.answers["/api/v1/services"] = {200, list({service("a", "web", "")})};
    const auto found = cluster.find(nullptr);
    QVERIFY(!found);
    QCOMPARE(found.error().kind, Error::Kind::NotFound);
    QCOMPARE(found.error().sentence,
             u"No service of the cluster is known as a Prometheus by its labels or its name."_s);
}

void TestMonitoringFind::platformFileComesFirst()
{
    Cluster cluster;
    cluster.answers["/api/v1/services"] = {200, list({service("monitoring", "p", kube)})};
    cluster.answers["/api/v1/namespaces/shop/services/prometheus"] = {200, "{}"};
    const platform::Platform platform = shop(u"prometheus"_s);
    const auto found = cluster.find(&platform);
    QVERIFY(found);
    QCOMPARE(found->address.words(), u"prometheus in shop"_s);
    QCOMPARE(found->reason, u"the platform file names this host"_s);
    QCOMPARE(cluster.asked.size(), 1);
}

void TestMonitoringFind::whatDoesNotExist()
{
    Cluster cluster;
    cluster.answers["/api/v1/services"] = {200, list({service("monitoring", "p", kube)})};
    const platform::Platform platform = shop(u"prometheus"_s);
    const auto found = cluster.find(&platform);
    QVERIFY(found);
    QCOMPARE(found->address.words(), u"p in monitoring"_s);
    QCOMPARE(
        found->reason,
        u"service monitoring/p has the label app.kubernetes.io/name=prometheus; shop/prometheus, which the platform file names, does not exist"_s);
}

void TestMonitoringFind::onlyItsNamespaces()
{
    Cluster cluster;
    cluster.answers["/api/v1/services"] = {403, "{}"};
    cluster.answers["/api/v1/namespaces/other/services"] = {403, "{}"};
    cluster.answers["/api/v1/namespaces/shop/services"] = {200, list({service("shop", "p", kube)})};
    const platform::Platform platform = shop();
    QCOMPARE(cluster.find(&platform)->address.words(), u"p in shop"_s);
    cluster.answers["/api/v1/namespaces/shop/services"] = {403, "{}"};
    const auto refused = cluster.find(&platform);
    QVERIFY(!refused);
    QCOMPARE(refused.error().kind, Error::Kind::Forbidden);
}

void TestMonitoringFind::clusterAway()
{
    Cluster cluster;
    cluster.broken = Error{Error::Kind::Network, u"No route."_s, {}, {}};
    QCOMPARE(cluster.find(nullptr).error().sentence, u"No route."_s);
    const platform::Platform platform = shop(u"prometheus"_s);
    QCOMPARE(cluster.find(&platform).error().sentence, u"No route."_s);
}

void TestMonitoringFind::withoutCluster()
{
    const platform::Platform platform = shop(u"prom.example"_s);
    std::optional<Result<FoundServer>> found;
    const PrometheusFinder finder({}, &platform, [&](Result<FoundServer> result) { found = std::move(result); });
    QVERIFY(!found); // never from inside
    QTRY_VERIFY(found);
    QVERIFY(*found);
}

QTEST_GUILESS_MAIN(TestMonitoringFind)
#include "test_monitoring_find.moc"
