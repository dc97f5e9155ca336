// SPDX-License-Identifier: GPL-3.0-or-later
#include "FleetFixture.h"
#include "cluster/Decoder.h"

#include <QtCore/QProcess>
#include <QtCore/QStandardPaths>

using namespace Qt::StringLiterals;
using namespace wk::fleet;

/// What a client asks once: discovery, identities, refusals, logs, figures; and kubectl.
class TestFleetApi : public FleetFixture
{
    Q_OBJECT

private slots:
    void health();
    void discovery();
    void credentials();
    void statusBodies_data();
    void statusBodies();
    void logs();
    void metricsApi();
    void reviews();
    void exporter();
    void kubectl();
};

void TestFleetApi::health()
{
    for (const char* path : {"/healthz", "/readyz", "/livez"})
        QCOMPARE(get(path, "*/*", "none").body, "ok");
    QCOMPARE(get("/version", "*/*", "none").json().value(u"gitVersion").toString(), u"v1.32.4"_s);
}

void TestFleetApi::discovery()
{
    QSet<QString> served;
    QCOMPARE(get("/api").json().value(u"versions").toArray(), QJsonArray{u"v1"_s});
    QList<QByteArray> paths{"/api/v1"};
    for (const QJsonArray groups = get("/apis").json().value(u"groups").toArray(); const QJsonValue& g : groups)
        for (const QJsonArray values = g.toObject().value(u"versions").toArray(); const QJsonValue& v : values)
            paths.append("/apis/" + v.toObject().value(u"groupVersion").toString().toUtf8());
    for (const QByteArray& path : paths)
        for (const QJsonArray rows = get(path).json().value(u"resources").toArray(); const QJsonValue& r : rows)
            served.insert(QString::fromUtf8(path) + u'/' + r.toObject().value(u"name").toString());
    for (const Resource& r : resources())
        QVERIFY2(served.contains(QString::fromUtf8(listPath(r))), qPrintable(r.id()));
    const Answer aggregated =
        get("/apis", "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json");
    QVERIFY(aggregated.type.contains("as=APIGroupDiscoveryList"));
    QCOMPARE(aggregated.json().value(u"kind").toString(), u"APIGroupDiscoveryList"_s);
    // Every kind that is announced can be listed.
    for (const Resource& r : resources())
        if (r.verbs.contains(u"list"_s)) {
            const Answer a = get(listPath(r));
            QCOMPARE(a.status, 200);
            QCOMPARE(a.json().value(u"kind").toString(), QString(r.kind + u"List"_s));
        }
}

void TestFleetApi::credentials()
{
    const QByteArray pods = "/api/v1/namespaces/tchat/pods", secrets = "/api/v1/namespaces/tchat/secrets";
    QCOMPARE(get(pods).status, 200);
    QCOMPARE(get(pods, "application/json", "wrong").status, 401);
    QCOMPARE(get(pods, "application/json", "wrong").json().value(u"reason").toString(), u"Unauthorized"_s);
    QCOMPARE(get(pods, "application/json", m_fleet->token(u"viewer"_s)).status, 200);
    QCOMPARE(get(secrets, "application/json", m_fleet->token(u"operator"_s)).status, 200);
    const Answer refused = get(secrets, "application/json", m_fleet->token(u"viewer"_s));
    QCOMPARE(refused.status, 403);
    QCOMPARE(
        refused.json().value(u"message").toString(),
        u"secrets is forbidden: User \"viewer\" cannot list resource \"secrets\" in API group \"\" in the namespace \"tchat\""_s);
    const Answer anonymous = get("/api/v1/pods", "application/json", "none");
    QCOMPARE(anonymous.status, 403);
    QVERIFY(anonymous.json().value(u"message").toString().contains(u"system:anonymous"_s));
}

