// SPDX-License-Identifier: GPL-3.0-or-later
#include "CheckAnswers.h"
#include "ScriptedAccess.h"
#include "changes/checks/CheckJob.h"

#include <QtTest/QTest>

using namespace wk;
using namespace wk::changes;
using namespace wk::test;
using namespace Qt::StringLiterals;
using State = Look::State;

Q_DECLARE_METATYPE(State)

namespace {

QByteArray statefulJson(const QByteArray& rolling, const QByteArray& status)
{
    return R"({"kind":"StatefulSet","metadata":{"generation":2},"spec":{"replicas":3,"updateStrategy":{)" + rolling +
           R"(}},"status":{"observedGeneration":2)" + status + "}}";
}

} // namespace

/// What one answer of the world means to a check.
class TestCheckLooks : public QObject
{
    Q_OBJECT

private slots:
    void rolloutAsKubectl_data();
    void rolloutAsKubectl();
    void pods_data();
    void pods();
    void promQl_data();
    void promQl();
    void promQlRefused();
    void sql_data();
    void sql();
    void sqlRefused();
    void http_data();
    void http();
};

void TestCheckLooks::rolloutAsKubectl_data()
{
    QTest::addColumn<QByteArray>("object");
    QTest::addColumn<State>("state");
    QTest::addColumn<QString>("words");
    const auto row = [](const char* name, const QByteArray& object, State state, const QString& words) {
        QTest::newRow(name) << object << state << words;
    };
    row("not observed", deploymentJson(5, 4, rolled), State::Not, u"its controller has not seen the change yet"_s);
    row("past its deadline",
        deploymentJson(4, 4, R"(,"conditions":[{"type":"Progressing","reason":"ProgressDeadlineExceeded"}])"),
        State::Never, u"it exceeded its progress deadline"_s);
    row("deadline of an older generation does not count",
        deploymentJson(5, 4, R"(,"conditions":[{"type":"Progressing","reason":"ProgressDeadlineExceeded"}])"),
        State::Not, u"its controller has not seen the change yet"_s);
    row("too few new", deploymentJson(4, 4, R"(,"replicas":3,"updatedReplicas":1)"), State::Not,
        u"1 of 3 new pods have been made"_s);
    row("old ones left", deploymentJson(4, 4, R"(,"replicas":4,"updatedReplicas":3)"), State::Not,
        u"1 old pods still have to go"_s);
    row("not available", deploymentJson(4, 4, R"(,"replicas":3,"updatedReplicas":3,"availableReplicas":2)"), State::Not,
        u"2 of 3 updated pods are available"_s);
    row("done", deploymentJson(4, 4, rolled), State::Holds, u"rolled out, 3 of 3 pods are available"_s);

    const QByteArray daemon = R"({"kind":"DaemonSet","metadata":{"generation":1},
        "spec":{"updateStrategy":{"type":"RollingUpdate"}},"status":{"observedGeneration":1,)";
    row("daemon set not made", daemon + R"("desiredNumberScheduled":4,"updatedNumberScheduled":2}})", State::Not,
        u"2 of 4 new pods have been made"_s);
    row("daemon set not available",
        daemon + R"("desiredNumberScheduled":4,"updatedNumberScheduled":4,"numberAvailable":3}})", State::Not,
        u"3 of 4 updated pods are available"_s);
    row("daemon set done", daemon + R"("desiredNumberScheduled":4,"updatedNumberScheduled":4,"numberAvailable":4}})",
        State::Holds, u"rolled out, 4 of 4 pods are available"_s);

    const QByteArray plain = R"("type":"RollingUpdate")";
    const QByteArray part = R"("type":"RollingUpdate","rollingUpdate":{"partition":1})";
    row("stateful set never seen", R"({"kind":"StatefulSet","metadata":{"generation":0},"spec":{},"status":{}})",
        State::Not, u"its controller has not seen the change yet"_s);
    row("stateful set not ready", statefulJson(plain, R"(,"readyReplicas":2)"), State::Not, u"2 of 3 pods are ready"_s);
    row("partition not made", statefulJson(part, R"(,"readyReplicas":3,"updatedReplicas":1)"), State::Not,
        u"1 of 2 new pods have been made"_s);
    row("partition done", statefulJson(part, R"(,"readyReplicas":3,"updatedReplicas":2,"updateRevision":"b",
        "currentRevision":"a")"),
        State::Holds, u"rolled out, 2 pods are updated"_s);
    row("revisions differ",
        statefulJson(plain, R"(,"readyReplicas":3,"updatedReplicas":1,"updateRevision":"b","currentRevision":"a")"),
        State::Not, u"1 pods are at revision b"_s);
    row("revisions agree", statefulJson(plain, R"(,"readyReplicas":3,"updateRevision":"b","currentRevision":"b")"),
        State::Holds, u"rolled out, all pods are at revision b"_s);
}

