// SPDX-License-Identifier: GPL-3.0-or-later
#include "FleetFixture.h"

using namespace Qt::StringLiterals;

namespace wk::fleet {

/// Services through the API server, and what a scraper finds.
class TestFleetProxy : public FleetFixture
{
    Q_OBJECT

private slots:
    void servicesAnswerThroughTheApiServer();
    void aForwardedServiceIsTheProgram();
    void targetsAnswerOneByOne();

private:
    QPair<int, QByteArray> fetch(const QString& path);
};

QPair<int, QByteArray> TestFleetProxy::fetch(const QString& path)
{
    const QUrl url(u"http://127.0.0.1:%1%2"_s.arg(tchat().exporterPort).arg(path));
    const std::unique_ptr<QNetworkReply> reply(m_manager.get(QNetworkRequest(url)));
    [&] { QTRY_VERIFY_WITH_TIMEOUT(reply->isFinished(), 30'000); }();
    return {reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt(), reply->readAll()};
}

void TestFleetProxy::servicesAnswerThroughTheApiServer()
{
    const QByteArray base = "/api/v1/namespaces/tchat/services/";
    const Answer health = get(base + "http:auth-service:8081/proxy/health");
    QCOMPARE(health.status, 200);
    QVERIFY(health.body.contains("ok"));
    QVERIFY(get(base + "auth-service:8081/proxy/metrics").body.contains("http_requests_total{"));
    QCOMPARE(get(base + "auth-service/proxy/nowhere").status, 404);
    const Answer unknown = get(base + "http:nothing:8081/proxy/health");
    QCOMPARE(unknown.status, 404);
    QCOMPARE(unknown.json().value(u"message").toString(), u"services \"nothing\" not found"_s);
    // It takes a right of its own.
    QCOMPARE(get(base + "http:auth-service:8081/proxy/health", "application/json", m_fleet->token(u"viewer"_s)).status,
             403);
}

void TestFleetProxy::aForwardedServiceIsTheProgram()
{
    const QByteArray path = "/api/v1/namespaces/monitoring/services/http:prometheus:9090/proxy";
    QByteArray seen, method, body;
    HttpServer program([&](const HttpRequest& r, HttpConnection& c) {
        seen = r.path + '?' + r.rawQuery;
        method = r.method;
        body = r.body;
        c.respond(r.path == "/missing" ? 422 : 200, "application/json", "{\"status\":\"success\"}");
    });
    QVERIFY(program.listen(0).has_value());
    const QByteArray port = QByteArray::number(program.port());
    QVERIFY(admin("/forward?cluster=tchat&service=monitoring/prometheus&port=" + port).contains(u"done"_s));
    QVERIFY(admin("/forward?cluster=tchat&service=prometheus&port=" + port).contains(u"error"_s));
    // One that there was not is made.
    QVERIFY(admin("/forward?cluster=tchat&service=monitoring/alertmanager&as=9093&port=" + port).contains(u"done"_s));
    QCOMPARE(get("/api/v1/namespaces/monitoring/services/http:alertmanager:9093/proxy/api/v2/alerts").status, 200);
    QCOMPARE(seen, "/api/v2/alerts?");
    const QJsonObject made = get("/api/v1/namespaces/monitoring/services/alertmanager").json();
    QCOMPARE(at(made, u"spec", u"ports").toArray().first()[u"port"].toInt(), 9093);
    QCOMPARE(at(made, u"metadata", u"labels", u"app.kubernetes.io/name").toString(), u"alertmanager"_s);
    const Answer answer = get(path + "/api/v1/series?match%5B%5D=up%7Ba%3D%22b%2Bc%22%7D&match%5B%5D=down");
    QCOMPARE(answer.status, 200);
    QCOMPARE(answer.body, "{\"status\":\"success\"}");
    QCOMPARE(seen, "/api/v1/series?match%5B%5D=up%7Ba%3D%22b%2Bc%22%7D&match%5B%5D=down");
    QCOMPARE(get(path + "/missing").status, 422);
    QCOMPARE(get(path + "/api/v1/query", "application/json", {}, u"tchat"_s, "POST", "query=up",
                 "application/x-www-form-urlencoded")
                 .status,
             200);
    QCOMPARE(method, "POST");
    QCOMPARE(body, "query=up");
    program.goDown();
    QCOMPARE(get(path + "/api/v1/query").status, 503);
}

void TestFleetProxy::targetsAnswerOneByOne()
{
    const auto [status, text] = fetch(u"/sd"_s);
    QCOMPARE(status, 200);
    const QJsonArray targets = QJsonDocument::fromJson(text).array();
    QVERIFY(targets.size() > 15);
    int up = 0, down = 0;
    for (const QJsonValue& target : targets) {
        const auto [code, page] = fetch(target[u"labels"].toObject().value(u"__metrics_path__").toString());
        QVERIFY2(code == 200 || code == 503, page.constData());
        up += code == 200 && page.contains("# TYPE ");
        down += code == 503;
    }
    QCOMPARE(up + down, targets.size());
    QVERIFY(down > 0); // of the pods that the script crashes
    QCOMPARE(fetch(u"/targets/kubelet/nothing:1/metrics"_s).first, 404);
}

} // namespace wk::fleet

QTEST_GUILESS_MAIN(wk::fleet::TestFleetProxy)
#include "test_fleet_proxy.moc"
