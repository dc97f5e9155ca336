// SPDX-License-Identifier: GPL-3.0-or-later
#include "Recorder.h"
#include "TestServer.h"
#include "net/HttpRemedies.h"
#include "net/HttpTransport.h"

using namespace wk;
using namespace wk::net;
using namespace wk::test;
using namespace Qt::StringLiterals;

/// Every way in which a connection ends badly, and that each is told apart.
class TestNetFaults : public QObject
{
    Q_OBJECT

    SystemClock m_clock;

    static HttpOptions to(const QUrl& url)
    {
        HttpOptions options;
        options.base = url;
        options.environmentProxy = false;
        return options;
    }

    static HttpOptions to(quint16 port) { return to(QUrl(u"http://127.0.0.1:%1"_s.arg(port))); }

private slots:
    void refused()
    {
        HttpTransport transport(to(closedPort()), m_clock);
        Recorder r;
        r.open(transport, get("/"));
        QTRY_VERIFY(r.ended());
        VERIFY_SENTENCE(r, u"refuses connections"_s);
        QCOMPARE(r.error->kind, Error::Kind::Network);
        QVERIFY2(r.error->remedy.contains(u"its address and port"_s), qPrintable(r.error->remedy));
    }

    /// Who is asked gives the words.
    void wordsOfWhoIsAsked()
    {
        using Asked = HttpOptions::Asked;
        HttpOptions options = to(closedPort());
        options.asked = Asked::ApiServer;
        HttpTransport transport(options, m_clock);
        Recorder r;
        r.open(transport, get("/"));
        QTRY_VERIFY(r.ended());
        QVERIFY2(r.error->remedy.contains(u"API server"_s) && r.error->remedy.contains(u"kubeconfig"_s),
                 qPrintable(r.error->remedy));
        for (int i = 0; i <= int(Remedy::ClientPassphrase); ++i) {
            const QString any = remedyText(Remedy(i), Asked::Server);
            QVERIFY2(!any.isEmpty() && any != remedyText(Remedy(i), Asked::ApiServer), qPrintable(any));
            for (const auto word : {"API server"_L1, "kubeconfig"_L1, "cluster"_L1, "tls-server-name"_L1})
                QVERIFY2(!any.contains(word), qPrintable(any));
        }
    }

    void nameUnknown()
    {
        // A label of 70 characters: no resolver is asked for it.
        HttpTransport transport(to(QUrl(u"http://%1.test:6443"_s.arg(QString(70, u'a')))), m_clock);
        Recorder r;
        r.open(transport, get("/"));
        QTRY_VERIFY(r.ended());
        VERIFY_SENTENCE(r, r.sentence().contains(u"http:// or https://"_s) ? u"http://"_s : u"cannot be resolved"_s);
    }

    void blackHole()
    {
        BlackHole hole;
        QVERIFY(hole.port() != 0);
        HttpTransport transport(to(hole.port()), m_clock);
        Recorder r;
        QElapsedTimer time;
        time.start();
        r.open(transport, get("/", Request::Lane::Call, 700));
        QTRY_VERIFY_WITH_TIMEOUT(r.ended(), 5000);
        VERIFY_SENTENCE(r, u"does not answer: no connection after 0.7 s"_s);
        QVERIFY(time.elapsed() >= 650);
    }

    void silentAfterTheRequest()
    {
        TestServer server([](QTcpSocket*, const Received&) {});
        HttpTransport transport(to(server.url()), m_clock);
        Recorder r;
        r.open(transport, get("/", Request::Lane::Call, 400));
        QTRY_VERIFY(r.ended());
        QCOMPARE(server.received().size(), 1);
        VERIFY_SENTENCE(r, u"accepted the request and then said nothing for 0.4 s"_s);
    }

    void halfOpenStream()
    {
        // The peer is gone without a word: no FIN, no reset, only silence in the middle of a watch.
        QPointer<QTcpSocket> socket;
        TestServer server([&](QTcpSocket* s, const Received&) {
            socket = s;
            TestServer::beginChunked(s);
            TestServer::chunk(s, "event");
        });
        HttpTransport transport(to(server.url()), m_clock);
        Recorder r;
        r.open(transport, get("/", Request::Lane::Stream, 500));
        QTRY_COMPARE(r.body, "event");
        QTRY_VERIFY(r.ended());
        VERIFY_SENTENCE(r, u"stopped in the middle of an answer"_s);
    }

    void bytesPostponeTheEnd()
    {
        QPointer<QTcpSocket> socket;
        TestServer server([&](QTcpSocket* s, const Received&) {
            socket = s;
            TestServer::beginChunked(s);
        });
        HttpTransport transport(to(server.url()), m_clock);
        Recorder r;
        r.open(transport, get("/", Request::Lane::Stream, 1000));
        QTRY_COMPARE(r.heads, 1);
        QTimer beat;
        connect(&beat, &QTimer::timeout, this, [&] {
            if (socket)
                TestServer::chunk(socket, "x");
        });
        beat.start(100);
        QTRY_VERIFY(r.body.size() >= 25); // 2.5 times the limit
        QVERIFY(!r.ended());
    }

