// SPDX-License-Identifier: GPL-3.0-or-later
#include "changes/actions/ActionKind.h"
#include "changes/checks/CheckKind.h"
#include "changes/plan/Difference.h"
#include "changes/plan/Json.h"
#include "changes/plan/JsonTree.h"
#include "changes/plan/Plan.h"
#include "changes/plan/WayBack.h"

#include <QtCore/QJsonArray>
#include <QtCore/QJsonDocument>
#include <QtTest/QTest>

using namespace wk;
using namespace wk::changes;
using namespace Qt::StringLiterals;

class TestPlan : public QObject
{
    Q_OBJECT

private slots:
    void canonicalText_data();
    void canonicalText();
    void refusedText_data();
    void refusedText();
    void limits();
    void pointers();
    void patches();
    void planHasOneSpelling();
    void planIsReadBack();
    void planFromStore();
    void planTellsAllMistakes();
    void words();
    void wayBack();
    void drift_data();
    void drift();
    void differences();
};

namespace {

const QByteArray planText = R"({
  "format": "watchkeeper/plan/v1", "platform": "streamgate", "title": "More gateways",
  "steps": [
    {"action": "scale",
     "target": {"cluster": "production", "group": "apps", "version": "v1", "kind": "Deployment",
                "resource": "deployments", "namespace": "streamgate", "name": "api-gateway"},
     "parameters": {"replicas": 5}, "onFailure": "stop",
     "precondition": {"uid": "u-1", "fields": {"/spec/replicas": 3}}},
    {"check": "rolloutFinished", "onFailure": "rollback", "parameters": {"withinSeconds": 600},
     "target": {"cluster": "production", "group": "apps", "version": "v1", "kind": "Deployment",
                "resource": "deployments", "namespace": "streamgate", "name": "api-gateway"}}]})";

QJsonObject object(const QByteArray& json) { return QJsonDocument::fromJson(json).object(); }

} // namespace

void TestPlan::canonicalText_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("canonical");
    // RFC 8785, 3.2.2, without its fractions; 3.2.3.
    QTest::newRow("string of the RFC") << QByteArray(R"({"string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/"})")
                                       << QByteArray("{\"string\":\"€$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"}");
    QTest::newRow("literals of the RFC") << QByteArray(R"({"literals": [null, true, false]})")
                                         << QByteArray(R"({"literals":[null,true,false]})");
    QTest::newRow("order of the RFC")
        << QByteArray(
               R"({"\u20ac":"Euro Sign","\r":"Carriage Return","\ufb33":"Hebrew Letter Dalet With Dagesh",)"
               R"("1":"One","\ud83d\ude00":"Emoji: Grinning Face","\u0080":"Control","\u00f6":"Latin Small Letter O With Diaeresis"})")
        << QByteArray(
               "{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\u0080\":\"Control\",\"ö\":\"Latin Small Letter O With "
               "Diaeresis\",\"€\":\"Euro Sign\",\"😀\":\"Emoji: Grinning Face\",\"\ufb33\":\"Hebrew Letter Dalet "
               "With Dagesh\"}");
    QTest::newRow("integers") << QByteArray("[0,-0,1,-1,9007199254740992,-9007199254740992]")
                              << QByteArray("[0,0,1,-1,9007199254740992,-9007199254740992]");
    QTest::newRow("controls") << QByteArray(R"(["\b\t\n\f\r\u001f\u007f"])")
                              << QByteArray("[\"\\b\\t\\n\\f\\r\\u001f\x7f\"]");
    QTest::newRow("empty") << QByteArray(" {\"b\":{} , \"a\":[ ]}\n") << QByteArray(R"({"a":[],"b":{}})");
    QTest::newRow("a text alone") << QByteArray("\"x\"") << QByteArray("\"x\"");
}

