// SPDX-License-Identifier: GPL-3.0-or-later
#include "TestServer.h"
#include "net/WebSocket.h"
#include "net/WebSocketFrames.h"

#include <QtTest/QtTest>

using namespace Qt::StringLiterals;
using namespace wk;
using namespace wk::net;
using namespace wk::test;

namespace {

/// What comes of one WebSocket.
struct Heard
{
    QByteArray protocol;
    QByteArrayList messages;
    std::optional<SocketEnd> end;
    int opened = 0;
    int ends = 0;
    std::unique_ptr<WebSocket> socket;

    void open(const HttpOptions& options, Clock& clock, const QList<QByteArray>& protocols = {"v5", "v4"},
              qint64 timeoutMs = 10'000)
    {
        Request request;
        request.path = "/exec";
        request.query = "command=date";
        request.headers = {{"Authorization", "Bearer t"}};
        request.idleTimeoutMs = timeoutMs;
        socket = openWebSocket(options, clock, request, protocols,
                               {[this](const QByteArray& p) {
                                    ++opened;
                                    protocol = p;
                                },
                                [this](const QByteArray& m) { messages.append(m); }, [] {},
                                [this](const SocketEnd& e) {
                                    ++ends;
                                    end = e;
                                }});
    }
    [[nodiscard]] QString sentence() const
    {
        return end && end->error ? end->error->sentence + u'\n' + end->error->detail : u"(no error)"_s;
    }
};

/// The server's end of the last handshake: raw bytes.
struct Peer
{
    TestServer server;
    QPointer<QTcpSocket> socket;
    QByteArray key;
    FrameReader frames{FrameReader::Peer::Client};

    Peer()
        : server([this](QTcpSocket* s, const Received& request) {
              socket = s;
              key = request.header("Sec-WebSocket-Key");
          })
    {
    }
    /// Answers, and takes the connection over.
    void accept(const QByteArray& more, const QByteArray& acceptKey = {})
    {
        QObject::disconnect(socket, &QTcpSocket::readyRead, nullptr, nullptr); // from here on it is read here
        socket->write("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                      "Sec-WebSocket-Accept: " +
                      (acceptKey.isEmpty() ? socketAcceptKey(key) : acceptKey) + "\r\n" + more + "\r\n");
    }
    /// The next frame of the client; nullopt where none comes in time.
    std::optional<SocketMessage> read()
    {
        std::optional<SocketMessage> next;
        const bool came = QTest::qWaitFor([&] {
            if (socket)
                frames.add(socket->readAll());
            next = frames.next();
            return next.has_value();
        });
        return came ? next : std::nullopt;
    }
    [[nodiscard]] HttpOptions options() const
    {
        HttpOptions o;
        o.base = server.url();
        o.environmentProxy = false;
        return o;
    }
};

#define OPEN(peer, heard)                                                                                              \
    heard.open(peer.options(), m_clock);                                                                               \
    QTRY_VERIFY(peer.socket);                                                                                          \
    peer.accept("Sec-WebSocket-Protocol: v4\r\n");                                                                     \
    QTRY_COMPARE(heard.opened, 1)

} // namespace

/// The client's end, against a server that says what each test wants.
class TestWebSocketClient : public QObject
{
    Q_OBJECT

    SystemClock m_clock;

private slots:
    void theHandshakeIsWhatTheStandardAsksFor()
    {
        Peer peer;
        Heard heard;
        heard.open(peer.options(), m_clock);
        QCOMPARE(heard.opened + heard.ends, 0);
        QTRY_VERIFY(peer.socket);
        const Received& asked = peer.server.received().first();
        QCOMPARE(asked.verb, "GET");
        QCOMPARE(asked.target, "/exec?command=date");
        QCOMPARE(asked.header("Upgrade"), "websocket");
        QCOMPARE(asked.header("Connection"), "Upgrade");
        QCOMPARE(asked.header("Sec-WebSocket-Version"), "13");
        QCOMPARE(asked.header("Sec-WebSocket-Protocol"), "v5, v4");
        QCOMPARE(asked.header("Authorization"), "Bearer t");
        QCOMPARE(QByteArray::fromBase64(asked.header("Sec-WebSocket-Key")).size(), 16);
        peer.accept("Sec-WebSocket-Protocol: v4\r\n");
        QTRY_COMPARE(heard.opened, 1);
        QCOMPARE(heard.protocol, "v4");
    }

