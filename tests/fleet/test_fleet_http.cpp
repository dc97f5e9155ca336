// SPDX-License-Identifier: GPL-3.0-or-later
#include "fleet/api/HttpParser.h"
#include "fleet/api/HttpServer.h"

#include <QtCore/QRandomGenerator>
#include <QtNetwork/QTcpSocket>
#include <QtTest/QtTest>

using namespace Qt::StringLiterals;
using namespace wk::fleet;

class TestFleetHttp : public QObject
{
    Q_OBJECT

private slots:
    void parses();
    void parsesInPieces();
    void refuses_data();
    void refuses();
    void survivesGarbage();
    void keepAliveAndPipelining();
    void streamsWithBackPressure();
    void badRequestEndsTheConnection();
    void closesWhenAsked();
};

void TestFleetHttp::parses()
{
    QByteArray bytes = "GET /api/v1/pods?limit=500&labelSelector=app%3Dx%2Cb&watch=1 HTTP/1.1\r\nHost: x\r\nAccept: "
                       "application/json\r\n\r\n"
                       "POST /a HTTP/1.1\r\nContent-Length: 3\r\nConnection: close\r\n\r\nabcREST";
    HttpParser parser;
    QCOMPARE(parser.parse(bytes), HttpParser::State::Complete);
    HttpRequest r = parser.take();
    QCOMPARE(r.path, "/api/v1/pods");
    QCOMPARE(r.query.value(u"labelSelector"_s), u"app=x,b"_s);
    QVERIFY(r.flag(u"watch"_s) && r.keepAlive);
    QCOMPARE(r.header("accept"), "application/json");
    QCOMPARE(parser.parse(bytes), HttpParser::State::Complete);
    r = parser.take();
    QCOMPARE(r.body, "abc");
    QVERIFY(!r.keepAlive);
    QCOMPARE(bytes, "REST");
}

void TestFleetHttp::parsesInPieces()
{
    const QByteArray whole =
        "POST /x HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;ext=1\r\nde\r\n0\r\n\r\n";
    HttpParser parser;
    QByteArray buffer;
    for (qsizetype i = 0; i < whole.size(); ++i) {
        buffer += whole[i];
        QCOMPARE(parser.parse(buffer),
                 i + 1 < whole.size() ? HttpParser::State::NeedMore : HttpParser::State::Complete);
    }
    QCOMPARE(parser.take().body, "abcde");
}

void TestFleetHttp::refuses_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<int>("status");
    QTest::newRow("no request") << QByteArray("hello\r\n\r\n") << 400;
    QTest::newRow("relative target") << QByteArray("GET x HTTP/1.1\r\n\r\n") << 400;
    QTest::newRow("old version") << QByteArray("GET / HTTP/2.0\r\n\r\n") << 505;
    QTest::newRow("header without colon") << QByteArray("GET / HTTP/1.1\r\nabc\r\n\r\n") << 400;
    QTest::newRow("blank in header name") << QByteArray("GET / HTTP/1.1\r\nA b: c\r\n\r\n") << 400;
    QTest::newRow("negative length") << QByteArray("POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n") << 400;
    QTest::newRow("signed length") << QByteArray("POST / HTTP/1.1\r\nContent-Length: +1\r\n\r\n") << 400;
    QTest::newRow("huge body") << QByteArray("POST / HTTP/1.1\r\nContent-Length: 99999999999\r\n\r\n") << 413;
    QTest::newRow("both lengths") << QByteArray(
                                         "POST / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n")
                                  << 400;
    QTest::newRow("unknown coding") << QByteArray("POST / HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n") << 501;
    QTest::newRow("bad chunk") << QByteArray("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n") << 400;
    QTest::newRow("huge chunk") << QByteArray(
                                       "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n7fffffffffffffff\r\n")
                                << 413;
    QTest::newRow("long head") << QByteArray("GET / HTTP/1.1\r\nA: ") + QByteArray(70'000, 'x') << 431;
    QTest::newRow("many headers") << QByteArray("GET / HTTP/1.1\r\n") + QByteArray("A: b\r\n").repeated(200) + "\r\n"
                                  << 431;
}

void TestFleetHttp::refuses()
{
    QFETCH(QByteArray, bytes);
    QFETCH(int, status);
    HttpParser parser;
    QCOMPARE(parser.parse(bytes), HttpParser::State::Bad);
    QCOMPARE(parser.status(), status);
}

