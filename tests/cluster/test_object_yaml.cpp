// SPDX-License-Identifier: GPL-3.0-or-later
#include "cluster/objects/ObjectSummary.h"
#include "cluster/objects/ObjectYaml.h"

#include <QtCore/QJsonDocument>
#include <QtTest/QtTest>

using namespace wk;
using namespace wk::cluster;
using namespace Qt::StringLiterals;

class TestObjectYaml : public QObject
{
    Q_OBJECT
private slots:
    void scalars_data();
    void scalars();
    void keyOrder();
    void structure();
    void secretsAreHidden();
    void garbage();
    void podSummary();
    void summaryOfSecretHoldsNoValue();
};

void TestObjectYaml::scalars_data()
{
    // What kubectl 1.20 prints after "key: " (gopkg.in/yaml.v2).
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("yaml");
    const auto add = [](const char* name, const QString& text, const QString& yaml) {
        QTest::newRow(name) << text << yaml;
    };
    add("plain", u"hello world"_s, u"hello world"_s);
    add("empty", u""_s, u"\"\""_s);
    add("true", u"true"_s, u"\"true\""_s);
    add("yes", u"yes"_s, u"\"yes\""_s);
    add("n", u"n"_s, u"\"n\""_s);
    add("null", u"null"_s, u"\"null\""_s);
    add("tilde", u"~"_s, u"\"~\""_s);
    add("number", u"9402"_s, u"\"9402\""_s);
    add("float", u"1.5"_s, u"\"1.5\""_s);
    add("exponent", u"1e3"_s, u"\"1e3\""_s);
    add("hex", u"0x1F"_s, u"\"0x1F\""_s);
    add("time", u"2026-11-21T10:13:48Z"_s, u"\"2026-11-21T10:13:48Z\""_s);
    add("date", u"2026-11-21"_s, u"\"2026-11-21\""_s);
    add("base60", u"12:30"_s, u"\"12:30\""_s);
    add("version", u"1.2.3"_s, u"1.2.3"_s);
    add("quantity", u"250m"_s, u"250m"_s);
    add("address", u"10.244.0.39"_s, u"10.244.0.39"_s);
    add("url", u"http://a:80/x"_s, u"http://a:80/x"_s);
    add("colon space", u"a: b"_s, u"'a: b'"_s);
    add("ends with colon", u"a:"_s, u"'a:'"_s);
    add("hash", u"a #b"_s, u"'a #b'"_s);
    add("star", u"*"_s, u"'*'"_s);
    add("brace", u"{}"_s, u"'{}'"_s);
    add("dash word", u"-x"_s, u"-x"_s);
    add("dash space", u"- x"_s, u"'- x'"_s);
    add("leading space", u" x"_s, u"' x'"_s);
    add("quote", u"it's"_s, u"it's"_s);
    add("leading quote", u"'x"_s, u"'''x'"_s);
    add("json", u"{\"a\":1}"_s, u"'{\"a\":1}'"_s);
    add("tab", u"a\tb"_s, u"\"a\\tb\""_s);
    add("umlaut", u"größe"_s, u"größe"_s);
    add("control", u"a\u0001"_s, u"\"a\\x01\""_s);
}

void TestObjectYaml::scalars()
{
    QFETCH(QString, text);
    QFETCH(QString, yaml);
    QCOMPARE(yamlScalar(text), yaml);
}

void TestObjectYaml::keyOrder()
{
    QStringList keys{u"b"_s, u"a10"_s, u"a9"_s, u"app.kubernetes.io/name"_s, u"app"_s, u"Zed"_s, u"1"_s};
    std::sort(keys.begin(), keys.end(), [](const QString& a, const QString& b) { return yamlKeyLess(a, b); });
    QCOMPARE(keys, (QStringList{u"1"_s, u"Zed"_s, u"a9"_s, u"a10"_s, u"app"_s, u"app.kubernetes.io/name"_s, u"b"_s}));
}

void TestObjectYaml::structure()
{
    const QByteArray json =
        R"({"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"x","managedFields":[{"a":1}],"labels":{}},
        "data":{"script":"line 1\n  line 2\n","tail":"a\nb","port":"80"},"list":[{"b":1,"a":[1,2.5]},"s",[]],"none":null,
        "big":9007199254740993})";
    const auto yaml = yamlFromJson(json);
    QVERIFY(yaml);
    QCOMPARE(*yaml, uR"(apiVersion: v1
big: 9007199254740993
data:
  port: "80"
  script: |
    line 1
      line 2
  tail: |-
    a
    b
kind: ConfigMap
list:
- a:
  - 1
  - 2.5
  b: 1
- s
- []
metadata:
  labels: {}
  name: x
none: null
)"_s);
}

