// SPDX-License-Identifier: GPL-3.0-or-later
#include "ActionBench.h"
#include "changes/plan/PlanBinding.h"

#include <QtTest/QTest>

using namespace wk;
using namespace wk::changes;
using namespace wk::test;
using namespace Qt::StringLiterals;

namespace {

Plan planOf(const QList<Step>& steps) { return *Plan::make(u"shop"_s, u"A change"_s, steps); }

Step check()
{
    Step out = step(u"rolloutFinished"_s, deployment(), R"({"withinSeconds":60})");
    out.type = Step::Type::Check;
    return out;
}

const QByteArray autoscalers = "/apis/autoscaling/v1/namespaces/shop/horizontalpodautoscalers";

QJsonObject autoscalerFor(const QByteArray& workload)
{
    return json(R"({"apiVersion":"autoscaling/v1","kind":"HorizontalPodAutoscalerList","items":[
        {"spec":{"scaleTargetRef":{"apiVersion":"apps/v1","kind":"Deployment","name":")" +
                workload + R"("}}}]})");
}

QJsonObject changed(const QByteArray& patch) { return mergePatched(liveDeployment(), json(patch)).toObject(); }

} // namespace

/// A plan is bound to what the approver saw.
class TestPlanBinding : public QObject
{
    Q_OBJECT

private slots:
    void bindsEachStep();
    void followersAreBoundByTheFirst();
    void whatIsBoundStaysAndReadsNothing();
    void aClusterAwayLeavesItLoose();
    void looseIsSaid_data();
    void looseIsSaid();
    void driftIsRefused_data();
    void driftIsRefused();
    void anotherOnesAutoscalerIsNone();
    void absenceCounts();
    void podsOfASelector();
    void theOneBeforeIsKept();
    void autoscalersAndShares();
    void aPasswordLeavesNoHash();

private:
    QFuture<Result<BoundPlan>> bind(const Plan& plan)
    {
        const auto future = binder.bind(plan);
        settle();
        return future;
    }
    Step bound(const Step& step)
    {
        const auto plan = bind(planOf({step})).result();
        return plan ? plan->plan.steps().first() : Step();
    }

    ActionBench b;
    std::optional<Error> away;
    PlanBinder binder{[this](const QString&, const QString&) -> Result<ClusterActions*> {
        return away ? Result<ClusterActions*>(fail(*away)) : b.actions.get();
    }};
};

void TestPlanBinding::bindsEachStep()
{
    const Plan plan = planOf({image(), check()});
    QCOMPARE(looseSteps(plan).size(), 1);
    QCOMPARE(looseSteps(plan).first().sentence(),
             u"Step 1 is not bound to a state: the plan does not say what state it rests on"_s);
    const auto out = bind(plan).result();
    QVERIFY(out);
    QVERIFY(out->loose.isEmpty());
    QVERIFY(!out->error());
    QVERIFY(out->plan.sha256() != plan.sha256());
    QCOMPARE(out->plan.steps()[0].precondition.uid, u"u-d"_s);
    QVERIFY(out->plan.steps()[0].precondition.bindsState());
    QVERIFY(out->plan.steps()[1] == plan.steps()[1]);
    QVERIFY(isBoundForm(out->plan, plan));
    QVERIFY(!isBoundForm(plan, out->plan));
    QVERIFY(!isBoundForm(out->plan, planOf({image()})));
    QCOMPARE(b.cluster.log, (QByteArrayList{"GET " + deployment().path(), "GET " + autoscalers}));
}

void TestPlanBinding::followersAreBoundByTheFirst()
{
    const auto out = bind(planOf({image(), step(u"scale"_s, deployment(), R"({"replicas":5})")})).result();
    QVERIFY(out && out->loose.isEmpty());
    QCOMPARE(out->plan.steps()[1].precondition.toJson(), json(R"({"uid":"u-d"})"));
}

void TestPlanBinding::whatIsBoundStaysAndReadsNothing()
{
    b.cluster.log.clear();
    Step s = image();
    s.precondition.resourceVersion = u"69"_s;
    const auto out = bind(planOf({s})).result();
    QVERIFY(out && out->loose.isEmpty());
    QCOMPARE(out->plan.sha256(), planOf({s}).sha256());
    QVERIFY(b.cluster.log.isEmpty());
}

