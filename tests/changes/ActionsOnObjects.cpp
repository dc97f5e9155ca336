// SPDX-License-Identifier: GPL-3.0-or-later
// Everything else: configuration, traffic, nodes, pods, manifests, what is outside of a cluster, and the record.
#include "ActionsTest.h"

namespace wk::test {

void TestActions::configMapAndBack()
{
    const Target map = target({}, u"v1"_s, u"ConfigMap"_s, u"configmaps"_s, u"shop"_s, u"cfg"_s);
    const QJsonObject live = json(R"({"metadata":{"uid":"u","resourceVersion":"3"},"data":{"a":"1","b":"2"}})");
    const auto p = prepared(step(u"patchConfigMap"_s, map, R"({"data":{"a":"9","b":null,"c":"3"}})"), {live});
    const QJsonObject changed = after(live, p->calls.first());
    QCOMPARE(changed.value("data"_L1).toObject(), json(R"({"a":"9","c":"3"})"));
    const auto q = prepared(p->inverse.steps.first(), {changed});
    QCOMPARE(after(changed, q->calls.first()).value("data"_L1), live.value("data"_L1));
    QJsonObject fixed = live;
    fixed.insert(u"immutable"_s, true);
    QCOMPARE(prepared(step(u"patchConfigMap"_s, map, R"({"data":{"a":"9"}})"), {fixed}).error().kind,
             Error::Kind::Conflict);
}

void TestActions::serviceAndBack()
{
    const Target service = target({}, u"v1"_s, u"Service"_s, u"services"_s, u"shop"_s, u"web"_s);
    const QJsonObject live =
        json(R"({"metadata":{"uid":"u","resourceVersion":"3"},"spec":{"selector":{"app":"web","version":"blue"}}})");
    const auto p =
        prepared(step(u"switchVersion"_s, service, R"({"selector":{"version":"green","track":"x"}})"), {live});
    const QJsonObject changed = after(live, p->calls.first());
    QCOMPARE(valueAt(changed, u"/spec/selector").toObject(), json(R"({"app":"web","version":"green","track":"x"})"));
    QCOMPARE(after(changed, prepared(p->inverse.steps.first(), {changed})->calls.first()).value("spec"_L1),
             live.value("spec"_L1));
}

void TestActions::ingressAndBack()
{
    const Target ingress = target(u"networking.k8s.io"_s, u"v1"_s, u"Ingress"_s, u"ingresses"_s, u"shop"_s, u"web"_s);
    const QJsonObject live = json(R"({"metadata":{"uid":"u","resourceVersion":"3"},"spec":{"rules":[
        {"host":"a","http":{"paths":[{"path":"/","backend":{"service":{"name":"blue","port":{"number":80}}}}]}},
        {"host":"b","http":{"paths":[{"path":"/","backend":{"service":{"name":"blue","port":{"number":80}}}}]}}]}})");
    const auto p =
        prepared(step(u"switchVersion"_s, ingress, R"({"from":"blue","to":"green","host":"a","port":81})"), {live});
    QVERIFY2(p, qPrintable(p ? QString() : p.error().sentence));
    const QJsonObject changed = after(live, p->calls.first());
    QCOMPARE(valueAt(changed, u"/spec/rules/0/http/paths/0/backend/service").toObject(),
             json(R"({"name":"green","port":{"number":81}})"));
    QCOMPARE(valueAt(changed, u"/spec/rules/1/http/paths/0/backend/service/name").toString(), u"blue"_s);
    QCOMPARE(after(changed, prepared(p->inverse.steps.first(), {changed})->calls.first()).value("spec"_L1),
             live.value("spec"_L1));
    QCOMPARE(prepared(step(u"switchVersion"_s, ingress, R"({"from":"red","to":"pink"})"), {live}).error().kind,
             Error::Kind::NotFound);
    const auto weight = prepared(step(u"switchVersion"_s, ingress, R"({"canaryWeight":10})"), {live});
    const QJsonObject weighted = after(live, weight->calls.first());
    QCOMPARE(valueAt(weighted, u"/metadata/annotations/nginx.ingress.kubernetes.io~1canary-weight").toString(),
             u"10"_s);
    const auto light = prepared(weight->inverse.steps.first(), {weighted});
    QVERIFY(valueAt(after(weighted, light->calls.first()), u"/metadata/annotations").toObject().isEmpty());
}

void TestActions::nodes()
{
    const QJsonObject open = json(R"({"metadata":{"uid":"u","resourceVersion":"3"},"spec":{}})");
    const auto p = prepared(step(u"cordon"_s, node()), {open});
    const QJsonObject closed = after(open, p->calls.first());
    QVERIFY(valueAt(closed, u"/spec/unschedulable").toBool());
    QCOMPARE(p->inverse.steps.first().name, u"uncordon"_s);
    QCOMPARE(after(closed, prepared(p->inverse.steps.first(), {closed})->calls.first()).value("spec"_L1),
             open.value("spec"_L1));
    QVERIFY(prepared(step(u"cordon"_s, node()), {closed})->calls.isEmpty());
}

