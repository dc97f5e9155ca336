// SPDX-License-Identifier: GPL-3.0-or-later
#include "Recorder.h"
#include "TestServer.h"
#include "net/HttpTransport.h"
#include "net/Send.h"

using namespace wk;
using namespace wk::net;
using namespace wk::test;
using namespace Qt::StringLiterals;

namespace {

HttpOptions plain(const TestServer& server)
{
    HttpOptions options;
    options.base = server.url();
    options.environmentProxy = false;
    return options;
}

} // namespace

class TestNet : public QObject
{
    Q_OBJECT

    SystemClock m_clock;

private slots:
    void answersComeInOrderAndLater()
    {
        TestServer server(
            [](QTcpSocket* s, const Received&) { TestServer::answer(s, 200, "hello", "X-Kind: pod\r\n"); });
        HttpTransport transport(plain(server), m_clock);
        Recorder r;
        r.open(transport, get("/api/v1/pods"));
        QCOMPARE(r.heads + r.ends, 0);
        QTRY_VERIFY(r.ended());
        QVERIFY(r.ordered);
        QVERIFY2(!r.error, qPrintable(r.sentence()));
        QCOMPARE(r.head.status, 200);
        QCOMPARE(r.head.header("x-kind"), "pod");
        QCOMPARE(r.body, "hello");
        QCOMPARE(transport.running(), 0);
    }

    void requestIsWhatWasAskedFor()
    {
        TestServer server([](QTcpSocket* s, const Received&) { TestServer::answer(s, 200, {}); });
        HttpOptions options = plain(server);
        options.base.setPath(u"/clusters/c-1/"_s);
        options.defaultHeaders = {{"User-Agent", "wk-test"}, {"Impersonate-Group", "a"}, {"Impersonate-Group", "b c"}};
        HttpTransport transport(options, m_clock);
        Request request = get("/api/v1/pods");
        request.query = "labelSelector=app%3Dshop%2Ctier%20in%20%28a%29&limit=500";
        request.headers = {{"Accept", "application/vnd.kubernetes.protobuf"}};
        Recorder r;
        r.open(transport, request);
        QTRY_VERIFY(r.ended());
        const Received got = server.received().value(0);
        QCOMPARE(got.target, "/clusters/c-1/api/v1/pods?labelSelector=app%3Dshop%2Ctier%20in%20%28a%29&limit=500");
        QCOMPARE(got.header("user-agent"), "wk-test");
        QCOMPARE(got.header("accept"), "application/vnd.kubernetes.protobuf");
        QCOMPARE(got.header("accept-encoding"), "identity"); // loopback
        QList<QByteArray> groups;
        for (const auto& [name, value] : got.headers) {
            if (name.compare("impersonate-group", Qt::CaseInsensitive) == 0)
                groups << value;
        }
        QCOMPARE(groups, (QList<QByteArray>{"a", "b c"}));
    }

    void headerWithALineBreakIsNotSent()
    {
        TestServer server([](QTcpSocket* s, const Received&) { TestServer::answer(s, 200, {}); });
        HttpOptions options = plain(server);
        options.defaultHeaders = {{"Impersonate-User", "eve\r\nAuthorization: Bearer x"}};
        HttpTransport transport(options, m_clock);
        Recorder r;
        r.open(transport, get("/"));
        QTRY_VERIFY(r.ended());
        QVERIFY(r.error);
        QCOMPARE(server.received().size(), 0);
    }

    void statusIsAnAnswerNotAnError_data()
    {
        QTest::addColumn<int>("status");
        for (const int status : {302, 400, 401, 403, 404, 409, 410, 422, 429, 500, 503, 504})
            QTest::addRow("%d", status) << status;
    }
    void statusIsAnAnswerNotAnError()
    {
        QFETCH(int, status);
        TestServer server([status](QTcpSocket* s, const Received&) {
            TestServer::answer(s, status, "{\"kind\":\"Status\"}",
                               "Retry-After: 7\r\nLocation: http://127.0.0.1:1/\r\n");
        });
        HttpTransport transport(plain(server), m_clock);
        Recorder r;
        r.open(transport, get("/x"));
        QTRY_VERIFY(r.ended());
        QVERIFY2(!r.error, qPrintable(r.sentence()));
        QCOMPARE(r.head.status, status);
        QCOMPARE(r.body, "{\"kind\":\"Status\"}");
        QCOMPARE(r.head.retryAfterMs(), 7000);
        QCOMPARE(server.received().size(), 1);
    }

