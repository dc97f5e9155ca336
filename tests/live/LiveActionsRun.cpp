// SPDX-License-Identifier: GPL-3.0-or-later
#include "LiveActions.h"

namespace wk::test {

namespace {

constexpr auto drainObjects = R"({"apiVersion":"v1","kind":"List","items":[
 {"apiVersion":"v1","kind":"Pod","metadata":{"name":"alone","namespace":"acts","labels":{"app":"alone"}},
  "spec":{"nodeName":"hollow-node-1","terminationGracePeriodSeconds":1,
   "containers":[{"name":"c","image":"registry.local/x:1"}]}},
 {"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"scratch","namespace":"acts"},
  "spec":{"replicas":1,"selector":{"matchLabels":{"app":"scratch"}},"template":{"metadata":{"labels":{"app":"scratch"}},
   "spec":{"terminationGracePeriodSeconds":1,"nodeSelector":{"kubernetes.io/hostname":"hollow-node-1"},
    "volumes":[{"name":"v","emptyDir":{}}],"containers":[{"name":"c","image":"registry.local/x:1"}]}}}},
 {"apiVersion":"apps/v1","kind":"DaemonSet","metadata":{"name":"agent","namespace":"acts"},
  "spec":{"selector":{"matchLabels":{"app":"agent"}},"template":{"metadata":{"labels":{"app":"agent"}},
   "spec":{"containers":[{"name":"c","image":"registry.local/x:1"}]}}}}
]})";

} // namespace

void TestLiveActions::undoToARevision_data()
{
    QTest::addColumn<Target>("on");
    QTest::newRow("deployment") << api();
    QTest::newRow("stateful set") << in(u"apps", u"StatefulSet", u"statefulsets", u"db");
}