void TestCheckLooks::rolloutAsKubectl()
{
    QFETCH(QByteArray, object);
    QFETCH(State, state);
    QFETCH(QString, words);
    const auto look = rolloutLook(json(object));
    QVERIFY(look);
    QCOMPARE(look->words, words);
    QCOMPARE(int(look->state), int(state));
    const auto manual = rolloutLook(json(R"({"kind":"DaemonSet","spec":{"updateStrategy":{"type":"OnDelete"}}})"));
    QVERIFY(!manual);
    QCOMPARE(manual.error().kind, Error::Kind::BadInput);
}

void TestCheckLooks::pods_data()
{
    QTest::addColumn<QByteArrayList>("pods"); ///< phase and flags: "Running ready leaving"
    QTest::addColumn<bool>("holds");
    QTest::addColumn<QString>("words");
    QTest::newRow("all ready") << QByteArrayList{"Running ready", "Running ready"} << true
                               << u"2 of 2 pods are ready"_s;
    QTest::newRow("one not") << QByteArrayList{"Running ready", "Running"} << false
                             << u"1 of 2 pods are ready, not ready is p1"_s;
    QTest::newRow("too few") << QByteArrayList{"Running ready"} << false
                             << u"1 of 1 pods are ready, at least 2 are wanted"_s;
    QTest::newRow("leaving, over and failed ones do not count")
        << QByteArrayList{"Running ready", "Running leaving", "Succeeded", "Failed", "Running ready"} << true
        << u"2 of 2 pods are ready"_s;
    QTest::newRow("a leaving one is none of the two") << QByteArrayList{"Running ready", "Running ready leaving"}
                                                      << false << u"1 of 1 pods are ready, at least 2 are wanted"_s;
    QTest::newRow("none") << QByteArrayList{} << false << u"0 of 0 pods are ready, at least 2 are wanted"_s;
}

void TestCheckLooks::pods()
{
    QFETCH(QByteArrayList, pods);
    QFETCH(bool, holds);
    QFETCH(QString, words);
    QList<QJsonObject> list;
    for (const QByteArray& pod : pods) {
        const QByteArrayList parts = pod.split(' ');
        QJsonObject meta{{u"name"_s, u"p%1"_s.arg(list.size())}};
        if (parts.contains("leaving"))
            meta.insert(u"deletionTimestamp"_s, u"2026-11-21T12:00:00Z"_s);
        const QJsonObject ready{{u"type"_s, u"Ready"_s},
                                {u"status"_s, parts.contains("ready") ? u"True"_s : u"False"_s}};
        list << QJsonObject{{u"metadata"_s, meta},
                            {u"status"_s, QJsonObject{{u"phase"_s, QString::fromLatin1(parts.first())},
                                                      {u"conditions"_s, QJsonArray{ready}}}}};
    }
    const Look look = podsLook(list, 2);
    QCOMPARE(look.words, words);
    QCOMPARE(look.state == State::Holds, holds);
}

void TestCheckLooks::promQl_data()
{
    QTest::addColumn<QByteArray>("parameters");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<State>("state");
    QTest::addColumn<QString>("words");
    const auto row = [](const char* name, const char* parameters, const QByteArray& body, State state,
                        const QString& words) {
        QTest::newRow(name) << QByteArray(parameters) << body << state << words;
    };
    constexpr auto below = R"({"query":"q","comparison":"<","value":"0.05"})";
    constexpr auto fast = R"({"query":"q","comparison":"<","value":"0.05","failFast":true})";
    row("below", below, vector({"0.01"}), State::Holds, u"the value is 0.01"_s);
    row("equal is not below", below, vector({"0.05"}), State::Not, u"the value is 0.05"_s);
    row("scalar", below, R"({"status":"success","data":{"resultType":"scalar","result":[1,"0"]}})", State::Holds,
        u"the value is 0"_s);
    row("every series", below, vector({"0.01", "0.02"}), State::Holds, u"all 2 series are so, the first is 0.01"_s);
    row("one series above", below, vector({"0.01", "0.2"}), State::Not, u"the value of {pod=\"p1\"} is 0.2"_s);
    row("none", below, vector({}), State::Not, u"there is no such series"_s);
    row("none is zero", R"({"query":"q","comparison":"<","value":"1","absentIsZero":true})", vector({}), State::Holds,
        u"the value is 0"_s);
    row("none, fail fast", fast, vector({}), State::Not, u"there is no such series"_s);
    row("above, fail fast", fast, vector({"0.06"}), State::Never, u"the value is 0.06"_s);
    row("no number", below, vector({"NaN"}), State::Not, u"the value is NaN"_s);
    row("no number, fail fast", fast, vector({"NaN"}), State::Not, u"the value is NaN"_s);
    row("no number is not unequal either", R"({"query":"q","comparison":"!=","value":"1"})", vector({"NaN"}),
        State::Not, u"the value is NaN"_s);
    row("infinite", R"({"query":"q","comparison":">=","value":"1e300"})", vector({"+Inf"}), State::Holds,
        u"the value is +Inf"_s);
    row("minus infinite", below, vector({"-Inf"}), State::Holds, u"the value is -Inf"_s);
    row("same", R"({"query":"q","comparison":"==","value":"0.1"})", vector({"1e-1"}), State::Holds,
        u"the value is 0.1"_s);
}