void TestPlan::canonicalText()
{
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, canonical);
    const auto value = parseJson(text);
    QVERIFY2(value, qPrintable(value ? QString() : value.error().sentence + value.error().detail));
    const auto written = canonicalJson(*value);
    QVERIFY(written);
    QCOMPARE(*written, canonical);
    const auto again = parseJson(*written);
    QVERIFY(again);
    QCOMPARE(canonicalJson(*again).value(), canonical);
}

void TestPlan::refusedText_data()
{
    QTest::addColumn<QByteArray>("text");
    const QList<std::pair<const char*, QByteArray>> texts{
        {"nothing", ""},
        {"fraction", "[1.5]"},
        {"exponent", "[1e3]"},
        {"large", "[9007199254740993]"},
        {"very large", "[99999999999999999999999999]"},
        {"leading zero", "[01]"},
        {"plus", "[+1]"},
        {"twice", R"({"a":1,"a":1})"},
        {"twice by an escape", R"({"a":1,"\u0061":2})"},
        {"half a character", R"(["\ud800"])"},
        {"halves in wrong order", R"(["\ude00\ud83d"])"},
        {"U+0000", R"(["\u0000"])"},
        {"bad UTF-8", "[\"\xff\"]"},
        {"overlong UTF-8", "[\"\xc0\xaf\"]"},
        {"raw control", "[\"a\nb\"]"},
        {"trailing comma", "[1,]"},
        {"trailing comma in an object", R"({"a":1,})"},
        {"something after", "{} x"},
        {"two texts", "{}{}"},
        {"comment", "/**/{}"},
        {"single quotes", "{'a':1}"},
        {"unknown word", "[nul]"},
        {"NaN", "[NaN]"},
        {"no end", R"({"a":[1)"},
        {"no end of a text", R"(["a)"},
        {"bad escape", R"(["\x"])"},
        {"short escape", R"(["\u00"])"},
        {"byte order mark", "\xef\xbb\xbf{}"},
        {"no colon", R"({"a" 1})"},
        {"no name", "{1:1}"},
        {"ends in an escape", "[\"a\\"},
        {"ends in \\u", "[\"a\\u"},
        {"ends after a name", "{\"a\""},
        {"ends after a member", "{\"a\":1"},
    };
    for (const auto& [name, text] : texts)
        QTest::newRow(name) << text;
}

void TestPlan::refusedText()
{
    QFETCH(QByteArray, text);
    const auto value = parseJson(text);
    QVERIFY(!value);
    QCOMPARE(value.error().kind, Error::Kind::BadInput);
    QVERIFY(!value.error().sentence.isEmpty());
}

void TestPlan::limits()
{
    const QByteArray deep = QByteArray(80, '[') + QByteArray(80, ']');
    QVERIFY(!parseJson(deep));
    QVERIFY(parseJson(QByteArray(60, '[') + QByteArray(60, ']')));
    QVERIFY(!parseJson("[" + QByteArray("1,").repeated(200) + "1]", {.values = 100}));
    QVERIFY(!parseJson("\"" + QByteArray(2000, 'x') + '"', {.bytes = 1000}));
    QVERIFY(!canonicalJson(0.5));
    QVERIFY(!canonicalJson(1e300));
    QVERIFY(!canonicalJson(QString(QChar(0xd800))));
    QCOMPARE(canonicalJson(3.0).value(), QByteArray("3"));
    QCOMPARE(sha256Hex("abc"), QByteArray("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"));
}

void TestPlan::pointers()
{
    // RFC 6901, section 5.
    const QJsonObject o = object(R"({"foo":["bar","baz"],"":0,"a/b":1,"m~n":8})");
    QCOMPARE(valueAt(o, u"/foo/1").toString(), u"baz"_s);
    QCOMPARE(valueAt(o, u"/").toInteger(7), 0);
    QCOMPARE(valueAt(o, u"/a~1b").toInteger(), 1);
    QCOMPARE(valueAt(o, u"/m~0n").toInteger(), 8);
    QCOMPARE(valueAt(o, u"").toObject(), o);
    for (const QStringView missing : {u"/foo/2", u"/foo/01", u"/foo/-", u"/x", u"/foo/bar", u"foo"})
        QVERIFY(valueAt(o, missing).isUndefined());
    QVERIFY(!isJsonPointer(u"/a~2") && !isJsonPointer(u"/a~"));
    QCOMPARE(valueAt(o, u'/' + pointerPart(u"m~n"_s)).toInteger(), 8);
}

