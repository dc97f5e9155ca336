// SPDX-License-Identifier: GPL-3.0-or-later
#include "ScriptedTransport.h"
#include "cluster/Decoder.h"
#include "cluster/connection/Discovery.h"
#include "cluster/connection/Heartbeat.h"
#include "cluster/objects/ObjectRedaction.h"
#include "cluster/tallies/Usage.h"

#include <QtTest/QTest>

using namespace Qt::StringLiterals;
using namespace wk;
using namespace wk::cluster;
using namespace wk::test;

namespace {

QByteArray resource(const char* name, const char* kind, bool namespaced = true, const char* more = "")
{
    return QByteArray("{\"name\":\"") + name +
           "\",\"singularName\":\"\",\"namespaced\":" + (namespaced ? "true" : "false") + ",\"kind\":\"" + kind +
           "\",\"verbs\":[\"get\",\"list\",\"watch\"]" + more + "}";
}

QByteArray resources(const QByteArrayList& list)
{
    return "{\"kind\":\"APIResourceList\",\"resources\":[" + list.join(',') + "]}";
}

const ResourceKind* byId(const QList<ResourceKind>& kinds, const QString& id)
{
    const auto it = std::ranges::find_if(kinds, [&](const ResourceKind& k) { return k.id() == id; });
    return it == kinds.end() ? nullptr : &*it;
}

constexpr auto aggregated = R"({"kind":"APIGroupDiscoveryList","items":[
  {"metadata":{"name":"apps"},"versions":[
    {"version":"v1","freshness":"Current","resources":[
      {"resource":"deployments","responseKind":{"group":"apps","version":"v1","kind":"Deployment"},"scope":"Namespaced",
       "singularResource":"deployment","verbs":["get","list","watch"],"shortNames":["deploy"],"categories":["all"],
       "subresources":[{"subresource":"scale","verbs":["get"]}]}]}]},
  {"metadata":{"name":"broken.example"},"versions":[{"version":"v1","freshness":"Stale"}]}]})";

} // namespace

class DiscoveryTest : public QObject
{
    Q_OBJECT
private slots:
    void olderServersAreAskedGroupByGroup();
    void newerServersAnswerAtOnce();
    void failureIsAnError();
    void aSecondRunForgetsTheFirst();
    void garbageIsRefused();
    void kindsAreFoundAsPeopleTypeThem_data();
    void kindsAreFoundAsPeopleTypeThem();
    void serverVersion();
    void usage();
    void secretsLoseTheirValues();
};

void DiscoveryTest::olderServersAreAskedGroupByGroup()
{
    ScriptedTransport server;
    Discovery discovery(server);
    std::optional<Result<std::vector<ApiGroup>>> result;
    discovery.run([&](auto r) { result = std::move(r); });
    QVERIFY(server.calls[0]->request.headers.first().second.startsWith("application/json;g=apidiscovery.k8s.io;v=v2;"));
    server.takePath("/api")->answer(200, "application/json", R"({"kind":"APIVersions","versions":["v1"]})");
    server.takePath("/apis")->answer(200, "application/json", R"({"kind":"APIGroupList","groups":[
      {"name":"autoscaling","versions":[{"version":"v1"},{"version":"v2beta1"},{"version":"v2beta2"}],"preferredVersion":{"version":"v1"}},
      {"name":"metrics.k8s.io","versions":[{"version":"v1beta1"}],"preferredVersion":{"version":"v1beta1"}},
      {"name":"example.io","versions":[{"version":"v2"},{"version":"v1"}],"preferredVersion":{"version":"v1"}}]})");
    // All side by side; one of them fails, which is nobody else's trouble.
    const auto hpa = resource("horizontalpodautoscalers", "HorizontalPodAutoscaler", true, ",\"shortNames\":[\"hpa\"]");
    const auto core = server.takePath("/api/v1");
    const auto metrics = server.takePath("/apis/metrics.k8s.io/v1beta1");
    QVERIFY(core && metrics);
    metrics->refuse(503, "ServiceUnavailable");
    core->answer(200, "application/json",
                 resources({resource("pods", "Pod", true, ",\"shortNames\":[\"po\"]"), resource("pods/log", "Pod"),
                            resource("bindings", "Binding").replace("[\"get\",\"list\",\"watch\"]", "[\"create\"]")}));
    for (const char* version : {"v1", "v2beta1", "v2beta2"})
        server.takePath(QByteArray("/apis/autoscaling/") + version)->answer(200, "application/json", resources({hpa}));
    server.takePath("/apis/example.io/v1")->answer(200, "application/json", resources({resource("widgets", "Widget")}));
    QVERIFY(!result);
    server.takePath("/apis/example.io/v2")
        ->answer(200, "application/json",
                 resources({resource("widgets", "Widget"), resource("gadgets", "Gadget", false)}));
    QVERIFY(result && result->has_value());

    const QList<ResourceKind> kinds = chooseKinds(**result);
    QCOMPARE(kinds.size(), 4); // no subresource, nothing that cannot be listed
    QCOMPARE(kinds.first().id(), u"pods"_s);
    QCOMPARE(kinds.first().singular, u"pod"_s);
    QCOMPARE(byId(kinds, u"horizontalpodautoscalers.autoscaling"_s)->version, u"v2beta2"_s); // not the preferred v1
    QCOMPARE(byId(kinds, u"widgets.example.io"_s)->version, u"v1"_s);                        // the preferred one
    QCOMPARE(byId(kinds, u"gadgets.example.io"_s)->version, u"v2"_s);                        // only there
    QVERIFY(!byId(kinds, u"gadgets.example.io"_s)->namespaced);
}