void TestPlanBinding::aClusterAwayLeavesItLoose()
{
    away = Error{Error::Kind::NotFound, u"No context."_s, {}, u"Choose one."_s};
    const auto out = bind(planOf({image()})).result();
    away.reset();
    QVERIFY(out);
    QCOMPARE(out->loose.size(), 1);
    QCOMPARE(out->error()->sentence, u"Step 1 is not bound to a state: No context."_s);
    QCOMPARE(out->error()->remedy, u"Choose one."_s);
    QCOMPARE(out->plan.sha256(), planOf({image()}).sha256());
    const auto missing = bind(planOf({step(u"restart"_s, deployment(u"gone"_s))})).result();
    QVERIFY(missing && missing->error());
    QCOMPARE(missing->error()->kind, Error::Kind::NotFound);
}

void TestPlanBinding::looseIsSaid_data()
{
    QTest::addColumn<QByteArray>("precondition");
    QTest::addColumn<QString>("why");
    QTest::newRow("none") << QByteArray("null") << u"does not say"_s;
    QTest::newRow("identity") << QByteArray(R"({"uid":"u-d"})") << u"only to the identity"_s;
    QTest::newRow("state") << QByteArray(R"({"resourceVersion":"7"})") << QString();
}

void TestPlanBinding::looseIsSaid()
{
    QFETCH(QByteArray, precondition);
    QFETCH(QString, why);
    Mistakes mistakes;
    Step s = image();
    if (precondition != "null")
        s.precondition = Precondition::fromJson(json(precondition), mistakes);
    const auto loose = looseSteps(planOf({s}));
    QVERIFY(why.isEmpty() ? loose.isEmpty() : loose.size() == 1 && loose.first().why.contains(why));
    const Target command{{}, {}, {}, u"Command"_s, {}, {}, u"pg_dump"_s};
    QVERIFY(looseSteps(planOf({step(u"runCommand"_s, command)})).first().why.contains(u"outside"_s));
}

void TestPlanBinding::driftIsRefused_data()
{
    QTest::addColumn<QByteArray>("patch");
    QTest::addColumn<bool>("drifted");
    QTest::addColumn<bool>("autoscaled");
    const QByteArray scaled = R"({"metadata":{"generation":9},"spec":{"replicas":7}})";
    QTest::newRow("image") << QByteArray(R"({"metadata":{"generation":9},"spec":{"image":"shop/api:9"}})") << true
                           << false;
    QTest::newRow("image, autoscaled") << QByteArray(R"({"metadata":{"generation":9},"spec":{"image":"shop/api:9"}})")
                                       << true << true;
    QTest::newRow("added member") << QByteArray(R"({"spec":{"paused":true}})") << true << true;
    QTest::newRow("made anew") << QByteArray(R"({"metadata":{"uid":"u-2"}})") << true << true;
    QTest::newRow("status") << QByteArray(R"({"metadata":{"resourceVersion":"99"},"status":{"readyReplicas":1}})")
                            << false << false;
    QTest::newRow("a person's scale") << scaled << true << false;
    QTest::newRow("an autoscaler's scale") << scaled << false << true;
}

void TestPlanBinding::driftIsRefused()
{
    QFETCH(QByteArray, patch);
    QFETCH(bool, drifted);
    QFETCH(bool, autoscaled);
    if (autoscaled)
        b.cluster.objects[autoscalers] = autoscalerFor("api");
    const Step s = bound(image());
    b.cluster.objects.erase(autoscalers);
    ActionBench now;
    now.cluster.objects[deployment().path()] = changed(patch);
    now.cluster.sends.always(answer(patched()));
    now.perform(s);
    QCOMPARE(now.future.result().has_value(), !drifted);
    QCOMPARE(now.cluster.sent.empty(), drifted);
}

void TestPlanBinding::anotherOnesAutoscalerIsNone()
{
    b.cluster.objects[autoscalers] = autoscalerFor("web");
    QVERIFY(bound(image()).precondition.fields.contains(u"/metadata/generation"_s));
    b.cluster.objects[autoscalers] = autoscalerFor("api");
    QVERIFY(bound(image()).precondition.fields.contains(u"/spec"_s));
    b.cluster.objects.erase(autoscalers);
}

