// SPDX-License-Identifier: GPL-3.0-or-later
#include "ActionBench.h"
#include "changes/plan/JsonTree.h"

#include <QtTest/QTest>

using namespace wk;
using namespace wk::changes;
using namespace wk::test;
using namespace Qt::StringLiterals;

/// Performing actions, against a scripted cluster and a clock that stands still.
class TestClusterActions : public QObject
{
    Q_OBJECT

private slots:
    void recordsBeforeItSends();
    void nothingIsSentWithoutARecord();
    void driftStops();
    void conflictIsRetried();
    void conflictFiveTimes();
    void changedMeanwhileStops();
    void createIsNotRetried();
    void lostAnswerIsNotRepeated();
    void refusalEndsIt();
    void alreadySoSendsNothing();
    void aReplacementIsNotDeleted();
    void whatIsRefusedForNowIsSentAgainAsItWas();
    void eachRequestAsksWhetherItMay();
    void aLostCreationIsIdentified();
    void createdUidGuardsTheInverse();
    void waitsForWhatHasToGo();
    void anotherOneOfThatNameIsGone();
    void goesOnForTooLong();
    void evictionsArePutOff();
    void evictionsForTooLong();
    void destroyed();

private:
    static QByteArrayList sentVersions(const ActionBench& b)
    {
        QByteArrayList out;
        for (const Call& call : b.cluster.sent)
            out << valueAt(call.body, u"/metadata/resourceVersion").toString().toLatin1();
        return out;
    }
};

void TestClusterActions::recordsBeforeItSends()
{
    ActionBench b;
    b.cluster.sends.then(answer(patched()));
    b.perform(image());
    QVERIFY(b.future.isFinished() && b.future.result());
    QCOMPARE(b.cluster.log, QByteArrayList({"GET " + deployment().path(), "RECORD", "PATCH " + deployment().path()}));
    QCOMPARE(b.before.inverse.steps.size(), 1);
    QCOMPARE(b.before.inverse.steps.first().parameters, json(R"({"images":{"c":"shop/api:2"}})"));
    QCOMPARE(b.before.inverse.steps.first().precondition.uid, u"u-d"_s);
    QCOMPARE(b.before.calls.size(), 1);
    QCOMPARE(b.before.uid, u"u-d"_s);
    QCOMPARE(b.before.resourceVersion, u"70"_s);
    QCOMPARE(b.future.result()->inverse.steps, b.before.inverse.steps);
    QCOMPARE(sentVersions(b), QByteArrayList({"70"}));
}

void TestClusterActions::nothingIsSentWithoutARecord()
{
    ActionBench b;
    b.recorded = fail(Error::Kind::Network, u"The store is away."_s);
    b.perform(image());
    QVERIFY(b.future.isFinished() && !b.future.result());
    QCOMPARE(b.sentence(), u"The store is away."_s);
    QVERIFY(b.cluster.sent.empty());
}

void TestClusterActions::driftStops()
{
    ActionBench b;
    Step s = image();
    s.precondition.resourceVersion = u"69"_s;
    b.perform(s);
    QVERIFY(b.future.isFinished() && !b.future.result());
    QCOMPARE(b.future.result().error().kind, Error::Kind::Conflict);
    QCOMPARE(b.sentence(), u"The deployment api in shop was changed since this was approved."_s);
    QVERIFY(!b.cluster.log.contains("RECORD"));
    QVERIFY(b.cluster.sent.empty());
}

void TestClusterActions::conflictIsRetried()
{
    ActionBench b;
    Step s = image();
    s.precondition.uid = u"u-d"_s;
    b.cluster.sends.then(refused(409));
    b.cluster.sends.then(refused(409));
    b.cluster.sends.then(answer(patched()));
    b.perform(s);
    b.setVersion("71"); // somebody wrote its status
    b.pass(100);
    b.setVersion("72");
    b.pass(200);
    QVERIFY(b.future.isFinished());
    QVERIFY2(b.future.result(), qPrintable(b.sentence()));
    QCOMPARE(sentVersions(b), QByteArrayList({"70", "71", "72"}));
    QCOMPARE(b.cluster.log.count("RECORD"), 1);
}