void DiscoveryTest::newerServersAnswerAtOnce()
{
    ScriptedTransport server;
    Discovery discovery(server);
    std::optional<Result<std::vector<ApiGroup>>> result;
    discovery.run([&](auto r) { result = std::move(r); });
    const QByteArray type = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";
    server.takePath("/apis")->answer(200, type, aggregated);
    server.takePath("/api")->answer(200, type,
                                    R"({"kind":"APIGroupDiscoveryList","items":[{"metadata":{"name":""},"versions":[
        {"version":"v1","resources":[{"resource":"nodes","responseKind":{"kind":"Node"},"scope":"Cluster","singularResource":"node",
         "verbs":["list"]}]}]}]})");
    QVERIFY(result && result->has_value());
    QCOMPARE(server.calls.size(), 2u);
    const QList<ResourceKind> kinds = chooseKinds(**result);
    QCOMPARE(kinds.size(), 2);
    const ResourceKind* deployments = byId(kinds, u"deployments.apps"_s);
    QVERIFY(deployments);
    QCOMPARE(deployments->apiVersion(), u"apps/v1"_s);
    QCOMPARE(deployments->shortNames, QStringList{u"deploy"_s});
    QVERIFY(deployments->namespaced && !byId(kinds, u"nodes"_s)->namespaced);
}

void DiscoveryTest::failureIsAnError()
{
    ScriptedTransport server;
    Discovery discovery(server);
    std::optional<Result<std::vector<ApiGroup>>> result;
    discovery.run([&](auto r) { result = std::move(r); });
    server.takePath("/api")->cut(u"refused"_s);
    server.takePath("/apis")->refuse(403, "Forbidden");
    QVERIFY(result && !result->has_value());
    QCOMPARE(result->error().sentence, u"refused"_s);
}

void DiscoveryTest::aSecondRunForgetsTheFirst()
{
    ScriptedTransport server;
    Discovery discovery(server);
    int answers = 0;
    discovery.run([&](auto) { answers += 100; });
    discovery.run([&](auto) { ++answers; });
    for (const auto& call : server.calls)
        call->cut();
    QCOMPARE(answers, 1);
}

void DiscoveryTest::garbageIsRefused()
{
    for (const QByteArray& body : {QByteArray("{"), QByteArray("[]"), QByteArray("{\"items\":3}"), QByteArray()}) {
        QVERIFY(!parseAggregatedDiscovery(body));
        QVERIFY(!parseGroupList(body));
        QVERIFY(!parseCoreVersions(body));
        QVERIFY(!parseResourceList(body, {}, u"v1"_s));
        QVERIFY(!parseUsage(body));
        QVERIFY(!redactObject(body, {}) || body.startsWith('{'));
    }
    QVERIFY(parseAggregatedDiscovery(R"({"items":[{"versions":[{"resources":[3]}]},7]})"));
}