    void messagesGoBothWays()
    {
        Peer peer;
        Heard heard;
        OPEN(peer, heard);
        heard.socket->send("to you");
        auto got = peer.read();
        QVERIFY(got);
        QCOMPARE(got->opcode, SocketOpcode::Binary);
        QCOMPARE(got->payload, "to you");
        peer.socket->write(socketFrame(SocketOpcode::Binary, "to me") + socketFrame(SocketOpcode::Ping, "there?"));
        QTRY_COMPARE(heard.messages, QByteArrayList{"to me"});
        got = peer.read();
        QVERIFY(got);
        QCOMPARE(got->opcode, SocketOpcode::Pong);
        QCOMPARE(got->payload, "there?");
    }

    void whatComesWithTheAnswerIsHeard()
    {
        Peer peer;
        Heard heard;
        heard.open(peer.options(), m_clock);
        QTRY_VERIFY(peer.socket);
        peer.accept("Sec-WebSocket-Protocol: v4\r\n");
        peer.socket->write(socketFrame(SocketOpcode::Binary, "at once") +
                           socketFrame(SocketOpcode::Close, closePayload(1000)));
        QTRY_COMPARE(heard.ends, 1);
        QCOMPARE(heard.messages, QByteArrayList{"at once"});
        QVERIFY2(!heard.end->error, qPrintable(heard.sentence()));
        QCOMPARE(heard.end->code, 1000);
    }

    void aRefusalIsHandedOver()
    {
        Peer peer;
        Heard heard;
        heard.open(peer.options(), m_clock);
        QTRY_VERIFY(peer.socket);
        TestServer::answer(peer.socket, 403, R"({"kind":"Status","message":"no"})");
        QTRY_COMPARE(heard.ends, 1);
        QCOMPARE(heard.opened, 0);
        QVERIFY(heard.end->refusal);
        QCOMPARE(heard.end->refusal->head.status, 403);
        QCOMPARE(heard.end->refusal->body, R"({"kind":"Status","message":"no"})");
        QCOMPARE(heard.end->error->httpStatus, 403);
    }

    void answersThatAreNotOurs_data()
    {
        QTest::addColumn<QByteArray>("headers");
        QTest::addColumn<QByteArray>("key");
        QTest::addColumn<QString>("says");
        QTest::newRow("another key") << QByteArray("Sec-WebSocket-Protocol: v4\r\n") << socketAcceptKey("other")
                                     << u"not ours"_s;
        QTest::newRow("another protocol") << QByteArray("Sec-WebSocket-Protocol: v9\r\n") << QByteArray() << u"v9"_s;
        QTest::newRow("no protocol") << QByteArray() << QByteArray() << u"not offered"_s;
    }

    void answersThatAreNotOurs()
    {
        QFETCH(QByteArray, headers);
        QFETCH(QByteArray, key);
        QFETCH(QString, says);
        Peer peer;
        Heard heard;
        heard.open(peer.options(), m_clock);
        QTRY_VERIFY(peer.socket);
        peer.accept(headers, key);
        QTRY_COMPARE(heard.ends, 1);
        QCOMPARE(heard.opened, 0);
        QVERIFY2(heard.sentence().contains(says), qPrintable(heard.sentence()));
    }

