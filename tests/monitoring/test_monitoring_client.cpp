// SPDX-License-Identifier: GPL-3.0-or-later
#include "MonitoringBench.h"

#include <QtCore/QFile>
#include <QtTest/QTest>

using namespace wk;
using namespace wk::test;
using namespace Qt::StringLiterals;

namespace {

qint64 residentBytes()
{
    QFile file(u"/proc/self/statm"_s);
    return file.open(QIODevice::ReadOnly) ? file.readAll().split(' ').value(1).toLongLong() * 4096 : 0;
}

} // namespace

/// Against a server that does what a test says: slow, broken, huge, wrong.
class TestMonitoringClient : public QObject
{
    Q_OBJECT

private slots:
    void formAndLogin();
    void clientCertificate();
    void getWherePostIsRefused();
    void throughTheApiServer();
    void failures_data();
    void failures();
    void unreachable();
    void silent();
    void hugeAnswer_data();
    void hugeAnswer();
    void manySeries();
};

void TestMonitoringClient::formAndLogin()
{
    Bench b([](QTcpSocket* socket, const Received&) { TestServer::answer(socket, 200, empty, json); });
    b.address.url.setPath(u"/team/prom/"_s);
    b.address.login = {ServerLogin::Kind::Basic, u"anna"_s, "s3 cret", {}, {}};
    b.address.headers = {{"X-Scope-OrgID", "shop"}};
    const Question question = b.ask(u"sum(a{b=\"c&d\"}) + 1%2"_s);
    QVERIFY(question.result && *question.result);
    const Received& received = b.server.received().first();
    QCOMPARE(received.verb, "POST");
    QCOMPARE(received.target, "/team/prom/api/v1/query");
    QCOMPARE(received.body, "query=sum%28a%7Bb%3D%22c%26d%22%7D%29%20%2B%201%252&timeout=60000ms");
    QCOMPARE(received.header("Authorization"), "Basic YW5uYTpzMyBjcmV0");
    QCOMPARE(received.header("X-Scope-OrgID"), "shop");
    QCOMPARE(received.header("Content-Type"), "application/x-www-form-urlencoded");

    b.address.login = {ServerLogin::Kind::Bearer, {}, "abc\n", {}, {}};
    b.start();
    QVERIFY(b.ask().result);
    QCOMPARE(b.server.received().last().header("Authorization"), "Bearer abc");
    // A name and password in the address are a login, and no part of what is asked for.
    b.address.login = {};
    b.address.url.setUserInfo(u"anna:x"_s);
    b.start();
    QVERIFY(b.ask().result);
    QCOMPARE(b.server.received().last().header("Authorization"), "Basic YW5uYTp4");
}

void TestMonitoringClient::clientCertificate()
{
    Pki pki;
    if (!pki.works())
        QSKIP(qPrintable(pki.problem()));
    Bench b([](QTcpSocket* socket, const Received&) { TestServer::answer(socket, 200, empty, json); });
    const Issued client = pki.issue({.name = u"watchkeeper"_s, .hosts = {}, .client = true});
    b.server.useTls(pki.issue({}), pki.authority());
    b.address.url = b.server.url();
    b.address.caPem = pki.authority();
    b.address.login.clientCertPem = client.certificate;
    b.address.login.clientKeyPem = client.key;
    const Question question = b.ask();
    QVERIFY2(question.result && *question.result, qPrintable(question.sentence()));
    QCOMPARE(b.server.received().first().clientName, "watchkeeper");
    // Without trust in who issued the server's there is no answer.
    b.address.caPem.clear();
    b.start();
    QCOMPARE(b.ask().result->error().kind, Error::Kind::Tls);
}

void TestMonitoringClient::getWherePostIsRefused()
{
    Bench b([](QTcpSocket* socket, const Received& received) {
        TestServer::answer(socket, received.verb == "POST" ? 405 : 200, received.verb == "POST" ? "no" : empty, json);
    });
    const Question question = b.ask(u"a + b"_s);
    QVERIFY2(question.result && *question.result, qPrintable(question.sentence()));
    QCOMPARE(b.server.received().last().target, "/api/v1/query?query=a%20%2B%20b&timeout=60000ms");
}