void DiscoveryTest::kindsAreFoundAsPeopleTypeThem_data()
{
    QTest::addColumn<QString>("word");
    QTest::addColumn<QString>("id");
    QTest::newRow("plural") << u"pods"_s << u"pods"_s;
    QTest::newRow("singular") << u"pod"_s << u"pods"_s;
    QTest::newRow("short") << u"po"_s << u"pods"_s;
    QTest::newRow("kind") << u"Deployment"_s << u"deployments.apps"_s;
    QTest::newRow("group") << u"deployments.apps"_s << u"deployments.apps"_s;
    QTest::newRow("version and group") << u"deployments.v1.apps"_s << u"deployments.apps"_s;
    QTest::newRow("earlier wins") << u"events"_s << u"events"_s;
    QTest::newRow("later by group") << u"events.events.k8s.io"_s << u"events.events.k8s.io"_s;
    QTest::newRow("none") << u"podz"_s << QString();
}

void DiscoveryTest::kindsAreFoundAsPeopleTypeThem()
{
    QFETCH(QString, word);
    QFETCH(QString, id);
    const auto make = [](const QString& group, const QString& resource, const QString& kind, const QString& shortName) {
        ResourceKind k;
        k.group = group;
        k.version = u"v1"_s;
        k.resource = resource;
        k.kind = kind;
        k.singular = kind.toLower();
        k.shortNames = {shortName};
        return k;
    };
    const QList<ResourceKind> kinds{make({}, u"pods"_s, u"Pod"_s, u"po"_s), make({}, u"events"_s, u"Event"_s, u"ev"_s),
                                    make(u"apps"_s, u"deployments"_s, u"Deployment"_s, u"deploy"_s),
                                    make(u"events.k8s.io"_s, u"events"_s, u"Event"_s, u"ev"_s)};
    const auto found = findKind(kinds, word);
    QCOMPARE(found.has_value(), !id.isEmpty());
    if (found)
        QCOMPARE(found->id(), id);
    else
        QVERIFY2(found.error().text().contains(u"pods"_s), qPrintable(found.error().text()));
}

void DiscoveryTest::serverVersion()
{
    QCOMPARE(parseServerVersion(R"({"major":"1","minor":"20","gitVersion":"v1.20.2"})").minor, 20);
    QCOMPARE(parseServerVersion(R"({"major":"1","minor":"27+","gitVersion":"v1.27.3-eks-1"})").minor, 27);
    QCOMPARE(parseServerVersion("nonsense").minor, 0);
}

void DiscoveryTest::usage()
{
    const auto pods =
        parseUsage(R"({"kind":"PodMetricsList","items":[{"metadata":{"name":"a","namespace":"x"},"containers":[
        {"name":"c","usage":{"cpu":"1500u","memory":"1Ki"}},{"name":"d","usage":{"cpu":"250m","memory":"1Mi"}}]}]})");
    QVERIFY(pods);
    QCOMPARE(pods->values.at(u"x/a"_s).milliCpu, 252); // each container rounded up, as kubectl top does
    QCOMPARE(pods->values.at(u"x/a"_s).bytes, 1024 + 1024 * 1024);
    const auto nodes = parseUsage(R"({"items":[{"metadata":{"name":"n"},"usage":{"cpu":"2","memory":"3Gi"}}]})");
    QVERIFY(nodes);
    QCOMPARE(nodes->values.at(u"n"_s).milliCpu, 2000);
}

void DiscoveryTest::secretsLoseTheirValues()
{
    const QByteArray secret = R"({"kind":"Secret","metadata":{"name":"s","managedFields":[{"a":1}],"annotations":{
        "kubectl.kubernetes.io/last-applied-configuration":"{\"data\":{\"password\":\"aHVudGVyMg==\"}}"}},
        "data":{"password":"aHVudGVyMg=="},"stringData":{"other":"abc"},"type":"Opaque"})";
    const auto hidden = redactObject(secret, {});
    QVERIFY(hidden);
    QVERIFY(!hidden->contains("aHVudGVyMg") && !hidden->contains("managedFields") && !hidden->contains("abc"));
    QVERIFY(hidden->contains(R"("password":"7 bytes")") && hidden->contains("Opaque"));
    const auto shown = redactObject(secret, {.hideSecretData = false});
    QVERIFY(shown && shown->contains(R"("password":"aHVudGVyMg==")") && !shown->contains("managedFields"));
}

QTEST_GUILESS_MAIN(DiscoveryTest)
#include "test_discovery.moc"
