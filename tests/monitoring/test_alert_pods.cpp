// SPDX-License-Identifier: GPL-3.0-or-later
#include "TestServer.h"
#include "monitoring/alerts/AlertSource.h"
#include "net/HttpTransport.h"
#include "platform/Platform.h"

#include <QtTest/QTest>

using namespace wk;
using namespace wk::monitoring;
using namespace wk::test;
using namespace Qt::StringLiterals;

namespace {

const QByteArray isJson = "Content-Type: application/json\r\n";
constexpr int longest = 30'000;

QByteArray statusObject(int code, const QByteArray& message)
{
    return R"({"kind":"Status","apiVersion":"v1","status":"Failure","message":")" + message + R"(","code":)" +
           QByteArray::number(code) + '}';
}

/// An API server in front of the pods of one Alertmanager.
struct Cluster
{
    Cluster()
        : server([this](QTcpSocket* socket, const Received& request) {
              const auto [status, body] = answer(request);
              verbs.insert(request.verb);
              TestServer::answer(socket, status, body, isJson);
          })
    {
    }
    std::pair<int, QByteArray> answer(const Received& request)
    {
        const QByteArray path = request.target.split('?').first();
        if (path == "/api/v1/namespaces/shop/services/am")
            return {200,
                    R"({"spec":{"ports":[{"name":"reload","port":80,"targetPort":8080},{"name":"web","port":9093}]}})"};
        if (path == "/api/v1/namespaces/shop/endpoints/am") {
            if (!mayReadEndpoints)
                return {403, statusObject(403, "endpoints is forbidden")};
            QByteArrayList addresses;
            for (const QByteArray& name : pods.keys())
                addresses << R"({"ip":"10.0.0.7","targetRef":{"kind":"Pod","name":")" + name + R"("}})";
            return {200, R"({"subsets":[{"addresses":[)" + addresses.join(',') +
                             R"(],"ports":[{"name":"reload","port":8080},{"name":"web","port":19093}]}]})"};
        }
        const QByteArray inPod = "/api/v1/namespaces/shop/pods/http:";
        if (path.startsWith(inPod)) {
            const QByteArray name = path.sliced(inPod.size()).split(':').first();
            ++asked[name];
            if (!mayReachPods)
                return {403, statusObject(403, "pods is forbidden")};
            if (!pods.contains(name))
                return {404, statusObject(404, "pods \\\"" + name + "\\\" not found")};
            if (!path.startsWith(inPod + name + ":19093/proxy/am/api/v2/"))
                return {404, "404 page not found"};
            return {200, path.endsWith("/alerts") ? '[' + pods.value(name) + ']' : "[]"};
        }
        if (path.startsWith("/api/v1/namespaces/shop/services/http:am:9093/proxy/am/api/v2/")) {
            ++asked["service"];
            return {200, path.endsWith("/alerts") ? '[' + pods.first() + ']' : "[]"};
        }
        return {404, statusObject(404, "not found")};
    }
    QMap<QByteArray, QByteArray> pods; ///< their alerts
    QHash<QByteArray, int> asked;
    QSet<QByteArray> verbs;
    bool mayReadEndpoints = true, mayReachPods = true;
    TestServer server;
};

QByteArray alert(const QByteArray& fingerprint)
{
    return R"({"annotations":{},"endsAt":"2036-11-21T21:24:13Z","fingerprint":")" + fingerprint +
           R"(","receivers":[],"startsAt":"2026-11-21T21:19:13Z","status":{"inhibitedBy":[],"silencedBy":[],"state":"active"},"updatedAt":"2026-11-21T21:19:13Z","labels":{"alertname":")" +
           fingerprint + R"("}})";
}

} // namespace

/// An Alertmanager inside a cluster: each of its pods is asked, by the API server's proxy, and not now this one, now
/// that one behind the service.
class TestAlertPods : public QObject
{
    Q_OBJECT
private slots:
    void init();
    void eachPodIsAsked();
    void podsComeAndGo();
    void onePod();
    void notAllowed_data();
    void notAllowed();

private:
    SystemClock m_clock;
    std::unique_ptr<Cluster> m_cluster;
    std::unique_ptr<net::HttpTransport> m_api;
    std::unique_ptr<AlertSource> m_source;
    std::shared_ptr<void> m_watch;
};