void TestObjectYaml::secretsAreHidden()
{
    const QByteArray json =
        R"({"kind":"Secret","data":{"password":"aHVudGVyMg==","seen":"12 bytes"},"stringData":{"plain":"hunter2"},
        "metadata":{"annotations":{"kubectl.kubernetes.io/last-applied-configuration":"{\"hunter2\":1}"}}})";
    const auto yaml = yamlFromJson(json);
    QVERIFY(yaml);
    QVERIFY2(!yaml->contains(u"hunter2") && !yaml->contains(u"aHVud"), qPrintable(*yaml));
    QVERIFY2(yaml->contains(u"password: (7 bytes hidden)"), qPrintable(*yaml));
    QVERIFY2(yaml->contains(u"seen: 12 bytes"), qPrintable(*yaml));
    const auto shown = yamlFromJson(json, {.hideManagedFields = true, .hideSecretValues = false});
    QVERIFY(shown && shown->contains(u"password: aHVudGVyMg=="));
}

void TestObjectYaml::garbage()
{
    for (const QByteArray& json : {QByteArray(), QByteArray("{"), QByteArray("[1]"), QByteArray("\xff\xfe")}) {
        const auto yaml = yamlFromJson(json);
        QVERIFY(!yaml);
        QCOMPARE(yaml.error().kind, Error::Kind::Protocol);
        QVERIFY(!yaml.error().sentence.isEmpty());
    }
}

void TestObjectYaml::podSummary()
{
    const QByteArray json =
        R"({"kind":"Pod","apiVersion":"v1","metadata":{"name":"api-0","namespace":"shop","creationTimestamp":"2026-11-20T08:00:00Z",
        "ownerReferences":[{"apiVersion":"apps/v1","kind":"ReplicaSet","name":"api"}]},
        "spec":{"nodeName":"node-1","containers":[{"name":"api","image":"registry/api:v2","resources":{"requests":{"cpu":"250m"}}}]},
        "status":{"phase":"Running","conditions":[{"type":"Ready","status":"False","reason":"ContainersNotReady","lastTransitionTime":"2026-11-20T09:00:05Z"},
        {"type":"ContainersReady","status":"False","lastTransitionTime":"2026-11-20T09:00:00Z"},
        {"type":"Initialized","status":"True","lastTransitionTime":"2026-11-20T08:00:00Z"}],
        "containerStatuses":[{"name":"api","restartCount":7,"ready":false,"state":{"waiting":{"reason":"CrashLoopBackOff"}},
        "lastState":{"terminated":{"reason":"OOMKilled","exitCode":137,"finishedAt":"2026-11-20T09:00:00Z"}}}]}})";
    const ObjectSummary summary = summariseObject(QJsonDocument::fromJson(json).object());
    const FactSection& containers = summary.sections.first();
    QCOMPARE(containers.rows.size(), 1);
    const QList<Fact>& api = containers.rows.first();
    QCOMPARE(api[0].value, u"api"_s);
    QCOMPARE(api[1].value, u"Waiting: CrashLoopBackOff"_s);
    QCOMPARE(api[1].health, table::Health::Bad);
    QCOMPARE(api[2].value, u"7"_s);
    QVERIFY(api[3].value.contains(u"OOMKilled"));
    QCOMPARE(containers.headers[5], u"Ended"_s);
    QCOMPARE(api[5].instantMs, qint64(1'795'165'200'000));
    QCOMPARE(api[7].value, u"cpu 250m"_s);
    bool node = false, owner = false, notReady = false;
    for (const FactSection& section : summary.sections) {
        for (const Fact& fact : section.facts) {
            node = node || (fact.linkKind == u"nodes" && fact.linkName == u"node-1");
            owner = owner || (fact.linkKind == u"replicasets.apps" && fact.linkSpace == u"shop");
        }
        for (const auto& line : section.rows)
            notReady = notReady || (line[0].value == u"Ready" && line.value(1).health == table::Health::Bad);
    }
    QVERIFY(node);
    QVERIFY(owner);
    QVERIFY(notReady);
    QJsonObject pod = QJsonDocument::fromJson(json).object();
    QCOMPARE(unwellSinceMs(pod), qint64(1'795'165'200'000));
    QCOMPARE(unwellSinceMs({}), qint64(0));
    QJsonObject status = pod.value(u"status"_s).toObject();
    status.insert(u"phase"_s, u"Succeeded"_s); // what has ended need not be ready
    pod.insert(u"status"_s, status);
    QCOMPARE(unwellSinceMs(pod), qint64(0));
}

void TestObjectYaml::summaryOfSecretHoldsNoValue()
{
    const ObjectSummary summary = summariseObject(
        QJsonDocument::fromJson(R"({"kind":"Secret","type":"Opaque","data":{"k":"aHVudGVyMg=="}})").object());
    QCOMPARE(summary.secretKeys, QStringList{u"k"_s});
    for (const FactSection& section : summary.sections) {
        for (const Fact& fact : section.facts)
            QVERIFY(!fact.value.contains(u"aHVud"));
    }
}

QTEST_GUILESS_MAIN(TestObjectYaml)
#include "test_object_yaml.moc"