void TestClusterActions::conflictFiveTimes()
{
    ActionBench b;
    b.cluster.sends.always(refused(409));
    b.perform(image());
    for (int i = 0; i < 10; ++i)
        b.pass(500);
    QVERIFY(b.future.isFinished() && !b.future.result());
    QCOMPARE(b.future.result().error().kind, Error::Kind::Conflict);
    QCOMPARE(b.cluster.sent.size(), size_t(5));
}

void TestClusterActions::changedMeanwhileStops()
{
    ActionBench b;
    b.cluster.sends.then(refused(409));
    b.perform(image());
    const QByteArray other =
        QJsonDocument(b.cluster.objects[deployment().path()]).toJson().replace("shop/api:2", "shop/api:9");
    b.cluster.objects[deployment().path()] = json(other); // the inverse on record would bring back the wrong image
    b.pass(100);
    QVERIFY(b.future.isFinished() && !b.future.result());
    QCOMPARE(b.sentence(), u"The deployment api in shop was changed while this step was under way."_s);
    QCOMPARE(b.cluster.sent.size(), size_t(1));
}

void TestClusterActions::createIsNotRetried()
{
    ActionBench b;
    b.cluster.sends.always(refused(409));
    b.perform(
        step(u"createObject"_s, target({}, u"v1"_s, u"ConfigMap"_s, u"configmaps"_s, u"shop"_s, u"new"_s),
             R"({"manifest":{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"new","namespace":"shop"}}})"));
    QVERIFY(b.future.isFinished() && !b.future.result());
    QCOMPARE(b.cluster.sent.size(), size_t(1));
}

