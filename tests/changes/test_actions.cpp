// SPDX-License-Identifier: GPL-3.0-or-later
// Workloads: replicas, restarts, pod templates, revisions, autoscalers.
#include "ActionsTest.h"

namespace wk::test {

void TestActions::everyKindIsThere()
{
    QStringList names;
    for (const ActionKind* kind : actionKinds()) {
        names << kind->name();
        QVERIFY(!kind->title().isEmpty());
    }
    const QStringList contract{
        u"scale"_s,         u"restart"_s,      u"pause"_s,        u"resume"_s,        u"undo"_s,
        u"setImage"_s,      u"setEnv"_s,       u"setResources"_s, u"setAutoscaler"_s, u"removeAutoscaler"_s,
        u"deletePods"_s,    u"cordon"_s,       u"uncordon"_s,     u"drain"_s,         u"patchConfigMap"_s,
        u"switchVersion"_s, u"createObject"_s, u"applyObject"_s,  u"deleteObject"_s,  u"runSql"_s,
        u"runCommand"_s,    u"silence"_s,      u"expireSilence"_s};
    for (const QString& name : contract)
        QVERIFY2(names.contains(name), qPrintable(name));
    QCOMPARE(names.size(), contract.size());
    QVERIFY(!actionKind(u"fly"));
}

void TestActions::scale()
{
    const Step s = step(u"scale"_s, deployment(), R"({"replicas":5})");
    const auto p = prepared(s, {liveDeployment()});
    QVERIFY(p);
    QCOMPARE(p->calls.size(), 1);
    const Call& call = p->calls.first();
    QCOMPARE(call.verb(), QByteArray("PATCH"));
    QCOMPARE(call.path, QByteArray("/apis/apps/v1/namespaces/shop/deployments/api/scale"));
    QCOMPARE(call.objectPath(), QByteArray("/apis/apps/v1/namespaces/shop/deployments/api"));
    QCOMPARE(call.queryFor(true), QByteArray("fieldManager=watchkeeper&dryRun=All"));
    QCOMPARE(call.body, json(R"({"metadata":{"uid":"u-d","resourceVersion":"70"},"spec":{"replicas":5}})"));
    QCOMPARE(call.words, u"Scale deployment api in shop from 2 to 5 replicas"_s);
    QCOMPARE(p->inverse.steps.size(), 1);
    QCOMPARE(p->inverse.steps.first().parameters, json(R"({"replicas":2})"));
    QCOMPARE(p->inverse.steps.first().precondition.uid, u"u-d"_s);
    QVERIFY(prepared(step(u"scale"_s, deployment(), R"({"replicas":2})"), {liveDeployment()})->calls.isEmpty());
    QCOMPARE(risk(step(u"scale"_s, deployment(), R"({"replicas":0})"), platform::ClusterClass::Production), Risk::High);
    const auto permissions = actionKind(u"scale")->permissions(s);
    QCOMPARE(permissions.size(), 1);
    QCOMPARE(permissions.first().words(), u"patch deployments.apps/scale in shop"_s);
}

void TestActions::restartWritesTheTime()
{
    const auto p = prepared(step(u"restart"_s, deployment()), {liveDeployment()});
    QCOMPARE(valueAt(p->calls.first().body, u"/spec/template/metadata/annotations/kubectl.kubernetes.io~1restartedAt")
                 .toString(),
             u"2026-09-21T14:13:20Z"_s);
    QVERIFY(p->inverse.steps.isEmpty() && !p->inverse.reason.isEmpty());
}

void TestActions::pausedRefuses()
{
    const QJsonObject live = mergePatched(liveDeployment(), json(R"({"spec":{"paused":true}})")).toObject();
    QCOMPARE(prepared(step(u"restart"_s, deployment()), {live}).error().kind, Error::Kind::Conflict);
    QCOMPARE(prepared(step(u"undo"_s, deployment()), {live, {}}).error().kind, Error::Kind::Conflict);
    QVERIFY(prepared(step(u"pause"_s, deployment()), {live})->calls.isEmpty());
    const auto resume = prepared(step(u"resume"_s, deployment()), {live});
    QVERIFY(!valueAt(after(live, resume->calls.first()), u"/spec").toObject().contains(u"paused"_s));
    QCOMPARE(resume->inverse.steps.first().name, u"pause"_s);
}

void TestActions::podTemplateAndBack_data()
{
    QTest::addColumn<QString>("action");
    QTest::addColumn<QByteArray>("parameters");
    QTest::addColumn<QByteArray>("containers"); ///< what must be there afterwards
    const auto row = [](const char* name, const QString& action, const char* parameters, const char* containers) {
        QTest::newRow(name) << action << QByteArray(parameters) << QByteArray(containers);
    };
    row("image", u"setImage"_s, R"({"images":{"c":"shop/api:3"}})",
        R"([{"image":"shop/api:3"},{"image":"shop/side:1"}])");
    row("two images", u"setImage"_s, R"({"images":{"c":"x:1","side":"y:2"}})", R"([{"image":"x:1"},{"image":"y:2"}])");
    row("variable", u"setEnv"_s, R"({"container":"c","set":{"A":"2","D":"4"}})",
        R"([{"env":[{"name":"A","value":"2"},{"name":"B"},{"name":"C"},{"name":"D","value":"4"}]},{}])");
    row("reference", u"setEnv"_s, R"({"container":"side","set":{"S":{"secretKeyRef":{"name":"s","key":"k"}}}})",
        R"([{},{"env":[{"name":"S","valueFrom":{"secretKeyRef":{"name":"s"}}}]}])");
    row("removed from the middle", u"setEnv"_s, R"({"container":"c","remove":["B"]})",
        R"([{"env":[{"name":"A"},{"name":"C"}]},{}])");
    row("all removed", u"setEnv"_s, R"({"container":"c","remove":["A","B","C"]})", R"([{"env":null},{}])");
    row("resources", u"setResources"_s,
        R"({"container":"c","requests":{"cpu":"200m","memory":"1Gi"},"limits":{"memory":"2Gi"}})",
        R"([{"resources":{"requests":{"cpu":"200m","memory":"1Gi"},"limits":{"memory":"2Gi"}}},{}])");
    row("no request", u"setResources"_s, R"({"container":"c","requests":{"cpu":null}})",
        R"([{"resources":{"requests":null}},{}])");
}

void TestActions::podTemplateAndBack()
{
    QFETCH(QString, action);
    QFETCH(QByteArray, parameters);
    QFETCH(QByteArray, containers);
    const QJsonObject live = liveDeployment();
    const Step s = step(action, deployment(), parameters);
    Mistakes mistakes;
    (void)Step::fromJson(s.toJson(), mistakes);
    QVERIFY2(mistakes.isEmpty(), qPrintable(mistakes.error().detail));
    const auto p = prepared(s, {live});
    QVERIFY2(p, qPrintable(p ? QString() : p.error().sentence));
    const QJsonObject changed = after(live, p->calls.first());
    QVERIFY2(covers(valueAt(changed, u"/spec/template/spec/containers"), QJsonDocument::fromJson(containers).array()),
             QJsonDocument(changed).toJson().constData());
    QVERIFY(prepared(s, {changed})->calls.isEmpty()); // a second time there is nothing to do
    QCOMPARE(p->inverse.steps.size(), 1);
    const Step back = p->inverse.steps.first();
    (void)Step::fromJson(back.toJson(), mistakes);
    QVERIFY2(mistakes.isEmpty(), qPrintable(mistakes.error().detail));
    const auto q = prepared(back, {changed});
    QVERIFY(q);
    QCOMPARE(valueAt(after(changed, q->calls.first()), u"/spec"), live.value("spec"_L1));
}

void TestActions::missingContainer()
{
    const auto p = prepared(step(u"setImage"_s, deployment(), R"({"images":{"nope":"x"}})"), {liveDeployment()});
    QCOMPARE(p.error().kind, Error::Kind::NotFound);
    QVERIFY(p.error().sentence.contains(u"c, side"_s));
}

void TestActions::passwordsAreNotRecorded()
{
    QJsonObject live = liveDeployment();
    QByteArray text = QJsonDocument(live).toJson();
    text.replace("\"name\": \"A\"", "\"name\": \"DB_PASSWORD\"");
    const auto p =
        prepared(step(u"setEnv"_s, deployment(), R"({"container":"c","remove":["DB_PASSWORD"]})"), {json(text)});
    QVERIFY(p->inverse.steps.isEmpty());
    QVERIFY(!p->inverse.reason.isEmpty());
}

void TestActions::undoOfADeployment()
{
    const QJsonObject live = liveDeployment();
    const auto set = [&](const QByteArray& revision, const QByteArray& owner, const QString& image) {
        QJsonObject podTemplate = valueAt(live, u"/spec/template").toObject();
        QJsonObject spec = podTemplate.value("spec"_L1).toObject();
        QJsonArray containers = spec.value("containers"_L1).toArray();
        QJsonObject first = containers.first().toObject();
        first.insert(u"image"_s, image);
        containers.replace(0, first);
        spec.insert(u"containers"_s, containers);
        podTemplate.insert(u"spec"_s, spec);
        podTemplate.insert(u"metadata"_s, json(R"({"labels":{"app":"api","pod-template-hash":"h"}})"));
        QJsonObject out = json(R"({"metadata":{"annotations":{"deployment.kubernetes.io/revision":")" + revision +
                               R"(","kubernetes.io/change-cause":"r)" + revision +
                               R"("},"ownerReferences":[{"controller":true,"uid":")" + owner + R"("}]}})");
        out.insert(u"spec"_s, QJsonObject{{u"template"_s, podTemplate}});
        return out;
    };
    const QJsonObject list{{u"kind"_s, u"ReplicaSetList"_s},
                           {u"apiVersion"_s, u"apps/v1"_s},
                           {u"items"_s, QJsonArray{set("1", "u-d", u"shop/api:1"_s), set("2", "u-d", u"shop/api:2"_s),
                                                   set("9", "other", u"evil:1"_s)}}};
    const ActionKind* kind = actionKind(u"undo");
    const Step s = step(u"undo"_s, deployment());
    QCOMPARE(kind->reads(s, {live}).first().query, QByteArray("labelSelector=app%3Dapi"));
    const auto p = prepared(s, {live, list});
    QVERIFY2(p, qPrintable(p ? QString() : p.error().sentence));
    const QJsonObject changed = after(live, p->calls.first());
    QCOMPARE(valueAt(changed, u"/spec/template/spec/containers/0/image").toString(), u"shop/api:1"_s);
    QCOMPARE(valueAt(changed, u"/spec/template/metadata/labels").toObject(), json(R"({"app":"api"})"));
    QCOMPARE(valueAt(changed, u"/metadata/annotations/deployment.kubernetes.io~1revision").toString(), u"2"_s);
    QCOMPARE(p->inverse.steps.first().parameters.value("toRevision"_L1).toInteger(), 2);
    QCOMPARE(prepared(step(u"undo"_s, deployment(), R"({"toRevision":7})"), {live, list}).error().kind,
             Error::Kind::NotFound);
    QVERIFY(prepared(step(u"undo"_s, deployment(), R"({"toRevision":2})"), {live, list})->calls.isEmpty());
}

