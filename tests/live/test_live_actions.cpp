// SPDX-License-Identifier: GPL-3.0-or-later
#include "LiveActions.h"

namespace wk::test {

namespace {

constexpr auto manifests = R"(
{"apiVersion":"v1","kind":"List","items":[
 {"apiVersion":"v1","kind":"Namespace","metadata":{"name":"acts"}},
 {"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"api","namespace":"acts"},
  "spec":{"replicas":2,"selector":{"matchLabels":{"app":"api"}},"template":{"metadata":{"labels":{"app":"api"}},
  "spec":{"containers":[{"name":"c","image":"registry.local/api:1","env":[{"name":"A","value":"1"},
    {"name":"B","valueFrom":{"fieldRef":{"fieldPath":"metadata.name"}}},{"name":"C","value":"3"}],
    "resources":{"requests":{"cpu":"10m"}}}]}}}},
 {"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"paused","namespace":"acts"},
  "spec":{"replicas":0,"paused":true,"selector":{"matchLabels":{"app":"p"}},"template":{"metadata":{"labels":{"app":"p"}},
  "spec":{"containers":[{"name":"c","image":"registry.local/p:1"}]}}}},
 {"apiVersion":"apps/v1","kind":"StatefulSet","metadata":{"name":"db","namespace":"acts"},
  "spec":{"replicas":1,"serviceName":"db","selector":{"matchLabels":{"app":"db"}},"template":{"metadata":{"labels":{"app":"db"}},
  "spec":{"containers":[{"name":"c","image":"registry.local/db:1"}]}}}},
 {"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"cfg","namespace":"acts"},"data":{"a":"1","b":"2"}},
 {"apiVersion":"v1","kind":"Service","metadata":{"name":"web","namespace":"acts"},
  "spec":{"selector":{"app":"api","version":"blue"},"ports":[{"port":80}]}},
 {"apiVersion":"networking.k8s.io/v1","kind":"Ingress","metadata":{"name":"web","namespace":"acts"},
  "spec":{"rules":[{"host":"web.local","http":{"paths":[{"path":"/","pathType":"Prefix",
   "backend":{"service":{"name":"web","port":{"number":80}}}}]}}]}}
]})";

} // namespace

void TestLiveActions::initTestCase()
{
    if (const QString reason = ControlPlane::missing(); !reason.isEmpty())
        QSKIP(qPrintable(u"live tests: skipped, because "_s + reason));
    m_plane = std::make_unique<ControlPlane>();
    QVERIFY2(m_plane->start(2), qPrintable(m_plane->error()));
    const QString file = m_plane->kubeconfig();
    m_admin = std::make_unique<Person>(file, u"admin"_s, m_clock);
    m_operator = std::make_unique<Person>(file, u"operator"_s, m_clock);
    m_viewer = std::make_unique<Person>(file, u"viewer"_s, m_clock);
    QVERIFY(m_admin->actions && m_operator->actions && m_viewer->actions);
    const Ran made = kubectl({u"apply"_s, u"-f"_s, u"-"_s}, manifests);
    QVERIFY2(made.code == 0, made.err.constData());
    QVERIFY(
        QTest::qWaitFor([&] { return valueAt(live(api()), u"/status/observedGeneration").toInteger() > 0; }, 30'000));
}

void TestLiveActions::thereAndBack_data()
{
    QTest::addColumn<QString>("action");
    QTest::addColumn<Target>("on");
    QTest::addColumn<QByteArray>("parameters");
    QTest::addColumn<QString>("jsonPath"); ///< for kubectl
    QTest::addColumn<QByteArray>("seen");
    const auto row = [](const char* name, const char16_t* action, const Target& on, const char* parameters,
                        const char16_t* path, const char* sees) {
        QTest::newRow(name) << QString::fromUtf16(action) << on << QByteArray(parameters) << QString::fromUtf16(path)
                            << QByteArray(sees);
    };
    constexpr auto image = u"{.spec.template.spec.containers[0].image}";
    row("scale", u"scale", api(), R"({"replicas":4})", u"{.spec.replicas}", "4");
    row("scale to none", u"scale", api(), R"({"replicas":0})", u"{.spec.replicas}", "0");
    row("pause", u"pause", api(), "{}", u"{.spec.paused}", "true");
    row("resume", u"resume", in(u"apps", u"Deployment", u"deployments", u"paused"), "{}", u"{.spec.paused}", "");
    row("image", u"setImage", api(), R"({"images":{"c":"registry.local/api:2"}})", image, "registry.local/api:2");
    row("variables", u"setEnv", api(), R"({"container":"c","set":{"A":"9","D":"4"},"remove":["B"]})",
        u"{.spec.template.spec.containers[0].env[*].value}", "9 3 4");
    row("resources", u"setResources", api(),
        R"({"container":"c","requests":{"cpu":"20m","memory":"1Gi"},"limits":{"cpu":"1"}})",
        u"{.spec.template.spec.containers[0].resources.limits.cpu}", "1");
    row("config map", u"patchConfigMap", in(u"", u"ConfigMap", u"configmaps", u"cfg"),
        R"({"data":{"a":"9","b":null,"c":"x"}})", u"{.data}", R"({"a":"9","c":"x"})");
    row("service", u"switchVersion", in(u"", u"Service", u"services", u"web"), R"({"selector":{"version":"green"}})",
        u"{.spec.selector.version}", "green");
    row("ingress", u"switchVersion", in(u"networking.k8s.io", u"Ingress", u"ingresses", u"web"),
        R"({"from":"web","to":"web-green"})", u"{.spec.rules[0].http.paths[0].backend.service.name}", "web-green");
    row("canary share", u"switchVersion", in(u"networking.k8s.io", u"Ingress", u"ingresses", u"web"),
        R"({"canaryWeight":10})", u"{.metadata.annotations.nginx\\.ingress\\.kubernetes\\.io/canary-weight}", "10");
}

void TestLiveActions::thereAndBack()
{
    QFETCH(QString, action);
    QFETCH(Target, on);
    QFETCH(QByteArray, parameters);
    QFETCH(QString, jsonPath);
    QFETCH(QByteArray, seen);
    const Step s = step(action, on, parameters);
    const QJsonObject before = live(on);
    const QByteArray sawBefore = sees(on, jsonPath);
    QVERIFY(!before.isEmpty() && sawBefore != seen);
    const auto preview = wait(m_operator->actions->preview(s));
    QVERIFY2(preview, qPrintable(preview ? QString() : text(preview.error())));
    QCOMPARE(preview->differences.size(), 1);
    QVERIFY(!preview->differences.first().isEmpty());
    QCOMPARE(sees(on, jsonPath), sawBefore); // it only pretended
    Step guarded = s;
    guarded.precondition = preview->precondition;
    const auto done = perform(guarded);
    QVERIFY2(done, qPrintable(done ? QString() : text(done.error())));
    QCOMPARE(sees(on, jsonPath), seen);
    QCOMPARE(done->inverse.steps.size(), 1);
    const auto back = perform(done->inverse.steps.first());
    QVERIFY2(back, qPrintable(back ? QString() : text(back.error())));
    QCOMPARE(sees(on, jsonPath), sawBefore);
    const QJsonObject after = live(on);
    for (const QString& part : {u"spec"_s, u"data"_s})
        QCOMPARE(after.value(part), before.value(part));
}

void TestLiveActions::restarted()
{
    const QString path = u"{.spec.template.metadata.annotations.kubectl\\.kubernetes\\.io/restartedAt}"_s;
    for (const Target& on : {api(), in(u"apps", u"StatefulSet", u"statefulsets", u"db")}) {
        QCOMPARE(sees(on, path), "");
        const auto done = perform(step(u"restart"_s, on));
        QVERIFY2(done, qPrintable(done ? QString() : text(done.error())));
        QVERIFY(!sees(on, path).isEmpty());
        QVERIFY(done->inverse.steps.isEmpty() && !done->inverse.reason.isEmpty());
    }
}

/// All actions on a cluster, each with what a viewer lacks for it.
void TestLiveActions::viewerSeesWhyNot()
{
    const Target map = in(u"", u"ConfigMap", u"configmaps", u"cfg");
    const Target node = target({}, u"v1"_s, u"Node"_s, u"nodes"_s, {}, u"hollow-node-0"_s);
    const QByteArray manifest =
        R"({"manifest":{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"cfg","namespace":"acts"}}})";
    const std::map<QString, std::tuple<Target, QByteArray, QString>> expected{
        {u"scale"_s, {api(), R"({"replicas":7})", u"patch deployments.apps/scale in acts"_s}},
        {u"restart"_s, {api(), "{}", u"patch deployments.apps in acts"_s}},
        {u"pause"_s, {api(), "{}", u"patch deployments.apps in acts"_s}},
        {u"resume"_s, {api(), "{}", u"patch deployments.apps in acts"_s}},
        {u"undo"_s, {api(), "{}", u"patch deployments.apps in acts"_s}},
        {u"setImage"_s, {api(), R"({"images":{"c":"x:1"}})", u"patch deployments.apps in acts"_s}},
        {u"setEnv"_s, {api(), R"({"container":"c","set":{"A":"1"}})", u"patch deployments.apps in acts"_s}},
        {u"setResources"_s,
         {api(), R"({"container":"c","requests":{"cpu":"1"}})", u"patch deployments.apps in acts"_s}},
        {u"setAutoscaler"_s,
         {api(), R"({"maxReplicas":9,"cpuPercent":50})", u"create horizontalpodautoscalers.autoscaling in acts"_s}},
        {u"removeAutoscaler"_s, {api(), "{}", u"delete horizontalpodautoscalers.autoscaling in acts"_s}},
        {u"deletePods"_s,
         {target({}, u"v1"_s, u"Pod"_s, u"pods"_s, u"acts"_s, {}), R"({"selector":"app=api"})",
          u"delete pods in acts"_s}},
        {u"cordon"_s, {node, "{}", u"patch nodes"_s}},
        {u"uncordon"_s, {node, "{}", u"patch nodes"_s}},
        {u"drain"_s, {node, "{}", u"patch nodes"_s}},
        {u"patchConfigMap"_s, {map, R"({"data":{"a":"2"}})", u"patch configmaps in acts"_s}},
        {u"switchVersion"_s,
         {in(u"", u"Service", u"services", u"web"), R"({"selector":{"version":"green"}})",
          u"patch services in acts"_s}},
        {u"createObject"_s, {map, manifest, u"create configmaps in acts"_s}},
        {u"applyObject"_s, {map, manifest, u"patch configmaps in acts"_s}},
        {u"deleteObject"_s, {map, "{}", u"delete configmaps in acts"_s}},
    };
    for (const ActionKind* kind : actionKinds()) {
        if (kind->place() != ActionKind::Place::Cluster)
            continue;
        const auto it = expected.find(kind->name());
        QVERIFY2(it != expected.end(), qPrintable(kind->name()));
        const auto& [on, parameters, lacks] = it->second;
        const auto allowed = wait(m_viewer->actions->allowed(step(kind->name(), on, parameters)));
        QVERIFY2(allowed, qPrintable(allowed ? QString() : text(allowed.error())));
        QVERIFY(!allowed->allowed);
        QCOMPARE(allowed->sentence, u"User “viewer” is not allowed to %1."_s.arg(lacks));
        const bool ofTheCluster = on.space.isEmpty();
        const auto mine = wait(m_operator->actions->allowed(step(kind->name(), on, parameters)));
        QVERIFY2(mine && mine->allowed != ofTheCluster, qPrintable(kind->name()));
    }
}

void TestLiveActions::autoscaler()
{
    const auto spec = [this] {
        return json(kubectl({u"get"_s, u"hpa"_s, u"api"_s, u"-n"_s, u"acts"_s, u"-o"_s, u"json"_s}).out)
            .value("spec"_L1);
    };
    const Step create =
        step(u"setAutoscaler"_s, api(), R"({"minReplicas":2,"maxReplicas":8,"cpuPercent":70,"memoryPercent":80})");
    QVERIFY(wait(m_operator->actions->preview(create)));
    const auto made = perform(create);
    QVERIFY2(made, qPrintable(made ? QString() : text(made.error())));
    const QJsonValue first = spec();
    QCOMPARE(first.toObject().value("maxReplicas"_L1).toInteger(), 8);
    const auto changed = perform(step(u"setAutoscaler"_s, api(), R"({"maxReplicas":12,"cpuPercent":50})"));
    QVERIFY2(changed, qPrintable(changed ? QString() : text(changed.error())));
    QCOMPARE(spec().toObject().value("maxReplicas"_L1).toInteger(), 12);
    QVERIFY(perform(changed->inverse.steps.first()));
    QCOMPARE(spec(), first);
    const auto removed = perform(step(u"removeAutoscaler"_s, api()));
    QVERIFY2(removed, qPrintable(removed ? QString() : text(removed.error())));
    QVERIFY(spec().toObject().isEmpty());
    const auto back = perform(removed->inverse.steps.first());
    QVERIFY2(back, qPrintable(back ? QString() : text(back.error())));
    QCOMPARE(spec(), first);
    QVERIFY(perform(made->inverse.steps.first()));
    QVERIFY(spec().toObject().isEmpty());
}

void TestLiveActions::objectsCreatedAppliedDeleted()
{
    const Target map = in(u"", u"ConfigMap", u"configmaps", u"new");
    const QByteArray one =
        R"({"manifest":{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"new","namespace":"acts"},"data":{"a":"1"}}})";
    const QByteArray two =
        R"({"manifest":{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"new","namespace":"acts"},"data":{"b":"2"}},"force":true})";
    const auto created = perform(step(u"createObject"_s, map, one));
    QVERIFY2(created, qPrintable(created ? QString() : text(created.error())));
    QVERIFY(!created->inverse.steps.first().precondition.uid.isEmpty());
    QVERIFY(!perform(step(u"createObject"_s, map, one)));
    const auto applied = perform(step(u"applyObject"_s, map, two));
    QVERIFY2(applied, qPrintable(applied ? QString() : text(applied.error())));
    QCOMPARE(live(map).value("data"_L1).toObject().value("b"_L1).toString(), u"2"_s);
    const auto restored = perform(applied->inverse.steps.first());
    QVERIFY2(restored, qPrintable(restored ? QString() : text(restored.error())));
    QCOMPARE(live(map).value("data"_L1).toObject(), json(R"({"a":"1"})"));
    const auto removed = perform(step(u"deleteObject"_s, map));
    QVERIFY2(removed, qPrintable(removed ? QString() : text(removed.error())));
    QVERIFY(live(map).isEmpty());
    QVERIFY(perform(removed->inverse.steps.first()));
    QCOMPARE(live(map).value("data"_L1).toObject(), json(R"({"a":"1"})"));
    // The one that was created first is gone: its inverse must not touch this one.
    const auto other = perform(created->inverse.steps.first());
    QVERIFY(!other);
    QCOMPARE(other.error().kind, Error::Kind::Conflict);
    QVERIFY(!live(map).isEmpty());
}

void TestLiveActions::viewerIsRefused()
{
    const Step s = step(u"scale"_s, api(), R"({"replicas":7})");
    const auto allowed = wait(m_viewer->actions->allowed(s));
    QVERIFY2(allowed, qPrintable(allowed ? QString() : text(allowed.error())));
    QVERIFY(!allowed->allowed);
    QCOMPARE(allowed->sentence, u"User “viewer” is not allowed to patch deployments.apps/scale in acts."_s);
    const QJsonObject before = live(api());
    const auto done =
        wait(m_viewer->actions->perform(s, [](const Before&) { return QtFuture::makeReadyFuture(Result<void>()); }));
    QVERIFY(!done);
    QCOMPARE(done.error().kind, Error::Kind::Forbidden);
    QVERIFY(done.error().sentence.contains(u"not allowed"_s));
    QCOMPARE(live(api()).value("spec"_L1), before.value("spec"_L1));
}

void TestLiveActions::cleanupTestCase()
{
    for (auto* person : {&m_admin, &m_operator, &m_viewer})
        person->reset();
    m_plane.reset();
}

} // namespace wk::test

QTEST_GUILESS_MAIN(wk::test::TestLiveActions)
