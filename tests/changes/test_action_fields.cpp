// SPDX-License-Identifier: GPL-3.0-or-later
// What the forms of actions ask for, and manifests as people write them.
#include "Manifests.h"
#include "changes/plan/ManifestText.h"
#include "cluster/Decoder.h"
#include "cluster/objects/ObjectYaml.h"

#include <QtTest/QTest>

using namespace wk;
using namespace wk::test;
using namespace wk::changes;
using namespace Qt::StringLiterals;
using Kind = ActionField::Kind;

namespace {

QList<ActionField> fieldsOf(const QString& action, const Target& target, const Answers& answers = {},
                            const QByteArray& given = "{}")
{
    return actionKind(action)->fields(step(action, target, given), answers);
}

ActionField field(const QList<ActionField>& all, const QString& name)
{
    const auto it = std::ranges::find(all, name, &ActionField::name);
    return it == all.end() ? ActionField{} : *it;
}

Target service() { return target({}, u"v1"_s, u"Service"_s, u"services"_s, u"shop"_s, u"api"_s); }
Target ingress() { return target(u"networking.k8s.io"_s, u"v1"_s, u"Ingress"_s, u"ingresses"_s, u"shop"_s, u"web"_s); }

} // namespace

class TestActionFields : public QObject
{
    Q_OBJECT
private slots:
    void everyKindHasItsFields();
    void scaleBeginsWithWhatIs();
    void imagesByContainer();
    void environmentOfOneContainer();
    void resourcesOfOneContainer();
    void revisionsToGoBackTo();
    void autoscalerAsItIs();
    void serviceKnowsOtherVersions();
    void ingressKnowsServices();
    void manifestWithoutSecrets();
    void selectorsOfPods();
    void manifestAsYaml_data();
    void manifestAsYaml();
    void manifestMistakes_data();
    void manifestMistakes();
    void manifestThereAndBack();
    void manifestTarget();
};

/// Without a cluster that answers, every form is still there, and names only parameters that its action knows.
void TestActionFields::everyKindHasItsFields()
{
    const QHash<QString, Target> targets{
        {u"patchConfigMap"_s, target({}, u"v1"_s, u"ConfigMap"_s, u"configmaps"_s, u"shop"_s, u"c"_s)},
        {u"switchVersion"_s, service()},
        {u"drain"_s, node()},
        {u"cordon"_s, node()},
        {u"uncordon"_s, node()},
        {u"deletePods"_s, target({}, u"v1"_s, u"Pod"_s, u"pods"_s, u"shop"_s, u"p"_s)}};
    int asked = 0;
    for (const ActionKind* kind : actionKinds()) {
        if (kind->place() != ActionKind::Place::Cluster)
            continue;
        const Target on = targets.value(kind->name(), deployment());
        QVERIFY2(kind->supports(on), qPrintable(kind->name()));
        for (const ActionField& one : kind->fields(step(kind->name(), on), {})) {
            ++asked;
            QVERIFY2(!one.label.isEmpty(), qPrintable(kind->name() + u'.' + one.name));
            Step tried = step(kind->name(), on);
            tried.parameters.insert(one.name.section(u'/', 0, 0), QJsonObject());
            Mistakes mistakes;
            MemberReader reader(tried.parameters, u"parameters"_s, mistakes);
            kind->validate(tried, reader);
            reader.finish();
            for (const Mistake& mistake : mistakes.list())
                QVERIFY2(!mistake.message.contains(u"not known"_s), qPrintable(mistake.text()));
        }
    }
    QVERIFY(asked > 20);
}

void TestActionFields::scaleBeginsWithWhatIs()
{
    const auto fields = fieldsOf(u"scale"_s, deployment(), {liveDeployment()});
    QCOMPARE(fields.size(), 1);
    QCOMPARE(fields.first().kind, Kind::Number);
    QCOMPARE(fields.first().now, QJsonValue(2));
    QVERIFY(fieldsOf(u"scale"_s, deployment()).first().now.isUndefined());
    QVERIFY(fieldsOf(u"restart"_s, deployment(), {liveDeployment()}).isEmpty());
}