void TestActions::undoOfAStatefulSet()
{
    const Target set = target(u"apps"_s, u"v1"_s, u"StatefulSet"_s, u"statefulsets"_s, u"shop"_s, u"db"_s);
    const QJsonObject live =
        json(R"({"metadata":{"uid":"u-s","resourceVersion":"1"},"spec":{"selector":{"matchLabels":{"a":"b"}},
        "template":{"spec":{"containers":[{"name":"c","image":"db:2"}]}}}})");
    const QJsonObject list = json(R"({"kind":"ControllerRevisionList","apiVersion":"apps/v1","items":[
        {"revision":1,"metadata":{"ownerReferences":[{"controller":true,"uid":"u-s"}]},"data":{"spec":{"template":{"$patch":"replace","spec":{"containers":[{"name":"c","image":"db:1"}]}}}}},
        {"revision":2,"metadata":{"ownerReferences":[{"controller":true,"uid":"u-s"}]},"data":{"spec":{"template":{"$patch":"replace","spec":{"containers":[{"name":"c","image":"db:2"}]}}}}}]})");
    const auto p = prepared(step(u"undo"_s, set), {live, list});
    QVERIFY(p);
    QCOMPARE(valueAt(after(live, p->calls.first()), u"/spec/template/spec/containers/0/image").toString(), u"db:1"_s);
    QVERIFY(!QJsonDocument(p->calls.first().body).toJson().contains("$patch"));
    QCOMPARE(p->inverse.steps.first().parameters.value("toRevision"_L1).toInteger(), 2);
}