void TestFleetApi::statusBodies_data()
{
    QTest::addColumn<QByteArray>("verb");
    QTest::addColumn<QByteArray>("path");
    QTest::addColumn<QByteArray>("accept");
    QTest::addColumn<int>("code");
    QTest::addColumn<QString>("reason");
    QTest::newRow("no pod") << QByteArray("GET") << QByteArray("/api/v1/namespaces/tchat/pods/x")
                            << QByteArray("application/json") << 404 << u"NotFound"_s;
    QTest::newRow("write") << QByteArray("DELETE") << QByteArray("/api/v1/namespaces/tchat/pods/x") << QByteArray("*/*")
                           << 404 << u"NotFound"_s;
    QTest::newRow("scale") << QByteArray("PATCH")
                           << QByteArray("/apis/apps/v1/namespaces/tchat/deployments/auth-service/scale")
                           << QByteArray("*/*") << 415 << u"UnsupportedMediaType"_s;
    QTest::newRow("format") << QByteArray("GET") << QByteArray("/api/v1/pods") << QByteArray("text/html") << 406
                            << u"NotAcceptable"_s;
    QTest::newRow("crd as protobuf") << QByteArray("GET") << QByteArray("/apis/cert-manager.io/v1/certificates")
                                     << QByteArray("application/vnd.kubernetes.protobuf") << 406 << u"NotAcceptable"_s;
    QTest::newRow("bad selector") << QByteArray("GET") << QByteArray("/api/v1/pods?labelSelector=a%3D%28")
                                  << QByteArray("*/*") << 400 << u"BadRequest"_s;
    QTest::newRow("bad field") << QByteArray("GET") << QByteArray("/api/v1/pods?fieldSelector=spec.x%3Dy")
                               << QByteArray("*/*") << 400 << u"BadRequest"_s;
    QTest::newRow("bad continue") << QByteArray("GET") << QByteArray("/api/v1/pods?limit=5&continue=%25")
                                  << QByteArray("*/*") << 400 << u"BadRequest"_s;
    QTest::newRow("bad version") << QByteArray("GET") << QByteArray("/api/v1/pods?resourceVersion=abc")
                                 << QByteArray("*/*") << 400 << u"BadRequest"_s;
    QTest::newRow("future") << QByteArray("GET") << QByteArray("/api/v1/pods?resourceVersion=999999999")
                            << QByteArray("*/*") << 504 << u"Timeout"_s;
}

void TestFleetApi::statusBodies()
{
    QFETCH(QByteArray, verb);
    QFETCH(QByteArray, path);
    QFETCH(QByteArray, accept);
    QFETCH(int, code);
    QFETCH(QString, reason);
    const Answer a = get(path, accept, {}, u"tchat"_s, verb);
    QCOMPARE(a.status, code);
    const auto status = wk::cluster::decodeStatus(a.type, a.body);
    QVERIFY2(status.has_value(), a.body.constData());
    QCOMPARE(status->reason, reason);
    QCOMPARE(status->code, code);
    QVERIFY(!status->message.isEmpty());
    QCOMPARE(get("/api/v1/nonsense").status, 404);
    QCOMPARE(get("/apis/nonsense/v1").status, 404);
}

void TestFleetApi::logs()
{
    const QByteArray pod = "/api/v1/namespaces/tchat/pods/redis-0/log";
    QCOMPARE(get(pod).status, 400); // two containers
    const QByteArray tail = get(pod + "?container=redis&tailLines=5&timestamps=true", "*/*").body;
    QCOMPARE(tail.count('\n'), 5);
    QVERIFY(tail.startsWith("2026-"));
    // The log grows between two requests: the later, longer answer holds the earlier one, not always at its end.
    const QByteArray last = get(pod + "?container=redis&tailLines=1", "*/*").body;
    QCOMPARE(last.count('\n'), 1);
    QVERIFY(get(pod + "?container=redis&tailLines=1000", "*/*").body.contains(last));
    QCOMPARE(get(pod + "?container=redis&previous=true").status,
             engine().cluster().findPod(u"tchat"_s, u"redis-0"_s)->containers[0].hasLast ? 200 : 400);
    QCOMPARE(get(pod + "?container=redis&limitBytes=10&tailLines=5", "*/*").body.size(), 10);
    QCOMPARE(get("/api/v1/namespaces/tchat/pods/scylla-3/log").status, 400); // not scheduled
    QByteArray name;
    for (const auto& [id, p] : engine().cluster().pods)
        if (p->name.startsWith(u"messaging-service") && p->ready)
            name = p->name.toUtf8();
    std::unique_ptr<QNetworkReply> reply(
        open("/api/v1/namespaces/tchat/pods/" + name + "/log?follow=true&tailLines=1", "*/*"));
    QByteArray text;
    QTRY_VERIFY2((text += reply->readAll()).count('\n') > 10, text.constData());
}

void TestFleetApi::metricsApi()
{
    const QJsonArray nodes = get("/apis/metrics.k8s.io/v1beta1/nodes").json().value(u"items").toArray();
    QCOMPARE(nodes.size(), 5);
    QVERIFY(at(nodes.first().toObject(), u"usage", u"cpu").toString().endsWith(u'n'));
    const QJsonArray pods = get("/apis/metrics.k8s.io/v1beta1/namespaces/tchat/pods").json().value(u"items").toArray();
    QVERIFY(pods.size() > 10);
    QVERIFY(at(pods.first().toObject().value(u"containers").toArray().first().toObject(), u"usage", u"memory")
                .toString()
                .endsWith(u"Ki"_s));
    QCOMPARE(get("/apis/metrics.k8s.io/v1beta1/nodes/nothing").status, 404);
}

