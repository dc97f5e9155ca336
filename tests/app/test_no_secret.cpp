// SPDX-License-Identifier: GPL-3.0-or-later
#include "TestServer.h"
#include "support/SessionBus.h"

#include <QtCore/QDirIterator>
#include <QtCore/QTemporaryDir>
#include <QtNetwork/QTcpSocket>
#include <QtTest/QtTest>

using namespace wk;
using namespace wk::test;
using namespace Qt::StringLiterals;

namespace {

const QByteArray secret = "hunter2-of-the-shop", wrong = "hunter3-of-the-shop";

/// The secret in any of the forms that it is sent in, or that somebody might write down.
QByteArrayList needles()
{
    QByteArrayList out;
    for (const QByteArray& each : {secret, wrong})
        out << each << each.toBase64().chopped(2) << ("ops:" + each).toBase64().chopped(2) << each.toHex();
    return out;
}

QByteArray found(const QByteArray& text)
{
    for (const QByteArray& needle : needles()) {
        if (text.contains(needle))
            return needle + " in: " + text.mid(std::max<qsizetype>(0, text.indexOf(needle) - 200), 400);
    }
    return {};
}

QByteArray contentOf(const QString& path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

void write(const QString& path, const QByteArray& text)
{
    QFile file(path);
    QVERIFY2(file.open(QIODevice::WriteOnly), qPrintable(path));
    QCOMPARE(file.write(text), text.size());
}

} // namespace

/// A secret that the real programs keep in a real keychain and log in with: it reaches the server, and is in no file,
/// no line of a log and no command line.
class TestNoSecret : public QObject
{
    Q_OBJECT
private slots:
    void inside();
    void nowhereToBeFound();

private:
    void runCtl(const QStringList& arguments, const QByteArray& input, int code, const char* says);
    void runCockpit();

