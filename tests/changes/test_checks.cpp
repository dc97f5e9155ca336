// SPDX-License-Identifier: GPL-3.0-or-later
#include "CheckBench.h"
#include "changes/plan/Mistakes.h"

#include <QtTest/QTest>

using namespace wk;
using namespace wk::changes;
using namespace wk::test;
using namespace Qt::StringLiterals;

/// Checks against a scripted world and a clock that stands still.
class TestChecks : public QObject
{
    Q_OBJECT

private slots:

    void waitsForTheRollout();
    void deadlineOfTheRollout();
    void missingObjectIsAnError();
    void podsOverPages();
    void holdsWithoutInterruption();
    void lastLookIsExactlyWhenDue();
    void notForLongEnough();
    void failFast();
    void passingErrors();
    void errorAtTheEnd();
    void noAnswerAtAll();
    void whoIsAsked();
    void partOfTheTruth();
    void unreachableIsNotWell();
    void confirmed_data();
    void confirmed();
    void nobodyAnswers();
    void destroyed();
    void whatIsMissing_data();
    void whatIsMissing();
    void timesAreJudged();

private:
    static Target pod() { return target({}, u"v1"_s, u"Pod"_s, u"pods"_s, u"shop"_s, {}); }
    static Target database() { return {u"production"_s, {}, {}, u"Database"_s, {}, {}, u"shop"_s}; }
};

void TestChecks::waitsForTheRollout()
{
    CheckBench b;
    auto& reads = b.cluster.reads[deployment().path()];
    reads.then(answer(deploymentJson(5, 4, rolled)));
    reads.then(answer(deploymentJson(5, 5, R"(,"replicas":3,"updatedReplicas":1)")));
    reads.then(answer(deploymentJson(5, 5, R"(,"replicas":3,"updatedReplicas":1)")));
    reads.then(answer(deploymentJson(5, 5, rolled)));
    b.start(check(u"rolloutFinished"_s, "{}"));
    for (int i = 0; i < 3; ++i) {
        QVERIFY(!b.future.isFinished());
        b.pass(2'000);
    }
    QVERIFY(b.future.isFinished());
    QVERIFY(b.future.result()->passed);
    QCOMPARE(b.sentence(), u"It is so: rolled out, 3 of 3 pods are available."_s);
    QCOMPARE(b.told,
             QStringList({u"its controller has not seen the change yet"_s, u"1 of 3 new pods have been made"_s}));
    QCOMPARE(b.future.result()->result.value("looks"_L1).toInteger(), 4);
    QCOMPARE(b.future.result()->result.value("seconds"_L1).toInteger(), 6);
    QCOMPARE(b.cluster.log.size(), 4);
    QVERIFY(b.cluster.sent.empty());
}

void TestChecks::deadlineOfTheRollout()
{
    CheckBench b;
    b.cluster.reads[deployment().path()].always(
        answer(deploymentJson(4, 4, R"(,"conditions":[{"type":"Progressing","reason":"ProgressDeadlineExceeded"}])")));
    b.start(check(u"rolloutFinished"_s, "{}"));
    QVERIFY(b.future.isFinished());
    QVERIFY(!b.future.result()->passed);
    QCOMPARE(b.sentence(), u"It is not so, and waiting does not help: it exceeded its progress deadline."_s);
}

void TestChecks::missingObjectIsAnError()
{
    CheckBench b;
    b.start(check(u"rolloutFinished"_s, "{}"));
    QVERIFY(b.future.isFinished() && !b.future.result());
    QCOMPARE(b.future.result().error().kind, Error::Kind::NotFound);
}

void TestChecks::podsOverPages()
{
    CheckBench b;
    const QByteArray ready = R"({"metadata":{"name":"p"},"status":{"phase":"Running",
        "conditions":[{"type":"Ready","status":"True"}]}})";
    auto& reads = b.cluster.reads["/api/v1/namespaces/shop/pods"];
    reads.then(answer(R"({"kind":"PodList","metadata":{"continue":"a=b"},"items":[)" + ready + "]}"));
    reads.then(answer(R"({"kind":"PodList","metadata":{},"items":[)" + ready + "]}"));
    b.start(check(u"podsReady"_s, R"({"selector":"app=api,tier!=x","minimum":2})", pod()));
    QVERIFY(b.future.isFinished());
    QVERIFY2(b.future.result() && b.future.result()->passed, qPrintable(b.sentence()));
    const QByteArray first = "GET /api/v1/namespaces/shop/pods?limit=500&labelSelector=app%3Dapi%2Ctier%21%3Dx";
    QCOMPARE(b.cluster.log, QByteArrayList({first, first + "&continue=a%3Db"}));
}

