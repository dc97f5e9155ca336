// SPDX-License-Identifier: GPL-3.0-or-later
#include "cluster/connection/ApiClient.h"
#include "net/Send.h"
#include "net/SingleShot.h"

#include <QtNetwork/QTcpServer>
#include <QtNetwork/QTcpSocket>
#include <QtTest/QSignalSpy>
#include <QtTest/QTest>

using namespace wk;
using namespace Qt::StringLiterals;

namespace {

/// Answers each request that arrives whole (its body ends with "END") with the given bytes, then hangs up.
class OneAnswer : public QTcpServer
{
public:
    explicit OneAnswer(QByteArray answer) : m_answer(std::move(answer))
    {
        connect(this, &QTcpServer::newConnection, this, [this] {
            QTcpSocket* socket = nextPendingConnection();
            auto text = std::make_shared<QByteArray>();
            connect(socket, &QTcpSocket::readyRead, this, [this, socket, text] {
                *text += socket->readAll();
                if (!text->endsWith("END"))
                    return;
                requests << *text;
                socket->write(m_answer);
                socket->disconnectFromHost();
            });
        });
        listen(QHostAddress::LocalHost);
    }
    [[nodiscard]] net::HttpOptions options() const
    {
        net::HttpOptions out;
        out.base = QUrl(u"http://127.0.0.1:%1/prefix"_s.arg(serverPort()));
        out.environmentProxy = false;
        out.defaultHeaders = {{"X-Always", "1"}};
        return out;
    }

    QByteArrayList requests;

private:
    QByteArray m_answer;
};

class Once final : public net::Transport
{
public:
    Once(net::HttpOptions options, Clock& clock) : m_options(std::move(options)), m_clock(clock) {}
    std::unique_ptr<net::Exchange> open(const net::Request& request, net::Handlers handlers) override
    {
        return net::openOnce(m_options, m_clock, request, std::move(handlers));
    }

private:
    net::HttpOptions m_options;
    Clock& m_clock;
};

net::Request patch()
{
    net::Request request;
    request.verb = "PATCH";
    request.path = "/x";
    request.query = "a=b";
    request.headers = {{"Content-Type", "text/plain"}};
    request.body = "{}END";
    return request;
}

} // namespace

