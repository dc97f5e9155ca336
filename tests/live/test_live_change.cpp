// SPDX-License-Identifier: GPL-3.0-or-later
#include "CtlStage.h"
#include "support/ControlPlane.h"

#include <QtCore/QJsonArray>
#include <QtCore/QJsonDocument>
#include <QtCore/QRegularExpression>
#include <QtCore/QStandardPaths>
#include <QtTest/QTest>

using namespace wk::test;
using namespace Qt::StringLiterals;

/// Changes on a real control plane, filed, approved and carried out by watchkeeperctl as Kubernetes' user operator; at
/// each step kubectl agrees. The user viewer sees why each of them is not for them.
class TestLiveChange : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void scale();
    void badImageGoesBack();
    void blueGreen();
    void autoscaler();
    void drain();
    void behindOurBack();
    void viewerSeesWhyNot_data();
    void viewerSeesWhyNot();
    void theRecordIsWhole();

private:
    /// What kubectl prints of an object with that JSON path.
    [[nodiscard]] QString field(const QString& object, const QString& path);
    [[nodiscard]] bool becomes(const QString& object, const QString& path, const QString& value);
    /// Files the plan as anna, and has it approved; the request's number.
    [[nodiscard]] QString approved(const QString& title, const QList<QJsonObject>& steps, bool pin = true);
    [[nodiscard]] Ran execute(const QString& number)
    {
        return m_stage.ctl(u"anna"_s, {u"change"_s, u"execute"_s, number, u"--platform-dir"_s, m_platforms});
    }

    CtlStage m_stage;
    ControlPlane m_plane;
    QString m_platforms;
};

namespace {

QByteArray deployment(const QByteArray& name, const QByteArray& version)
{
    return "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: " + name +
           ", namespace: shop}\nspec:\n  replicas: 2\n  selector: {matchLabels: {app: " + name +
           "}}\n  template:\n    metadata: {labels: {app: " + name + ", site: web, version: " + version +
           "}}\n    spec:\n      terminationGracePeriodSeconds: 1\n      containers:\n"
           "      - {name: web, image: \"registry/web:1\", resources: {requests: {cpu: 10m}}}\n---\n";
}

QJsonObject step(const QString& action, const QString& kind, const QString& name, const QJsonObject& parameters,
                 const QString& group = u"apps"_s)
{
    QJsonObject out = actionStep(action, u"main"_s, kind, kind == u"Node" ? QString() : u"shop"_s, name, parameters);
    QJsonObject target = out.value("target"_L1).toObject();
    target.insert(u"group"_s, group);
    out.insert(u"target"_s, target);
    return out;
}

QJsonObject rolledOut(const QString& name, int withinSeconds, bool rollback = false)
{
    QJsonObject out{{u"check"_s, u"rolloutFinished"_s},
                    {u"target"_s, step(u"scale"_s, u"Deployment"_s, name, {}).value("target"_L1)},
                    {u"parameters"_s, QJsonObject{{u"withinSeconds"_s, withinSeconds}}}};
    if (rollback)
        out.insert(u"onFailure"_s, u"rollback"_s);
    return out;
}

} // namespace

QString TestLiveChange::field(const QString& object, const QString& path)
{
    const Ran ran = m_stage.kubectl(u"root"_s, QStringList{u"-n"_s, u"shop"_s, u"get"_s} + object.split(u' ') +
                                                   QStringList{u"-o"_s, u"jsonpath={%1}"_s.arg(path)});
    return QString::fromUtf8(ran.out + ran.err);
}