void TestMonitoringClient::throughTheApiServer()
{
    QByteArray body = empty;
    int status = 200;
    Bench b([&](QTcpSocket* socket, const Received&) { TestServer::answer(socket, status, body, json); });
    auto context = std::make_shared<platform::ResolvedContext>();
    context->server = b.server.url();
    context->token = u"operator-token"_s;
    b.address = {};
    b.address.cluster = context;
    b.address.servicePath = servicePath(u"monitoring"_s, u"prometheus-k8s"_s, 9090, false, u"/prom"_s);
    QCOMPARE(b.address.words(), u"prometheus-k8s in monitoring"_s);
    QVERIFY(b.ask().result->has_value());
    // A POST would need the right to create services/proxy.
    QCOMPARE(b.server.received().first().verb, "GET");
    QCOMPARE(b.server.received().first().target, "/api/v1/namespaces/monitoring/services/http:prometheus-k8s:9090/"
                                                 "proxy/prom/api/v1/query?query=q&timeout=60000ms");
    QCOMPARE(b.server.received().first().header("Authorization"), "Bearer operator-token");
    const auto refused = [&](int answered, const QByteArray& message) {
        status = answered;
        body = R"({"kind":"Status","apiVersion":"v1","status":"Failure","message":")" + message + "\"}";
        return b.ask().sentence();
    };
    QCOMPARE(refused(503, "no endpoints available for service"),
             u"The cluster cannot reach prometheus-k8s in monitoring: no endpoints available for service."_s);
    QCOMPARE(refused(403, "services is forbidden"),
             u"The cluster does not let you reach prometheus-k8s in monitoring: services is forbidden."_s);
}

void TestMonitoringClient::failures_data()
{
    QTest::addColumn<QByteArray>("response");
    QTest::addColumn<Error::Kind>("kind");
    QTest::addColumn<QString>("sentence"); ///< %1: the server's name
    const auto row = [](const char* name, int status, const QByteArray& type, const QByteArray& body, Error::Kind kind,
                        const QString& sentence) {
        QTest::newRow(name) << "HTTP/1.1 " + QByteArray::number(status) + " X\r\nContent-Type: " + type +
                                   "\r\nConnection: close\r\nContent-Length: " + QByteArray::number(body.size()) +
                                   "\r\n\r\n" + body
                            << kind << sentence;
    };
    using Kind = Error::Kind;
    row("starting", 503, "text/plain", "Service Unavailable", Kind::Server,
        u"%1 is not ready to answer (status 503): it is starting, or overloaded."_s);
    row("query too long", 503, "application/json",
        R"({"status":"error","errorType":"timeout","error":"query timed out in expression evaluation"})", Kind::Server,
        u"The query took longer than the server allows: query timed out in expression evaluation."_s);
    row("bad query", 400, "application/json",
        R"({"status":"error","errorType":"bad_data","error":"invalid parameter \"query\": 1:5: parse error: unexpected end of input inside braces"})",
        Kind::BadInput,
        u"Prometheus does not understand the query at line 1, column 5: unexpected end of input inside braces."_s);
    row("login page", 200, "text/html", "<html><head><title>Sign in\n to it</title></head></html>", Kind::Protocol,
        u"%1 answered with a web page instead of data (status 200): “Sign in to it”."_s);
    row("page that does not say so", 200, "application/json", "\n <!DOCTYPE html><body><b>Hello</b> there</body>",
        Kind::Protocol, u"%1 answered with a web page instead of data (status 200): “Hello there”."_s);
    row("page of a proxy", 502, "text/html", "<html><title>502 Bad Gateway</title></html>", Kind::Server,
        u"%1 answered with a web page instead of data (status 502): “502 Bad Gateway”."_s);
    row("gateway", 504, "text/plain", "upstream", Kind::Server,
        u"What stands before %1 waited too long for it (status 504)."_s);
    row("who asks", 401, "text/html", "<html>", Kind::Unauthorized,
        u"%1 wants to know who asks, and did not accept what it was told."_s);
    row("not allowed", 403, "text/plain", "no", Kind::Forbidden, u"%1 knows who asks, and does not allow it."_s);
    row("another path", 404, "text/plain", "404 page not found", Kind::NotFound,
        u"There is no Prometheus under this address of %1."_s);
    row("too many", 429, "text/plain", "", Kind::Throttled, u"%1 is asked too much at present."_s);
    row("garbage", 200, "application/json", R"({"status":"success","data":{"resultType":"vector","result":[{"metric)",
        Kind::Protocol, u"The answer breaks off after 68 bytes."_s);
    row("another API", 200, "application/json", R"({"hello":"world"})", Kind::Protocol,
        u"The answer is not what Prometheus answers."_s);
    row("nothing", 200, "application/json", "", Kind::Protocol, u"The answer breaks off after 0 bytes."_s);
    row("no content", 204, "application/json", "", Kind::Protocol, u"The answer breaks off after 0 bytes."_s);
    QTest::newRow("elsewhere")
        << QByteArray("HTTP/1.1 302 Found\r\nLocation: https://login.example/\r\nContent-Length: 0\r\n\r\n")
        << Kind::Protocol << u"%1 sends us elsewhere: https://login.example/."_s;
    QTest::newRow("connection breaks")
        << QByteArray("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n{\"status\":")
        << Kind::Network << QString();
}

