// SPDX-License-Identifier: GPL-3.0-or-later
#include "ProbeBench.h"
#include "Promtool.h"
#include "support/Process.h"

#include <QtCore/QJsonArray>
#include <QtCore/QJsonDocument>
#include <QtCore/QJsonObject>
#include <QtCore/QTimer>
#include <QtTest/QtTest>

using namespace wk;
using namespace wk::test;

namespace {

Ran health(const QStringList& arguments)
{
    // Nobody's cluster is asked.
    return run(program(u"watchkeeperctl"_s), QStringList{u"health"_s} + arguments, 120'000,
               {u"KUBECONFIG=/nonexistent"_s, u"NO_PROXY=*"_s});
}

/// By service and check.
QHash<QString, QJsonObject> answers(const Ran& ran)
{
    QHash<QString, QJsonObject> out;
    for (const QJsonValue& one : QJsonDocument::fromJson(ran.out).array())
        out.insert(one[u"service"_s].toString() + u' ' + one[u"check"_s].toString(), one.toObject());
    return out;
}

} // namespace

/// The program itself beside curl: whether services answer.
class TestHealthCtl : public QObject
{
    Q_OBJECT

private slots:
    void asCurlSays()
    {
        TestServer server([](QTcpSocket* socket, const Received& received) {
            const auto say = [socket](int status) { TestServer::answer(socket, status, "said"); };
            if (received.target == "/ok")
                say(200);
            else if (received.target == "/broken")
                say(500);
            else if (received.target == "/gone")
                say(404);
            else if (received.target == "/teapot")
                say(418);
            else if (received.target == "/slow")
                QTimer::singleShot(1'500, socket, [say] { say(200); });
            else
                socket->abort();
        });
        TestServer encrypted([](QTcpSocket* socket, const Received&) { TestServer::answer(socket, 200, "ok"); });
        const bool tls = hasCurl() && QSslSocket::supportsSsl();
        if (tls)
            encrypted.useTls(selfSigned());
        quint16 refused = 0;
        {
            QTcpServer once;
            QVERIFY(once.listen(QHostAddress::LocalHost));
            refused = once.serverPort();
        }
        QHash<QString, QUrl> urls;
        QString file = u"name: shop\ntitle: Shop\nclusters: [{name: production, class: production}]\n"
                       "namespaces: [{name: shop, cluster: production}]\nservices:\n"_s;
        const auto add = [&](const QString& name, const QUrl& url, const QString& more = {}) {
            urls.insert(name, url);
            file +=
                u"  - {name: %1, title: %1, kind: application, endpoints: [{name: health, use: health, url: '%2'%3}]}\n"_s
                    .arg(name, url.toString(), more);
        };
        for (const char* path : {"ok", "broken", "gone", "slow", "cut"})
            add(QString::fromLatin1(path), QUrl(server.url().toString() + u'/' + QLatin1StringView(path)));
        add(u"teapot"_s, QUrl(server.url().toString() + u"/teapot"_s), u", expect: 418"_s);
        add(u"refused"_s, QUrl(u"http://127.0.0.1:%1/health"_s.arg(refused)));
        add(u"closed"_s, QUrl(u"https://127.0.0.1:%1/health"_s.arg(refused)));
        if (tls)
            add(u"untrusted"_s, QUrl(encrypted.url().toString().replace(u"http:"_s, u"https:"_s) + u"/health"_s));
        file +=
            u"  - {name: inside, title: inside, kind: application, ports: [8080], workloads: [{kind: Deployment, name: "
            "inside}], endpoints: [{path: /health, use: health}]}\n"
            "  - {name: nowhere, title: nowhere, kind: queue}\n"_s;
        QTemporaryDir dir;
        const QString path = dir.filePath(u"shop.yaml"_s);
        QVERIFY(write(path, file));

        const Ran ran = health({path, u"-o"_s, u"json"_s});
        QVERIFY2(ran.code == 1, ran.err.constData());
        const auto said = answers(ran);
        for (auto it = urls.cbegin(); it != urls.cend(); ++it) {
            const QJsonObject one = said.value(it.key() + u" health"_s);
            const QString state = one.value("state"_L1).toString();
            const bool up = state == u"up" || state == u"slow";
            if (it.key() == u"teapot") {
                QVERIFY(up); // the file says that this is how it should be
                continue;
            }
            QVERIFY2(up == (it.key() == u"ok" || it.key() == u"slow"), qPrintable(it.key() + u' ' + state));
            if (!hasCurl())
                continue;
            const Curl told = curl(it.value());
            QVERIFY2(told.up() == up, qPrintable(it.key()));
            QCOMPARE(one.value("status"_L1).toInt(), told.status);
        }
        QCOMPARE(said.value(u"slow health"_s).value("state"_L1), u"slow"_s);
        QVERIFY(said.value(u"slow health"_s).value("latencyMs"_L1).toInteger() >= 1'500);
        QCOMPARE(said.value(u"closed certificate"_s).value("state"_L1), u"down"_s); // nobody has seen it
        if (tls)
            QCOMPARE(said.value(u"untrusted certificate"_s).value("state"_L1), u"invalid"_s);
        QCOMPARE(said.value(u"inside /health"_s).value("state"_L1), u"unasked"_s);
        QVERIFY2(ran.err.contains("inside the cluster") && ran.err.contains("nowhere"), ran.err.constData());

        // A part of it, as a table.
        const Ran one = health({path, u"ok"_s});
        QVERIFY2(one.code == 0, one.err.constData());
        QVERIFY2(one.out.startsWith("SERVICE") && one.out.contains("200"), one.out.constData());
        QCOMPARE(one.out.count('\n'), 2);
        QCOMPARE(health({path, u"inside"_s}).code, 3);
    }

    void whatIsNotThere()
    {
        QCOMPARE(health({}).code, 2);
        QCOMPARE(health({u"tchat"_s, u"-o"_s, u"yaml"_s}).code, 2);
        QCOMPARE(health({u"nowhere"_s}).code, 1);
        const Ran service = health({u"tchat"_s, u"nothing"_s});
        QCOMPARE(service.code, 1);
        QVERIFY2(service.err.contains("nothing"), service.err.constData());
    }
};

QTEST_GUILESS_MAIN(TestHealthCtl)
#include "test_health_ctl.moc"