void TestActionFields::imagesByContainer()
{
    const auto fields = fieldsOf(u"setImage"_s, deployment(), {liveDeployment()});
    QCOMPARE(fields.size(), 2);
    QCOMPARE(fields.at(0).name, u"images/c"_s);
    QCOMPARE(fields.at(0).now, QJsonValue(u"shop/api:2"_s));
    QVERIFY(fields.at(0).onlyChanges);
    QCOMPARE(fields.at(1).now, QJsonValue(u"shop/side:1"_s));
    QCOMPARE(fieldsOf(u"setImage"_s, deployment()).first().kind, Kind::Pairs); // containers are not known
}

void TestActionFields::environmentOfOneContainer()
{
    auto fields = fieldsOf(u"setEnv"_s, deployment(), {liveDeployment()});
    const ActionField container = field(fields, u"container"_s);
    QVERIFY(container.decides);
    QCOMPARE(container.choices.size(), 2);
    QCOMPARE(container.now, QJsonValue(u"c"_s));
    const ActionField set = field(fields, u"set"_s);
    QCOMPARE(set.removed, u"remove"_s);
    const QJsonObject now = set.now.toObject();
    QCOMPARE(now.keys(), (QStringList{u"A"_s, u"B"_s, u"C"_s}));
    QCOMPARE(now.value(u"A"_s), QJsonValue(u"1"_s));
    QVERIFY(now.value(u"B"_s).toObject().contains(u"fieldRef"_s));
    fields = fieldsOf(u"setEnv"_s, deployment(), {liveDeployment()}, R"({"container":"side"})");
    QCOMPARE(field(fields, u"container"_s).now, QJsonValue(u"side"_s));
    QVERIFY(field(fields, u"set"_s).now.toObject().isEmpty());
}

void TestActionFields::resourcesOfOneContainer()
{
    const auto fields = fieldsOf(u"setResources"_s, deployment(), {liveDeployment()});
    QCOMPARE(field(fields, u"requests/cpu"_s).now, QJsonValue(u"100m"_s));
    QVERIFY(field(fields, u"limits/memory"_s).now.isUndefined());
    QVERIFY(field(fields, u"limits/memory"_s).onlyChanges);
}

void TestActionFields::revisionsToGoBackTo()
{
    const auto set = [](const char* revision, const char* image) {
        return QByteArray(R"({"metadata":{"name":"api-)") + revision +
               R"(","annotations":{"deployment.kubernetes.io/revision":")" + revision +
               R"("},"ownerReferences":[{"controller":true,"uid":"u-d"}]},"spec":{"template":{"metadata":{"labels":{)" +
               R"("app":"api","pod-template-hash":"x"}},"spec":{"containers":[{"name":"c","image":")" + image +
               R"("}]}}}})";
    };
    const QJsonObject list = json("{\"items\":[" + set("1", "shop/api:1") + "," + set("3", "shop/api:3") + "]}");
    const auto fields = fieldsOf(u"undo"_s, deployment(), {liveDeployment(), list});
    QCOMPARE(fields.size(), 1);
    const auto& choices = fields.first().choices;
    QCOMPARE(choices.size(), 3);
    QVERIFY(choices.at(0).value.isUndefined()); // the one before
    QCOMPARE(choices.at(1).value.toInteger(), 3);
    QCOMPARE(choices.at(2).title, u"1 with shop/api:1"_s);
}

void TestActionFields::autoscalerAsItIs()
{
    const QJsonObject versions = json(R"({"versions":[{"version":"v2"}]})");
    const QJsonObject list = json(R"({"items":[{"metadata":{"name":"api"},"spec":{"minReplicas":2,"maxReplicas":9,
        "scaleTargetRef":{"apiVersion":"apps/v1","kind":"Deployment","name":"api"},"metrics":[
        {"type":"Resource","resource":{"name":"cpu","target":{"type":"Utilization","averageUtilization":70}}},
        {"type":"Pods","pods":{}}]}}]})");
    const auto fields = fieldsOf(u"setAutoscaler"_s, deployment(), {liveDeployment(), versions, list});
    QCOMPARE(field(fields, u"minReplicas"_s).now, QJsonValue(2));
    QCOMPARE(field(fields, u"maxReplicas"_s).now, QJsonValue(9));
    QCOMPARE(field(fields, u"cpuPercent"_s).now, QJsonValue(70));
    QVERIFY(field(fields, u"memoryPercent"_s).now.isUndefined());
    const auto fresh = fieldsOf(u"setAutoscaler"_s, deployment(), {liveDeployment(), versions, json("{\"items\":[]}")});
    QVERIFY(field(fresh, u"maxReplicas"_s).now.isUndefined());
}

