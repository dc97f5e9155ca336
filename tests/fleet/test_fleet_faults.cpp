// SPDX-License-Identifier: GPL-3.0-or-later
#include "EngineFixture.h"

#include <QtTest/QtTest>

using namespace Qt::StringLiterals;
using namespace wk::fleet;

/// What each fault looks like from outside, and how it ends.
class TestFleetFaults : public QObject
{
    Q_OBJECT

private slots:
    void defaultFaultsShow();
    void crashLoopAndRecovery();
    void badRolloutTimesOutAndUndoes();
    void rolloutReplacesPods();
    void nodeLostAndBack();
    void autoscalerFollowsTraffic();
    void claimPendingThenBound();
    void faultScripts();
};

void TestFleetFaults::defaultFaultsShow()
{
    Engine tchat(platform(u"tchat"_s), options(1, defaultFaults(), true));
    tchat.bootstrap();
    QVERIFY2(tchat.complaints().isEmpty(), qPrintable(tchat.complaints().join(u';')));
    int restarts = 0;
    for (const ObjectPtr& o : tchat.store().list(u"pods"_s, u"tchat"_s))
        if (o->name.startsWith(u"payment-service"))
            restarts = std::max(
                restarts,
                at(o->json, u"status", u"containerStatuses").toArray().at(0).toObject().value(u"restartCount").toInt());
    QVERIFY2(restarts > 10, qPrintable(QString::number(restarts)));
    QCOMPARE(
        at(tchat.store().find(u"persistentvolumeclaims"_s, u"tchat"_s, u"data-scylla-3"_s)->json, u"status", u"phase")
            .toString(),
        u"Pending"_s);

    Engine streamgate(platform(u"streamgate"_s), options(1, defaultFaults(), true));
    streamgate.bootstrap();
    const QStringList upload = podReasons(streamgate, u"streamgate"_s, u"upload-"_s);
    QVERIFY2(upload.filter(u"Image"_s).size() + upload.filter(u"ErrImagePull"_s).size() > 0,
             qPrintable(upload.join(u' ')));
    bool oom = false;
    for (const ObjectPtr& o : streamgate.store().list(u"pods"_s, u"streamgate"_s))
        if (o->name.startsWith(u"transcoder"))
            oom |= compact(at(o->json, u"status").toObject()).contains("OOMKilled");
    QVERIFY(oom);

    Engine stratmaster(platform(u"stratmaster"_s), options(1, defaultFaults(), true));
    stratmaster.bootstrap();
    QCOMPARE(conditionReason(
                 stratmaster.store().find(u"deployments.apps"_s, u"stratmaster-production"_s, u"stratmaster-api"_s),
                 u"Progressing"_s),
             u"False:ProgressDeadlineExceeded"_s);

    Engine social(platform(u"social-live"_s), options(1, defaultFaults(), true));
    social.bootstrap();
    QCOMPARE(conditionReason(social.store().find(u"nodes"_s, {}, u"node-3"_s), u"Ready"_s),
             u"Unknown:NodeStatusUnknown"_s);

    // And something new within the first minute.
    const qint64 before = tchat.store().revision();
    int created = 0;
    tchat.store().observeAll(
        [&](const QString& r, const Change& c) { created += r == u"replicasets.apps" && c.type == ChangeType::Added; });
    tchat.advanceTo(start + minute);
    QVERIFY(tchat.store().revision() > before);
    QVERIFY(created >= 1);
}

void TestFleetFaults::crashLoopAndRecovery()
{
    Fault f{Fault::Kind::Crash, u"tchat"_s, u"tchat"_s, u"auth-service"_s, 1000, 5 * minute};
    Engine engine(platform(u"tchat"_s), options(1, {f}));
    engine.bootstrap();
    QStringList seen;
    engine.store().observeAll([&](const QString& r, const Change&) {
        if (r == u"pods")
            seen += podReasons(engine, u"tchat"_s, u"auth-service"_s);
    });
    engine.advanceTo(start + 4 * minute);
    QVERIFY2(seen.contains(u"CrashLoopBackOff"_s) && seen.contains(u"Error"_s), qPrintable(seen.join(u' ')));
    bool warned = false;
    for (const ObjectPtr& o : engine.store().list(u"events"_s, u"tchat"_s))
        warned |= o->json.value(u"reason").toString() == u"BackOff" && o->json.value(u"count").toInt() > 0;
    QVERIFY(warned);
    engine.store().observeAll({});
    engine.advanceTo(start + 15 * minute);
    for (const QString& s : podReasons(engine, u"tchat"_s, u"auth-service"_s))
        QCOMPARE(s, u"ready"_s);
}