void TestActions::drain()
{
    const QJsonObject live = json(R"({"metadata":{"uid":"u","resourceVersion":"3"},"spec":{}})");
    const auto pods = [](const QByteArray& extra) {
        return json(R"({"kind":"PodList","apiVersion":"v1","items":[
          {"metadata":{"name":"a","namespace":"shop","uid":"p-a","ownerReferences":[{"controller":true,"kind":"ReplicaSet"}]},"spec":{}},
          {"metadata":{"name":"d","namespace":"sys","uid":"p-d","ownerReferences":[{"controller":true,"kind":"DaemonSet"}]},"spec":{}},
          {"metadata":{"name":"m","namespace":"sys","uid":"p-m","annotations":{"kubernetes.io/config.mirror":"x"}},"spec":{}},
          {"metadata":{"name":"t","namespace":"shop","uid":"p-t","deletionTimestamp":"2026-01-01T00:00:00Z"},"spec":{}})" +
                    extra + "]}");
    };
    const QJsonObject old = json(R"({"resources":[{"name":"pods/eviction","group":"policy","version":"v1beta1"}]})");
    const QJsonObject recent = json(R"({"resources":[{"name":"pods/eviction","group":"policy","version":"v1"}]})");
    const auto p = prepared(step(u"drain"_s, node()), {live, pods({}), old});
    QVERIFY2(p, qPrintable(p ? QString() : p.error().sentence));
    QCOMPARE(p->calls.size(), 2);
    QCOMPARE(p->calls.at(1).path, QByteArray("/api/v1/namespaces/shop/pods/a/eviction"));
    QCOMPARE(p->calls.at(1).body.value("apiVersion"_L1).toString(), u"policy/v1beta1"_s);
    QCOMPARE(valueAt(p->calls.at(1).body, u"/deleteOptions/preconditions/uid").toString(), u"p-a"_s);
    QCOMPARE(p->vanishing.size(), 2);
    QCOMPARE(p->inverse.steps.first().name, u"uncordon"_s);
    QCOMPARE(prepared(step(u"drain"_s, node()), {live, pods({}), recent})
                 ->calls.at(1)
                 .body.value("apiVersion"_L1)
                 .toString(),
             u"policy/v1"_s);
    const QByteArray local =
        R"(,{"metadata":{"name":"e","namespace":"shop","uid":"p-e","ownerReferences":[{"controller":true,"kind":"ReplicaSet"}]},"spec":{"volumes":[{"emptyDir":{}}]}})";
    const auto refused = prepared(step(u"drain"_s, node()), {live, pods(local), old});
    QVERIFY(refused.error().sentence.contains(u"shop/e"_s));
    QCOMPARE(prepared(step(u"drain"_s, node(), R"({"emptyDir":true})"), {live, pods(local), old})->calls.size(), 3);
    const QByteArray bare = R"(,{"metadata":{"name":"b","namespace":"shop","uid":"p-b"},"spec":{}})";
    QVERIFY(prepared(step(u"drain"_s, node()), {live, pods(bare), old}).error().sentence.contains(u"shop/b"_s));
}

void TestActions::deletePods()
{
    const Target pods = target({}, u"v1"_s, u"Pod"_s, u"pods"_s, u"shop"_s, {});
    const Step s = step(u"deletePods"_s, pods, R"({"selector":"tier in (web),app=api"})");
    QCOMPARE(actionKind(s.name)->reads(s, {}).first().query,
             QByteArray("limit=501&labelSelector=tier%20in%20%28web%29%2Capp%3Dapi"));
    const QJsonObject list = json(R"({"kind":"PodList","apiVersion":"v1","items":[
        {"metadata":{"name":"a","namespace":"shop","uid":"p-a","ownerReferences":[{"controller":true}]}}]})");
    const auto p = prepared(s, {list});
    QCOMPARE(p->calls.first().verb(), QByteArray("DELETE"));
    QCOMPARE(valueAt(p->calls.first().body, u"/preconditions/uid").toString(), u"p-a"_s);
    QVERIFY(json(p->calls.first().bodyFor(true)).value("dryRun"_L1).isArray());
    QVERIFY(p->calls.first().queryFor(true).isEmpty());
    const QJsonObject bare = json(R"({"kind":"PodList","apiVersion":"v1","items":[
        {"metadata":{"name":"a","namespace":"shop","uid":"p-a"}}]})");
    QCOMPARE(prepared(s, {bare}).error().kind, Error::Kind::Conflict);
}