void TestMonitoringClient::failures()
{
    QFETCH(QByteArray, response);
    QFETCH(Error::Kind, kind);
    QFETCH(QString, sentence);
    Bench b([&response](QTcpSocket* socket, const Received&) {
        socket->write(response);
        socket->disconnectFromHost();
    });
    b.address.login = {ServerLogin::Kind::Bearer, {}, "hush-hush", {}, {}};
    const Question question = b.ask();
    QVERIFY(question.result && !*question.result);
    const Error& error = question.result->error();
    QCOMPARE(error.kind, kind);
    if (sentence.isEmpty())
        QVERIFY(error.sentence.contains(b.address.words()));
    else
        QCOMPARE(error.sentence, sentence.contains("%1"_L1) ? sentence.arg(b.address.words()) : sentence);
    QVERIFY(!(error.sentence + error.detail + error.remedy).contains("hush"_L1));
}

void TestMonitoringClient::unreachable()
{
    Bench b([](QTcpSocket*, const Received&) {});
    b.address.url = QUrl(u"http://127.0.0.1:%1"_s.arg(closedPort()));
    QCOMPARE(b.ask().result->error().kind, Error::Kind::Network);
    b.address.url = QUrl(u"prometheus:9090"_s);
    b.start();
    QCOMPARE(b.ask().result->error().kind, Error::Kind::BadInput);
}

void TestMonitoringClient::silent()
{
    Bench b([](QTcpSocket*, const Received&) {});
    b.options.client.silenceMs = 50;
    const Question question = b.ask();
    QCOMPARE(question.result->error().kind, Error::Kind::Network);
    QVERIFY2(question.sentence().contains(b.address.words()), qPrintable(question.sentence()));
}

void TestMonitoringClient::hugeAnswer_data()
{
    QTest::addColumn<bool>("announced");
    QTest::addColumn<QByteArray>("unit");
    QTest::newRow("its length is announced") << true << QByteArray();
    QTest::newRow("one endless series") << false << QByteArray("[1,\"2\"],");
    QTest::newRow("endless labels") << false << QByteArray("}");
}

void TestMonitoringClient::hugeAnswer()
{
    QFETCH(bool, announced);
    QFETCH(QByteArray, unit);
    static constexpr qint64 twoGiB = 2LL << 30, limit = 32LL << 20;
    qint64 written = 0;
    Bench b([&](QTcpSocket* socket, const Received&) {
        if (announced) {
            socket->write("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: " +
                          QByteArray::number(twoGiB) + "\r\n\r\n{");
            return;
        }
        TestServer::beginChunked(socket, json);
        TestServer::chunk(socket, R"({"status":"success","data":{"resultType":"matrix","result":[{"metric":{"a":")" +
                                      QByteArray(unit == "}" ? "" : R"("},"values":[)"));
        const QByteArray block = unit.repeated(65'536);
        const auto more = [socket, block, &written] {
            if (socket->bytesToWrite() < 1 << 20 && written < twoGiB) {
                TestServer::chunk(socket, block);
                written += block.size();
            }
        };
        QObject::connect(socket, &QTcpSocket::bytesWritten, socket, more);
        more();
    });
    b.options.client.maxBytes = limit;
    const qint64 before = residentBytes();
    const Question question = b.ask();
    QCOMPARE(
        question.sentence(),
        u"The answer of %1 is larger than 32 MiB, which is more than is taken in at once."_s.arg(b.address.words()));
    QVERIFY2(written < limit + (64 << 20), qPrintable(QString::number(written)));
    QVERIFY2(residentBytes() - before < 6 * limit, qPrintable(QString::number(residentBytes() - before)));
}

void TestMonitoringClient::manySeries()
{
    QByteArray body = R"({"status":"success","data":{"resultType":"matrix","result":[)";
    for (int i = 0; i < 10'000; ++i)
        body += (i ? "," : "") + QByteArray(R"({"metric":{"__name__":"m","pod":"p)") + QByteArray::number(i) +
                R"("},"values":[[1,"NaN"],[2,"+Inf"],[3,")" + QByteArray::number(i) + "\"]]}";
    body += "]}}";
    Bench b([&body](QTcpSocket* socket, const Received&) { TestServer::answer(socket, 200, body, json); });
    const Question question = b.ask();
    QVERIFY2(question.result && *question.result, qPrintable(question.sentence()));
    QCOMPARE((**question.result)->points(), std::size_t(30'000));
    QCOMPARE((**question.result)->series[9'999].value[2], 9'999.0);
}

QTEST_GUILESS_MAIN(TestMonitoringClient)
#include "test_monitoring_client.moc"