void TestChecks::holdsWithoutInterruption()
{
    CheckBench b;
    const Step step = check(u"promql"_s, R"({"query":"q","comparison":"<","value":"1","forSeconds":10})");
    b.metrics.values.then(metrics(vector({"0"})));
    b.metrics.values.then(metrics(vector({"0"})));
    b.metrics.values.then(metrics(vector({"2"}))); // at 10 s: it begins anew
    b.metrics.values.always(metrics(vector({"0"})));
    b.start(step);
    b.pass(5'000);
    b.pass(5'000);
    QVERIFY(!b.future.isFinished());
    b.pass(5'000); // good again from here
    b.pass(5'000);
    QVERIFY(!b.future.isFinished());
    b.pass(5'000);
    QVERIFY(b.future.isFinished());
    QVERIFY(b.future.result()->passed);
    QCOMPARE(b.sentence(), u"It has been so for 10 s: the value is 0."_s);
}

void TestChecks::lastLookIsExactlyWhenDue()
{
    CheckBench b;
    b.web.pages.always(answer("fine"));
    b.start(check(u"http"_s, R"({"url":"http://x.example/","forSeconds":3})"));
    b.pass(2'000);
    QCOMPARE(b.clock.nextTimerInMs(), 1'000);
    b.pass(1'000);
    QVERIFY(b.future.isFinished() && b.future.result()->passed);
    QCOMPARE(b.future.result()->result.value("looks"_L1).toInteger(), 3);
}

void TestChecks::notForLongEnough()
{
    CheckBench b;
    for (int i = 0; i < 3; ++i)
        b.web.pages.then(answer("bad", 500));
    b.web.pages.always(answer("fine"));
    b.start(check(u"http"_s, R"({"url":"http://x.example/","forSeconds":8,"withinSeconds":10})"));
    for (int i = 0; i < 5; ++i)
        b.pass(2'000);
    QVERIFY(b.future.isFinished());
    QVERIFY(b.future.result() && !b.future.result()->passed);
    QCOMPARE(b.sentence(), u"Within 10 s it was not so for long enough (8 s): it answered 200."_s);
}

void TestChecks::failFast()
{
    CheckBench b;
    b.metrics.values.then(metrics(vector({"NaN"})));
    b.metrics.values.then(metrics(vector({"0.01"})));
    b.metrics.values.always(metrics(vector({"0.3"})));
    b.start(check(u"promql"_s, R"({"query":"q","comparison":"<","value":"0.05","forSeconds":60,"failFast":true})"));
    b.pass(5'000);
    QVERIFY(!b.future.isFinished());
    b.pass(5'000);
    QVERIFY(b.future.isFinished() && b.future.result() && !b.future.result()->passed);
    QCOMPARE(b.sentence(), u"It is not so, and waiting does not help: the value is 0.3."_s);
}

void TestChecks::passingErrors()
{
    CheckBench b;
    auto& reads = b.cluster.reads[deployment().path()];
    reads.then(fail(Error::Kind::Network, u"No route."_s));
    reads.then(answer("{}", 503));
    reads.then(answer("{}", 429));
    reads.then(answer(deploymentJson(4, 4, rolled)));
    b.start(check(u"rolloutFinished"_s, "{}"));
    for (int i = 0; i < 3; ++i)
        b.pass(2'000);
    QVERIFY(b.future.isFinished() && b.future.result() && b.future.result()->passed);
    QCOMPARE(b.told.first(), u"It cannot be asked at the moment: No route."_s);
    CheckBench forbidden;
    forbidden.cluster.reads[deployment().path()].always(answer("{}", 403));
    forbidden.start(check(u"rolloutFinished"_s, "{}"));
    QVERIFY(forbidden.future.isFinished() && !forbidden.future.result());
}

void TestChecks::errorAtTheEnd()
{
    CheckBench b;
    b.databases.values.then(SqlValue{1, 1, false, u"7"_s});
    b.databases.values.always(fail(Error::Kind::Network, u"The server is gone."_s));
    b.start(check(u"sql"_s, R"({"statement":"s","comparison":"<","value":"5","withinSeconds":9})", database()));
    b.pass(5'000);
    b.pass(4'000);
    QVERIFY(b.future.isFinished() && !b.future.result());
    QCOMPARE(b.sentence(), u"Within 9 s it was not so, and now it cannot be asked: The server is gone."_s);
}

void TestChecks::noAnswerAtAll()
{
    CheckBench b;
    b.start(check(u"sql"_s, R"({"statement":"s","comparison":"<","value":"5","withinSeconds":60})", database()));
    b.pass(60'000);
    QVERIFY(b.future.isFinished() && !b.future.result());
    QCOMPARE(b.sentence(), u"There was no answer within 1 min."_s);
    // The answer that comes too late is nobody's.
    b.databases.values.open.front()->addResult(Result<SqlValue>(SqlValue{1, 1, false, u"1"_s}));
    b.databases.values.open.front()->finish();
    settle();
}

void TestChecks::whoIsAsked()
{
    CheckBench b;
    b.metrics.values.then(metrics(vector({"2"}), u"prometheus in shop: it is called so"_s));
    b.metrics.values.always(metrics(vector({"0"}), u"prometheus in shop: it is called so"_s));
    b.start(check(u"promql"_s, R"({"query":"a + 1","comparison":"<","value":"1"})"));
    b.pass(5'000);
    QVERIFY(b.future.isFinished() && b.future.result());
    QCOMPARE(b.metrics.asked, QStringList(2, u"production  a + 1"_s));
    // The place and the reason are told once, and stay on record.
    QCOMPARE(b.told, QStringList({u"Asks prometheus in shop: it is called so"_s, u"the value is 2"_s}));
    QCOMPARE(b.future.result()->result.value("source"_L1).toString(), u"prometheus in shop: it is called so"_s);
    QCOMPARE(b.sentence(), u"It is so: the value is 0. Asked was prometheus in shop: it is called so."_s);
    b.start(check(u"promql"_s, R"({"query":"q","comparison":"<","value":"1","url":"http://other.example:9090"})"));
    QCOMPARE(b.metrics.asked.last(), u"production http://other.example:9090 q"_s);
}

void TestChecks::partOfTheTruth()
{
    CheckBench b;
    b.metrics.values.then(
        metrics(R"({"status":"success","isPartial":true,"data":{"resultType":"vector","result":[]}})"));
    b.metrics.values.always(
        metrics(R"({"status":"success","warnings":["store s1 is away"],"data":{"resultType":"vector",
        "result":[{"metric":{},"value":[1,"0"]}]}})"));
    b.start(check(u"promql"_s, R"({"query":"q","comparison":"<","value":"1","absentIsZero":true})"));
    QVERIFY(!b.future.isFinished());
    QCOMPARE(b.told,
             QStringList(u"It cannot be asked at the moment: The server says that its answer is not complete."_s));
    b.pass(5'000);
    QVERIFY(b.future.isFinished());
    QCOMPARE(b.sentence(), u"It is so: the value is 0 (the server warns: store s1 is away)."_s);
}

void TestChecks::unreachableIsNotWell()
{
    CheckBench b;
    b.web.pages.always(fail(Error::Kind::Network, u"x.example:80 refused the connection."_s));
    b.start(check(u"http"_s, R"({"url":"http://x.example/","withinSeconds":4})"));
    b.pass(4'000);
    QVERIFY(b.future.isFinished());
    QVERIFY(b.future.result() && !b.future.result()->passed);
    QCOMPARE(b.sentence(), u"Within 4 s it was not so: x.example:80 refused the connection."_s);
}

void TestChecks::confirmed_data()
{
    QTest::addColumn<bool>("yes");
    QTest::addColumn<QString>("sentence");
    QTest::newRow("yes") << true << u"It is so: anna said yes: looks fine."_s;
    QTest::newRow("no") << false << u"It is not so, and waiting does not help: anna said no: looks fine."_s;
}

void TestChecks::confirmed()
{
    QFETCH(bool, yes);
    QFETCH(QString, sentence);
    CheckBench b;
    b.start(check(u"confirm"_s, R"({"question":"Is the page there?"})"));
    QCOMPARE(b.person.asked, u"Is the page there?"_s);
    QCOMPARE(b.told, QStringList(u"nobody has answered"_s));
    b.pass(3'600'000);
    QVERIFY(!b.future.isFinished());
    b.person.words.open.front()->addResult(Result<Confirmation>(Confirmation{yes, u"anna"_s, u"looks fine"_s}));
    b.person.words.open.front()->finish();
    settle();
    QVERIFY(b.future.isFinished());
    QCOMPARE(b.future.result()->passed, yes);
    QCOMPARE(b.sentence(), sentence);
}

void TestChecks::nobodyAnswers()
{
    CheckBench b;
    b.start(check(u"confirm"_s, R"({"question":"q","withinSeconds":120})"));
    b.pass(120'000);
    QVERIFY(b.future.isFinished() && !b.future.result()->passed);
    QCOMPARE(b.sentence(), u"Within 2 min it was not so: nobody has answered."_s);
    QVERIFY(b.person.words.open.front()->isCanceled()); // the question can go
}

void TestChecks::destroyed()
{
    CheckBench b;
    b.start(check(u"rolloutFinished"_s, "{}"));
    b.start(check(u"promql"_s, R"({"query":"q","comparison":"<","value":"1"})"));
    b.start(check(u"confirm"_s, R"({"question":"q"})"));
    const auto future = b.future;
    QVERIFY(!future.isFinished());
    b.runner.reset();
    QVERIFY(future.isFinished());
    QCOMPARE(future.result().error().kind, Error::Kind::Cancelled);
    QVERIFY(b.person.words.open.front()->isCanceled());
    QVERIFY(b.metrics.values.open.front()->isCanceled()); // a server need not work on
    b.pass(1'000'000);                                    // nothing of it is left
}

void TestChecks::whatIsMissing_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QByteArray>("parameters");
    QTest::newRow("rollout") << u"rolloutFinished"_s << QByteArray("{}");
    QTest::newRow("promql") << u"promql"_s << QByteArray(R"({"query":"q","comparison":"<","value":"1"})");
    QTest::newRow("sql") << u"sql"_s << QByteArray(R"({"statement":"q","comparison":"<","value":"1"})");
    QTest::newRow("http") << u"http"_s << QByteArray(R"({"url":"http://x.example"})");
    QTest::newRow("confirm") << u"confirm"_s << QByteArray(R"({"question":"q"})");
}

void TestChecks::whatIsMissing()
{
    QFETCH(QString, name);
    QFETCH(QByteArray, parameters);
    CheckBench b;
    b.runner = std::make_unique<CheckRunner>(CheckWorld(), b.clock);
    b.start(check(name, parameters));
    QVERIFY(b.future.isFinished() && !b.future.result());
    QCOMPARE(b.future.result().error().kind, Error::Kind::Unsupported);
}

void TestChecks::timesAreJudged()
{
    const auto mistakes = [](const QByteArray& times) {
        const Step s = check(u"http"_s, R"({"url":"http://x.example",)" + times + '}');
        Mistakes found;
        (void)Step::fromJson(s.toJson(), found);
        QStringList out;
        for (const Mistake& m : found.list())
            out << m.place + u' ' + m.message;
        return out;
    };
    QCOMPARE(mistakes(R"("forSeconds":299)"), QStringList());
    QCOMPARE(mistakes(R"("forSeconds":300)"),
             QStringList(u"parameters.forSeconds must be less than withinSeconds (300)"_s));
    QCOMPARE(mistakes(R"("forSeconds":300,"withinSeconds":301)"), QStringList());
}

QTEST_GUILESS_MAIN(TestChecks)
#include "test_checks.moc"