bool TestLiveChange::becomes(const QString& object, const QString& path, const QString& value)
{
    return QTest::qWaitFor([&] { return field(object, path) == value; }, 60'000);
}

void TestLiveChange::initTestCase()
{
    if (QStandardPaths::findExecutable(u"kubectl"_s).isEmpty())
        QSKIP("kubectl is not installed (Debian: kubernetes-client)");
    if (const QString missing = ControlPlane::missing(); !missing.isEmpty())
        QSKIP(qPrintable(missing));
    const auto started = m_stage.startStore();
    if (!started && started.error().kind == wk::Error::Kind::NotFound)
        QSKIP(qPrintable(started.error().text()));
    QVERIFY2(started, started ? "" : qPrintable(started.error().text() + started.error().detail));
    QVERIFY2(m_plane.start(2), qPrintable(m_plane.error()));
    if (!m_plane.features().contains(u"nodes"_s))
        QSKIP("there are no hollow nodes (kubemark) among the Kubernetes binaries, so nothing rolls out");
    m_stage.useCluster(m_plane.kubeconfig());
    m_stage.setClass(u"live"_s, u"main"_s, u"staging"_s);

    const auto root = [this](const QStringList& words) { return m_stage.kubectl(u"root"_s, words); };
    COMPARE_RAN(root({u"create"_s, u"namespace"_s, u"shop"_s}), 0);
    COMPARE_RAN(root({u"create"_s, u"clusterrole"_s, u"drainer"_s, u"--verb=get,list,patch"_s, u"--resource=nodes"_s}),
                0);
    COMPARE_RAN(
        root({u"create"_s, u"clusterrolebinding"_s, u"drainer"_s, u"--clusterrole=drainer"_s, u"--user=operator"_s}),
        0);
    COMPARE_RAN(root({u"create"_s, u"clusterrole"_s, u"evictor"_s, u"--verb=create"_s, u"--resource=pods/eviction"_s}),
                0);
    COMPARE_RAN(
        root({u"create"_s, u"clusterrolebinding"_s, u"evictor"_s, u"--clusterrole=evictor"_s, u"--user=operator"_s}),
        0);
    const QString objects =
        m_stage.file(u"objects.yaml"_s, deployment("blue", "blue") + deployment("green", "green") +
                                            "apiVersion: v1\nkind: Service\nmetadata: {name: web, namespace: shop}\n"
                                            "spec:\n  selector: {site: web, version: blue}\n  ports: [{port: 80}]\n");
    COMPARE_RAN(root({u"apply"_s, u"-f"_s, objects}), 0);
    m_platforms = m_stage
                      .file(u"live.yaml"_s, "name: live\ntitle: Live\nsummary: For tests\nclusters:\n"
                                            "  - {name: main, title: Main, class: staging, context: operator}\n"
                                            "namespaces:\n  - {name: shop, cluster: main, role: all, main: true}\n"
                                            "services:\n  - {name: web, title: Web, kind: application}\n")
                      .section(u'/', 0, -2);
    QVERIFY(becomes(u"deployment/blue"_s, u".status.availableReplicas"_s, u"2"_s));
    QVERIFY(becomes(u"deployment/green"_s, u".status.availableReplicas"_s, u"2"_s));
}

QString TestLiveChange::approved(const QString& title, const QList<QJsonObject>& steps, bool pin)
{
    const QString plan = m_stage.file(u"live-plan.json"_s, planText(u"live"_s, title, steps));
    QStringList words{u"change"_s, u"new"_s,  u"--plan"_s,         plan,       u"--submit"_s,
                      u"-o"_s,     u"json"_s, u"--platform-dir"_s, m_platforms};
    if (!pin)
        words << u"--no-pin"_s; // else a change by others from here on stops it
    const Ran made = m_stage.ctl(u"anna"_s, words + formWords());
    const QJsonObject request = CtlStage::json(made);
    const QString number = QString::number(request.value("number"_L1).toInteger());
    QByteArray said = made.err;
    for (const QString& person : {u"bob"_s, u"olga"_s}) {
        const Ran approved = m_stage.ctl(
            person, {u"change"_s, u"approve"_s, number, u"--sha256"_s, request.value("sha256"_L1).toString()});
        said += approved.out + approved.err;
        if (approved.out.contains("is approved"))
            return number;
    }
    qWarning("%s", said.constData());
    return number;
}

void TestLiveChange::scale()
{
    const QString number =
        approved(u"[blue] - four replicas"_s,
                 {step(u"scale"_s, u"Deployment"_s, u"blue"_s, {{u"replicas"_s, 4}}), rolledOut(u"blue"_s, 120)});
    QCOMPARE(field(u"deployment/blue"_s, u".spec.replicas"_s), u"2"_s); // nothing happens before
    COMPARE_RAN(execute(number), 0);
    QCOMPARE(field(u"deployment/blue"_s, u".spec.replicas"_s), u"4"_s);
    QCOMPARE(field(u"deployment/blue"_s, u".status.availableReplicas"_s), u"4"_s);
    COMPARE_RAN(m_stage.ctl(u"anna"_s, {u"change"_s, u"close"_s, number}), 0);
}

void TestLiveChange::badImageGoesBack()
{
    // With a capital letter no kubelet can read it: the new pods never start, and the old ones go on.
    const QJsonObject image{{u"images"_s, QJsonObject{{u"web"_s, u"registry/Web:2"_s}}}};
    const QString number = approved(u"[blue] - a bad image"_s, {step(u"setImage"_s, u"Deployment"_s, u"blue"_s, image),
                                                                rolledOut(u"blue"_s, 15, true)});
    const Ran ran = execute(number);
    COMPARE_RAN(ran, 5);
    QVERIFY2(ran.out.contains("rollback of step 1: done"), ran.out.constData());
    QCOMPARE(field(u"deployment/blue"_s, u".spec.template.spec.containers[0].image"_s), u"registry/web:1"_s);
    // It really was out there, and its replica set is there without pods.
    const auto sets = [this] {
        return field(u"replicasets -l app=blue"_s,
                     u"range .items[*]}{.spec.template.spec.containers[0].image}={.spec.replicas} {end"_s);
    };
    QVERIFY2(QTest::qWaitFor([&] { return sets().contains(u"registry/Web:2=0 "_s); }, 60'000), qPrintable(sets()));
    QVERIFY(becomes(u"deployment/blue"_s, u".status.updatedReplicas"_s, u"4"_s));
    COMPARE_RAN(m_stage.ctl(u"anna"_s, {u"change"_s, u"close"_s, number}), 0);
}

void TestLiveChange::blueGreen()
{
    QCOMPARE(field(u"service/web"_s, u".spec.selector.version"_s), u"blue"_s);
    const QJsonObject green{{u"selector"_s, QJsonObject{{u"version"_s, u"green"_s}}}};
    const QString number =
        approved(u"[web] - to green"_s,
                 {rolledOut(u"green"_s, 60), step(u"switchVersion"_s, u"Service"_s, u"web"_s, green, QString())});
    COMPARE_RAN(execute(number), 0);
    QCOMPARE(field(u"service/web"_s, u".spec.selector.version"_s), u"green"_s);
    QCOMPARE(field(u"service/web"_s, u".spec.selector.site"_s), u"web"_s);
    const auto behind = [this] { return field(u"endpoints/web"_s, u".subsets[*].addresses[*].targetRef.name"_s); };
    QVERIFY2(
        QTest::qWaitFor([&] { return behind().count(u"green-"_s) == 2 && !behind().contains(u"blue-"_s); }, 60'000),
        qPrintable(behind()));
    COMPARE_RAN(m_stage.ctl(u"anna"_s, {u"change"_s, u"close"_s, number}), 0);
}

void TestLiveChange::autoscaler()
{
    const QJsonObject wanted{{u"minReplicas"_s, 2}, {u"maxReplicas"_s, 6}, {u"cpuPercent"_s, 70}};
    const QString number =
        approved(u"[green] - an autoscaler"_s, {step(u"setAutoscaler"_s, u"Deployment"_s, u"green"_s, wanted)}, false);
    COMPARE_RAN(execute(number), 0);
    QCOMPARE(field(u"hpa/green"_s, u".spec.minReplicas"_s), u"2"_s);
    QCOMPARE(field(u"hpa/green"_s, u".spec.maxReplicas"_s), u"6"_s);
    QCOMPARE(field(u"hpa/green"_s, u".spec.scaleTargetRef.name"_s), u"green"_s);
    COMPARE_RAN(m_stage.ctl(u"anna"_s, {u"change"_s, u"close"_s, number}), 0);
}

void TestLiveChange::drain()
{
    const QString node = u"hollow-node-0"_s;
    const auto onNode = [&] {
        return m_stage.kubectl(u"root"_s, {u"get"_s, u"pods"_s, u"-n"_s, u"shop"_s, u"--field-selector"_s,
                                           u"spec.nodeName="_s + node, u"--no-headers"_s});
    };
    QVERIFY(!onNode().out.isEmpty());
    QJsonObject drain =
        step(u"drain"_s, u"Node"_s, node, {{u"withinSeconds"_s, 120}, {u"emptyDir"_s, true}}, QString());
    const QString number = approved(u"[node] - drain"_s, {drain}, false);
    COMPARE_RAN(execute(number), 0);
    QCOMPARE(field(u"node/"_s + node, u".spec.unschedulable"_s), u"true"_s);
    QCOMPARE(QString::fromUtf8(onNode().out), QString());
    QVERIFY(becomes(u"deployment/green"_s, u".status.availableReplicas"_s, u"2"_s)); // they went to the other node
    COMPARE_RAN(m_stage.ctl(u"anna"_s, {u"change"_s, u"close"_s, number}), 0);

    const QString back = approved(u"[node] - uncordon"_s, {step(u"uncordon"_s, u"Node"_s, node, {}, QString())}, false);
    COMPARE_RAN(execute(back), 0);
    QCOMPARE(field(u"node/"_s + node, u".spec.unschedulable"_s), QString());
    COMPARE_RAN(m_stage.ctl(u"anna"_s, {u"change"_s, u"close"_s, back}), 0);
}

void TestLiveChange::behindOurBack()
{
    const QString number = approved(u"[green] - three replicas"_s,
                                    {step(u"setEnv"_s, u"Deployment"_s, u"green"_s,
                                          {{u"container"_s, u"web"_s}, {u"set"_s, QJsonObject{{u"A"_s, u"1"_s}}}})});
    COMPARE_RAN(m_stage.kubectl(u"root"_s, {u"-n"_s, u"shop"_s, u"set"_s, u"env"_s, u"deployment/green"_s, u"B=2"_s}),
                0);
    const Ran ran = execute(number);
    COMPARE_RAN(ran, 4); // stands still: a person decides
    QVERIFY2(ran.out.contains("deployment green in shop is not what it was when this was approved"),
             ran.out.constData());
    QCOMPARE(field(u"deployment/green"_s, u".spec.template.spec.containers[0].env[*].name"_s), u"B"_s);
}

void TestLiveChange::viewerSeesWhyNot_data()
{
    QTest::addColumn<QString>("words");
    QTest::addColumn<QString>("verb");
    QTest::newRow("scale") << u"scale deployment/blue replicas=3"_s << u"patch deployments.apps/scale"_s;
    QTest::newRow("image") << u"setImage deployment/blue images.web=registry/web:2"_s << u"patch deployments"_s;
    QTest::newRow("switch") << u"switchVersion service/web selector.version=blue"_s << u"patch services"_s;
    QTest::newRow("autoscaler") << u"setAutoscaler deployment/blue minReplicas=1 maxReplicas=3 cpuPercent=60"_s
                                << u"horizontalpodautoscalers"_s;
    QTest::newRow("drain") << u"drain node/hollow-node-1"_s << u"nodes"_s;
}

void TestLiveChange::viewerSeesWhyNot()
{
    QFETCH(QString, words);
    QFETCH(QString, verb);
    const QStringList dry{u"-n"_s, u"shop"_s, u"--dry-run"_s};
    const Ran viewer = m_stage.ctl(u"vera"_s, QStringList{u"action"_s} + words.split(u' ') + dry +
                                                  QStringList{u"--context"_s, u"viewer"_s});
    COMPARE_RAN(viewer, 1);
    QVERIFY2(viewer.out.contains("User “viewer” is not allowed to") && viewer.out.contains(verb.toUtf8()),
             (viewer.out + viewer.err).constData());
    const Ran anna = m_stage.ctl(u"anna"_s, QStringList{u"action"_s} + words.split(u' ') + dry +
                                                QStringList{u"--context"_s, u"operator"_s});
    COMPARE_RAN(anna, 0);
}

void TestLiveChange::theRecordIsWhole() { COMPARE_RAN(m_stage.ctl(u"vera"_s, {u"audit"_s, u"verify"_s}), 0); }

QTEST_GUILESS_MAIN(TestLiveChange)
#include "test_live_change.moc"