void TestAlertPods::init()
{
    m_watch.reset();
    m_source.reset();
    m_cluster = std::make_unique<Cluster>();
    m_cluster->pods = {{"am-0", alert("f0")}, {"am-1", alert("f1")}};
    net::HttpOptions options;
    options.base = m_cluster->server.url();
    m_api = std::make_unique<net::HttpTransport>(options, m_clock);
    auto platform = std::make_shared<platform::Platform>();
    platform::Service service;
    service.name = u"alertmanager"_s;
    service.kind = platform::Service::Kind::Monitoring;
    service.host = u"am"_s;
    platform->services = {service};
    platform->monitoring.alertmanager.emplace();
    platform->monitoring.alertmanager->prefix = u"/am"_s;
    platform::Namespace space;
    space.name = u"shop"_s;
    platform->namespaces = {space};
    AlertSource::Places places;
    places.where.platform = platform;
    places.where.get = [this](const QByteArray& path, const QByteArray& query) {
        net::Request request;
        request.path = path;
        request.query = query;
        return net::send(*m_api, request, 1 << 20);
    };
    places.context = [this] {
        auto context = std::make_shared<platform::ResolvedContext>();
        context->server = m_cluster->server.url();
        return context;
    };
    m_source = std::make_unique<AlertSource>(places, m_clock, AlertSource::Options{50, 10'000, 200});
    m_watch = m_source->watch();
}

void TestAlertPods::eachPodIsAsked()
{
    QTRY_COMPARE_WITH_TIMEOUT(m_source->firing().size(), 2U, longest);
    QCOMPARE(m_source->name(), u"am-0 in shop, am-1 in shop"_s);
    QVERIFY2(m_source->reason().contains(u"its 2 pods are asked one by one"_s), qPrintable(m_source->reason()));
    QCOMPARE(m_cluster->asked.value("service"), 0);
    QCOMPARE(m_source->replicas().front().servicePath, "/api/v1/namespaces/shop/pods/http:am-0:19093/proxy/am");
    // Nothing is written to a cluster, not even a question.
    QCOMPARE(m_cluster->verbs, QSet<QByteArray>{"GET"});
}

void TestAlertPods::podsComeAndGo()
{
    QTRY_COMPARE_WITH_TIMEOUT(m_source->firing().size(), 2U, longest);
    m_cluster->pods.insert("am-2", alert("f2"));
    QTRY_COMPARE_WITH_TIMEOUT(m_source->firing().size(), 3U, longest);
    m_cluster->pods.remove("am-0");
    QTRY_COMPARE_WITH_TIMEOUT(m_source->replicas().size(), 2U, longest);
    QTRY_VERIFY_WITH_TIMEOUT(m_source->book().replicas().size() == 2 && m_source->book().remarks().isEmpty(), longest);
    QTRY_VERIFY_WITH_TIMEOUT(!m_source->book().find(u"f0"_s) || !m_source->book().find(u"f0"_s)->firing, longest);
    QVERIFY(m_source->book().find(u"f1"_s)->firing && m_source->book().find(u"f2"_s)->firing);
    // Nobody watches, nobody looks.
    m_watch.reset();
    m_source->askNow();
    m_cluster->pods.remove("am-2");
    m_watch = m_source->watch();
    QTRY_COMPARE_WITH_TIMEOUT(m_source->replicas().size(), 1U, longest);
    QCOMPARE(m_source->name(), u"am in shop"_s);
}

void TestAlertPods::onePod()
{
    m_cluster->pods.remove("am-1");
    QTRY_COMPARE_WITH_TIMEOUT(m_source->firing().size(), 1U, longest);
    QCOMPARE(m_source->name(), u"am in shop"_s);
    QCOMPARE(m_cluster->asked.value("am-0"), 0); // the right to reach pods is not needed for that
}

void TestAlertPods::notAllowed_data()
{
    QTest::addColumn<bool>("endpoints");
    QTest::addColumn<QString>("says");
    QTest::newRow("endpoints") << false << u"not allowed to get the endpoints of shop/am"_s;
    QTest::newRow("pods/proxy") << true << u"not allowed to reach the 2 pods of shop/am one by one (get pods/proxy)"_s;
}

/// Through the service, and why is told.
void TestAlertPods::notAllowed()
{
    QFETCH(bool, endpoints);
    QFETCH(QString, says);
    m_cluster->mayReadEndpoints = endpoints;
    m_cluster->mayReachPods = false;
    QTRY_COMPARE_WITH_TIMEOUT(m_source->firing().size(), 1U, longest);
    QCOMPARE(m_source->name(), u"am in shop"_s);
    QVERIFY2(m_source->reason().contains(says), qPrintable(m_source->reason()));
    QVERIFY(m_cluster->asked.value("service") > 0);
}

QTEST_GUILESS_MAIN(TestAlertPods)
#include "test_alert_pods.moc"
