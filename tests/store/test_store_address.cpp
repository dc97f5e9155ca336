// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/Address.h"

#include <QtTest/QtTest>

using namespace wk;
using namespace wk::store;
using namespace Qt::StringLiterals;

namespace {

QByteArray valueOf(const QList<Address::Option>& options, const QByteArray& keyword)
{
    const auto found = std::ranges::find(options, keyword, &Address::Option::first);
    return found == options.end() ? QByteArray() : found->second;
}

} // namespace

class TestAddress : public QObject
{
    Q_OBJECT
private slots:
    void forms_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("again");
        QTest::addColumn<QString>("hosts");
        QTest::addColumn<QByteArray>("sslMode");
        QTest::newRow("uri") << u"postgresql://anna@db.example/ops"_s << u"postgresql://anna@db.example/ops"_s
                             << u"db.example:5432"_s << QByteArray("verify-full");
        QTest::newRow("pairs") << u"host=db.example port=6000 user=anna dbname=ops"_s
                               << u"postgresql://anna@db.example:6000/ops"_s << u"db.example:6000"_s
                               << QByteArray("verify-full");
        QTest::newRow("several hosts") << u"postgres://anna@a.example:1,b.example:2/ops"_s
                                       << u"postgresql://anna@a.example:1,b.example:2/ops"_s
                                       << u"a.example:1 b.example:2"_s << QByteArray("verify-full");
        QTest::newRow("one port for all") << u"host=a,b port=7 user=u dbname=d"_s << u"postgresql://u@a:7,b:7/d"_s
                                          << u"a:7 b:7"_s << QByteArray("verify-full");
        QTest::newRow("socket") << u"host=/run/postgresql user=u dbname=d"_s
                                << u"postgresql://u@%2Frun%2Fpostgresql/d"_s << u"/run/postgresql"_s
                                << QByteArray("prefer");
        QTest::newRow("loopback") << u"postgresql://u@127.0.0.1/d"_s << u"postgresql://u@127.0.0.1/d"_s
                                  << u"127.0.0.1:5432"_s << QByteArray("prefer");
        QTest::newRow("loopback 6") << u"postgresql://u@[::1]:9/d"_s << u"postgresql://u@[::1]:9/d"_s << u"[::1]:9"_s
                                    << QByteArray("prefer");
        QTest::newRow("one is not local")
            << u"host=localhost,db.example user=u dbname=d"_s << u"postgresql://u@localhost,db.example/d"_s
            << u"localhost:5432 db.example:5432"_s << QByteArray("verify-full");
        QTest::newRow("own sslmode") << u"postgresql://u@db/d?sslmode=require"_s
                                     << u"postgresql://u@db/d?sslmode=require"_s << u"db:5432"_s
                                     << QByteArray("require");
        QTest::newRow("no database") << u"postgresql://u@db"_s << u"postgresql://u@db/watchkeeper"_s << u"db:5432"_s
                                     << QByteArray("verify-full");
    }

    void forms()
    {
        QFETCH(QString, text);
        QFETCH(QString, again);
        QFETCH(QString, hosts);
        QFETCH(QByteArray, sslMode);
        const auto address = Address::parse(text);
        QVERIFY2(address.has_value(), address ? "" : qPrintable(address.error().sentence));
        QStringList names;
        for (const Address::Host& host : address->hosts())
            names << host.text();
        QCOMPARE(names.join(u' '), hosts);
        QCOMPARE(address->sslMode(), sslMode);
        QCOMPARE(address->text(), again);
        const auto second = Address::parse(address->text());
        QVERIFY(second.has_value());
        QCOMPARE(second->text(), again);
    }

    void mistakes_data()
    {
        QTest::addColumn<QString>("text");
        QTest::newRow("nothing but a word") << u"db.example"_s;
        QTest::newRow("unknown option") << u"postgresql://db/d?colour=blue"_s;
        QTest::newRow("no port") << u"postgresql://db:port/d"_s;
        QTest::newRow("high port") << u"host=db port=70000"_s;
        QTest::newRow("too many ports") << u"host=a port=1,2"_s;
        QTest::newRow("service") << u"service=ops"_s;
    }

    void mistakes()
    {
        QFETCH(QString, text);
        const auto address = Address::parse(text);
        QVERIFY(!address);
        QCOMPARE(address.error().kind, Error::Kind::BadInput);
        QVERIFY(!address.error().remedy.isEmpty());
    }

    /// A password is used, and is in no text.
    void password()
    {
        const auto address = Address::parse(u"postgresql://anna:hunter2@db/d?sslpassword=hunter3"_s);
        QVERIFY(address.has_value());
        QCOMPARE(address->password(), "hunter2");
        QVERIFY(!address->text().contains(u"hunter"));
        const auto broken = Address::parse(u"postgresql://anna:hunter2@db:nowhere/d"_s);
        QVERIFY(!broken);
        QVERIFY(!(broken.error().text() + broken.error().detail).contains(u"hunter2"));
        const auto pairs = Address::parse(u"host=db password='hunter2"_s);
        QVERIFY(!pairs);
        QVERIFY(!(pairs.error().text() + pairs.error().detail).contains(u"hunter2"));
    }

    void defaults()
    {
        auto address = Address::parse(u"postgresql://anna@db.example/d"_s).value();
        const auto options = address.connectOptions({u"db.example"_s, u"192.0.2.1"_s, 5432}, "pw");
        QCOMPARE(valueOf(options, "hostaddr"), "192.0.2.1");
        QCOMPARE(valueOf(options, "host"), "db.example"); // the certificate is checked against the name
        QCOMPARE(valueOf(options, "sslmode"), "verify-full");
        QCOMPARE(valueOf(options, "target_session_attrs"), "any"); // what we want of a server we ask it ourselves
        QCOMPARE(valueOf(options, "application_name"), "watchkeeper");
        QCOMPARE(valueOf(options, "password"), "pw");
        QCOMPARE(valueOf(options, "keepalives_idle"), "10");
        QVERIFY(!address.allowsReadOnly());
        for (const char* wanted : {"read-write", "primary"}) {
            address.setOption("target_session_attrs", wanted);
            QVERIFY(!address.allowsReadOnly());
            QCOMPARE(valueOf(address.connectOptions(address.hosts().first(), {}), "target_session_attrs"), "any");
        }
        for (const char* wanted : {"any", "standby", "prefer-standby"}) {
            address.setOption("target_session_attrs", wanted);
            QVERIFY(address.allowsReadOnly());
            QCOMPARE(valueOf(address.connectOptions(address.hosts().first(), {}), "target_session_attrs"), wanted);
        }
        address.setOption("application_name", "other");
        QCOMPARE(valueOf(address.connectOptions(address.hosts().first(), {}), "application_name"), "other");
        for (const auto& [keyword, value] : options)
            QCOMPARE(std::ranges::count(options, keyword, &Address::Option::first), 1);
    }
};

QTEST_GUILESS_MAIN(TestAddress)
#include "test_store_address.moc"