void TestActions::objects()
{
    const Target map = target({}, u"v1"_s, u"ConfigMap"_s, u"configmaps"_s, u"shop"_s, u"cfg"_s);
    const QByteArray manifest =
        R"({"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"cfg","namespace":"shop"},"data":{"a":"1"}})";
    const Step create = step(u"createObject"_s, map, R"({"manifest":)" + manifest + "}");
    QCOMPARE(prepared(create, {QJsonObject()})->calls.first().path, QByteArray("/api/v1/namespaces/shop/configmaps"));
    QCOMPARE(prepared(create, {QJsonObject()})->inverse.steps.first().name, u"deleteObject"_s);
    const QJsonObject live = json(
        R"({"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"cfg","namespace":"shop","uid":"u","resourceVersion":"3","managedFields":[{}],"creationTimestamp":"x"},"data":{"a":"0"}})");
    QCOMPARE(prepared(create, {live}).error().kind, Error::Kind::Conflict);
    const auto apply = prepared(step(u"applyObject"_s, map, R"({"manifest":)" + manifest + "}"), {live});
    QCOMPARE(apply->calls.first().contentType(), QByteArray("application/apply-patch+yaml"));
    QCOMPARE(apply->calls.first().queryFor(false), QByteArray("force=false&fieldManager=watchkeeper"));
    QCOMPARE(valueAt(apply->calls.first().body, u"/metadata/resourceVersion").toString(), u"3"_s);
    const Step back = apply->inverse.steps.first();
    QVERIFY(back.parameters.value("replace"_L1).toBool());
    QCOMPARE(prepared(back, {live})->calls.first().verb(), QByteArray("PUT"));
    const auto removed = prepared(step(u"deleteObject"_s, map), {live});
    QCOMPARE(
        removed->inverse.steps.first().parameters.value("manifest"_L1).toObject(),
        json(
            R"({"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"cfg","namespace":"shop"},"data":{"a":"0"}})"));
    Mistakes mistakes;
    const Target secret = target({}, u"v1"_s, u"Secret"_s, u"secrets"_s, u"shop"_s, u"s"_s);
    (void)Step::fromJson(
        step(
            u"createObject"_s, secret,
            R"({"manifest":{"apiVersion":"v1","kind":"Secret","metadata":{"name":"s","namespace":"shop"},"stringData":{"p":"x"}}})")
            .toJson(),
        mistakes);
    QVERIFY(mistakes.error().sentence.contains(u"secret"_s));
    Mistakes other;
    (void)Step::fromJson(step(u"createObject"_s, secret, R"({"manifest":)" + manifest + "}").toJson(), other);
    QVERIFY(other.error().sentence.contains(u"not the target"_s));
}

void TestActions::outside()
{
    const Target database{u"production"_s, {}, {}, u"Database"_s, {}, {}, u"streamgate"_s};
    const auto p = prepared(step(u"runSql"_s, database, R"({"statement":"A","undo":"B"})"), {});
    QVERIFY(p->calls.isEmpty());
    QCOMPARE(p->inverse.steps.first().parameters, json(R"({"statement":"B"})"));
    QVERIFY(prepared(step(u"runSql"_s, database, R"({"statement":"A"})"), {})->inverse.steps.isEmpty());
    const Target command{{}, {}, {}, u"Command"_s, {}, {}, u"pg_dump"_s};
    QCOMPARE(step(u"runCommand"_s, command, R"({"arguments":["-f","a b"]})").words(),
             u"Run on this machine: pg_dump -f \"a b\""_s);
    QVERIFY(actionKind(u"runCommand")->permissions(step(u"runCommand"_s, command)).isEmpty());
}

void TestActions::preconditions()
{
    const Step s = step(u"scale"_s, deployment(), R"({"replicas":5})");
    const Precondition p = actionKind(s.name)->precondition(s, liveDeployment(), {});
    QVERIFY(p.drift(liveDeployment(), u"x"_s).isEmpty());
    const QJsonObject statusOnly =
        mergePatched(liveDeployment(), json(R"({"metadata":{"resourceVersion":"71"},"status":{"readyReplicas":1}})"))
            .toObject();
    QVERIFY(p.drift(statusOnly, u"x"_s).isEmpty());
    const QJsonObject edited =
        mergePatched(liveDeployment(),
                     json(R"({"metadata":{"resourceVersion":"71","generation":5},"spec":{"paused":true}})"))
            .toObject();
    QVERIFY(!p.drift(edited, u"x"_s).isEmpty());
    QVERIFY(actionKind(s.name)
                ->precondition(s, liveDeployment(), {.follows = true, .autoscaled = false})
                .drift(edited, u"x"_s)
                .isEmpty());
}

void TestActions::callsSurviveTheRecord()
{
    const auto p = prepared(step(u"setImage"_s, deployment(), R"({"images":{"c":"shop/api:3"}})"), {liveDeployment()});
    const Before before{p->inverse, p->calls, {{"/api/v1/x", u"u"_s}}, u"u-d"_s, u"70"_s};
    const Before read = Before::fromJson(QJsonDocument::fromJson(QJsonDocument(before.toJson()).toJson()).object());
    QCOMPARE(read.inverse.steps, before.inverse.steps);
    QCOMPARE(read.calls.first().body, before.calls.first().body);
    QCOMPARE(read.calls.first().form, before.calls.first().form);
    QCOMPARE(read.vanishing, before.vanishing);
    QCOMPARE(read.uid, before.uid);
}

} // namespace wk::test