    void twelveStreamsAndTwentyCalls()
    {
        QList<QPointer<QTcpSocket>> open;
        TestServer server([&](QTcpSocket* s, const Received& request) {
            if (request.target.startsWith("/watch")) {
                TestServer::beginChunked(s);
                TestServer::chunk(s, "first");
                open << s;
            } else {
                TestServer::answer(s, 200, "list");
            }
        });
        HttpTransport transport(plain(server), m_clock);
        std::vector<Recorder> streams(12);
        std::vector<Recorder> calls(20);
        for (Recorder& r : streams)
            r.open(transport, get("/watch", Request::Lane::Stream, 0));
        QTRY_VERIFY(std::ranges::all_of(streams, [](const Recorder& r) { return r.body == "first"; }));
        QCOMPARE(transport.streamManagers(), 3);
        for (Recorder& r : calls)
            r.open(transport, get("/list"));
        QTRY_VERIFY(std::ranges::all_of(calls, [](const Recorder& r) { return r.ended() && r.body == "list"; }));
        QVERIFY(std::ranges::none_of(streams, [](const Recorder& r) { return r.ended(); }));
        // Slots of ended streams are used again: no thirteenth connection group.
        for (int i = 0; i < 6; ++i)
            streams[size_t(i)].exchange.reset();
        std::vector<Recorder> more(6);
        for (Recorder& r : more)
            r.open(transport, get("/watch", Request::Lane::Stream, 0));
        QTRY_VERIFY(std::ranges::all_of(more, [](const Recorder& r) { return r.body == "first"; }));
        QCOMPARE(transport.streamManagers(), 3);
        for (const auto& s : std::as_const(open)) {
            if (s)
                TestServer::chunk(s, {});
        }
        QTRY_VERIFY(std::ranges::all_of(more, [](const Recorder& r) { return r.ended() && !r.error; }));
    }

    void chunksArriveAsTheyAreSent()
    {
        QPointer<QTcpSocket> socket;
        TestServer server([&](QTcpSocket* s, const Received&) {
            socket = s;
            TestServer::beginChunked(s);
        });
        HttpTransport transport(plain(server), m_clock);
        Recorder r;
        r.open(transport, get("/", Request::Lane::Stream));
        QTRY_COMPARE(r.heads, 1);
        TestServer::chunk(socket, "one");
        QTRY_COMPARE(r.body, "one");
        TestServer::chunk(socket, "two");
        QTRY_COMPARE(r.body, "onetwo");
        QVERIFY(!r.ended());
    }