    void timeIsThatOfTheClock()
    {
        // With a clock that stands still, silence is no silence until it is moved.
        ManualClock clock;
        TestServer server([](QTcpSocket*, const Received&) {});
        HttpTransport transport(to(server.url()), clock);
        Recorder r;
        r.open(transport, get("/", Request::Lane::Stream, 30'000));
        QTRY_COMPARE(server.received().size(), 1);
        clock.advance(29'000);
        QVERIFY(!r.ended());
        clock.advance(2'000);
        QVERIFY(r.ended());
        QVERIFY(r.error);
    }

    void pausedIsNotSilent()
    {
        ManualClock clock;
        TestServer server([](QTcpSocket* s, const Received&) {
            TestServer::beginChunked(s);
            TestServer::chunk(s, "a");
        });
        HttpTransport transport(to(server.url()), clock);
        Recorder r;
        r.open(transport, get("/", Request::Lane::Stream, 30'000));
        QTRY_COMPARE(r.body, "a");
        r.exchange->setPaused(true);
        clock.advance(100'000);
        QVERIFY(!r.ended());
        r.exchange->setPaused(false);
        clock.advance(29'000);
        QVERIFY(!r.ended());
        clock.advance(40'000);
        QVERIFY(r.ended());
    }

    void cut_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QString>("sentence");
        QTest::newRow("no answer") << QByteArray() << u"closed the connection without an answer"_s;
        QTest::newRow("in the head") << QByteArray("HTTP/1.1 200 OK\r\nContent-Le") << u""_s;
        QTest::newRow("length") << QByteArray("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhello")
                                << u"cut off before its end"_s;
        QTest::newRow("length, nothing") << QByteArray("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n")
                                         << u"cut off before its end"_s;
        QTest::newRow("chunk") << QByteArray("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n64\r\nhello")
                               << u"cut off before its end"_s;
        QTest::newRow("between chunks") << QByteArray(
                                               "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n")
                                        << u"cut off before its end"_s;
        QTest::newRow("chunked, nothing")
            << QByteArray("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n") << u"cut off before its end"_s;
        QTest::newRow("garbage") << QByteArray("\x01\x02garbage\r\n\r\n\r\n") << u""_s;
        QTest::newRow("gzip chunk cut")
            << "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\nff\r\n" +
                   gzip(QByteArray(100'000, 'x')).left(60)
            << u"cut off before its end"_s;
    }
    void cut()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(QString, sentence);
        TestServer server([bytes](QTcpSocket* s, const Received&) {
            if (bytes.isEmpty()) {
                s->abort();
                return;
            }
            s->write(bytes);
            s->disconnectFromHost();
        });
        HttpOptions options = to(server.url());
        options.compression = HttpOptions::Compression::On;
        for (const auto lane : {Request::Lane::Call, Request::Lane::Stream}) {
            HttpTransport transport(options, m_clock);
            Recorder r;
            r.open(transport, get("/", lane));
            QTRY_VERIFY(r.ended());
            QVERIFY2(r.error, "a broken answer was taken for a whole one");
            VERIFY_SENTENCE(r, sentence);
            QVERIFY(r.ordered);
            if (bytes.contains("hello"))
                QCOMPARE(r.body, "hello");
        }
    }

    void endedByClosing()
    {
        // Neither length nor chunks: HTTP/1.0 style, closing is the orderly end.
        TestServer server([](QTcpSocket* s, const Received&) {
            s->write("HTTP/1.1 200 OK\r\n\r\nhello");
            s->disconnectFromHost();
        });
        HttpTransport transport(to(server.url()), m_clock);
        Recorder r;
        r.open(transport, get("/"));
        QTRY_VERIFY(r.ended());
        QVERIFY2(!r.error, qPrintable(r.sentence()));
        QCOMPARE(r.body, "hello");
    }

    void idleConnectionClosedByTheServer()
    {
        // A kept connection that the server closes in the meantime must not fail the next request.
        QPointer<QTcpSocket> socket;
        TestServer server([&](QTcpSocket* s, const Received&) {
            socket = s;
            TestServer::answer(s, 200, "ok");
        });
        HttpTransport transport(to(server.url()), m_clock);
        for (int i = 0; i < 3; ++i) {
            Recorder r;
            r.open(transport, get("/"));
            QTRY_VERIFY(r.ended());
            QVERIFY2(!r.error, qPrintable(r.sentence()));
            socket->disconnectFromHost();
        }
    }

    void badAddress()
    {
        for (const QString& url : {u"ftp://127.0.0.1/"_s, u""_s, u"https://"_s}) {
            HttpTransport transport(to(QUrl(url)), m_clock);
            Recorder r;
            r.open(transport, get("/"));
            QTRY_VERIFY(r.ended());
            VERIFY_SENTENCE(r, u"is no http:// or https:// address"_s);
        }
    }
};

QTEST_GUILESS_MAIN(TestNetFaults)
#include "test_net_faults.moc"