void TestActionFields::serviceKnowsOtherVersions()
{
    const QJsonObject live = json(R"({"kind":"Service","spec":{"selector":{"app":"api","version":"blue"}}})");
    const auto labels = [](const char* name, const char* text) {
        return QByteArray(R"({"metadata":{"name":")") + name + R"("},"spec":{"template":{"metadata":{"labels":)" +
               text + "}}}}";
    };
    const QJsonObject list =
        json("{\"items\":[" + labels("api-blue", R"({"app":"api","version":"blue"})") + "," +
             labels("api-green", R"({"app":"api","version":"green","x":"y"})") + "," +
             labels("other", R"({"app":"other","version":"2"})") + "," + labels("none", R"({"app":"api"})") + "]}");
    const auto fields = fieldsOf(u"switchVersion"_s, service(), {live, list});
    QCOMPARE(fields.size(), 1);
    QCOMPARE(fields.first().choices.size(), 2);
    QCOMPARE(fields.first().choices.at(1).value, QJsonValue(json(R"({"app":"api","version":"green"})")));
    QVERIFY(fields.first().choices.at(1).title.contains(u"api-green"_s));
}

void TestActionFields::ingressKnowsServices()
{
    const QJsonObject live = json(R"({"kind":"Ingress","spec":{"rules":[{"host":"a.example","http":{"paths":[
        {"backend":{"service":{"name":"blue","port":{"number":80}}}}]}}]}})");
    const QJsonObject list = json(R"({"items":[{"metadata":{"name":"blue"}},{"metadata":{"name":"green"}}]})");
    const auto fields = fieldsOf(u"switchVersion"_s, ingress(), {live, list});
    QCOMPARE(field(fields, u"from"_s).choices.size(), 1);
    QCOMPARE(field(fields, u"to"_s).choices.size(), 2);
    QCOMPARE(field(fields, u"host"_s).choices.first().value, QJsonValue(u"a.example"_s));
    const QJsonObject canary = json(R"({"metadata":{"annotations":{"nginx.ingress.kubernetes.io/canary":"true",
             "nginx.ingress.kubernetes.io/canary-weight":"10"}},"spec":{}})");
    const auto weight = fieldsOf(u"switchVersion"_s, ingress(), {canary, list});
    QCOMPARE(weight.size(), 1);
    QCOMPARE(weight.first().now, QJsonValue(10));
}

void TestActionFields::manifestWithoutSecrets()
{
    const Target secret = target({}, u"v1"_s, u"Secret"_s, u"secrets"_s, u"shop"_s, u"s"_s);
    const QJsonObject live = json(R"({"apiVersion":"v1","kind":"Secret","metadata":{"name":"s","namespace":"shop",
        "uid":"u","managedFields":[]},"data":{"password":"aHVzaA=="}})");
    const QJsonObject now = fieldsOf(u"applyObject"_s, secret, {live}).first().now.toObject();
    QVERIFY(!now.contains(u"data"_s));
    QVERIFY(!now.value(u"metadata"_s).toObject().contains(u"uid"_s));
    QVERIFY(fieldsOf(u"createObject"_s, deployment(), {liveDeployment()}).first().now.isUndefined());
}

void TestActionFields::selectorsOfPods()
{
    const Target pods = target({}, u"v1"_s, u"Pod"_s, u"pods"_s, u"shop"_s, {});
    const auto fields = fieldsOf(u"deletePods"_s, pods, {QJsonObject{{u"items"_s, QJsonArray{liveDeployment()}}}});
    const ActionField selector = field(fields, u"selector"_s);
    QCOMPARE(selector.choices.size(), 1);
    QCOMPARE(selector.choices.first().value, QJsonValue(u"app=api"_s));
    const auto named = fieldsOf(u"deletePods"_s, pods, {}, R"({"names":["a","b"]})");
    QVERIFY(field(named, u"selector"_s).name.isEmpty());
}