void TestPlan::patches()
{
    // RFC 7396, appendix A.
    const auto patched = [](const QByteArray& target, const QByteArray& patch) {
        return mergePatched(object(target), object(patch)).toObject();
    };
    QCOMPARE(patched(R"({"a":"b","b":"c"})", R"({"a":null})"), object(R"({"b":"c"})"));
    QCOMPARE(patched(R"({"a":{"b":"c"}})", R"({"a":{"b":"d","c":null}})"), object(R"({"a":{"b":"d"}})"));
    QCOMPARE(patched(R"({"a":[{"b":"c"}]})", R"({"a":[1]})"), object(R"({"a":[1]})"));
    QCOMPARE(patched("{}", R"({"a":{"bb":{"ccc":null}}})"), object(R"({"a":{"bb":{}}})"));
    const QJsonObject from = object(R"({"a":1,"b":{"c":2,"d":[1,2]},"e":"x"})");
    const QJsonObject to = object(R"({"a":1,"b":{"d":[2]},"f":{"g":true}})");
    QCOMPARE(mergePatched(from, mergeDifference(from, to)).toObject(), to);
    QVERIFY(mergeDifference(from, from).isEmpty());
    QVERIFY(covers(from, object(R"({"b":{"c":2},"z":null})")));
    QVERIFY(!covers(from, object(R"({"b":{"d":[1]}})")));
    QVERIFY(!covers(from, object(R"({"a":2})")));
}

void TestPlan::planHasOneSpelling()
{
    const auto plan = Plan::parse(planText);
    QVERIFY2(plan, qPrintable(plan ? QString() : plan.error().error().detail));
    QVERIFY(!plan->canonical().contains(' ') || plan->canonical().contains("More gateways"));
    QVERIFY(!plan->canonical().contains("\"stop\"")); // the default is left out
    QCOMPARE(plan->sha256(), sha256Hex(plan->canonical()));
    QByteArray other = planText;
    other.replace("\"onFailure\": \"stop\",", "");
    const auto second = Plan::parse(other);
    QVERIFY(second);
    QCOMPARE(second->sha256(), plan->sha256());
    other.replace("\"replicas\": 5", "\"replicas\": 6");
    QVERIFY(Plan::parse(other)->sha256() != plan->sha256());
}

void TestPlan::planIsReadBack()
{
    const auto plan = Plan::parse(planText);
    QVERIFY(plan);
    const auto again = Plan::parse(plan->canonical());
    QVERIFY(again);
    QCOMPARE(again->canonical(), plan->canonical());
    QCOMPARE(again->steps(), plan->steps());
    const auto made = Plan::make(plan->platform(), plan->title(), plan->steps());
    QVERIFY(made);
    QCOMPARE(made->canonical(), plan->canonical());
}

void TestPlan::planFromStore()
{
    const auto plan = Plan::parse(planText);
    QVERIFY(Plan::fromStore(plan->canonical(), plan->sha256()));
    QByteArray changed = plan->canonical();
    changed.replace("\"replicas\":5", "\"replicas\":9");
    QCOMPARE(Plan::fromStore(changed, plan->sha256()).error().kind, Error::Kind::Conflict);
    QCOMPARE(Plan::fromStore(planText, sha256Hex(planText)).error().kind, Error::Kind::Conflict); // not canonical
}