void TestClusterActions::lostAnswerIsNotRepeated()
{
    ActionBench b;
    b.cluster.sends.then(fail(Error::Kind::Network, u"It is not known whether the server carried this out."_s));
    b.perform(image());
    b.pass(600'000);
    QVERIFY(b.future.isFinished() && !b.future.result());
    QCOMPARE(b.future.result().error().kind, Error::Kind::Network);
    QCOMPARE(b.sentence(), u"It is not known whether the server carried this out."_s);
    QCOMPARE(b.cluster.sent.size(), size_t(1));
}

void TestClusterActions::refusalEndsIt()
{
    ActionBench b;
    b.cluster.sends.then(refused(403));
    b.perform(image());
    QVERIFY(b.future.isFinished() && !b.future.result());
    QCOMPARE(b.future.result().error().kind, Error::Kind::Forbidden);
}

void TestClusterActions::alreadySoSendsNothing()
{
    ActionBench b;
    b.perform(step(u"scale"_s, deployment(), R"({"replicas":2})"));
    QVERIFY(b.future.isFinished() && b.future.result());
    QVERIFY(b.cluster.sent.empty());
    QVERIFY2(b.sentence().contains(u"already"_s), qPrintable(b.sentence()));
}

// The pod of a stateful set comes back under its name, and is not the one that was meant.
void TestClusterActions::aReplacementIsNotDeleted()
{
    ActionBench b;
    b.cluster.objects[podPath("a")] = pod("a", "u-a");
    b.cluster.objects[podPath("b")] = pod("b", "u-b");
    b.cluster.sends.then(answer("{}"));
    const Step s = step(u"deletePods"_s, pods(), R"({"names":["a","b"]})");
    b.perform(s);
    b.cluster.objects[podPath("a")] = pod("a", "u-a2");
    b.cluster.objects[podPath("b")] = pod("b", "u-b2");
    b.cluster.sends.open.front()->addResult(refused(409));
    b.cluster.sends.open.front()->finish();
    b.pass(1'000);
    b.pass(10'000);
    QVERIFY(b.future.isFinished());
    QVERIFY2(b.future.result(), qPrintable(b.sentence()));
    QCOMPARE(b.cluster.sent.size(), size_t(2));
    for (const Call& call : b.cluster.sent)
        QVERIFY(call.goingUid() == u"u-a"_s || call.goingUid() == u"u-b"_s);
}

void TestClusterActions::whatIsRefusedForNowIsSentAgainAsItWas()
{
    ActionBench b;
    b.cluster.objects[podPath("a")] = pod("a", "u-a");
    b.cluster.sends.then(refused(409));
    b.cluster.sends.then(answer("{}"));
    b.perform(step(u"deletePods"_s, pods(), R"({"names":["a"]})"));
    QCOMPARE(b.cluster.sent.size(), size_t(1));
    b.pass(5'000);
    QCOMPARE(b.cluster.sent.size(), size_t(2));
    QCOMPARE(b.cluster.sent.back().goingUid(), u"u-a"_s);
    b.cluster.objects.erase(podPath("a"));
    b.pass(1'000);
    QVERIFY(b.future.isFinished() && b.future.result());
}

void TestClusterActions::eachRequestAsksWhetherItMay()
{
    ActionBench b;
    b.cluster.objects[podPath("a")] = pod("a", "u-a");
    b.cluster.objects[podPath("b")] = pod("b", "u-b");
    b.cluster.sends.always(answer("{}"));
    b.actions->setMaySend([&b] { return b.cluster.sent.empty(); }); // the lease is lost after the first
    b.perform(step(u"deletePods"_s, pods(), R"({"names":["a","b"]})"));
    QVERIFY(b.future.isFinished() && !b.future.result());
    QCOMPARE(b.future.result().error().kind, Error::Kind::Cancelled);
    QCOMPARE(b.cluster.sent.size(), size_t(1));
}

void TestClusterActions::aLostCreationIsIdentified()
{
    ActionBench b;
    const Target map = target({}, u"v1"_s, u"ConfigMap"_s, u"configmaps"_s, u"shop"_s, u"new"_s);
    const Step create =
        step(u"createObject"_s, map,
             R"({"manifest":{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"new","namespace":"shop"}}})");
    b.cluster.sends.then(fail(Error::Kind::Network, u"lost"_s));
    b.perform(create);
    QVERIFY(b.before.inverse.steps.first().precondition.uid.isEmpty());
    b.cluster.objects[map.path()] = json(R"({"apiVersion":"v1","kind":"ConfigMap",
        "metadata":{"name":"new","namespace":"shop","uid":"u-new"}})");
    const auto seen = b.actions->observe(create, Before::fromJson(b.before.toJson()));
    settle();
    QCOMPARE(seen.result()->state, Observation::State::Done);
    QCOMPARE(seen.result()->inverse.steps.first().precondition.uid, u"u-new"_s);
}

void TestClusterActions::createdUidGuardsTheInverse()
{
    ActionBench b;
    b.cluster.sends.then(answer(R"({"metadata":{"uid":"u-new","resourceVersion":"9"}})", 201));
    b.perform(
        step(u"createObject"_s, target({}, u"v1"_s, u"ConfigMap"_s, u"configmaps"_s, u"shop"_s, u"new"_s),
             R"({"manifest":{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"new","namespace":"shop"}}})"));
    QVERIFY(b.future.isFinished());
    QVERIFY2(b.future.result(), qPrintable(b.sentence()));
    QCOMPARE(b.future.result()->inverse.steps.first().name, u"deleteObject"_s);
    QCOMPARE(b.future.result()->inverse.steps.first().precondition.uid, u"u-new"_s);
}

void TestClusterActions::waitsForWhatHasToGo()
{
    ActionBench b;
    b.cluster.objects[podPath("a")] = pod("a", "u-a");
    b.cluster.objects[podPath("b")] = pod("b", "u-b");
    b.cluster.sends.always(answer("{}"));
    b.perform(step(u"deletePods"_s, pods(), R"({"names":["a","b"]})"));
    QCOMPARE(b.cluster.sent.size(), size_t(2));
    QVERIFY(!b.future.isFinished());
    QVERIFY(b.told.contains(u"Waiting for pod a in shop to go"_s));
    b.pass(1'000);
    QVERIFY(!b.future.isFinished());
    b.cluster.objects.erase(podPath("a"));
    b.pass(1'000);
    QVERIFY(!b.future.isFinished());
    QVERIFY(b.told.contains(u"Waiting for pod b in shop to go"_s));
    b.cluster.objects.erase(podPath("b"));
    b.pass(1'000);
    QVERIFY(b.future.isFinished());
    QVERIFY2(b.future.result(), qPrintable(b.sentence()));
}

void TestClusterActions::anotherOneOfThatNameIsGone()
{
    ActionBench b;
    b.cluster.objects[podPath("db-0")] = pod("db-0", "u-1");
    b.cluster.sends.always(answer("{}"));
    b.perform(step(u"deletePods"_s, pods(), R"({"names":["db-0"]})"));
    QVERIFY(!b.future.isFinished());
    b.cluster.objects[podPath("db-0")] = pod("db-0", "u-2"); // as a stateful set makes it
    b.pass(1'000);
    QVERIFY(b.future.isFinished() && b.future.result());
}

void TestClusterActions::goesOnForTooLong()
{
    ActionBench b;
    b.cluster.objects[podPath("a")] = pod("a", "u-a");
    b.cluster.sends.always(answer("{}"));
    b.perform(step(u"deletePods"_s, pods(), R"({"names":["a"],"withinSeconds":3})"));
    for (int i = 0; i < 3; ++i)
        b.pass(1'000);
    QVERIFY(b.future.isFinished() && !b.future.result());
    QCOMPARE(b.sentence(), u"Still there after the time allowed: pod a in shop, and 0 more."_s);
}

void TestClusterActions::evictionsArePutOff()
{
    ActionBench b;
    b.cluster.objects[node().path()] =
        json(R"({"apiVersion":"v1","kind":"Node","metadata":{"name":"n1","uid":"u-n","resourceVersion":"5"}})");
    b.cluster.objects["/api/v1/pods"] = QJsonObject{{u"kind"_s, u"PodList"_s},
                                                    {u"apiVersion"_s, u"v1"_s},
                                                    {u"items"_s, QJsonArray{pod("a", "u-a"), pod("b", "u-b")}}};
    b.cluster.objects["/api/v1"] =
        json(R"({"kind":"APIResourceList","resources":[{"name":"pods/eviction","version":"v1"}]})");
    b.cluster.sends.then(answer("{}"));      // cordon
    b.cluster.sends.then(answer("{}", 201)); // a
    b.cluster.sends.then(refused(429));      // b: its budget allows none to go now
    b.cluster.sends.then(refused(429));
    b.cluster.sends.then(answer("{}", 201));
    b.perform(step(u"drain"_s, node()));
    QCOMPARE(b.cluster.sent.size(), size_t(3));
    QCOMPARE(b.told.last(), u"2 of 3: Evict pod a in shop"_s);
    QCOMPARE(b.clock.nextTimerInMs(), 5'000);
    b.pass(5'000);
    QCOMPARE(b.cluster.sent.size(), size_t(4));
    QVERIFY(!b.future.isFinished());
    b.pass(5'000);
    QCOMPARE(b.cluster.sent.size(), size_t(5));
    QCOMPARE(b.cluster.sent.back().path, podPath("b") + "/eviction");
    QVERIFY(b.future.isFinished());
    QVERIFY2(b.future.result(), qPrintable(b.sentence()));
    QCOMPARE(b.future.result()->inverse.steps.first().name, u"uncordon"_s);
}

void TestClusterActions::evictionsForTooLong()
{
    ActionBench b;
    b.cluster.objects[node().path()] =
        json(R"({"apiVersion":"v1","kind":"Node","metadata":{"name":"n1","uid":"u-n"},"spec":{"unschedulable":true}})");
    b.cluster.objects["/api/v1/pods"] =
        QJsonObject{{u"kind"_s, u"PodList"_s}, {u"apiVersion"_s, u"v1"_s}, {u"items"_s, QJsonArray{pod("a", "u-a")}}};
    b.cluster.objects["/api/v1"] = json(R"({"kind":"APIResourceList"})");
    b.cluster.sends.always(refused(429));
    b.perform(step(u"drain"_s, node(), R"({"withinSeconds":12})"));
    for (int i = 0; i < 3; ++i)
        b.pass(5'000);
    QVERIFY(b.future.isFinished() && !b.future.result());
    QCOMPARE(b.future.result().error().kind, Error::Kind::Throttled);
    QCOMPARE(b.sentence(),
             u"Not carried out in time: 1 of 1 requests are still put off, the first: Evict pod a in shop."_s);
}

void TestClusterActions::destroyed()
{
    ActionBench b;
    QPromise<Result<void>> recorded;
    recorded.start();
    auto future = b.actions->perform(image(), [&](const Before&) { return recorded.future(); }, {});
    settle();
    QVERIFY(!future.isFinished());
    b.actions.reset();
    QVERIFY(future.isFinished());
    QCOMPARE(future.result().error().kind, Error::Kind::Cancelled);
    recorded.addResult(Result<void>());
    recorded.finish();
    settle();
    QVERIFY(b.cluster.sent.empty());
}

QTEST_GUILESS_MAIN(TestClusterActions)
#include "test_cluster_actions.moc"