void TestFleetApi::reviews()
{
    const QByteArray body =
        R"({"kind":"SelfSubjectAccessReview","apiVersion":"authorization.k8s.io/v1","spec":{"resourceAttributes":
        {"verb":"list","group":"","resource":"secrets"}}})";
    const auto ask = [&](const QByteArray& token) {
        const Answer a = get("/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", "application/json", token,
                             u"tchat"_s, "POST", body, "application/json");
        return QString::number(a.status) + (at(a.json(), u"status", u"allowed").toBool() ? u" yes"_s : u" no"_s);
    };
    QCOMPARE(ask({}), u"201 yes"_s);
    QCOMPARE(ask(m_fleet->token(u"operator"_s)), u"201 yes"_s);
    QCOMPARE(ask(m_fleet->token(u"viewer"_s)), u"201 no"_s);
    const Answer rules =
        get("/apis/authorization.k8s.io/v1/selfsubjectrulesreviews", "application/json", m_fleet->token(u"viewer"_s),
            u"tchat"_s, "POST", R"({"spec":{"namespace":"tchat"}})", "application/json");
    QVERIFY(at(rules.json(), u"status", u"resourceRules").toArray().size() > 5);
    QVERIFY(!rules.body.contains("\"secrets\""));
}

void TestFleetApi::exporter()
{
    const QByteArray base = "http://127.0.0.1:" + QByteArray::number(tchat().exporterPort);
    const auto fetch = [&](const QByteArray& path) {
        std::unique_ptr<QNetworkReply> reply(m_manager.get(QNetworkRequest(QUrl::fromEncoded(base + path))));
        [&] { QTRY_VERIFY(reply->isFinished()); }();
        return qMakePair(reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt(), reply->readAll());
    };
    QVERIFY(fetch("/metrics").second.contains("http_requests_total{"));
    QCOMPARE(fetch("/health/tchat/auth-service").first, 200);
    QCOMPARE(fetch("/health/tchat/nothing").first, 404);
    QCOMPARE(fetch("/other").first, 404);
}

void TestFleetApi::kubectl()
{
    const QString program = QStandardPaths::findExecutable(u"kubectl"_s);
    if (program.isEmpty())
        QSKIP("kubectl is not on the PATH, so the fleet was not tried with it (Debian: apt-get install "
              "kubernetes-client)");
    const auto run = [&](QStringList arguments) {
        QProcess p;
        p.start(program, QStringList{u"--kubeconfig"_s, m_fleet->kubeconfigPath(), u"--cache-dir"_s,
                                     m_dir.path() + u"/cache"_s} +
                             arguments);
        bool finished = false;
        connect(&p, &QProcess::finished, this, [&] { finished = true; });
        [&] { QTRY_VERIFY_WITH_TIMEOUT(finished, 60'000); }();
        return QString::fromUtf8(p.readAllStandardOutput() + p.readAllStandardError());
    };
    const QString pods = run({u"--context"_s, u"tchat"_s, u"get"_s, u"pods"_s, u"-A"_s, u"-o"_s, u"wide"_s});
    QVERIFY2(pods.startsWith(u"NAMESPACE "_s) && pods.contains(u"payment-service-"_s) &&
                 pods.contains(u"NOMINATED NODE"_s),
             qPrintable(pods));
    QVERIFY(run({u"--context"_s, u"stratmaster"_s, u"get"_s, u"deploy"_s, u"-A"_s}).contains(u"stratmaster-api"_s));
    QVERIFY(run({u"api-resources"_s}).contains(u"certificates"_s));
    QVERIFY(run({u"--context"_s, u"tchat"_s, u"get"_s, u"certs"_s}).contains(u"internal-mtls"_s));
    QVERIFY(run({u"--context"_s, u"tchat"_s, u"top"_s, u"nodes"_s}).contains(u"tchat-node-1"_s));
    QVERIFY(
        run({u"--context"_s, u"tchat"_s, u"--user"_s, u"viewer"_s, u"get"_s, u"secrets"_s}).contains(u"Forbidden"_s));
    QCOMPARE(run({u"--context"_s, u"tchat"_s, u"--user"_s, u"viewer"_s, u"auth"_s, u"can-i"_s, u"list"_s, u"secrets"_s})
                 .trimmed(),
             u"no"_s);
    QCOMPARE(
        run({u"--context"_s, u"tchat"_s, u"scale"_s, u"deploy/payment-service"_s, u"--replicas"_s, u"5"_s}).trimmed(),
        u"deployment.apps/payment-service scaled"_s);
    QCOMPARE(
        at(engine().store().find(u"deployments.apps"_s, u"tchat"_s, u"payment-service"_s)->json, u"spec", u"replicas")
            .toInt(),
        5);
    QVERIFY(run({u"--context"_s, u"tchat"_s, u"--user"_s, u"viewer"_s, u"scale"_s, u"deploy/payment-service"_s,
                 u"--replicas"_s, u"6"_s})
                .contains(u"Forbidden"_s));
}

QTEST_GUILESS_MAIN(TestFleetApi)
#include "test_fleet_api.moc"