void TestCheckLooks::promQl()
{
    QFETCH(QByteArray, parameters);
    QFETCH(QByteArray, body);
    QFETCH(State, state);
    QFETCH(QString, words);
    const auto look = promQlLook(check(u"promql"_s, parameters), *metrics(body)->answer);
    QVERIFY(look);
    QCOMPARE(look->words, words);
    QCOMPARE(int(look->state), int(state));
}

void TestCheckLooks::promQlRefused()
{
    const Step step = check(u"promql"_s, R"({"query":"q","comparison":"<","value":"1"})");
    const auto kind = [&step](const QByteArray& data) {
        const auto look = promQlLook(step, *metrics(R"({"status":"success","data":)" + data + '}')->answer);
        return look ? Error::Kind::Cancelled : look.error().kind;
    };
    QCOMPARE(kind(R"({"resultType":"matrix","result":[]})"), Error::Kind::BadInput);
    QCOMPARE(kind(R"({"resultType":"string","result":[1,"x"]})"), Error::Kind::BadInput);
    QCOMPARE(kind(R"({"resultType":"vector","result":[{"metric":{},"histogram":[1,{"count":"1","sum":"2"}]}]})"),
             Error::Kind::BadInput);
}

void TestCheckLooks::sql_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<bool>("holds");
    QTest::newRow("less") << u"9"_s << true;
    QTest::newRow("numeric") << u"9.99"_s << true;
    QTest::newRow("same") << u"10"_s << false;
    QTest::newRow("true is 1") << u"t"_s << true;
    QTest::newRow("NaN") << u"NaN"_s << false;
}

void TestCheckLooks::sql()
{
    QFETCH(QString, text);
    QFETCH(bool, holds);
    const auto look =
        sqlLook(check(u"sql"_s, R"({"statement":"s","comparison":"<","value":"10"})"), {1, 1, false, text});
    QVERIFY(look);
    QCOMPARE(look->state == State::Holds, holds);
}

void TestCheckLooks::sqlRefused()
{
    const Step step = check(u"sql"_s, R"({"statement":"s","comparison":"==","value":"0"})");
    QCOMPARE(sqlLook(step, {0, 1, true, {}})->words, u"there is no row"_s);
    QCOMPARE(sqlLook(step, {1, 1, true, {}})->words, u"the value is null"_s);
    for (const SqlValue& value :
         {SqlValue{2, 1, false, u"0"_s}, SqlValue{1, 2, false, u"0"_s}, SqlValue{1, 1, false, u"zero"_s}}) {
        const auto look = sqlLook(step, value);
        QVERIFY(!look);
        QCOMPARE(look.error().kind, Error::Kind::BadInput);
    }
}

void TestCheckLooks::http_data()
{
    QTest::addColumn<QByteArray>("parameters");
    QTest::addColumn<int>("status");
    QTest::addColumn<bool>("holds");
    QTest::addColumn<QString>("words");
    QTest::newRow("200") << QByteArray("{}") << 200 << true << u"it answered 200"_s;
    QTest::newRow("500") << QByteArray("{}") << 500 << false << u"it answered 500"_s;
    QTest::newRow("wanted 403") << QByteArray(R"({"status":403})") << 403 << true << u"it answered 403"_s;
    QTest::newRow("with") << QByteArray(R"({"contains":"grüß"})") << 200 << true << u"it answered 200, with “grüß”"_s;
    QTest::newRow("without") << QByteArray(R"({"contains":"down"})") << 200 << false
                             << u"it answered 200, without “down”"_s;
}

void TestCheckLooks::http()
{
    QFETCH(QByteArray, parameters);
    QFETCH(int, status);
    QFETCH(bool, holds);
    QFETCH(QString, words);
    const Look look = httpLook(check(u"http"_s, parameters), answer("ok grüß", status));
    QCOMPARE(look.words, words);
    QCOMPARE(look.state == State::Holds, holds);
}

QTEST_GUILESS_MAIN(TestCheckLooks)
#include "test_check_looks.moc"