void TestFleetFaults::badRolloutTimesOutAndUndoes()
{
    Fault f{Fault::Kind::BadRollout,
            u"stratmaster"_s,
            u"stratmaster-production"_s,
            u"stratmaster-api"_s,
            1000,
            15 * minute,
            1,
            0,
            1,
            u"v9"_s};
    Engine engine(platform(u"stratmaster"_s), options(1, {f}));
    engine.bootstrap();
    const auto deployment = [&] {
        return engine.store().find(u"deployments.apps"_s, u"stratmaster-production"_s, u"stratmaster-api"_s);
    };
    engine.advanceTo(start + 5 * minute);
    QCOMPARE(conditionReason(deployment(), u"Progressing"_s), u"True:ReplicaSetUpdated"_s);
    QVERIFY(at(deployment()->json, u"status", u"readyReplicas").toInt() >= 3); // old pods still serve
    engine.advanceTo(start + 11 * minute);
    QCOMPARE(conditionReason(deployment(), u"Progressing"_s), u"False:ProgressDeadlineExceeded"_s);
    engine.advanceTo(start + 20 * minute);
    QCOMPARE(conditionReason(deployment(), u"Progressing"_s), u"True:NewReplicaSetAvailable"_s);
    QVERIFY(compact(deployment()->json).contains("stratmaster-api:v1.2.3"));
}

void TestFleetFaults::rolloutReplacesPods()
{
    Fault f{Fault::Kind::Rollout, u"streamgate"_s, u"streamgate"_s, u"streaming"_s, 1000, 0, 1, 0, 1, u"v2.0.0"_s};
    Engine engine(platform(u"streamgate"_s), options(1, {f}));
    engine.bootstrap();
    int least = 100;
    engine.store().observeAll([&](const QString& r, const Change& c) {
        if (r == u"deployments.apps" && c.object->name == u"streaming")
            least = std::min(least, at(c.object->json, u"status", u"availableReplicas").toInt());
    });
    engine.advanceTo(start + 3 * minute);
    QVERIFY2(least >= 4, qPrintable(QString::number(least))); // 25 % of 5, rounded down, may be missing
    int pods = 0;
    for (const ObjectPtr& o : engine.store().list(u"pods"_s, u"streamgate"_s)) {
        if (!o->name.startsWith(u"streaming-"))
            continue;
        ++pods;
        QCOMPARE(at(o->json, u"metadata", u"labels", u"version").toString(), u"v2.0.0"_s);
        QCOMPARE(at(o->json, u"metadata", u"ownerReferences").toArray().at(0).toObject().value(u"kind").toString(),
                 u"ReplicaSet"_s);
    }
    QCOMPARE(pods, 5);
    int sets = 0;
    for (const ObjectPtr& o : engine.store().list(u"replicasets.apps"_s, u"streamgate"_s))
        sets += o->name.startsWith(u"streaming-");
    QCOMPARE(sets, 4);
}