void TestActionFields::manifestAsYaml_data()
{
    QTest::addColumn<QString>("yaml");
    QTest::addColumn<QByteArray>("wanted");
    QTest::newRow("numbers") << u"a: 5\nb: -3\nc: 0x10\nd: 0755\ne: 1_000\nf: 2e3\ng: 5.0"_s
                             << QByteArray(R"({"a":5,"b":-3,"c":16,"d":493,"e":1000,"f":2000,"g":5})");
    QTest::newRow("texts") << u"a: '5'\nb: 5m\nc: 1.2.3\nd: \"true\"\ne: |\n  x\n  y\nf: 10.0.0.1"_s
                           << QByteArray(R"({"a":"5","b":"5m","c":"1.2.3","d":"true","e":"x\ny\n","f":"10.0.0.1"})");
    QTest::newRow("words") << u"a: true\nb: No\nc: ~\nd:\ne: ON\nf: null\ng: yesterday"_s
                           << QByteArray(R"({"a":true,"b":false,"c":null,"d":null,"e":true,"f":null,"g":"yesterday"})");
    QTest::newRow("json") << u"{\"a\": [1, {\"b\": \"c\"}], \"d\": {}}"_s
                          << QByteArray(R"({"a":[1,{"b":"c"}],"d":{}})");
}

void TestActionFields::manifestAsYaml()
{
    QFETCH(QString, yaml);
    QFETCH(QByteArray, wanted);
    const auto object = manifestFromYaml(yaml);
    QVERIFY2(object, object ? "" : qPrintable(object.error().text()));
    QCOMPARE(*object, json(wanted));
}

void TestActionFields::manifestMistakes_data()
{
    QTest::addColumn<QString>("yaml");
    QTest::addColumn<QString>("said");
    QTest::newRow("a fraction") << u"a: 1\nb: 0.5"_s << u"Line 2: 0.5 is a fraction"_s;
    QTest::newRow("twice") << u"a: 1\na: 2"_s << u"Line 2: \"a\" stands twice"_s;
    QTest::newRow("no map") << u"- a"_s << u"begins with apiVersion"_s;
    QTest::newRow("no YAML") << u"a: [1"_s << u"Line "_s;
    QTest::newRow("nothing") << QString() << u"begins with apiVersion"_s;
    QTest::newRow("too large") << u"a: 99999999999999999999"_s << u"Line 1: "_s;
}

void TestActionFields::manifestMistakes()
{
    QFETCH(QString, yaml);
    QFETCH(QString, said);
    const auto object = manifestFromYaml(yaml);
    QVERIFY(!object);
    QVERIFY2(object.error().sentence.contains(said), qPrintable(object.error().sentence));
}

/// What is shown as YAML is read back as it was.
void TestActionFields::manifestThereAndBack()
{
    const QJsonObject object = json(R"({"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"c","namespace":"shop",
        "annotations":{"on":"yes","n":"0755","v":"1.0","e":"","s":" x","c":"a: b # c"}},
        "data":{"k":"line 1\nline 2\n","j":"{\"a\":1}","t":"true"},"list":[1,true,null,[],{}]})");
    const auto back = manifestFromYaml(cluster::yamlFromValue(object));
    QVERIFY2(back, back ? "" : qPrintable(back.error().text()));
    QCOMPARE(*back, object);
    QCOMPARE(*manifestFromYaml(cluster::yamlFromValue(liveDeployment())), liveDeployment());
}

void TestActionFields::manifestTarget()
{
    const auto& kinds = cluster::builtInKinds();
    QJsonObject map = json(R"({"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"c"}})");
    const auto found = targetOfManifest(map, u"production"_s, u"shop"_s, kinds);
    QVERIFY(found);
    QCOMPARE(found->resource, u"configmaps"_s);
    QCOMPARE(found->space, u"shop"_s);
    QCOMPARE(map.value(u"metadata"_s).toObject().value(u"namespace"_s), QJsonValue(u"shop"_s));
    for (const char* wrong :
         {R"({"kind":"ConfigMap","metadata":{"name":"c"}})", R"({"apiVersion":"v1","kind":"ConfigMap"})",
          R"({"apiVersion":"v9","kind":"ConfigMap","metadata":{"name":"c"}})"}) {
        QJsonObject object = json(wrong);
        QVERIFY2(!targetOfManifest(object, u"production"_s, u"shop"_s, kinds), wrong);
    }
    QJsonObject homeless = json(R"({"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"c"}})");
    QVERIFY(!targetOfManifest(homeless, u"production"_s, {}, kinds));
    QJsonObject ground = json(R"({"apiVersion":"v1","kind":"Namespace","metadata":{"name":"c"}})");
    QVERIFY(targetOfManifest(ground, u"production"_s, u"shop"_s, kinds)->space.isEmpty());
}

QTEST_GUILESS_MAIN(TestActionFields)
#include "test_action_fields.moc"
