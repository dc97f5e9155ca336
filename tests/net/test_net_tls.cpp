// SPDX-License-Identifier: GPL-3.0-or-later
#include "Recorder.h"
#include "TestServer.h"
#include "net/HttpTransport.h"

using namespace wk;
using namespace wk::net;
using namespace wk::test;
using namespace Qt::StringLiterals;

class TestNetTls : public QObject
{
    Q_OBJECT

    SystemClock m_clock;
    std::unique_ptr<Pki> m_pki;
    TestServer::Handler m_echo = [](QTcpSocket* s, const Received& r) {
        TestServer::answer(s, 200, "for " + r.clientName);
    };

    HttpOptions options(const TestServer& server, const QString& host = u"127.0.0.1"_s) const
    {
        HttpOptions o;
        o.asked = HttpOptions::Asked::ApiServer;
        o.base = server.url(host);
        o.caPem = m_pki->authority();
        o.environmentProxy = false;
        return o;
    }

    Recorder ask(const HttpOptions& options)
    {
        HttpTransport transport(options, m_clock);
        Recorder r;
        std::optional<Error> error;
        bool ended = false;
        const auto exchange = transport.open(get("/"), {[&](const ResponseHead& h) { r.head = h; },
                                                        [&](QByteArrayView d) { r.body.append(d.data(), d.size()); },
                                                        [&](std::optional<Error> e) {
                                                            error = e;
                                                            ended = true;
                                                        }});
        [&] { QTRY_VERIFY_WITH_TIMEOUT(ended, 10'000); }();
        r.error = error;
        return r;
    }

private slots:
    void initTestCase()
    {
        m_pki = std::make_unique<Pki>();
        const Issued probe = m_pki->issue({});
        if (!m_pki->works())
            QSKIP(qPrintable(m_pki->problem()));
        QVERIFY(!probe.certificate.isEmpty());
    }

    void rightAuthority()
    {
        TestServer server(m_echo);
        server.useTls(m_pki->issue({}));
        const Recorder r = ask(options(server));
        QVERIFY2(!r.error, qPrintable(r.sentence()));
        QCOMPARE(r.body, "for ");
    }

    void wrongAuthority()
    {
        TestServer server(m_echo);
        server.useTls(m_pki->issue({}));
        Pki other(u"Other Authority"_s);
        HttpOptions o = options(server);
        o.caPem = other.authority();
        const Recorder r = ask(o);
        QVERIFY(r.error);
        QCOMPARE(r.error->kind, Error::Kind::Tls);
        VERIFY_SENTENCE(r, u"issued by “Test Authority”; the kubeconfig trusts only “Other Authority”"_s);
        QCOMPARE(server.received().size(), 0);
        // Nothing of another server stands in a kubeconfig.
        o.asked = HttpOptions::Asked::Server;
        const Recorder elsewhere = ask(o);
        VERIFY_SENTENCE(elsewhere, u"issued by “Test Authority”; trusted is only “Other Authority”"_s);
        QVERIFY2(!elsewhere.error->text().contains(u"kubeconfig"_s), qPrintable(elsewhere.error->text()));
    }

    void wrongAuthorityOfTheSameName()
    {
        TestServer server(m_echo);
        server.useTls(m_pki->issue({}));
        Pki twin;
        HttpOptions o = options(server);
        o.caPem = twin.authority();
        const Recorder r = ask(o);
        VERIFY_SENTENCE(r, u"same name, other key"_s);
        QCOMPARE(server.received().size(), 0);
    }

    void systemAuthoritiesDoNotKnowIt()
    {
        TestServer server(m_echo);
        server.useTls(m_pki->issue({}));
        HttpOptions o = options(server);
        o.caPem.clear();
        const Recorder r = ask(o);
        VERIFY_SENTENCE(r, u"which this machine does not trust"_s);
    }

    void authorityThatIsNoCertificate()
    {
        TestServer server(m_echo);
        server.useTls(m_pki->issue({}));
        HttpOptions o = options(server);
        o.caPem = "nonsense";
        const Recorder r = ask(o);
        VERIFY_SENTENCE(r, u"holds no certificate"_s);
        QCOMPARE(server.connections(), 0);
    }

    void expired()
    {
        TestServer server(m_echo);
        server.useTls(m_pki->issue({.name = u"old"_s, .expired = true}));
        const Recorder r = ask(options(server));
        VERIFY_SENTENCE(r, u"(old) expired on 2021-01-01"_s);
        QCOMPARE(r.error->kind, Error::Kind::Tls);
        QCOMPARE(server.received().size(), 0);
    }

    void wrongHost()
    {
        TestServer server(m_echo);
        server.useTls(m_pki->issue({.hosts = u"DNS:api.shop.test,IP:10.0.0.1"_s}));
        const Recorder r = ask(options(server));
        VERIFY_SENTENCE(r, u"not valid for “127.0.0.1”, only for 10.0.0.1, api.shop.test"_s);
        QCOMPARE(server.received().size(), 0);
    }

    void serverNameOverride()
    {
        TestServer server(m_echo);
        server.useTls(m_pki->issue({.hosts = u"DNS:api.shop.test"_s}));
        HttpOptions o = options(server);
        o.tlsServerName = u"api.shop.test"_s;
        const Recorder right = ask(o);
        QVERIFY2(!right.error, qPrintable(right.sentence()));
        o.tlsServerName = u"other.test"_s;
        const Recorder wrong = ask(o);
        VERIFY_SENTENCE(wrong, u"not valid for “other.test”"_s);
    }

    void serverNameIsSent()
    {
        // The ClientHello goes in the clear: a plain server reads the name from it.
        QByteArray hello;
        QTcpServer server;
        QVERIFY(server.listen(QHostAddress::LocalHost));
        connect(&server, &QTcpServer::newConnection, this, [&] {
            QTcpSocket* s = server.nextPendingConnection();
            connect(s, &QTcpSocket::readyRead, this, [&hello, s] {
                hello += s->readAll();
                s->abort();
            });
        });
        HttpOptions o;
        o.base = QUrl(u"https://127.0.0.1:%1"_s.arg(server.serverPort()));
        o.environmentProxy = false;
        o.tlsServerName = u"api.shop.test"_s;
        const Recorder r = ask(o);
        QVERIFY(r.error);
        QVERIFY(hello.contains("api.shop.test"));
    }

    void insecureIsAskedFor()
    {
        TestServer server(m_echo);
        server.useTls(m_pki->issue({.expired = true}));
        HttpOptions o = options(server);
        o.insecure = true;
        const Recorder r = ask(o);
        QVERIFY2(!r.error, qPrintable(r.sentence()));
    }

    void clientCertificate_data()
    {
        QTest::addColumn<int>("key");
        QTest::addColumn<QByteArray>("header");
        QTest::newRow("EC PKCS 8") << int(Pki::Key::Ec) << QByteArray("BEGIN PRIVATE KEY");
        QTest::newRow("RSA PKCS 8") << int(Pki::Key::Rsa) << QByteArray("BEGIN PRIVATE KEY");
        QTest::newRow("EC SEC 1") << int(Pki::Key::EcSec1) << QByteArray("BEGIN EC PRIVATE KEY");
        QTest::newRow("RSA PKCS 1") << int(Pki::Key::RsaPkcs1) << QByteArray("BEGIN RSA PRIVATE KEY");
    }
    void clientCertificate()
    {
        QFETCH(int, key);
        QFETCH(QByteArray, header);
        TestServer server(m_echo);
        server.useTls(m_pki->issue({}), m_pki->authority());
        const Issued client = m_pki->issue({.name = u"alice"_s, .client = true, .key = Pki::Key(key)});
        QVERIFY2(client.key.contains(header), client.key.left(40).constData());
        HttpOptions o = options(server);
        o.clientCertPem = client.certificate;
        o.clientKeyPem = client.key;
        const Recorder r = ask(o);
        QVERIFY2(!r.error, qPrintable(r.sentence()));
        QCOMPARE(r.body, "for alice");
    }

    void clientCertificateRefused_data()
    {
        QTest::addColumn<QString>("version");
        QTest::newRow("TLS 1.2") << u"-tls1_2"_s;
        QTest::newRow("TLS 1.3") << u"-tls1_3"_s;
    }
    void clientCertificateRefused()
    {
        // OpenSSL's own server: Qt's drops the connection without sending the alert.
        QFETCH(QString, version);
        QTemporaryDir dir;
        const auto write = [&](const QString& name, const QByteArray& text) {
            QFile file(dir.filePath(name));
            return file.open(QIODevice::WriteOnly) && file.write(text) == text.size();
        };
        const Issued issued = m_pki->issue({});
        QVERIFY(write(u"s.pem"_s, issued.certificate) && write(u"s.key"_s, issued.key) &&
                write(u"ca.pem"_s, m_pki->authority()));
        const quint16 port = closedPort();
        QProcess server;
        server.start(u"openssl"_s,
                     {u"s_server"_s, u"-accept"_s, u"127.0.0.1:%1"_s.arg(port), u"-cert"_s, dir.filePath(u"s.pem"_s),
                      u"-key"_s, dir.filePath(u"s.key"_s), u"-CAfile"_s, dir.filePath(u"ca.pem"_s), u"-Verify"_s,
                      u"1"_s, u"-verify_return_error"_s, u"-www"_s, version});
        QByteArray output;
        QTRY_VERIFY((output += server.readAllStandardOutput()).contains("ACCEPT"));
        HttpOptions o;
        o.base = QUrl(u"https://127.0.0.1:%1"_s.arg(port));
        o.environmentProxy = false;
        o.caPem = m_pki->authority();
        const Recorder without = ask(o);
        VERIFY_SENTENCE(without, u"demands a client certificate"_s);
        QCOMPARE(without.error->kind, Error::Kind::Tls);
        Pki other(u"Other Authority"_s);
        const Issued client = other.issue({.name = u"mallory"_s, .client = true});
        o.clientCertPem = client.certificate;
        o.clientKeyPem = client.key;
        const Recorder wrong = ask(o);
        VERIFY_SENTENCE(wrong, u"refused the client certificate"_s);
        server.kill();
        server.waitForFinished();
    }

    void clientKeyOfAnotherCertificate()
    {
        TestServer server(m_echo);
        server.useTls(m_pki->issue({}), m_pki->authority());
        HttpOptions o = options(server);
        o.clientCertPem = m_pki->issue({.client = true}).certificate;
        o.clientKeyPem = m_pki->issue({.client = true}).key;
        const Recorder r = ask(o);
        VERIFY_SENTENCE(r, u"does not belong to the client certificate"_s);
    }

    void clientKeyUnreadable()
    {
        TestServer server(m_echo);
        server.useTls(m_pki->issue({}));
        HttpOptions o = options(server);
        o.clientCertPem = m_pki->issue({.client = true}).certificate;
        o.clientKeyPem = "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n";
        VERIFY_SENTENCE(ask(o), u"encrypted with a passphrase"_s);
        o.clientKeyPem = "junk";
        VERIFY_SENTENCE(ask(o), u"no RSA or EC private key"_s);
        o.clientKeyPem.clear();
        VERIFY_SENTENCE(ask(o), u"has no key"_s);
        QCOMPARE(server.received().size(), 0);
    }

    void twoIdentitiesDoNotShareAConnection()
    {
        TestServer server(m_echo);
        server.useTls(m_pki->issue({}), m_pki->authority());
        const Issued alice = m_pki->issue({.name = u"alice"_s, .client = true});
        const Issued bob = m_pki->issue({.name = u"bob"_s, .client = true});
        HttpOptions a = options(server);
        a.clientCertPem = alice.certificate;
        a.clientKeyPem = alice.key;
        HttpOptions b = options(server);
        b.clientCertPem = bob.certificate;
        b.clientKeyPem = bob.key;
        HttpTransport first(a, m_clock);
        HttpTransport second(b, m_clock);
        for (int i = 0; i < 2; ++i) {
            Recorder ra;
            Recorder rb;
            ra.open(first, get("/"));
            rb.open(second, get("/"));
            QTRY_VERIFY(ra.ended() && rb.ended());
            QCOMPARE(ra.body, "for alice");
            QCOMPARE(rb.body, "for bob");
        }
    }

    void plainServerUnderHttps()
    {
        TestServer server(m_echo);
        HttpOptions o = options(server);
        o.base.setScheme(u"https"_s);
        QTcpServer talker;
        QVERIFY(talker.listen(QHostAddress::LocalHost));
        connect(&talker, &QTcpServer::newConnection, this,
                [&] { talker.nextPendingConnection()->write("HTTP/1.1 400 Bad Request\r\n\r\n"); });
        o.base.setPort(talker.serverPort());
        const Recorder r = ask(o);
        VERIFY_SENTENCE(r, u"does not speak TLS"_s);
    }

    void throughProxies_data()
    {
        QTest::addColumn<bool>("socks");
        QTest::newRow("http") << false;
        QTest::newRow("socks5") << true;
    }
    void throughProxies()
    {
        QFETCH(bool, socks);
        TestServer server(m_echo);
        server.useTls(m_pki->issue({.hosts = u"DNS:api.only-the-proxy-knows.test"_s}));
        TestProxy proxy(socks);
        HttpOptions o = options(server, u"api.only-the-proxy-knows.test"_s);
        o.proxy = proxy.url();
        const Recorder r = ask(o);
        QVERIFY2(!r.error, qPrintable(r.sentence() + r.error->detail));
        QCOMPARE(r.body, "for ");
        QCOMPARE(proxy.asked(), QStringList{u"api.only-the-proxy-knows.test:%1"_s.arg(server.serverPort())});
    }

    void proxyThatRefuses_data() { throughProxies_data(); }
    void proxyThatRefuses()
    {
        QFETCH(bool, socks);
        TestServer server(m_echo);
        server.useTls(m_pki->issue({}));
        TestProxy proxy(socks);
        proxy.refuse = true;
        HttpOptions o = options(server);
        o.proxy = proxy.url();
        const Recorder r = ask(o);
        VERIFY_SENTENCE(r, u"The proxy "_s);
        VERIFY_SENTENCE(r, proxy.url().toString());
    }

    void proxyWithPassword()
    {
        TestServer server(m_echo);
        server.useTls(m_pki->issue({}));
        TestProxy proxy(false);
        proxy.wantPassword = true;
        HttpOptions o = options(server);
        o.proxy = proxy.url();
        const Recorder without = ask(o);
        VERIFY_SENTENCE(without, u"wants another user name and password"_s);
        o.proxy.setUserName(u"ann"_s);
        o.proxy.setPassword(u"secret"_s);
        const Recorder with = ask(o);
        QVERIFY2(!with.error, qPrintable(with.sentence()));
        QCOMPARE(proxy.authorization(), "Basic " + QByteArray("ann:secret").toBase64());
    }

    void proxyThatIsNotThere()
    {
        TestServer server(m_echo);
        server.useTls(m_pki->issue({}));
        HttpOptions o = options(server);
        o.proxy = QUrl(u"http://ann:secret@127.0.0.1:%1"_s.arg(closedPort()));
        const Recorder r = ask(o);
        VERIFY_SENTENCE(r, u"The proxy "_s);
        VERIFY_SENTENCE(r, u"refuses connections"_s);
        QVERIFY(!r.sentence().contains(u"secret"_s));
        o.proxy = QUrl(u"https://127.0.0.1:1"_s);
        VERIFY_SENTENCE(ask(o), u"only http:// and socks5://"_s);
    }
};

QTEST_GUILESS_MAIN(TestNetTls)
#include "test_net_tls.moc"