void TestPlan::planTellsAllMistakes()
{
    const auto plan = Plan::parse(R"({"format":"watchkeeper/plan/v1","platform":"p","title":"t","extra":1,"steps":[
        {"action":"scale","target":{"cluster":"c","group":"apps","version":"v1","kind":"Deployment","resource":"deployments",
          "namespace":"n","name":"../x"},"parameters":{"replica":5}},
        {"action":"fly","target":{"cluster":"c","kind":"Database","name":"d"}},
        {"check":"promql","parameters":{"query":"up","comparison":"about","value":"x"}},
        {"action":"cordon","target":{"cluster":"c","group":"","version":"v1","kind":"Node","resource":"nodes",
          "namespace":"n","name":"a"}},
        {"action":"setEnv","target":{"cluster":"c","group":"apps","version":"v1","kind":"Deployment",
          "resource":"deployments","namespace":"n","name":"x"},"parameters":{"container":"c","set":{"DB_PASSWORD":"hunter2"}}},
        {"action":"runCommand","target":{"cluster":"c","kind":"Command","name":"ls"}},
        {"action":"restart","check":"http"}]})");
    QVERIFY(!plan);
    QStringList texts;
    for (const Mistake& mistake : plan.error().list())
        texts << mistake.text();
    const QString all = texts.join(u'\n');
    for (const auto* part :
         {"extra: is not known here", "Step 1 (scale), target.name: is no name of an object",
          "Step 1 (scale), parameters.replicas: is missing", "“replicas” may be meant",
          "Step 2 (fly), action: “fly” is no action", "Step 3 (promql), parameters.comparison: must be one of",
          "Step 3 (promql), parameters.value: must be a number", "Step 4 (cordon), target.namespace: must be empty",
          "Step 5 (setEnv), parameters.set.DB_PASSWORD: looks like a password",
          "Step 6 (runCommand), target.cluster: must be empty", "Step 7 (restart): must have exactly one of"})
        QVERIFY2(all.contains(QString::fromUtf8(part)), qPrintable(QString::fromUtf8(part) + u" not in:\n"_s + all));
    QVERIFY(!plan.error().error().sentence.isEmpty());
    QVERIFY(!plan.error().error().detail.contains(u"hunter2"_s));
}

void TestPlan::words()
{
    const auto plan = Plan::parse(planText);
    QCOMPARE(
        plan->words(),
        (QStringList{u"1. Scale deployment api-gateway in streamgate from 3 to 5 replicas."_s,
                     u"2. Wait until the rollout of deployment api-gateway in streamgate has finished, within 10 min. "
                     "If this fails, everything done so far is rolled back."_s}));
    QCOMPARE(risk(plan->steps().first(), platform::ClusterClass::Production), Risk::Medium);
    QCOMPARE(risk(plan->steps().first(), platform::ClusterClass::Development), Risk::Low);
}

/// What an approver reads of the way back who cannot see the cluster.
void TestPlan::wayBack()
{
    const auto plan = Plan::parse(R"({"format":"watchkeeper/plan/v1","platform":"p","title":"t","steps":[
      {"action":"scale","parameters":{"replicas":5},"target":{"cluster":"c","group":"apps","version":"v1",
        "kind":"Deployment","resource":"deployments","namespace":"shop","name":"api"}},
      {"action":"restart","target":{"cluster":"c","group":"apps","version":"v1","kind":"Deployment",
        "resource":"deployments","namespace":"shop","name":"api"}},
      {"action":"deletePods","target":{"cluster":"c","group":"","version":"v1","kind":"Pod","resource":"pods",
        "namespace":"shop","name":"api-1"}},
      {"action":"runCommand","parameters":{"arguments":["a"]},"target":{"cluster":"","kind":"Command","name":"make"}},
      {"action":"runCommand","parameters":{"arguments":["a"],"undo":["b"]},"target":{"cluster":"","kind":"Command","name":"make"}},
      {"check":"confirm","parameters":{"question":"Well?"}}]})");
    QVERIFY2(plan, plan ? "" : qPrintable(plan.error().error().text()));
    QCOMPARE(noWayBack(*plan).join(u'\n'),
             u"Step 2 cannot be taken back: A restart changes no setting, so there is nothing to bring back.\n"
             "Step 3 cannot be taken back: Deleted pods are made anew by their controller.\n"
             "Step 4 cannot be taken back: The plan does not say how to take this back."_s);
    QCOMPARE(cannotBeSeen(plan->steps()[0]), QString());
    QVERIFY(cannotBeSeen(plan->steps()[3]).contains(u"cannot be seen from here"_s));
}