class TestSingleShot : public QObject
{
    Q_OBJECT

private slots:
    void answers_data();
    void answers();
    void neverTwice();
    void refusedConnection();
    void silence();
    void droppedInItsOwnCallback();
    void noLineBreaks();
    void onlyReadsWithoutPermit();

private:
    Result<net::Response> sent(net::Transport& transport, const net::Request& request)
    {
        const auto future = net::send(transport, request);
        return QTest::qWaitFor([&] { return future.isFinished(); }, 10'000)
                   ? future.result()
                   : Result<net::Response>(fail(Error::Kind::Protocol, u"the test waited too long"_s));
    }
    SystemClock m_clock;
};

void TestSingleShot::answers_data()
{
    QTest::addColumn<QByteArray>("raw");
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("body");
    QTest::newRow("length") << QByteArray("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello") << 200
                            << QByteArray("hello");
    QTest::newRow("chunks")
        << QByteArray("HTTP/1.1 409 Conflict\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2;x=y\r\nlo\r\n0\r\n\r\n")
        << 409 << QByteArray("hello");
    QTest::newRow("until the end") << QByteArray("HTTP/1.1 200 OK\r\n\r\nhello") << 200 << QByteArray("hello");
    QTest::newRow("continue first")
        << QByteArray("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n") << 201
        << QByteArray();
    // Broken ones say that nothing is known.
    QTest::newRow("hangs up") << QByteArray() << 0 << QByteArray();
    QTest::newRow("cut body") << QByteArray("HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhello") << 0 << QByteArray();
    QTest::newRow("cut chunks") << QByteArray("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel") << 0
                                << QByteArray();
    QTest::newRow("huge chunk")
        << QByteArray("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n7fffffffffffffff\r\nhel\r\n0\r\n\r\n") << 0
        << QByteArray();
    QTest::newRow("no HTTP") << QByteArray("SSH-2.0-x\r\n\r\n") << 0 << QByteArray();
}

void TestSingleShot::answers()
{
    QFETCH(QByteArray, raw);
    QFETCH(int, status);
    QFETCH(QByteArray, body);
    OneAnswer server(raw);
    Once once(server.options(), m_clock);
    const auto response = sent(once, patch());
    QCOMPARE(server.requests.size(), 1);
    QVERIFY(server.requests.first().startsWith("PATCH /prefix/x?a=b HTTP/1.1\r\nHost: 127.0.0.1:"));
    QVERIFY(server.requests.first().contains("\r\nX-Always: 1\r\nContent-Type: text/plain\r\n\r\n{}END"));
    if (status == 0) {
        QVERIFY(!response);
        QCOMPARE(response.error().kind, Error::Kind::Network);
        QVERIFY2(response.error().sentence.contains(u"it is not known"_s), qPrintable(response.error().sentence));
        return;
    }
    QVERIFY2(response, qPrintable(response ? QString() : response.error().sentence));
    QCOMPARE(response->head.status, status);
    QCOMPARE(response->body, body);
}

/// What QNetworkAccessManager does: the same server sees its request twice.
void TestSingleShot::neverTwice()
{
    for (const QByteArray& verb : {QByteArray("PATCH"), QByteArray("POST"), QByteArray("PUT"), QByteArray("DELETE")}) {
        OneAnswer server({});
        Once once(server.options(), m_clock);
        net::Request request = patch();
        request.verb = verb;
        QVERIFY(!sent(once, request));
        QTest::qWait(50); // lets a second one arrive
        QCOMPARE(server.requests.size(), 1);
    }
}

void TestSingleShot::refusedConnection()
{
    net::HttpOptions options = OneAnswer({}).options(); // its port is closed again
    Once once(options, m_clock);
    const auto response = sent(once, patch());
    QVERIFY(!response);
    QCOMPARE(response.error().kind, Error::Kind::Network);
    QVERIFY2(!response.error().sentence.contains(u"not known"_s), qPrintable(response.error().sentence));
}

void TestSingleShot::silence()
{
    QTcpServer server;
    server.listen(QHostAddress::LocalHost);
    net::HttpOptions options;
    options.base = QUrl(u"http://127.0.0.1:%1"_s.arg(server.serverPort()));
    options.environmentProxy = false;
    ManualClock clock;
    Once once(options, clock);
    const auto future = net::send(once, patch());
    QVERIFY(QTest::qWaitFor([&] { return server.hasPendingConnections(); }));
    QTcpSocket* socket = server.nextPendingConnection();
    QVERIFY(QTest::qWaitFor([&] { return socket->bytesAvailable() > 0; }));
    clock.advance(29'000);
    QVERIFY(!future.isFinished());
    clock.advance(2'000);
    QVERIFY(QTest::qWaitFor([&] { return future.isFinished(); }));
    QVERIFY(future.result().error().sentence.contains(u"it is not known"_s));
}

void TestSingleShot::droppedInItsOwnCallback()
{
    OneAnswer server("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello");
    std::unique_ptr<net::Exchange> exchange;
    bool seen = false, finished = false;
    net::Handlers handlers;
    handlers.head = [&](const net::ResponseHead&) {
        seen = true;
        exchange.reset();
    };
    handlers.finished = [&](const std::optional<Error>&) { finished = true; };
    exchange = net::openOnce(server.options(), m_clock, patch(), std::move(handlers));
    QVERIFY(QTest::qWaitFor([&] { return seen; }));
    QTest::qWait(20);
    QVERIFY(!finished);
}

void TestSingleShot::noLineBreaks()
{
    OneAnswer server({});
    Once once(server.options(), m_clock);
    net::Request request = patch();
    request.headers << qMakePair(QByteArray("X"), QByteArray("a\r\nHost: evil"));
    QCOMPARE(sent(once, request).error().kind, Error::Kind::BadInput);
    request = patch();
    request.path = "/x HTTP/1.1\r\nHost: evil\r\n\r\n";
    QCOMPARE(sent(once, request).error().kind, Error::Kind::BadInput);
    QVERIFY(server.requests.isEmpty());
}

void TestSingleShot::onlyReadsWithoutPermit()
{
    OneAnswer server({});
    platform::ResolvedContext context;
    context.server = server.options().base;
    cluster::ApiClient client(context, m_clock);
    for (const QByteArray& verb : {QByteArray("PATCH"), QByteArray("POST"), QByteArray("PUT"), QByteArray("DELETE")}) {
        net::Request request = patch();
        request.verb = verb;
        QCOMPARE(sent(client, request).error().kind, Error::Kind::Unsupported);
    }
    QVERIFY(server.requests.isEmpty());
}

QTEST_GUILESS_MAIN(TestSingleShot)
#include "test_single_shot.moc"