    QString m_home = qEnvironmentVariable("HOME");
    QStringList m_platforms,
        m_loud{u"QT_LOGGING_RULES=*=true;qt.widgets.*=false;qt.qpa.*=false"_s, u"QT_QPA_PLATFORM=offscreen"_s};
    QByteArray m_said;
    int m_loggedIn = 0;
};

void TestNoSecret::runCtl(const QStringList& arguments, const QByteArray& input, int code, const char* says)
{
    const Ran ran = run(program(u"watchkeeperctl"_s), arguments + m_platforms, 60'000, m_loud, input);
    m_said += ran.out + ran.err;
    QVERIFY2(ran.code == code, ran.out + ran.err);
    QVERIFY2((ran.out + ran.err).contains(says), ran.out + ran.err);
    QCOMPARE(found(ran.out + ran.err), QByteArray());
}

void TestNoSecret::runCockpit()
{
    write(m_home + u"/kubeconfig"_s, R"(apiVersion: v1
kind: Config
current-context: shop
clusters: [{name: c, cluster: {server: "https://127.0.0.1:1"}}]
users: [{name: tester, user: {token: t}}]
contexts: [{name: shop, context: {cluster: c, user: tester}}]
)");
    const int before = m_loggedIn;
    QProcess cockpit;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    for (const QString& each : std::as_const(m_loud))
        environment.insert(each.section(u'=', 0, 0), each.section(u'=', 1));
    cockpit.setProcessEnvironment(environment);
    cockpit.setProcessChannelMode(QProcess::MergedChannels);
    cockpit.setStandardOutputFile(m_home + u"/cockpit.log"_s);
    cockpit.start(program(u"watchkeeper"_s),
                  QStringList{u"--panel"_s, u"overview"_s, u"--kubeconfig"_s, m_home + u"/kubeconfig"_s} + m_platforms);
    QTRY_VERIFY2_WITH_TIMEOUT(m_loggedIn > before, contentOf(m_home + u"/cockpit.log"_s).right(4'000), 60'000);
#ifdef Q_OS_LINUX
    const QString process = u"/proc/%1/"_s.arg(cockpit.processId());
    const QByteArray line = contentOf(process + u"cmdline"_s);
    QVERIFY(line.contains("--panel"));
    QCOMPARE(found(line), QByteArray());
    QVERIFY(contentOf(process + u"limits"_s).simplified().contains("Max core file size 0 0"));
#endif
    cockpit.terminate();
    QTRY_COMPARE_WITH_TIMEOUT(cockpit.state(), QProcess::NotRunning, 60'000);
    QVERIFY(contentOf(m_home + u"/cockpit.log"_s).size() > 1'000); // every category speaks
}

void TestNoSecret::inside()
{
    if (!insideSessionBus())
        QSKIP("runs inside of nowhereToBeFound()");
    TestServer server([&](QTcpSocket* socket, const Received& request) {
        const bool known = request.header("authorization") == "Bearer " + secret;
        m_loggedIn += known ? 1 : 0;
        TestServer::answer(socket, known ? 200 : 401,
                           R"({"status":"success","data":{"resultType":"vector","result":[]}})");
    });
    QVERIFY(QDir(m_home).mkpath(u"platforms"_s));
    write(m_home + u"/platforms/shop.yaml"_s, R"(name: shop
title: Shop
clusters: [{name: production, class: production, context: shop}]
namespaces: [{name: shop, cluster: production}]
services: [{name: web, title: Web, kind: application}]
monitoring:
  prometheus: {url: [')" + server.url().toString().toUtf8() +
                                                  "'], login: {kind: bearer}}\n");
    m_platforms = {u"--platform-dir"_s, m_home + u"/platforms"_s};
    const QStringList ask{u"query"_s, u"shop"_s, u"up"_s};
    runCtl({u"secret"_s, u"list"_s}, {}, 0, "missing");
    runCtl(ask, {}, 3, "watchkeeperctl secret set shop/prometheus");
    runCtl({u"secret"_s, u"set"_s, u"shop/prometheus"_s}, wrong + '\n', 0, "The keychain keeps");
    runCtl(ask, {}, 3, "");
    QCOMPARE(m_loggedIn, 0);
    runCtl({u"secret"_s, u"set"_s, u"shop/prometheus"_s}, secret + '\n', 0, "The keychain keeps");
    runCtl(ask, {}, 0, "");
    QVERIFY(m_loggedIn > 0);
    runCtl({u"secret"_s, u"list"_s, u"-o"_s, u"json"_s}, {}, 0, "\"by\": \"watchkeeperctl\"");
    runCockpit();
    if (QTest::currentTestFailed())
        return;
    int files = 0;
    QDirIterator it(m_home, QDir::Files | QDir::Hidden | QDir::System, QDirIterator::Subdirectories);
    while (it.hasNext()) {
        const QString path = it.next();
        if (!QFileInfo(path).isFile())
            continue; // sockets
        const QByteArray text = found(contentOf(path));
        QVERIFY2(text.isEmpty(), path.toUtf8() + ": " + text);
        ++files;
    }
    QVERIFY2(files > 4, "the keyring, the list, the settings, the log, the platform file");
    runCtl({u"secret"_s, u"remove"_s, u"shop/prometheus"_s}, {}, 0, "has no shop/prometheus any more");
    runCtl({u"secret"_s, u"check"_s, u"shop/prometheus"_s}, {}, 1, "has no entry");
}

void TestNoSecret::nowhereToBeFound()
{
    if (insideSessionBus())
        QSKIP("this is the inner run");
    if (const QString why = whyNoSessionBus(SessionBus::Keyring); !why.isEmpty())
        QSKIP(qPrintable(why));
    QTemporaryDir home;
    const Ran ran = runOnSessionBus(SessionBus::Keyring, u"inside"_s, home.path(), 240'000);
    if (ran.out.contains("There is no keychain that works here"))
        QSKIP("the keyring daemon does not start in this environment");
    QVERIFY2(ran.code == 0 && ran.out.contains("3 passed"), ran.out.right(4'000) + ran.err.right(4'000));
}

QTEST_GUILESS_MAIN(TestNoSecret)
#include "test_no_secret.moc"