void TestFleetHttp::survivesGarbage()
{
    QRandomGenerator random(42);
    const QByteArray seed = "POST /a?b=c HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nTransfer-Encoding: "
                            "chunked\r\n\r\n4\r\nabcd\r\n0\r\n\r\n";
    int complete = 0, bad = 0;
    for (int i = 0; i < 50'000; ++i) {
        QByteArray bytes = seed;
        const int edits = 1 + int(random.bounded(6));
        for (int k = 0; k < edits; ++k) {
            const qsizetype at = random.bounded(int(bytes.size()));
            switch (random.bounded(3)) {
            case 0: bytes[at] = char(random.bounded(256)); break;
            case 1: bytes.remove(at, 1 + random.bounded(8)); break;
            default: bytes.insert(at, QByteArray(1 + random.bounded(5), char(random.bounded(256)))); break;
            }
            if (bytes.isEmpty())
                bytes = "x";
        }
        HttpParser parser;
        for (int n = 0; n < 8; ++n) {
            const auto state = parser.parse(bytes);
            if (state == HttpParser::State::Complete) {
                ++complete;
                QVERIFY(parser.take().body.size() <= 3 * 1024 * 1024);
                continue;
            }
            bad += state == HttpParser::State::Bad;
            if (state == HttpParser::State::Bad)
                QVERIFY(parser.status() >= 400);
            break;
        }
    }
    QVERIFY(bad > 0);
    QVERIFY(complete > 0);
}

void TestFleetHttp::keepAliveAndPipelining()
{
    HttpServer server([](const HttpRequest& r, HttpConnection& c) { c.respond(200, "text/plain", "path " + r.path); });
    QVERIFY(server.listen(0));
    QTcpSocket socket;
    socket.connectToHost(QHostAddress::LocalHost, server.port());
    socket.write("GET /1 HTTP/1.1\r\n\r\nGET /2 HTTP/1.1\r\n\r\nGET /3 HTTP/1.1\r\n\r\n");
    QByteArray got;
    QTRY_VERIFY2((got += socket.readAll()).contains("path /3"), got.constData());
    QVERIFY(got.indexOf("path /1") < got.indexOf("path /2"));
    QCOMPARE(server.connectionCount(), 1);
    socket.abort();
    QTRY_COMPARE(server.connectionCount(), 0);
}

void TestFleetHttp::streamsWithBackPressure()
{
    int pulled = 0;
    HttpServer server([&](const HttpRequest&, HttpConnection& c) {
        c.stream(200, "text/plain", [&] { return ++pulled <= 2000 ? QByteArray(64 * 1024, 'x') : QByteArray(); });
    });
    QVERIFY(server.listen(0));
    QTcpSocket socket;
    socket.setReadBufferSize(1);
    socket.connectToHost(QHostAddress::LocalHost, server.port());
    socket.write("GET / HTTP/1.1\r\n\r\n");
    QTRY_VERIFY(pulled > 0);
    // The reader does not read: kernel buffers and 256 KiB fill, no more is produced.
    int before = -1;
    QTRY_VERIFY(std::exchange(before, pulled) == pulled);
    QVERIFY2(pulled < 1000, qPrintable(QString::number(pulled)));
    socket.setReadBufferSize(0);
    qint64 total = 0;
    QByteArray last;
    connect(&socket, &QTcpSocket::readyRead, this, [&] {
        const QByteArray bytes = socket.readAll();
        total += bytes.size();
        last = (last + bytes).last(std::min<qsizetype>(5, last.size() + bytes.size()));
    });
    socket.readAll();
    QTRY_VERIFY_WITH_TIMEOUT(last == "0\r\n\r\n", 20'000);
    QVERIFY(total > 2000LL * 60 * 1024);
}

void TestFleetHttp::badRequestEndsTheConnection()
{
    HttpServer server([](const HttpRequest&, HttpConnection& c) { c.respond(200, "text/plain", "x"); });
    QVERIFY(server.listen(0));
    QTcpSocket socket;
    socket.connectToHost(QHostAddress::LocalHost, server.port());
    socket.write("NONSENSE\r\n\r\n");
    QByteArray got;
    QTRY_VERIFY((got += socket.readAll()).startsWith("HTTP/1.1 400 "));
    QTRY_COMPARE(socket.state(), QAbstractSocket::UnconnectedState);
}

void TestFleetHttp::closesWhenAsked()
{
    HttpServer server([](const HttpRequest&, HttpConnection& c) { c.respond(200, "text/plain", "x"); });
    QVERIFY(server.listen(0));
    QTcpSocket socket;
    socket.connectToHost(QHostAddress::LocalHost, server.port());
    socket.write("GET / HTTP/1.1\r\nConnection: close\r\n\r\n");
    QTRY_COMPARE(socket.state(), QAbstractSocket::UnconnectedState);
    QVERIFY(socket.readAll().endsWith("\r\n\r\nx"));
}

QTEST_GUILESS_MAIN(TestFleetHttp)
#include "test_fleet_http.moc"
