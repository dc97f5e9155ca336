// SPDX-License-Identifier: GPL-3.0-or-later
#include "channels/ChannelProtocol.h"
#include "channels/Endpoints.h"

#include <QtTest/QtTest>

using namespace Qt::StringLiterals;
using namespace wk;
using namespace wk::channels;

/// What is read and written as text: requests, a command's end, a service's pods.
class TestChannelText : public QObject
{
    Q_OBJECT

private slots:
    void requests()
    {
        const net::Request command = commandRequest(u"shop"_s, u"cart-0"_s, u"app"_s, {u"cat"_s, u"/a b&c"_s});
        QCOMPARE(command.verb, "GET");
        QCOMPARE(command.path, "/api/v1/namespaces/shop/pods/cart-0/exec");
        QCOMPARE(command.query, "command=cat&command=%2Fa%20b%26c&container=app&stdout=true&stderr=true");
        const net::Request port = portRequest(u"shop"_s, u"cart-0"_s, 8080);
        QCOMPARE(port.path, "/api/v1/namespaces/shop/pods/cart-0/portforward");
        QCOMPARE(port.query, "ports=8080");
        QCOMPARE(channelMessage(2, "x"), QByteArray("\x02x"));
    }

    void endsOfCommands()
    {
        QCOMPARE(exitCodeOf(R"({"metadata":{},"status":"Success"})").value_or(-1), 0);
        QCOMPARE(
            exitCodeOf(
                R"({"status":"Failure","reason":"NonZeroExitCode","message":"exit status 3","details":{"causes":[{"reason":"ExitCode","message":"3"}]}})")
                .value_or(-1),
            3);
        const auto missing = exitCodeOf(
            R"({"status":"Failure","reason":"InternalError","code":500,"message":"exec: foo: executable file not found in $PATH"})");
        QVERIFY(!missing);
        QVERIFY(missing.error().sentence.contains(u"executable file not found"_s));
        for (const char* strange : {"", "{", "[]", R"({"status":"Failure","reason":"NonZeroExitCode"})"})
            QVERIFY2(!exitCodeOf(strange), strange);
    }

    void refusalsNameTheRight()
    {
        const Error refused =
            channelError({Error::Kind::Forbidden, u"x"_s, u"said"_s, {}}, u"run commands in pod a"_s, u"pods/exec"_s);
        QCOMPARE(refused.sentence, u"You are not allowed to run commands in pod a."_s);
        QVERIFY(refused.remedy.contains(u"pods/exec"_s));
        QCOMPARE(refused.detail, u"said"_s);
        QCOMPARE(channelError({Error::Kind::Network, u"cut"_s, {}, {}}, u"y"_s, u"z"_s).sentence, u"cut"_s);
    }

    void portsOfServices_data()
    {
        QTest::addColumn<QByteArray>("service");
        QTest::addColumn<QString>("port");
        QTest::addColumn<QString>("name"); // with "!": a part of what the refusal says
        const QByteArray two = R"({"spec":{"ports":[{"name":"http","port":80},{"name":"admin","port":9000}]}})";
        const QByteArray one = R"({"spec":{"ports":[{"name":"dns","protocol":"UDP","port":53},{"port":80}]}})";
        QTest::newRow("by number") << two << u"9000"_s << u"admin"_s;
        QTest::newRow("by name") << two << u"http"_s << u"http"_s;
        QTest::newRow("one of two") << two << QString() << u"!several ports"_s;
        QTest::newRow("none of them") << two << u"81"_s << u"!80 (http), 9000 (admin)"_s;
        QTest::newRow("the only one over TCP") << one << QString() << QString();
        QTest::newRow("without a name, by number") << one << u"80"_s << QString();
        QTest::newRow("over UDP") << one << u"53"_s << u"!no port 53"_s;
        QTest::newRow("a name elsewhere")
            << QByteArray(R"({"spec":{"type":"ExternalName","externalName":"db.example.org"}})") << u"80"_s
            << u"!db.example.org"_s;
        QTest::newRow("no port") << QByteArray(R"({"spec":{}})") << QString() << u"!no TCP port"_s;
    }

    void portsOfServices()
    {
        QFETCH(QByteArray, service);
        QFETCH(QString, port);
        QFETCH(QString, name);
        const auto found = servicePortName(service, {ForwardTarget::Kind::Service, u"shop"_s, u"cart"_s, port});
        if (name.startsWith(u'!')) {
            QVERIFY(!found);
            QVERIFY2(found.error().text().contains(name.mid(1)), qPrintable(found.error().text()));
        } else {
            QVERIFY2(found.has_value(), found ? "" : qPrintable(found.error().text()));
            QCOMPARE(*found, name);
        }
    }

    void onlyReadyPodsAreChosen()
    {
        const QByteArray endpoints =
            R"({"subsets":[{"addresses":[{"ip":"10.0.0.2","targetRef":{"kind":"Pod","name":"b"}},{"ip":"10.0.0.1","targetRef":{"kind":"Pod","name":"a"}},{"ip":"10.0.0.9"}],"notReadyAddresses":[{"ip":"10.0.0.3","targetRef":{"kind":"Pod","name":"c"}}],"ports":[{"name":"http","port":8080},{"name":"admin","port":9000}]},{"addresses":[{"ip":"10.0.0.4","targetRef":{"kind":"Pod","name":"d"}}],"ports":[{"name":"http","port":8081}]}]})";
        QCOMPARE(readyPods(endpoints, u"http"_s),
                 (std::vector<PodPort>{{u"a"_s, 8080}, {u"b"_s, 8080}, {u"d"_s, 8081}}));
        QCOMPARE(readyPods(endpoints, u"admin"_s).size(), 2U);
        QVERIFY(readyPods(endpoints, u"dns"_s).empty());
        QVERIFY(readyPods("not json", u"http"_s).empty());
    }
};

QTEST_GUILESS_MAIN(TestChannelText)
#include "test_channel_text.moc"