void TestLiveActions::undoToARevision()
{
    QFETCH(Target, on);
    const QJsonValue before = valueAt(live(on), u"/spec/template");
    QVERIFY(perform(step(u"setImage"_s, on, R"({"images":{"c":"registry.local/other:9"}})")));
    const QJsonValue changed = valueAt(live(on), u"/spec/template");
    const auto observed = [&] {
        const QJsonObject o = live(on);
        return valueAt(o, u"/status/observedGeneration") == valueAt(o, u"/metadata/generation");
    };
    QVERIFY(QTest::qWaitFor(observed, 30'000));
    const auto undone = perform(step(u"undo"_s, on));
    QVERIFY2(undone, qPrintable(undone ? QString() : text(undone.error())));
    QCOMPARE(valueAt(live(on), u"/spec/template/spec/containers/0/image"),
             valueAt(before, u"/spec/containers/0/image"));
    QVERIFY(QTest::qWaitFor(observed, 30'000));
    QCOMPARE(undone->inverse.steps.size(), 1);
    const auto again = perform(undone->inverse.steps.first());
    QVERIFY2(again, qPrintable(again ? QString() : text(again.error())));
    QCOMPARE(valueAt(live(on), u"/spec/template"), changed);
    QVERIFY(QTest::qWaitFor(observed, 30'000));
    QVERIFY(perform(again->inverse.steps.first()));
}

Result<CheckOutcome> TestLiveActions::rollout(qint64 withinSeconds)
{
    Step check = step(u"rolloutFinished"_s, api());
    check.type = Step::Type::Check;
    check.parameters.insert(u"withinSeconds"_s, withinSeconds);
    return wait(m_operator->checks->run(check), int(withinSeconds) * 1000 + 10'000);
}

/// An image name that no kubelet accepts; the check says what `kubectl rollout status` says.
void TestLiveActions::badImageAndUndo()
{
    if (!m_plane->features().contains(u"nodes"_s))
        QSKIP("this control plane was started without nodes, so no pod runs: give it hollow nodes (see "
              "tests/live/control-plane.sh)");
    const QString image = u"{.spec.template.spec.containers[0].image}"_s;
    const auto status = [this] {
        return kubectl({u"rollout"_s, u"status"_s, u"deployment/api"_s, u"-n"_s, u"acts"_s, u"--watch=false"_s}).out;
    };
    const auto first = rollout(180);
    QVERIFY2(first && first->passed, qPrintable(first ? first->sentence : text(first.error())));
    QVERIFY2(status().contains("successfully rolled out"), status().constData());
    const QByteArray was = sees(api(), image);
    QVERIFY(perform(step(u"setImage"_s, api(), R"({"images":{"c":"registry.local/API:broken"}})")));
    const auto bad = rollout(6);
    QVERIFY2(bad && !bad->passed, qPrintable(bad ? bad->sentence : text(bad.error())));
    QVERIFY2(bad->sentence.contains(u"1 of 2 new pods have been made"_s), qPrintable(bad->sentence));
    QVERIFY2(status().contains("1 out of 2 new replicas have been updated"), status().constData());
    QVERIFY(QTest::qWaitFor(
        [&] {
            return kubectl({u"get"_s, u"pods"_s, u"-n"_s, u"acts"_s}).out.contains("InvalidImageName");
        },
        30'000));
    const auto undone = perform(step(u"undo"_s, api()));
    QVERIFY2(undone, qPrintable(undone ? QString() : text(undone.error())));
    QCOMPARE(sees(api(), image), was);
    const auto again = rollout(180);
    QVERIFY2(again && again->passed, qPrintable(again ? again->sentence : text(again.error())));
    QVERIFY2(status().contains("successfully rolled out"), status().constData());
}

void TestLiveActions::podsDeleted()
{
    if (!m_plane->features().contains(u"nodes"_s))
        QSKIP("this control plane was started without nodes, so no pod runs: give it hollow nodes (see "
              "tests/live/control-plane.sh)");
    const auto names = [this] {
        return kubectl({u"get"_s, u"pods"_s, u"-n"_s, u"acts"_s, u"-l"_s, u"app=api"_s, u"-o"_s, u"name"_s})
            .out.split('\n');
    };
    QVERIFY(QTest::qWaitFor([&] { return names().size() == 3; }, 60'000)); // two, and the empty end
    const auto before = names();
    const auto done = perform(step(u"deletePods"_s, target({}, u"v1"_s, u"Pod"_s, u"pods"_s, u"acts"_s, {}),
                                   R"({"selector":"app=api","gracePeriodSeconds":1})"));
    QVERIFY2(done, qPrintable(done ? QString() : text(done.error())));
    const auto now = names();
    for (const QByteArray& name : before)
        QVERIFY(name.isEmpty() || !now.contains(name));
}

/// An operator of the cluster, not of what runs on it only.
bool TestLiveActions::grantDrain()
{
    return kubectl({u"apply"_s, u"-f"_s, u"-"_s}, R"({"apiVersion":"v1","kind":"List","items":[
        {"apiVersion":"rbac.authorization.k8s.io/v1","kind":"ClusterRole","metadata":{"name":"drain"},"rules":[
         {"apiGroups":[""],"resources":["nodes"],"verbs":["get","patch"]},
         {"apiGroups":[""],"resources":["pods/eviction"],"verbs":["create"]}]},
        {"apiVersion":"rbac.authorization.k8s.io/v1","kind":"ClusterRoleBinding","metadata":{"name":"drain"},
         "roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"ClusterRole","name":"drain"},
         "subjects":[{"apiGroup":"rbac.authorization.k8s.io","kind":"User","name":"operator"}]}]})")
               .code == 0;
}

void TestLiveActions::nodeDrained()
{
    if (!m_plane->features().contains(u"nodes"_s))
        QSKIP("no nodes to drain");
    QVERIFY(grantDrain());
    const auto budget = [this](int available) {
        return kubectl({u"apply"_s, u"-f"_s, u"-"_s},
                       R"({"apiVersion":"policy/v1beta1","kind":"PodDisruptionBudget",
            "metadata":{"name":"all","namespace":"acts"},"spec":{"selector":{"matchLabels":{"app":"api"}},
            "minAvailable":)" +
                           QByteArray::number(available) + "}}")
                   .code == 0;
    };
    const auto allows = [this] {
        return kubectl({u"get"_s, u"pdb"_s, u"all"_s, u"-n"_s, u"acts"_s, u"-o"_s,
                        u"jsonpath={.status.currentHealthy} {.status.disruptionsAllowed}"_s})
            .out;
    };
    const auto comesTo = [&](const QByteArray& wanted) {
        const bool came = QTest::qWaitFor([&] { return allows() == wanted; }, 90'000);
        if (!came)
            qWarning().noquote() << allows()
                                 << kubectl({u"get"_s, u"pods,pdb,nodes"_s, u"-A"_s, u"-o"_s, u"wide"_s}).out;
        return came;
    };
    QVERIFY(perform(step(u"scale"_s, api(), R"({"replicas":4})")));
    QVERIFY(budget(4));
    QVERIFY(comesTo("4 0"));
    const QString node = QString::fromUtf8(kubectl({u"get"_s, u"pods"_s, u"-n"_s, u"acts"_s, u"-l"_s, u"app=api"_s,
                                                    u"-o"_s, u"jsonpath={.items[0].spec.nodeName}"_s})
                                               .out);
    const Target on = target({}, u"v1"_s, u"Node"_s, u"nodes"_s, {}, node);
    const auto podsThere = [&] {
        return kubectl({u"get"_s, u"pods"_s, u"-A"_s, u"--field-selector"_s, u"spec.nodeName="_s + node, u"-o"_s,
                        u"name"_s})
            .out.count('\n');
    };
    Step drain = step(u"drain"_s, on, R"({"withinSeconds":3})");
    const auto preview = wait(m_operator->actions->preview(drain));
    QVERIFY2(preview, qPrintable(preview ? QString() : text(preview.error())));
    QVERIFY2(preview->notes.join(u' ').contains(u"put off for now by a disruption budget"_s),
             qPrintable(preview->notes.join(u' ')));
    // A budget that allows none to go puts the drain off until its time is over.
    const auto late = perform(drain);
    QVERIFY(!late);
    QCOMPARE(late.error().kind, Error::Kind::Throttled);
    QCOMPARE(sees(on, u"{.spec.unschedulable}"_s), "true");
    QVERIFY(perform(step(u"uncordon"_s, on)));
    // One that allows one at a time lets it come to its end.
    QVERIFY(budget(3));
    QVERIFY(comesTo("4 1"));
    drain.parameters.insert(u"withinSeconds"_s, 120);
    const auto pods = podsThere(); // without those that no budget had held before
    QStringList told;
    const auto done = wait(m_operator->actions->perform(
                               drain, [](const Before&) { return QtFuture::makeReadyFuture(Result<void>()); },
                               [&told](const QString& line) { told << line; }),
                           180'000);
    QVERIFY2(done, qPrintable(done ? QString() : text(done.error()) + told.join(u'\n')));
    const auto evicted = told.filter(u": Evict pod "_s).size(); // one that leaves already is only waited for
    QVERIFY2(evicted > 0 && evicted <= pods, qPrintable(told.join(u'\n')));
    QCOMPARE(podsThere(), 0);
    QCOMPARE(sees(on, u"{.spec.unschedulable}"_s), "true");
    QVERIFY(comesTo("4 1")); // all run again, elsewhere
    QVERIFY(perform(done->inverse.steps.first()));
    QCOMPARE(sees(on, u"{.spec.unschedulable}"_s), "");
    QVERIFY(kubectl({u"delete"_s, u"pdb"_s, u"all"_s, u"-n"_s, u"acts"_s}).code == 0);
    QVERIFY(perform(step(u"scale"_s, api(), R"({"replicas":2})")));
}

/// What `kubectl drain` refuses without an option, this one does, too, and with the options both take it: a pod that
/// nothing would make anew, one whose volume would be lost. Pods of a daemon set stay.
void TestLiveActions::drainRefusesAsKubectl()
{
    if (!m_plane->features().contains(u"nodes"_s))
        QSKIP("no nodes to drain");
    QVERIFY(grantDrain());
    const QString node = u"hollow-node-1"_s;
    const Target on = target({}, u"v1"_s, u"Node"_s, u"nodes"_s, {}, node);
    const auto names = [&](const QString& selector) {
        return QString::fromUtf8(kubectl({u"get"_s, u"pods"_s, u"-n"_s, u"acts"_s, u"-l"_s, selector, u"-o"_s,
                                          u"jsonpath={.items[*].metadata.name} {.items[*].status.phase} "
                                          "{.items[*].spec.nodeName}"_s})
                                     .out);
    };
    QVERIFY(kubectl({u"apply"_s, u"-f"_s, u"-"_s}, drainObjects).code == 0);
    QVERIFY(QTest::qWaitFor(
        [&] {
            return names(u"app=scratch"_s).endsWith(u" Running "_s + node) &&
                   names(u"app=alone"_s) == u"alone Running "_s + node &&
                   names(u"app=agent"_s).count(u"Running"_s) == 2;
        },
        180'000));
    const QString scratch = names(u"app=scratch"_s).section(u' ', 0, 0);
    // kubectl's opinion of the same pods, without doing anything.
    const QByteArray asked =
        kubectl({u"drain"_s, node, u"--ignore-daemonsets"_s, u"--dry-run=client"_s}).err.replace('\n', ' ');
    QVERIFY2(asked.contains("acts/alone") && asked.contains("acts/" + scratch.toUtf8()), asked.constData());
    const auto refused = [&](const QByteArray& options) {
        const auto done = perform(step(u"drain"_s, on, options));
        return done ? u"it was done"_s : text(done.error());
    };
    const QString local = refused("{}"), bare = refused(R"({"emptyDir":true})");
    QVERIFY2(local.contains(u"empty-dir volumes hold: acts/"_s + scratch), qPrintable(local));
    QVERIFY2(bare.contains(u"Nothing would make these pods anew: acts/alone"_s), qPrintable(bare));
    QCOMPARE(sees(on, u"{.spec.unschedulable}"_s), ""); // what is refused is refused before anything is sent

    const Step drain = step(u"drain"_s, on, R"({"emptyDir":true,"unmanaged":true,"withinSeconds":120})");
    const auto preview = wait(m_operator->actions->preview(drain));
    QVERIFY2(preview && preview->notes.join(u' ').contains(u"that stay: 1"_s),
             qPrintable(preview ? preview->notes.join(u' ') : text(preview.error())));
    const auto done = perform(drain);
    QVERIFY2(done, qPrintable(done ? QString() : text(done.error())));
    QCOMPARE(sees(on, u"{.spec.unschedulable}"_s), "true");
    QCOMPARE(names(u"app=alone"_s), u"  "_s);
    QVERIFY(names(u"app=scratch"_s).section(u' ', 0, 0) != scratch); // its deployment made another one
    QCOMPARE(names(u"app=agent"_s).count(u"Running"_s), 2);
    const QByteArray left = kubectl({u"drain"_s, node, u"--ignore-daemonsets"_s, u"--dry-run=client"_s}).out;
    QVERIFY2(!left.contains("evicting"), left.constData());
    QVERIFY(perform(done->inverse.steps.first())); // uncordon
    QCOMPARE(sees(on, u"{.spec.unschedulable}"_s), "");
    QVERIFY(kubectl({u"delete"_s, u"daemonset/agent"_s, u"deployment/scratch"_s, u"-n"_s, u"acts"_s}).code == 0);
}

void TestLiveActions::driftRefuses()
{
    Step s = step(u"setImage"_s, api(), R"({"images":{"c":"registry.local/api:5"}})");
    const auto preview = wait(m_admin->actions->preview(s));
    QVERIFY(preview);
    s.precondition = preview->precondition;
    QVERIFY(kubectl({u"scale"_s, u"deployment"_s, u"api"_s, u"-n"_s, u"acts"_s, u"--replicas=3"_s}).code == 0);
    bool asked = false;
    const auto done = wait(m_admin->actions->perform(s, [&](const Before&) {
        asked = true;
        return QtFuture::makeReadyFuture(Result<void>());
    }));
    QVERIFY(!done);
    QCOMPARE(done.error().kind, Error::Kind::Conflict);
    QVERIFY2(done.error().sentence.contains(u"deployment api in acts was changed since this was approved"_s),
             qPrintable(done.error().sentence));
    QVERIFY(!asked);
    QVERIFY(kubectl({u"scale"_s, u"deployment"_s, u"api"_s, u"-n"_s, u"acts"_s, u"--replicas=2"_s}).code == 0);
}

/// What a crashed executor would do that repeats the calls it has on record.
void TestLiveActions::sentTwiceIsRefused()
{
    const auto generation = [this] { return valueAt(live(api()), u"/metadata/generation").toInteger(); };
    for (const Step& s : {step(u"scale"_s, api(), R"({"replicas":3})"), step(u"restart"_s, api()),
                          step(u"setImage"_s, api(), R"({"images":{"c":"registry.local/api:6"}})")}) {
        Before before;
        QVERIFY(perform(s, &before));
        QVERIFY2(!before.calls.isEmpty(), qPrintable(s.words())); // it was so already: nothing was sent
        const qint64 at = generation();
        const auto again = wait(m_admin->sender->send(before.calls.first(), false));
        QVERIFY(again);
        QCOMPARE(again->status, 409);
        QCOMPARE(generation(), at);
    }
    QVERIFY(perform(step(u"scale"_s, api(), R"({"replicas":2})")));
    QVERIFY(perform(step(u"setImage"_s, api(), R"({"images":{"c":"registry.local/api:1"}})")));
}

void TestLiveActions::recordFirst()
{
    const QJsonObject before = live(api());
    const auto refused =
        wait(m_admin->actions->perform(step(u"scale"_s, api(), R"({"replicas":9})"), [](const Before&) {
            return QtFuture::makeReadyFuture(Result<void>(fail(Error::Kind::Conflict, u"the lease is gone"_s)));
        }));
    QVERIFY(!refused);
    QCOMPARE(refused.error().sentence, u"the lease is gone"_s);
    QCOMPARE(live(api()).value("spec"_L1), before.value("spec"_L1));
}

void TestLiveActions::observed()
{
    const Step s = step(u"setImage"_s, api(), R"({"images":{"c":"registry.local/api:7"}})");
    Before before;
    const auto stopped = wait(m_admin->actions->perform(s, [&](const Before& b) {
        before = Before::fromJson(b.toJson());
        return QtFuture::makeReadyFuture(Result<void>(fail(Error::Kind::Cancelled, u"killed here"_s)));
    }));
    QVERIFY(!stopped);
    QCOMPARE(wait(m_admin->actions->observe(s, before))->state, Observation::State::NotDone);
    QVERIFY(perform(s, &before));
    QCOMPARE(wait(m_admin->actions->observe(s, before))->state, Observation::State::Done);
    QVERIFY(perform(before.inverse.steps.first()));
    QCOMPARE(wait(m_admin->actions->observe(s, before))->state, Observation::State::NotDone);
}

} // namespace wk::test
