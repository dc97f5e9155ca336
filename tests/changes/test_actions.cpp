// SPDX-License-Identifier: GPL-3.0-or-later
#include "Manifests.h"
#include "changes/ClusterActions.h"
#include "changes/JsonTree.h"

#include <QtTest/QTest>

using namespace wk;
using namespace wk::changes;
using namespace wk::test;
using namespace Qt::StringLiterals;

/// Every kind of action on recorded objects: what it would send, and that its inverse brings back what was.
class TestActions : public QObject
{
    Q_OBJECT

private slots:
    void everyKindIsThere();
    void scale();
    void restartWritesTheTime();
    void pausedRefuses();
    void podTemplateAndBack_data();
    void podTemplateAndBack();
    void missingContainer();
    void passwordsAreNotRecorded();
    void undoOfADeployment();
    void undoOfAStatefulSet();
    void autoscaler_data();
    void autoscaler();
    void configMapAndBack();
    void serviceAndBack();
    void ingressAndBack();
    void nodes();
    void drain();
    void deletePods();
    void objects();
    void outside();
    void preconditions();
    void callsSurviveTheRecord();

private:
    static Result<Prepared> prepared(const Step& step, const Answers& answers)
    {
        return actionKind(step.name)->prepare(step, answers, {1'790'000'000'000});
    }
    /// The object after a merge patch that a server accepted.
    static QJsonObject after(const QJsonObject& live, const Call& call)
    {
        return mergePatched(live, call.body).toObject();
    }
};

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
        u"runCommand"_s};
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
    const Precondition p = actionKind(s.name)->precondition(s, liveDeployment(), false);
    QVERIFY(p.drift(liveDeployment(), u"x"_s).isEmpty());
    const QJsonObject statusOnly =
        mergePatched(liveDeployment(), json(R"({"metadata":{"resourceVersion":"71"},"status":{"readyReplicas":1}})"))
            .toObject();
    QVERIFY(p.drift(statusOnly, u"x"_s).isEmpty());
    const QJsonObject edited =
        mergePatched(liveDeployment(), json(R"({"metadata":{"resourceVersion":"71","generation":5}})")).toObject();
    QVERIFY(!p.drift(edited, u"x"_s).isEmpty());
    QVERIFY(actionKind(s.name)->precondition(s, liveDeployment(), true).drift(edited, u"x"_s).isEmpty());
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

QTEST_GUILESS_MAIN(TestActions)
#include "test_actions.moc"