    void aBrokenFrameEndsIt()
    {
        Peer peer;
        Heard heard;
        OPEN(peer, heard);
        peer.socket->write(QByteArray::fromHex("830548656c6c6f"));
        QTRY_COMPARE(heard.ends, 1);
        QVERIFY2(heard.sentence().contains(u"unknown opcode"_s), qPrintable(heard.sentence()));
    }

    void aCutIsAnError()
    {
        Peer peer;
        Heard heard;
        OPEN(peer, heard);
        peer.socket->write(socketFrame(SocketOpcode::Binary, "last words"));
        peer.socket->disconnectFromHost();
        QTRY_COMPARE(heard.ends, 1);
        QCOMPARE(heard.messages, QByteArrayList{"last words"});
        QVERIFY(heard.end->error);
        QCOMPARE(heard.end->code, 0);
    }

    void silenceIsNoticed()
    {
        ManualClock clock;
        Peer peer;
        Heard heard;
        heard.open(peer.options(), clock);
        QTRY_VERIFY(peer.socket);
        peer.accept("Sec-WebSocket-Protocol: v4\r\n");
        QTRY_COMPARE(heard.opened, 1);
        clock.advance(socketPingMs);
        auto got = peer.read();
        QVERIFY(got);
        QCOMPARE(got->opcode, SocketOpcode::Ping);
        clock.advance(socketPingMs);
        clock.advance(socketPingMs);
        QTRY_COMPARE(heard.ends, 1);
        QVERIFY(heard.end->error);
    }

    void aServerThatNeverAnswersIsGivenUp()
    {
        ManualClock clock;
        Peer peer;
        Heard heard;
        heard.open(peer.options(), clock, {"v4"}, 5'000);
        QTRY_VERIFY(peer.socket);
        clock.advance(5'000);
        QTRY_COMPARE(heard.ends, 1);
        QVERIFY(heard.end->error);
        QCOMPARE(heard.opened, 0);
    }

    void nobodyListens()
    {
        Heard heard;
        HttpOptions options;
        options.base = QUrl(u"http://127.0.0.1:%1"_s.arg(closedPort()));
        options.environmentProxy = false;
        heard.open(options, m_clock);
        QTRY_COMPARE(heard.ends, 1);
        QCOMPARE(heard.end->error->kind, Error::Kind::Network);
    }

    void goodbyesAreExchanged()
    {
        Peer peer;
        Heard heard;
        OPEN(peer, heard);
        heard.socket->close();
        auto got = peer.read();
        QVERIFY(got);
        QCOMPARE(got->opcode, SocketOpcode::Close);
        QCOMPARE(closeCode(got->payload), 1000);
        peer.socket->write(socketFrame(SocketOpcode::Close, closePayload(1000)));
        QTRY_COMPARE(heard.ends, 1);
        QVERIFY(!heard.end->error);
    }

    void whoIsGoneHearsNothing()
    {
        Peer peer;
        Heard heard;
        OPEN(peer, heard);
        heard.socket.reset();
        QTRY_VERIFY(!peer.socket || peer.socket->state() == QAbstractSocket::UnconnectedState);
        QCOMPARE(heard.ends, 0);
    }

    void whoDoesNotReadSlowsThePeerDown()
    {
        Peer peer;
        Heard heard;
        OPEN(peer, heard);
        heard.socket->setPaused(true);
        const QByteArray piece(64 << 10, 'x');
        constexpr int pieces = 400; // 25 MiB: more than sockets hold
        for (int i = 0; i < pieces; ++i)
            peer.socket->write(socketFrame(SocketOpcode::Binary, piece));
        for (int i = 0; i < 1000; ++i)
            QCoreApplication::processEvents();
        QCOMPARE(heard.messages.size(), 0);
        QVERIFY(peer.socket->bytesToWrite() > 0);
        heard.socket->setPaused(false);
        QTRY_COMPARE(heard.messages.size(), pieces);
    }
};

QTEST_GUILESS_MAIN(TestWebSocketClient)
#include "test_websocket_client.moc"
