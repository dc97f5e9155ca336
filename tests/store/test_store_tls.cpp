// SPDX-License-Identifier: GPL-3.0-or-later
#include "Pki.h"
#include "StoreTest.h"

using namespace wk;
using namespace wk::store;
using namespace wk::test;
using namespace Qt::StringLiterals;

/// Certificates of a real server that are wrong, each in its own way.
class TestTls : public QObject
{
    Q_OBJECT
private:
    PostgresServer m_server;
    QTemporaryDir m_files;
    Pki m_pki{u"Own Authority"_s};
    Pki m_stranger{u"Foreign Authority"_s};
    QString m_database;

    [[nodiscard]] QString file(const QString& name, const QByteArray& content) const
    {
        QFile out(m_files.filePath(name));
        if (!out.open(QIODevice::WriteOnly) || out.write(content) != content.size())
            qFatal("cannot write %s", qPrintable(name));
        out.close();
        out.setPermissions(QFile::ReadOwner | QFile::WriteOwner);
        return out.fileName();
    }
    [[nodiscard]] Result<void> serve(const Issued& certificate, const QByteArray& more = {})
    {
        m_server.put(u"server.crt"_s, certificate.certificate);
        m_server.put(u"server.key"_s, certificate.key);
        return m_server.configure("ssl = on\n" + more);
    }
    /// By TCP, with the server's certificate verified.
    [[nodiscard]] Address address(const QString& person = u"anna"_s) const
    {
        Address result = Address::parse(loopbackUri(person, m_server.port(), m_database)).value();
        result.setOption("sslmode", "verify-full");
        result.setOption("sslrootcert", QFile::encodeName(m_files.filePath(u"ca.pem"_s)));
        return result;
    }
    [[nodiscard]] static Store::Options options()
    {
        auto result = quickOptions();
        result.password = [](const Address&) { return QtFuture::makeReadyFuture(Result<QByteArray>("right")); };
        return result;
    }
    [[nodiscard]] std::optional<Error> refusal(const Address& address) const
    {
        Store store(address, options());
        const bool settled = QTest::qWaitFor(
            [&] { return store.state() == Store::State::Ready || store.status().error.has_value(); }, 60'000);
        return settled ? store.status().error : Error{Error::Kind::Protocol, u"nothing came of it"_s, {}, {}};
    }

private slots:
    void initTestCase()
    {
        if (!m_pki.works() || !m_stranger.works())
            QSKIP(qPrintable(m_pki.problem() + m_stranger.problem()));
        START_OR_SKIP(m_server.start());
        const auto made = m_server.freshDatabase();
        VERIFY_OK(made);
        m_database = *made;
        VERIFY_OK(m_server.addPerson(m_database, u"anna"_s, {u"operator"_s}, u"right"_s));
        VERIFY_OK(m_server.addPerson(m_database, u"berta"_s, {u"viewer"_s}));
        QCOMPARE(file(u"ca.pem"_s, m_pki.authority()), m_files.filePath(u"ca.pem"_s));
    }

    void wellKnownServersAreUsed()
    {
        VERIFY_OK(serve(m_pki.issue({})));
        Store store(address(), options());
        QVERIFY(reaches(store, Store::State::Ready));
        const auto tls = wait(store.query("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()"));
        VERIFY_OK(tls);
        QVERIFY(tls->boolean(0, 0));
    }

    void eachFaultHasItsSentence_data()
    {
        QTest::addColumn<bool>("foreign");
        QTest::addColumn<bool>("expired");
        QTest::addColumn<QString>("hosts");
        QTest::addColumn<QStringList>("words");
        QTest::addColumn<QString>("remedy");
        const QString own = u"DNS:localhost,IP:127.0.0.1"_s;
        QTest::newRow("expired") << false << true << own << QStringList{u"expired on 2021-01-01 00:00 UTC"_s}
                                 << u"renew"_s;
        QTest::newRow("wrong host") << false << false << u"DNS:db.example"_s
                                    << QStringList{u"is not valid for “127.0.0.1”"_s, u"db.example"_s}
                                    << u"one of these names"_s;
        QTest::newRow("unknown authority")
            << true << false << own << QStringList{u"issued by “Foreign Authority”"_s, u"does not trust"_s}
            << u"sslrootcert"_s;
        // The worst of several faults is told.
        QTest::newRow("expired and wrong host")
            << false << true << u"DNS:db.example"_s << QStringList{u"expired on"_s} << u"renew"_s;
    }

    void eachFaultHasItsSentence()
    {
        QFETCH(bool, foreign);
        QFETCH(bool, expired);
        QFETCH(QString, hosts);
        QFETCH(QStringList, words);
        QFETCH(QString, remedy);
        Pki::Wish wish;
        wish.hosts = hosts;
        wish.expired = expired;
        VERIFY_OK(serve((foreign ? m_stranger : m_pki).issue(wish)));
        const auto error = refusal(address());
        QVERIFY(error.has_value());
        QVERIFY2(error->kind == Error::Kind::Tls, qPrintable(error->text() + error->detail));
        QVERIFY2(error->sentence.contains(u"127.0.0.1:%1"_s.arg(m_server.port())), qPrintable(error->sentence));
        for (const QString& word : words)
            QVERIFY2(error->sentence.contains(word), qPrintable(error->sentence));
        QVERIFY2(error->remedy.contains(remedy), qPrintable(error->remedy));
        QVERIFY(!error->detail.isEmpty());
    }

    void withoutTlsItIsNotUsed()
    {
        VERIFY_OK(m_server.configure("ssl = off\n"));
        const auto error = refusal(address());
        QVERIFY(error.has_value());
        QVERIFY2(error->kind == Error::Kind::Tls, qPrintable(error->text() + error->detail));
        QVERIFY2(error->sentence.contains(u"does not speak TLS"), qPrintable(error->sentence));
        QVERIFY2(error->remedy.contains(u"ssl switched on"), qPrintable(error->remedy));
    }

    void aCertificateThatIsRenewedIsUsedByItself()
    {
        Pki::Wish expired;
        expired.expired = true;
        VERIFY_OK(serve(m_pki.issue(expired)));
        Store store(address(), options());
        QTRY_VERIFY_WITH_TIMEOUT(store.status().error.has_value(), 60'000);
        VERIFY_OK(serve(m_pki.issue({})));
        store.reconnect(); // a certificate does not mend itself: not tried again without being asked to
        QVERIFY(reaches(store, Store::State::Ready));
    }

    void aPersonMayBeKnownByACertificate()
    {
        m_server.put(u"clients.crt"_s, m_pki.authority());
        m_server.put(u"pg_hba.conf"_s, "local all all trust\nhostssl all berta 127.0.0.1/32 cert\n"
                                       "host all all 127.0.0.1/32 scram-sha-256\n");
        VERIFY_OK(serve(m_pki.issue({}), "ssl_ca_file = 'clients.crt'\n"));
        Pki::Wish wish;
        wish.client = true;
        wish.name = u"berta"_s;
        const Issued own = m_pki.issue(wish);
        Address with = address(u"berta"_s);
        with.setOption("sslcert", QFile::encodeName(file(u"berta.pem"_s, own.certificate)));
        with.setOption("sslkey", QFile::encodeName(file(u"berta.key"_s, own.key)));
        {
            Store store(with, options());
            QVERIFY(reaches(store, Store::State::Ready));
            QCOMPARE(store.status().person, u"berta"_s);
        }
        const auto none = refusal(address(u"berta"_s));
        QVERIFY(none.has_value());
        QVERIFY2(none->kind == Error::Kind::Unauthorized, qPrintable(none->text() + none->detail));
        // Somebody else's certificate.
        wish.name = u"carla"_s;
        const Issued other = m_pki.issue(wish);
        with.setOption("sslcert", QFile::encodeName(file(u"carla.pem"_s, other.certificate)));
        with.setOption("sslkey", QFile::encodeName(file(u"carla.key"_s, other.key)));
        const auto refused = refusal(with);
        QVERIFY(refused.has_value());
        QVERIFY2(refused->kind == Error::Kind::Unauthorized, qPrintable(refused->text() + refused->detail));
        QVERIFY2(refused->sentence.contains(u"berta"), qPrintable(refused->sentence));
    }
};

QTEST_GUILESS_MAIN(TestTls)
#include "test_store_tls.moc"
