// SPDX-License-Identifier: GPL-3.0-or-later
#include "Recorder.h"
#include "TestServer.h"
#include "cluster/connection/ApiClient.h"
#include "net/Send.h"

using namespace wk;
using namespace wk::cluster;
using namespace wk::test;
using namespace Qt::StringLiterals;

/// Credentials on the way to the API server: sent, refreshed, told apart.
class TestApiClient : public QObject
{
    Q_OBJECT

    SystemClock m_clock;
    std::unique_ptr<QTemporaryDir> m_dir;

    platform::ResolvedContext context(const TestServer& server) const
    {
        platform::ResolvedContext c;
        c.server = server.url();
        c.userName = u"ann"_s;
        c.clusterName = u"shop"_s;
        return c;
    }

    void write(const QString& name, const QByteArray& text, bool executable = false)
    {
        QFile file(m_dir->filePath(name));
        if (!file.open(QIODevice::WriteOnly) || file.write(text) != text.size())
            qFatal("cannot write %s", qPrintable(name));
        file.close();
        if (executable)
            file.setPermissions(QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
    }

    /// A plugin that hands out token-1, token-2, ...; with `failFrom`, that run and later ones fail.
    platform::ExecPlugin plugin(int failFrom = 1000)
    {
        const QByteArray count = m_dir->filePath(u"count"_s).toUtf8();
        write(u"plugin"_s,
              "#!/bin/sh\necho x >> " + count + "\nn=$(wc -l < " + count + ")\nif [ $n -ge " +
                  QByteArray::number(failFrom) +
                  " ]; then echo 'your session has ended' >&2; exit 7; fi\n"
                  "echo "
                  "'{\"apiVersion\":\"client.authentication.k8s.io/"
                  "v1\",\"kind\":\"ExecCredential\",\"status\":{\"token\":\"token-'$n'\"}}'\n",
              true);
        platform::ExecPlugin p;
        p.apiVersion = u"client.authentication.k8s.io/v1"_s;
        p.command = m_dir->filePath(u"plugin"_s);
        return p;
    }

    int runs() const
    {
        QFile file(m_dir->filePath(u"count"_s));
        return file.open(QIODevice::ReadOnly) ? int(file.readAll().count('\n')) : 0;
    }

private slots:
    void init()
    {
        m_dir = std::make_unique<QTemporaryDir>();
        qputenv("SHLVL", "1");
    }

    void headersOfAnIdentity()
    {
        TestServer server([](QTcpSocket* s, const Received&) { TestServer::answer(s, 200, "12345"); });
        platform::ResolvedContext c = context(server);
        c.token = u"secret"_s;
        c.impersonate = {u"bob"_s, u"7"_s, {u"g1"_s, u"g2"_s}, {{u"Scopes/x"_s, {u"v"_s}}}};
        ApiClient client(c, m_clock);
        Recorder r;
        r.open(client, get("/api"));
        QTRY_VERIFY(r.ended());
        QVERIFY2(!r.error, qPrintable(r.sentence()));
        const Received got = server.received().value(0);
        QCOMPARE(got.header("Authorization"), "Bearer secret");
        QCOMPARE(got.header("Impersonate-User"), "bob");
        QCOMPARE(got.header("Impersonate-Uid"), "7");
        QCOMPARE(got.header("Impersonate-Extra-scopes%2fx").size() + got.header("Impersonate-Extra-scopes%2Fx").size(),
                 qsizetype(1) + (got.header("Impersonate-Extra-scopes%2fx").size() > 0));
        QVERIFY(got.header("User-Agent").startsWith("watchkeeper/"));
        QCOMPARE(client.bytesReceived(), 5);
        QVERIFY(client.lastContactMs() > 0);
    }

    void basic()
    {
        TestServer server([](QTcpSocket* s, const Received&) { TestServer::answer(s, 200, {}); });
        platform::ResolvedContext c = context(server);
        c.basicUser = u"ann"_s;
        c.basicPassword = u"pässword"_s;
        ApiClient client(c, m_clock);
        Recorder r;
        r.open(client, get("/api"));
        QTRY_VERIFY(r.ended());
        QCOMPARE(server.received().value(0).header("Authorization"), "Basic " + QByteArray("ann:pässword").toBase64());
    }

    void onlyReads_data()
    {
        QTest::addColumn<QByteArray>("verb");
        QTest::addColumn<QByteArray>("path");
        QTest::addColumn<bool>("passes");
        QTest::newRow("get") << QByteArray("GET") << QByteArray("/api") << true;
        QTest::newRow("review") << QByteArray("POST")
                                << QByteArray("/apis/authorization.k8s.io/v1/selfsubjectaccessreviews") << true;
        QTest::newRow("create") << QByteArray("POST") << QByteArray("/api/v1/namespaces/a/pods") << false;
        QTest::newRow("eviction") << QByteArray("POST")
                                  << QByteArray("/api/v1/namespaces/a/pods/selfsubjectaccessreviews") << false;
        QTest::newRow("patch") << QByteArray("PATCH") << QByteArray("/api/v1/namespaces/a/pods/b") << false;
        QTest::newRow("delete") << QByteArray("DELETE") << QByteArray("/api/v1/namespaces/a/pods/b") << false;
        QTest::newRow("put") << QByteArray("PUT") << QByteArray("/api/v1/namespaces/a/pods/b") << false;
    }
    void onlyReads()
    {
        QFETCH(QByteArray, verb);
        QFETCH(QByteArray, path);
        QFETCH(bool, passes);
        TestServer server([](QTcpSocket* s, const Received&) { TestServer::answer(s, 200, {}); });
        ApiClient client(context(server), m_clock);
        net::Request request = get(path);
        request.verb = verb;
        Recorder r;
        r.open(client, request);
        QCOMPARE(r.ends, 0);
        QTRY_VERIFY(r.ended());
        QCOMPARE(!r.error, passes);
        QCOMPARE(server.received().size(), passes ? 1 : 0);
        if (!passes)
            QCOMPARE(r.error->kind, Error::Kind::Unsupported);
    }

    void pluginRunsBeforeTheFirstRequest()
    {
        TestServer server([](QTcpSocket* s, const Received&) { TestServer::answer(s, 200, {}); });
        platform::ResolvedContext c = context(server);
        c.exec = plugin();
        ApiClient client(c, m_clock);
        std::vector<Recorder> many(20);
        for (Recorder& r : many)
            r.open(client, get("/api"));
        QTRY_VERIFY(std::ranges::all_of(many, [](const Recorder& r) { return r.ended() && !r.error; }));
        QCOMPARE(runs(), 1);
        for (const Received& got : server.received())
            QCOMPARE(got.header("Authorization"), "Bearer token-1");
    }

    void refusedOnceRefreshedOnce()
    {
        // Twenty at once under a token that is no longer good: one run, all succeed, and no caller sees the 401.
        TestServer server([](QTcpSocket* s, const Received& r) {
            TestServer::answer(s, r.header("Authorization") == "Bearer token-2" ? 200 : 401, "body");
        });
        platform::ResolvedContext c = context(server);
        c.exec = plugin();
        ApiClient client(c, m_clock);
        std::vector<Recorder> many(20);
        for (Recorder& r : many)
            r.open(client, get("/api"));
        QTRY_VERIFY(std::ranges::all_of(many, [](const Recorder& r) { return r.ended(); }));
        for (const Recorder& r : many) {
            QVERIFY2(!r.error, qPrintable(r.sentence()));
            QCOMPARE(r.head.status, 200);
            QCOMPARE(r.heads, 1);
            QCOMPARE(r.body, "body");
        }
        QCOMPARE(runs(), 2);
    }

    void stillRefusedIsTold()
    {
        TestServer server([](QTcpSocket* s, const Received&) {
            TestServer::answer(s, 401, "{\"kind\":\"Status\",\"message\":\"Unauthorized\"}");
        });
        platform::ResolvedContext c = context(server);
        c.exec = plugin();
        ApiClient client(c, m_clock);
        Recorder r;
        r.open(client, get("/api"));
        QTRY_VERIFY(r.ended());
        QVERIFY(!r.error);
        QCOMPARE(r.head.status, 401);
        QCOMPARE(runs(), 2);
        QCOMPARE(server.received().size(), 2);
        const Error error = statusError(c, r.head, r.body);
        QVERIFY2(error.sentence.contains(u"does not accept the credential that the plugin"_s),
                 qPrintable(error.sentence));
    }

    void refreshThatFailsIsTold()
    {
        TestServer server([](QTcpSocket* s, const Received&) { TestServer::answer(s, 401, {}); });
        platform::ResolvedContext c = context(server);
        c.exec = plugin(2);
        ApiClient client(c, m_clock);
        std::vector<Recorder> many(5);
        for (Recorder& r : many)
            r.open(client, get("/api"));
        QTRY_VERIFY(std::ranges::all_of(many, [](const Recorder& r) { return r.ended(); }));
        for (const Recorder& r : many) {
            QVERIFY(r.error);
            QCOMPARE(r.error->kind, Error::Kind::Unauthorized);
            VERIFY_SENTENCE(r, u"failed with exit code 7"_s);
            QVERIFY(r.error->detail.contains(u"your session has ended"_s));
        }
        QCOMPARE(runs(), 2);
    }

    void tokenFileIsReadAgain()
    {
        ManualClock clock;
        TestServer server([](QTcpSocket* s, const Received&) { TestServer::answer(s, 200, {}); });
        platform::ResolvedContext c = context(server);
        c.tokenFile = m_dir->filePath(u"token"_s);
        write(u"token"_s, "one\n");
        ApiClient client(c, clock);
        const auto ask = [&] {
            Recorder r;
            r.open(client, get("/api"));
            [&] { QTRY_VERIFY(r.ended()); }();
            return server.received().last().header("Authorization");
        };
        QCOMPARE(ask(), "Bearer one");
        write(u"token"_s, "two\n");
        QCOMPARE(ask(), "Bearer one");
        clock.advance(61'000);
        QCOMPARE(ask(), "Bearer two");
        write(u"token"_s, "");
        clock.advance(61'000);
        QCOMPARE(ask(), "Bearer two"); // in the middle of being replaced
    }

    void tokenFileIsReadAgainAfterA401()
    {
        TestServer server([](QTcpSocket* s, const Received& r) {
            TestServer::answer(s, r.header("Authorization") == "Bearer new" ? 200 : 401, {});
        });
        platform::ResolvedContext c = context(server);
        c.tokenFile = m_dir->filePath(u"token"_s);
        write(u"token"_s, "old");
        ApiClient client(c, m_clock);
        Recorder first;
        first.open(client, get("/api"));
        QTRY_VERIFY(first.ended());
        QCOMPARE(first.head.status, 401);
        write(u"token"_s, "new");
        Recorder second;
        second.open(client, get("/api"));
        QTRY_VERIFY(second.ended());
        QCOMPARE(second.head.status, 200);
    }

    void rotatedCertificateIsUsed()
    {
        Pki pki;
        const Issued one = pki.issue({.name = u"one"_s, .client = true});
        const Issued two = pki.issue({.name = u"two"_s, .client = true});
        const Issued host = pki.issue({});
        if (!pki.works())
            QSKIP(qPrintable(pki.problem()));
        TestServer server([](QTcpSocket* s, const Received& r) { TestServer::answer(s, 200, r.clientName); });
        server.useTls(host, pki.authority());
        ManualClock clock;
        platform::ResolvedContext c = context(server);
        c.caData = pki.authority();
        c.clientCertificateFile = m_dir->filePath(u"c"_s);
        c.clientKeyFile = m_dir->filePath(u"k"_s);
        ApiClient client(c, clock);
        for (const auto& [issued, name] : {std::pair(one, "one"), std::pair(two, "two")}) {
            write(u"c"_s, issued.certificate);
            write(u"k"_s, issued.key);
            clock.advance(61'000);
            Recorder r;
            r.open(client, get("/api"));
            QTRY_VERIFY(r.ended());
            QVERIFY2(!r.error, qPrintable(r.sentence()));
            QCOMPARE(r.body, name);
            QVERIFY(client.credentialExpiresMs() > 0);
        }
    }

    void missingFilesAreNamed()
    {
        TestServer server([](QTcpSocket* s, const Received&) { TestServer::answer(s, 200, {}); });
        platform::ResolvedContext c = context(server);
        c.caFile = u"/nowhere/ca.crt"_s;
        ApiClient client(c, m_clock);
        Recorder r;
        r.open(client, get("/api"));
        QCOMPARE(r.ends, 0);
        QTRY_VERIFY(r.ended());
        VERIFY_SENTENCE(r, u"certificate authority /nowhere/ca.crt does not exist"_s);
        c = context(server);
        c.authProvider = u"oidc"_s;
        ApiClient old(c, m_clock);
        Recorder o;
        o.open(old, get("/api"));
        QTRY_VERIFY(o.ended());
        VERIFY_SENTENCE(o, u"auth-provider “oidc”"_s);
        QCOMPARE(server.connections(), 0);
    }

    void reconnectCutsWhatRuns()
    {
        TestServer server([](QTcpSocket* s, const Received& r) {
            if (r.target == "/watch")
                TestServer::beginChunked(s);
            else
                TestServer::answer(s, 200, "ok");
        });
        ApiClient client(context(server), m_clock);
        Recorder watch;
        watch.open(client, get("/watch", net::Request::Lane::Stream, 0));
        QTRY_COMPARE(watch.heads, 1);
        client.reconnect();
        QTRY_VERIFY(watch.ended());
        QVERIFY(watch.error);
        Recorder r;
        r.open(client, get("/api"));
        QTRY_VERIFY(r.ended());
        QCOMPARE(r.body, "ok");
    }

    void destroyedWithRequestsWaiting()
    {
        TestServer server([](QTcpSocket*, const Received&) {});
        platform::ResolvedContext c = context(server);
        c.exec = plugin();
        auto client = std::make_unique<ApiClient>(c, m_clock);
        auto waiting = net::send(*client, get("/api"));
        client.reset();
        QVERIFY(waiting.isFinished());
        QCOMPARE(waiting.result().error().kind, Error::Kind::Cancelled);
    }

    void statusSentences()
    {
        TestServer server([](QTcpSocket*, const Received&) {});
        platform::ResolvedContext c = context(server);
        const QByteArray forbidden = "{\"kind\":\"Status\",\"code\":403,\"reason\":\"Forbidden\",\"message\":\"nodes "
                                     "is forbidden: User ann cannot list\"}";
        const Error json = statusError(c, {403, {}}, forbidden, u"nodes"_s);
        QCOMPARE(json.kind, Error::Kind::Forbidden);
        QCOMPARE(json.sentence, u"User “ann” is not allowed to see nodes."_s);
        QVERIFY(json.detail.contains(u"cannot list"_s));
        // The same in protobuf: magic, Unknown.raw (2) { Status.message (3), reason (4) }.
        const QByteArray message = "nodes is forbidden";
        const QByteArray status = QByteArray("\x1a") + char(message.size()) + message +
                                  "\x22\x09"
                                  "Forbidden";
        const QByteArray proto = QByteArray("k8s\0", 4) + "\x12" + char(status.size()) + status;
        const Error binary = statusError(c, {403, {}}, proto, u"nodes"_s);
        QVERIFY2(binary.detail.startsWith(u"nodes is forbidden"_s), qPrintable(binary.detail));
        QCOMPARE(statusError(c, {429, {{"Retry-After", "3"}}}, {}).retryAfterMs, 3000);
        QCOMPARE(statusError(c, {410, {}}, {}).kind, Error::Kind::Gone);
        QCOMPARE(statusError(c, {503, {}}, "<html>busy</html>").kind, Error::Kind::Server);
        // A token that says when it ended: {"exp":1600000000}.
        c.token = u"e30."_s +
                  QString::fromLatin1(QByteArray("{\"exp\":1600000000}")
                                          .toBase64(QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals)) +
                  u".x"_s;
        const Error expired = statusError(c, {401, {}}, {});
        QVERIFY2(expired.sentence.contains(u"The token of user “ann” expired on 2020-09-13"_s),
                 qPrintable(expired.sentence));
    }
};

QTEST_GUILESS_MAIN(TestApiClient)
#include "test_api_client.moc"