    void gzipIsInflatedBeyondTheBombCheck()
    {
        // 64 MiB of zeros are 64 KiB of gzip: far beyond Qt's limit of 40:1 above 10 MiB, and common for lists.
        const QByteArray packed = gzip(QByteArray(64 << 20, '\0'));
        TestServer server([&](QTcpSocket* s, const Received& request) {
            QVERIFY(request.header("Accept-Encoding").contains("gzip"));
            TestServer::answer(s, 200, packed, "Content-Encoding: gzip\r\n");
        });
        HttpOptions options = plain(server);
        options.compression = HttpOptions::Compression::On;
        HttpTransport transport(options, m_clock);
        qint64 bytes = 0;
        std::optional<std::optional<Error>> end;
        const auto exchange = transport.open(
            get("/"), {{}, [&](QByteArrayView d) { bytes += d.size(); }, [&](std::optional<Error> e) { end = e; }});
        QTRY_VERIFY_WITH_TIMEOUT(end, 20'000);
        QVERIFY2(!*end, qPrintable(end->value_or(Error{}).text()));
        QCOMPARE(bytes, 64 << 20);
    }

    void bodyBeyondTheLimitFails()
    {
        const QByteArray packed = gzip(QByteArray(8 << 20, '\0'));
        TestServer server(
            [&](QTcpSocket* s, const Received&) { TestServer::answer(s, 200, packed, "Content-Encoding: gzip\r\n"); });
        HttpOptions options = plain(server);
        options.compression = HttpOptions::Compression::On;
        options.maxCallBytes = 1 << 20;
        HttpTransport transport(options, m_clock);
        Recorder r;
        r.open(transport, get("/"));
        QTRY_VERIFY(r.ended());
        VERIFY_SENTENCE(r, u"too large"_s);
    }

    void pausedConsumerHoldsTheServer()
    {
        const QByteArray mib(1 << 20, 'x');
        constexpr int Count = 64;
        QPointer<QTcpSocket> socket;
        qint64 unsent = 0;
        TestServer server([&](QTcpSocket* s, const Received&) {
            socket = s;
            s->write("HTTP/1.1 200 OK\r\nContent-Length: " + QByteArray::number(Count * mib.size()) + "\r\n\r\n");
            for (int i = 0; i < Count; ++i)
                s->write(mib);
        });
        HttpTransport transport(plain(server), m_clock);
        qint64 bytes = 0;
        bool ended = false;
        std::unique_ptr<Exchange> exchange = transport.open(
            get("/"), {[&](const ResponseHead&) { exchange->setPaused(true); },
                       [&](QByteArrayView d) { bytes += d.size(); }, [&](std::optional<Error> e) { ended = !e; }});
        // The kernel's buffers and ours fill up; then the server's queue stands still.
        QTRY_VERIFY(socket);
        for (qint64 before = -1; before != unsent || unsent == Count * mib.size();) {
            before = unsent;
            QTest::qWait(100);
            unsent = socket->bytesToWrite();
        }
        QVERIFY2(unsent > 16 * mib.size(), qPrintable(QString::number(unsent)));
        QCOMPARE(bytes, 0);
        exchange->setPaused(false);
        QTRY_VERIFY_WITH_TIMEOUT(ended, 20'000);
        QCOMPARE(bytes, Count * mib.size());
    }

    void pausedAtTheEndStillDelivers()
    {
        TestServer server([](QTcpSocket* s, const Received&) { TestServer::answer(s, 200, QByteArray(300'000, 'y')); });
        HttpTransport transport(plain(server), m_clock);
        qint64 bytes = 0;
        int ends = 0;
        std::unique_ptr<Exchange> exchange = transport.open(
            get("/"), {[&](const ResponseHead&) { exchange->setPaused(true); },
                       [&](QByteArrayView d) { bytes += d.size(); }, [&](std::optional<Error>) { ++ends; }});
        QTest::qWait(300);
        QCOMPARE(ends, 0);
        exchange->setPaused(false);
        QTRY_COMPARE(ends, 1);
        QCOMPARE(bytes, 300'000);
    }

    void destroyedInAnyCallback_data()
    {
        QTest::addColumn<int>("where");
        QTest::addColumn<bool>("transport");
        for (const bool whole : {false, true}) {
            QTest::addRow("head %d", whole) << 0 << whole;
            QTest::addRow("data %d", whole) << 1 << whole;
            QTest::addRow("finished %d", whole) << 2 << whole;
        }
    }
    void destroyedInAnyCallback()
    {
        QFETCH(int, where);
        QFETCH(bool, transport);
        TestServer server([](QTcpSocket* s, const Received&) { TestServer::answer(s, 200, QByteArray(1 << 20, 'z')); });
        auto http = std::make_unique<HttpTransport>(plain(server), m_clock);
        std::unique_ptr<Exchange> exchange;
        std::array<int, 3> calls{};
        int after = 0;
        bool gone = false;
        const auto at = [&](int place) {
            after += gone;
            ++calls[size_t(place)];
            if (place != where)
                return;
            gone = true;
            if (transport)
                http.reset();
            exchange.reset();
        };
        exchange = http->open(get("/"), {[&](const ResponseHead&) { at(0); }, [&](QByteArrayView) { at(1); },
                                         [&](std::optional<Error>) { at(2); }});
        QTRY_VERIFY(gone);
        QTest::qWait(100);
        QCOMPARE(after, 0);
        QCOMPARE(calls[size_t(where)], 1);
    }

    void sendCollects()
    {
        TestServer server([](QTcpSocket* s, const Received& r) { TestServer::answer(s, 200, r.verb + ' ' + r.body); });
        HttpTransport transport(plain(server), m_clock);
        Request request = get("/");
        request.verb = "POST";
        request.body = "{}";
        auto future = send(transport, request);
        QTRY_VERIFY(future.isFinished());
        QVERIFY(future.result().has_value());
        QCOMPARE(future.result()->body, "POST {}");
        QCOMPARE(future.result()->head.status, 200);
    }

    void sendRefusesTooMuch()
    {
        TestServer server([](QTcpSocket* s, const Received&) { TestServer::answer(s, 200, QByteArray(3 << 20, 'x')); });
        HttpTransport transport(plain(server), m_clock);
        auto future = send(transport, get("/"), 1 << 20);
        QTRY_VERIFY(future.isFinished());
        QVERIFY(!future.result());
        QCOMPARE(future.result().error().kind, Error::Kind::Protocol);
        QCOMPARE(transport.running(), 0);
    }

    void sendEndsWithItsTransport()
    {
        TestServer server([](QTcpSocket*, const Received&) {});
        auto transport = std::make_unique<HttpTransport>(plain(server), m_clock);
        auto future = send(*transport, get("/"));
        QTRY_COMPARE(server.received().size(), 1);
        transport.reset();
        QVERIFY(future.isFinished());
        QCOMPARE(future.result().error().kind, Error::Kind::Cancelled);
    }

    void nearAddresses()
    {
        for (const char* host : {"localhost", "127.0.0.1", "::1", "10.1.2.3", "172.31.0.1", "192.168.1.1",
                                 "169.254.1.1", "fd00::1", "fe80::1", "100.64.0.1"})
            QVERIFY2(isNearAddress(QString::fromLatin1(host)), host);
        for (const char* host : {"8.8.8.8", "172.32.0.1", "api.example.com", "2001:db8::1", "11.0.0.1"})
            QVERIFY2(!isNearAddress(QString::fromLatin1(host)), host);
    }

    void environmentDecidesTheProxy_data()
    {
        QTest::addColumn<QString>("url");
        QTest::addColumn<QString>("noProxy");
        QTest::addColumn<QString>("expected");
        QTest::newRow("https") << u"https://api.example.com:6443"_s << QString() << u"http://proxy:3128"_s;
        QTest::newRow("http has none") << u"http://api.example.com"_s << QString() << QString();
        QTest::newRow("loopback") << u"https://127.0.0.1:6443"_s << QString() << QString();
        QTest::newRow("localhost") << u"https://localhost:6443"_s << QString() << QString();
        QTest::newRow("domain") << u"https://api.example.com"_s << u"foo, example.com"_s << QString();
        QTest::newRow("dot domain") << u"https://api.example.com"_s << u".example.com"_s << QString();
        QTest::newRow("dot domain is not itself")
            << u"https://example.com"_s << u".example.com"_s << u"http://proxy:3128"_s;
        QTest::newRow("suffix is no domain")
            << u"https://notexample.com"_s << u"example.com"_s << u"http://proxy:3128"_s;
        QTest::newRow("cidr") << u"https://10.1.2.3:6443"_s << u"10.0.0.0/8"_s << QString();
        QTest::newRow("other cidr") << u"https://11.1.2.3:6443"_s << u"10.0.0.0/8"_s << u"http://proxy:3128"_s;
        QTest::newRow("address") << u"https://11.1.2.3:6443"_s << u"11.1.2.3"_s << QString();
        QTest::newRow("port") << u"https://api.example.com:6443"_s << u"api.example.com:443"_s
                              << u"http://proxy:3128"_s;
        QTest::newRow("star") << u"https://api.example.com:6443"_s << u"*"_s << QString();
    }
    void environmentDecidesTheProxy()
    {
        QFETCH(QString, url);
        QFETCH(QString, noProxy);
        QFETCH(QString, expected);
        const auto environment = [&](const char* name) {
            if (qstrcmp(name, "HTTPS_PROXY") == 0)
                return u"proxy:3128"_s;
            return qstrcmp(name, "no_proxy") == 0 ? noProxy : QString();
        };
        QCOMPARE(environmentProxy(QUrl(url), environment).toString(), expected);
    }
};

QTEST_GUILESS_MAIN(TestNet)
#include "test_net.moc"