void TestActions::autoscaler_data()
{
    QTest::addColumn<QByteArray>("versions");
    QTest::addColumn<QByteArray>("path");
    QTest::newRow("v2") << QByteArray("v1,v2beta2,v2")
                        << QByteArray("/apis/autoscaling/v2/namespaces/shop/horizontalpodautoscalers");
    QTest::newRow("v2beta2") << QByteArray("v1,v2beta2")
                             << QByteArray("/apis/autoscaling/v2beta2/namespaces/shop/horizontalpodautoscalers");
    QTest::newRow("v1") << QByteArray("v1")
                        << QByteArray("/apis/autoscaling/v1/namespaces/shop/horizontalpodautoscalers");
}

void TestActions::autoscaler()
{
    QFETCH(QByteArray, versions);
    QFETCH(QByteArray, path);
    QJsonArray served;
    for (const QByteArray& v : versions.split(','))
        served.append(QJsonObject{{u"version"_s, QString::fromLatin1(v)}});
    const QJsonObject group{{u"versions"_s, served}};
    const QJsonObject none = json(R"({"kind":"HorizontalPodAutoscalerList","items":[]})");
    const Step s = step(u"setAutoscaler"_s, deployment(), R"({"minReplicas":2,"maxReplicas":8,"cpuPercent":70})");
    QCOMPARE(actionKind(s.name)->reads(s, {liveDeployment(), group}).first().path, path);
    const auto p = prepared(s, {liveDeployment(), group, none});
    QVERIFY(p);
    QCOMPARE(p->calls.first().form, Call::Form::Create);
    QCOMPARE(p->calls.first().path, path);
    QCOMPARE(p->inverse.steps.first().name, u"removeAutoscaler"_s);
    // Now it is there: changing it, and back.
    QJsonObject made = p->calls.first().body;
    made.insert(u"metadata"_s, json(R"({"name":"api","namespace":"shop","uid":"u-h","resourceVersion":"5"})"));
    const QJsonObject list{{u"kind"_s, u"HorizontalPodAutoscalerList"_s}, {u"items"_s, QJsonArray{made}}};
    const auto q =
        prepared(step(s.name, deployment(), R"({"maxReplicas":12,"cpuPercent":50})"), {liveDeployment(), group, list});
    QVERIFY(q);
    const QJsonObject changed = after(made, q->calls.first());
    QCOMPARE(valueAt(changed, u"/spec/maxReplicas").toInteger(), 12);
    QCOMPARE(valueAt(changed, u"/spec/minReplicas").toInteger(), 2);
    const QJsonObject listAfter{{u"kind"_s, u"HorizontalPodAutoscalerList"_s}, {u"items"_s, QJsonArray{changed}}};
    const auto back = prepared(q->inverse.steps.first(), {liveDeployment(), group, listAfter});
    QVERIFY(back);
    QCOMPARE(after(changed, back->calls.first()).value("spec"_L1), made.value("spec"_L1));
    const auto removed = prepared(step(u"removeAutoscaler"_s, deployment()), {liveDeployment(), group, list});
    QCOMPARE(removed->calls.first().form, Call::Form::Delete);
    QCOMPARE(valueAt(removed->calls.first().body, u"/preconditions/uid").toString(), u"u-h"_s);
    QCOMPARE(valueAt(removed->inverse.steps.first().parameters, u"/manifest/spec"), made.value("spec"_L1));
    if (versions == "v1")
        QCOMPARE(prepared(step(s.name, deployment(), R"({"maxReplicas":12,"memoryPercent":50})"),
                          {liveDeployment(), group, none})
                     .error()
                     .kind,
                 Error::Kind::Unsupported);
}

} // namespace wk::test

QTEST_GUILESS_MAIN(wk::test::TestActions)