void TestPlan::drift_data()
{
    QTest::addColumn<QByteArray>("precondition");
    QTest::addColumn<QString>("sentence");
    const auto row = [](const char* name, const char* precondition, const QString& sentence) {
        QTest::newRow(name) << QByteArray(precondition) << sentence;
    };
    const QString spec = QString::fromLatin1(sha256Hex(R"({"replicas":3})"));
    row("all as it was", R"({"uid":"u","resourceVersion":"7","fields":{"/spec/replicas":3,"/spec/paused":null}})", {});
    row("digest", qPrintable(u"{\"fields\":{\"/spec\":{\"sha256\":\"%1\"}}}"_s.arg(spec)), {});
    row("other digest", R"({"fields":{"/spec":{"sha256":"00"}}})", u"spec of the x is not what it was"_s);
    row("another object", R"({"uid":"v"})", u"deleted and made anew"_s);
    row("another version", R"({"resourceVersion":"6"})", u"was changed since"_s);
    row("another value", R"({"fields":{"/spec/replicas":5}})", u"spec.replicas of the x is 3, not 5"_s);
    row("absent", R"({"fields":{"/spec/paused":true}})", u"spec.paused of the x is absent, not true"_s);
    row("generation", R"({"fields":{"/metadata/generation":4}})", u"at generation absent, not 4"_s);
}

void TestPlan::drift()
{
    QFETCH(QByteArray, precondition);
    QFETCH(QString, sentence);
    Mistakes mistakes;
    const auto p = Precondition::fromJson(object(precondition), mistakes);
    QVERIFY2(mistakes.isEmpty(), qPrintable(mistakes.error().detail));
    const QString found =
        p.drift(object(R"({"metadata":{"uid":"u","resourceVersion":"7"},"spec":{"replicas":3}})"), u"x"_s);
    QVERIFY2(sentence.isEmpty() ? found.isEmpty() : found.contains(sentence), qPrintable(found));
    QVERIFY(!p.drift({}, u"x"_s).isEmpty());
}

void TestPlan::differences()
{
    const auto lines =
        Difference::lineDifference({u"a"_s, u"b"_s, u"c"_s, u"d"_s}, {u"a"_s, u"x"_s, u"c"_s, u"d"_s, u"e"_s});
    QString text;
    for (const auto& line : lines)
        text += (line.mark == Difference::Mark::Same    ? u" "_s
                 : line.mark == Difference::Mark::Added ? u"+"_s
                                                        : u"-"_s) +
                line.text;
    QCOMPARE(text, u" a-b+x c d+e"_s);
    const Difference d = Difference::of(
        u"t"_s,
        object(R"({"metadata":{"name":"n","uid":"1","resourceVersion":"1"},"spec":{"replicas":2},"status":{"a":1}})"),
        object(
            R"({"metadata":{"name":"n","uid":"1","resourceVersion":"2","managedFields":[]},"spec":{"replicas":5}})"));
    QCOMPARE(d.text(0), u"-   replicas: 2\n+   replicas: 5\n"_s);
    QVERIFY(Difference::of(u"t"_s, object(R"({"a":1})"), object(R"({"a":1})")).isEmpty());
}

QTEST_GUILESS_MAIN(TestPlan)
#include "test_plan.moc"
