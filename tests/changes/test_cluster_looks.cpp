// SPDX-License-Identifier: GPL-3.0-or-later
#include "ActionBench.h"

#include <QtTest/QTest>

using namespace wk;
using namespace wk::changes;
using namespace wk::test;
using namespace Qt::StringLiterals;

/// Asking, previewing and observing, against a scripted cluster and a clock that stands still.
class TestClusterLooks : public QObject
{
    Q_OBJECT

private slots:
    void allowedAsksForEach();
    void previewPretends();
    void previewLooksAgainAfterAConflict();
    void previewGivesUpAfterFive();
    void observed_data();
    void observed();
    void observedObjects_data();
    void observedObjects();
    void recordSurvives();
    void outsideActionsAreNoCluster();
};

void TestClusterLooks::allowedAsksForEach()
{
    ActionBench b;
    const QByteArray yes = R"({"status":{"allowed":true}})", no = R"({"status":{"allowed":false}})";
    const Step drain = step(u"drain"_s, node());
    b.cluster.reviews.then(answer(yes));
    b.cluster.reviews.then(answer(no));
    const auto refused = b.actions->allowed(drain);
    settle();
    QVERIFY(refused.isFinished());
    QVERIFY(!refused.result()->allowed);
    QCOMPARE(refused.result()->sentence, u"User “operator” is not allowed to list pods."_s);
    QCOMPARE(b.cluster.log.size(), 2);
    b.cluster.reviews.always(answer(yes));
    const auto allowed = b.actions->allowed(drain);
    settle();
    QVERIFY(allowed.result()->allowed);
    b.cluster.reviews.always(answer("{}", 503));
    const auto unknown = b.actions->allowed(drain);
    settle();
    QVERIFY(!unknown.result());
}

void TestClusterLooks::previewPretends()
{
    ActionBench b;
    b.cluster.dryRuns.then(answer(patched()));
    const auto preview = b.actions->preview(image());
    settle();
    QVERIFY(preview.isFinished() && preview.result());
    QCOMPARE(b.cluster.log,
             QByteArrayList({"GET " + deployment().path(), // and whether an autoscaler sets its replicas
                             "GET /apis/autoscaling/v1/namespaces/shop/horizontalpodautoscalers",
                             "PATCH? " + deployment().path()}));
    QVERIFY(b.cluster.sent.empty());
    QVERIFY(preview.result()->differences.first().text().contains(u"+ "_s));
    QCOMPARE(preview.result()->inverse.steps.first().name, u"setImage"_s);
    QCOMPARE(preview.result()->precondition.uid, u"u-d"_s);
}

void TestClusterLooks::previewLooksAgainAfterAConflict()
{
    ActionBench b;
    b.cluster.dryRuns.then(refused(409));
    b.cluster.dryRuns.then(answer(patched()));
    const auto preview = b.actions->preview(image());
    settle();
    QVERIFY(!preview.isFinished());
    b.pass(100);
    QVERIFY(preview.isFinished() && preview.result());
    QCOMPARE(preview.result()->differences.size(), 1);
    QCOMPARE(b.cluster.log.count("GET " + deployment().path()), 2);
}

void TestClusterLooks::previewGivesUpAfterFive()
{
    ActionBench b;
    b.cluster.dryRuns.always(refused(409));
    const auto preview = b.actions->preview(image());
    settle();
    for (int i = 0; i < 10; ++i)
        b.pass(500);
    QVERIFY(preview.isFinished() && !preview.result());
    QCOMPARE(preview.result().error().kind, Error::Kind::Conflict);
    QCOMPARE(b.cluster.log.count("PATCH? " + deployment().path()), 5);
}

void TestClusterLooks::observed_data()
{
    QTest::addColumn<QStringList>("there"); ///< of pods a and b of the record: "a" as it was, "a leaving", "a new"
    QTest::addColumn<int>("state");
    QTest::newRow("both gone") << QStringList() << int(Observation::State::Done);
    QTest::newRow("one is another") << QStringList{u"a new"_s} << int(Observation::State::Done);
    QTest::newRow("one leaves") << QStringList{u"b leaving"_s} << int(Observation::State::Done);
    QTest::newRow("both there") << QStringList{u"a"_s, u"b"_s} << int(Observation::State::NotDone);
    QTest::newRow("one there") << QStringList{u"b"_s} << int(Observation::State::Mixed);
}