void TestPlanBinding::absenceCounts()
{
    const Step create =
        step(u"applyObject"_s, target({}, u"v1"_s, u"ConfigMap"_s, u"configmaps"_s, u"shop"_s, u"new"_s),
             R"({"manifest":{"apiVersion":"v1","kind":"ConfigMap",
                                 "metadata":{"name":"new","namespace":"shop"},"data":{"A":"1"}}})");
    const Step s = bound(create);
    QVERIFY(s.precondition == Precondition::absence());
    Mistakes mistakes;
    QVERIFY(Step::fromJson(s.toJson(), mistakes) == s);
    QCOMPARE(s.precondition.drift({}, u"x"_s), QString());
    QVERIFY(s.precondition.drift(json(R"({"metadata":{"uid":"u"}})"), u"x"_s).contains(u"exists"_s));
}

void TestPlanBinding::podsOfASelector()
{
    const auto list = [](const QList<QJsonObject>& all) {
        QJsonArray items;
        for (const QJsonObject& one : all)
            items.append(one);
        return QJsonObject{{u"apiVersion"_s, u"v1"_s}, {u"kind"_s, u"PodList"_s}, {u"items"_s, items}};
    };
    const QByteArray path = "/api/v1/namespaces/shop/pods";
    const Step chosen = step(u"deletePods"_s, pods(), R"({"selector":"app=api"})");
    b.cluster.objects[path] = list({pod("a", "u-a"), pod("b", "u-b")});
    const Step s = bound(chosen);
    QVERIFY(s.precondition.bindsState());
    for (const QJsonObject& others : {list({pod("a", "u-a"), pod("b", "u-c")}), list({}), list({pod("a", "u-a")})}) {
        ActionBench now;
        now.cluster.objects[path] = others;
        now.perform(s);
        QVERIFY(now.sentence().contains(u"not those that were there"_s));
        QVERIFY(now.cluster.sent.empty());
    }
}

void TestPlanBinding::theOneBeforeIsKept()
{
    const Step undo = step(u"undo"_s, deployment());
    const Precondition p = actionKind(undo.name)->precondition(undo, liveDeployment(), {});
    // The same template again after another one: "the one before" is that other one now.
    const QJsonObject later = changed(R"({"metadata":{"annotations":{"deployment.kubernetes.io/revision":"4"}}})");
    QVERIFY(p.drift(later, u"x"_s).contains(u"revision"_s));
    QCOMPARE(p.drift(liveDeployment(), u"x"_s), QString());
}

void TestPlanBinding::autoscalersAndShares()
{
    const Step s = step(u"setAutoscaler"_s, deployment(), R"({"maxReplicas":9,"cpuPercent":60})");
    QJsonObject live = liveDeployment();
    const Precondition none = actionKind(s.name)->precondition(s, live, {});
    live.insert(u"autoscaler"_s, json(R"({"maxReplicas":5})"));
    const Precondition some = actionKind(s.name)->precondition(s, live, {});
    QVERIFY(!none.drift(live, u"x"_s).isEmpty());
    QVERIFY(some.drift(live, u"x"_s).isEmpty());
    QVERIFY(!some.drift(liveDeployment(), u"x"_s).isEmpty());

    const Step share = step(u"switchVersion"_s,
                            target(u"networking.k8s.io"_s, u"v1"_s, u"Ingress"_s, u"ingresses"_s, u"shop"_s, u"i"_s),
                            R"({"canaryWeight":20})");
    const QJsonObject ingress = json(R"({"metadata":{"uid":"u-i","generation":1}})");
    const Precondition p = actionKind(share.name)->precondition(share, ingress, {});
    QVERIFY(p.drift(ingress, u"x"_s).isEmpty());
    const QJsonObject weighed = json(
        R"({"metadata":{"uid":"u-i","generation":1,"annotations":{"nginx.ingress.kubernetes.io/canary-weight":"50"}}})");
    QVERIFY(!p.drift(weighed, u"x"_s).isEmpty());
}

void TestPlanBinding::aPasswordLeavesNoHash()
{
    QJsonObject live = changed(R"({"spec":{"template":{"spec":{"containers":[
        {"name":"c","env":[{"name":"DB_PASSWORD","value":"hunter2"}]}]}}}})");
    const Precondition p = actionKind(u"restart")->precondition(step(u"restart"_s, deployment()), live, {});
    QCOMPARE(p.toJson(), json(R"({"uid":"u-d","fields":{"/metadata/generation":4}})"));
}

QTEST_GUILESS_MAIN(TestPlanBinding)
#include "test_plan_binding.moc"