void TestFleetFaults::nodeLostAndBack()
{
    Fault f{Fault::Kind::NodeLost, u"social-live"_s, {}, u"node-2"_s, 1000, 10 * minute};
    Engine engine(platform(u"social-live"_s), options(1, {f}));
    engine.bootstrap();
    engine.advanceTo(start + 30'000);
    const auto ready = [&] { return conditionReason(engine.store().find(u"nodes"_s, {}, u"node-2"_s), u"Ready"_s); };
    QCOMPARE(ready(), u"True:KubeletReady"_s);
    engine.advanceTo(start + 60'000);
    QCOMPARE(ready(), u"Unknown:NodeStatusUnknown"_s);
    engine.advanceTo(start + 7 * minute);
    int terminating = 0;
    for (const ObjectPtr& o : engine.store().list(u"pods"_s))
        terminating += at(o->json, u"spec", u"nodeName").toString() == u"node-2" &&
                       at(o->json, u"metadata", u"deletionTimestamp").isString();
    QVERIFY(terminating > 0);
    engine.advanceTo(start + 13 * minute);
    QCOMPARE(ready(), u"True:KubeletReady"_s);
    for (const ObjectPtr& o : engine.store().list(u"pods"_s)) {
        QVERIFY(!at(o->json, u"metadata", u"deletionTimestamp").isString());
        QVERIFY2(conditionReason(o, u"Ready"_s).startsWith(u"True") ||
                     at(o->json, u"status", u"phase").toString() == u"Succeeded",
                 qPrintable(o->name));
    }
}

void TestFleetFaults::autoscalerFollowsTraffic()
{
    Fault f{Fault::Kind::Surge, u"social-live"_s, u"social-live-prod"_s, u"backend"_s, 1000, 4 * minute, 1, 0, 6};
    Engine engine(platform(u"social-live"_s), options(1, {f}));
    engine.bootstrap();
    const auto replicas = [&] {
        return at(engine.store().find(u"deployments.apps"_s, u"social-live-prod"_s, u"backend"_s)->json, u"spec",
                  u"replicas")
            .toInt();
    };
    const int before = replicas();
    engine.advanceTo(start + 4 * minute);
    const int during = replicas();
    QVERIFY2(during > before, qPrintable(u"%1 -> %2"_s.arg(before).arg(during)));
    engine.advanceTo(start + 20 * minute);
    QVERIFY2(replicas() < during, qPrintable(u"%1 -> %2"_s.arg(during).arg(replicas())));
    QVERIFY(replicas() >= 3 && during <= 50);
}

void TestFleetFaults::claimPendingThenBound()
{
    Fault f{Fault::Kind::ClaimPending, u"tchat"_s, u"tchat"_s, u"scylla"_s, 1000, 5 * minute};
    Engine engine(platform(u"tchat"_s), options(1, {f}));
    engine.bootstrap();
    engine.advanceTo(start + 2 * minute);
    const ObjectPtr waiting = engine.store().find(u"pods"_s, u"tchat"_s, u"scylla-3"_s);
    QVERIFY(waiting);
    QCOMPARE(conditionReason(waiting, u"PodScheduled"_s), u"False:Unschedulable"_s);
    engine.advanceTo(start + 8 * minute);
    QCOMPARE(
        at(engine.store().find(u"persistentvolumeclaims"_s, u"tchat"_s, u"data-scylla-3"_s)->json, u"status", u"phase")
            .toString(),
        u"Bound"_s);
    QCOMPARE(podReasons(engine, u"tchat"_s, u"scylla-3"_s), QStringList{u"ready"_s});
}

void TestFleetFaults::faultScripts()
{
    const auto good =
        parseFaults("- {at: -40m, cluster: tchat, fault: crash, target: tchat/payment-service, for: 5m, pods: 2}\n"
                    "- {at: 20s, cluster: social-live, fault: node-lost, target: node-3}\n",
                    u"x.yaml"_s);
    QVERIFY2(good.has_value(), good ? "" : qPrintable(good.error().detail));
    QCOMPARE(good->size(), 2);
    QCOMPARE(good->at(0).atMs, -40 * minute);
    QCOMPARE(good->at(0).durationMs, 5 * minute);
    QCOMPARE(good->at(1).name, u"node-3"_s);
    const auto bad = parseFaults(
        "- {at: soon, cluster: tchat, fault: explode, target: tchat/x}\n- {cluster: tchat, fault: crash, target: x}\n",
        u"x.yaml"_s);
    QVERIFY(!bad);
    for (const QString& part :
         {u"x.yaml:1:8"_s, u"unknown fault 'explode'"_s, u"x.yaml:2:3: 'at' is missing"_s, u"namespace/workload"_s})
        QVERIFY2(bad.error().detail.contains(part), qPrintable(bad.error().detail));
    QVERIFY(!parseFaults("{a: [", u"x.yaml"_s));
    QVERIFY(!parseFaults("just text", u"x.yaml"_s));
    Engine engine(platform(u"tchat"_s),
                  options(1, {Fault{Fault::Kind::Crash, u"tchat"_s, u"tchat"_s, u"nothing"_s, 0}}));
    engine.bootstrap();
    QCOMPARE(engine.complaints().size(), 1);
}

QTEST_GUILESS_MAIN(TestFleetFaults)
#include "test_fleet_faults.moc"