void TestClusterLooks::observed()
{
    QFETCH(QStringList, there);
    QFETCH(int, state);
    ActionBench b;
    b.cluster.objects[podPath("a")] = pod("a", "u-a");
    b.cluster.objects[podPath("b")] = pod("b", "u-b");
    const Step s = step(u"deletePods"_s, pods(), R"({"names":["a","b"]})");
    b.perform(s); // its first request stays without an answer
    b.actions.reset();
    for (const char* name : {"a", "b"})
        b.cluster.objects.erase(podPath(name));
    for (const QString& text : there) {
        const QByteArray name = text.left(1).toLatin1();
        QJsonObject object =
            pod(name.constData(), text.endsWith(u"new"_s) ? "u-new" : QByteArray("u-" + name).constData());
        QJsonObject meta = object.value("metadata"_L1).toObject();
        if (text.endsWith(u"leaving"_s))
            meta.insert(u"deletionTimestamp"_s, u"2026-11-21T12:00:00Z"_s);
        object.insert(u"metadata"_s, meta);
        b.cluster.objects[podPath(name.constData())] = object;
    }
    ClusterActions after(b.cluster, b.clock);
    const auto seen = after.observe(s, Before::fromJson(b.before.toJson()));
    settle();
    QVERIFY(seen.isFinished() && seen.result());
    QCOMPARE(int(seen.result()->state), state);
    QVERIFY(!seen.result()->sentence.isEmpty());
    QCOMPARE(b.cluster.sent.size(), size_t(1));
}

void TestClusterLooks::observedObjects_data()
{
    QTest::addColumn<QByteArray>("image"); ///< of the deployment afterwards; empty: it is gone
    QTest::addColumn<int>("state");
    QTest::newRow("as wanted") << QByteArray("shop/api:3") << int(Observation::State::Done);
    QTest::newRow("as before") << QByteArray("shop/api:2") << int(Observation::State::NotDone);
    QTest::newRow("gone") << QByteArray() << int(Observation::State::NotDone);
}

void TestClusterLooks::observedObjects()
{
    QFETCH(QByteArray, image);
    QFETCH(int, state);
    ActionBench b;
    b.perform(wk::test::image());
    b.actions.reset();
    QCOMPARE(b.future.result().error().kind, Error::Kind::Cancelled);
    if (image.isEmpty())
        b.cluster.objects.clear();
    else
        b.cluster.objects[deployment().path()] =
            json(QJsonDocument(liveDeployment()).toJson().replace("shop/api:2", image));
    ClusterActions after(b.cluster, b.clock);
    const auto seen = after.observe(wk::test::image(), b.before);
    settle();
    QVERIFY(seen.isFinished() && seen.result());
    QCOMPARE(int(seen.result()->state), state);
}

void TestClusterLooks::recordSurvives()
{
    ActionBench b;
    b.perform(step(u"restart"_s, deployment()));
    const Before read = Before::fromJson(b.before.toJson());
    QCOMPARE(read.toJson(), b.before.toJson());
    QCOMPARE(read.calls.first().bodyFor(false), b.before.calls.first().bodyFor(false));
    QCOMPARE(read.inverse.steps, b.before.inverse.steps);
}

void TestClusterLooks::outsideActionsAreNoCluster()
{
    ActionBench b;
    b.perform(step(u"runSql"_s, {u"production"_s, {}, {}, u"Database"_s, {}, {}, u"x"_s}, R"({"statement":"x"})"));
    QVERIFY(b.future.isFinished() && !b.future.result());
    QCOMPARE(b.future.result().error().kind, Error::Kind::BadInput);
    QVERIFY(b.cluster.log.isEmpty());
}

QTEST_GUILESS_MAIN(TestClusterLooks)
#include "test_cluster_looks.moc"
