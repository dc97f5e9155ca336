// SPDX-License-Identifier: GPL-3.0-or-later
#include "platform/ExecCredential.h"

#include <QtTest/QtTest>

#include <csignal>

using namespace wk;
using namespace wk::platform;
using namespace Qt::StringLiterals;

/// Credential plugins: real processes, written as shell scripts by the test.
class TestExec : public QObject
{
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_dir;
    ManualClock m_clock;
    SystemClock m_system;

    QString script(const QString& name, const QByteArray& body)
    {
        const QString path = m_dir->filePath(name);
        QFile file(path);
        if (!file.open(QIODevice::WriteOnly))
            qFatal("cannot write");
        file.write("#!/bin/sh\n" + body);
        file.close();
        file.setPermissions(QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
        return path;
    }

    static QByteArray credential(const QByteArray& status,
                                 const QByteArray& version = "client.authentication.k8s.io/v1")
    {
        return "{\"apiVersion\":\"" + version + "\",\"kind\":\"ExecCredential\",\"status\":{" + status + "}}";
    }

    static ExecPlugin plugin(const QString& command)
    {
        ExecPlugin p;
        p.apiVersion = u"client.authentication.k8s.io/v1"_s;
        p.command = command;
        return p;
    }

    /// As started from a shell: PATH is taken as it is.
    std::shared_ptr<ExecEnvironment> environment(Clock& clock)
    {
        auto variables = QProcessEnvironment::systemEnvironment();
        variables.insert(u"SHLVL"_s, u"1"_s);
        return std::make_shared<ExecEnvironment>(clock, variables);
    }

    Result<ExecCredential> fetch(ExecCredentialSource& source)
    {
        std::optional<Result<ExecCredential>> got;
        source.fetch([&](Result<ExecCredential> r) { got = std::move(r); });
        [&] { QTRY_VERIFY_WITH_TIMEOUT(got, 20'000); }();
        return got ? *got : fail(Error::Kind::Cancelled, u"no answer"_s);
    }

    int runs() const
    {
        QFile log(m_dir->filePath(u"runs"_s));
        return log.open(QIODevice::ReadOnly) ? int(log.readAll().count('\n')) : 0;
    }

    QByteArray counting(const QByteArray& rest) const
    {
        return "echo run >> " + m_dir->filePath(u"runs"_s).toUtf8() + "\n" + rest;
    }

    /// A source whose plugin writes its process id and then sleeps for longer than any test.
    std::unique_ptr<ExecCredentialSource> sleeping(ExecCredentialSource::Done done)
    {
        const QString file = m_dir->filePath(u"pid"_s);
        auto source = std::make_unique<ExecCredentialSource>(
            plugin(script(u"p"_s, "echo $$ > " + file.toUtf8() + ".new; mv " + file.toUtf8() + ".new " + file.toUtf8() +
                                      "; exec sleep 600\n")),
            ResolvedContext(), m_system, environment(m_system));
        source->fetch(std::move(done));
        return source;
    }

    qint64 startedPid() const
    {
        QFile file(m_dir->filePath(u"pid"_s));
        [&] { QTRY_VERIFY_WITH_TIMEOUT(file.exists(), 20'000); }();
        return file.open(QIODevice::ReadOnly) ? file.readAll().trimmed().toLongLong() : 0;
    }

    /// A killed process that nobody has reaped yet still exists.
    static bool exists(qint64 pid) { return ::kill(pid_t(pid), 0) == 0; }

private slots:
    void init() { m_dir = std::make_unique<QTemporaryDir>(); }

    void tokenWithArgumentsAndEnvironment()
    {
        ExecPlugin p = plugin(script(
            u"p"_s,
            "printf "
            "'{\"apiVersion\":\"client.authentication.k8s.io/"
            "v1\",\"kind\":\"ExecCredential\",\"status\":{\"token\":\"%s-%s-%s\"}}' \"$1\" \"$2\" \"$REGION\"\n"));
        p.args = {u"a b"_s, u"c"_s};
        p.env = {{u"REGION"_s, u"eu"_s}};
        ExecCredentialSource source(p, {}, m_clock, environment(m_clock));
        const auto got = fetch(source);
        QVERIFY2(got, qPrintable(got ? QString() : got.error().text()));
        QCOMPARE(got->token, "a b-c-eu");
        QCOMPARE(got->expiresMs, 0);
        QCOMPARE(source.lastRun().exitCode, 0);
        QCOMPARE(source.lastRun().program, p.command);
    }

    void execInfo()
    {
        ResolvedContext cluster;
        cluster.server = QUrl(u"https://h:6443/p"_s);
        cluster.tlsServerName = u"n"_s;
        ExecPlugin p = plugin(u"x"_s);
        p.provideClusterInfo = true;
        p.clusterExtensionJson = "{\"a\":[1]}";
        const QJsonObject info = QJsonDocument::fromJson(ExecCredentialSource::execInfo(p, cluster, "PEM")).object();
        QCOMPARE(info,
                 QJsonDocument::fromJson(
                     "{\"apiVersion\":\"client.authentication.k8s.io/"
                     "v1\",\"kind\":\"ExecCredential\",\"spec\":{\"interactive\":false,\"cluster\":{\"server\":\"https:"
                     "//h:6443/"
                     "p\",\"tls-server-name\":\"n\",\"certificate-authority-data\":\"UEVN\",\"config\":{\"a\":[1]}}}}")
                     .object());
        p.provideClusterInfo = false;
        QVERIFY(!ExecCredentialSource::execInfo(p, cluster, "PEM").contains("cluster"));
    }

    void execInfoReachesThePlugin()
    {
        const QString seen = m_dir->filePath(u"info"_s);
        ExecPlugin p =
            plugin(script(u"p"_s, "printf %s \"$KUBERNETES_EXEC_INFO\" > " + seen.toUtf8() + "\necho '" +
                                      credential("\"token\":\"t\"", "client.authentication.k8s.io/v1beta1") + "'\n"));
        p.apiVersion = u"client.authentication.k8s.io/v1beta1"_s;
        ExecCredentialSource source(p, {}, m_clock, environment(m_clock));
        const auto got = fetch(source);
        QVERIFY2(got, qPrintable(got ? QString() : got.error().text()));
        QFile file(seen);
        QVERIFY(file.open(QIODevice::ReadOnly));
        QCOMPARE(QJsonDocument::fromJson(file.readAll()).object().value("apiVersion"_L1).toString(), p.apiVersion);
    }

    void keptUntilItExpires()
    {
        const QByteArray until =
            QDateTime::fromMSecsSinceEpoch(m_clock.nowMs() + 60'000, Qt::UTC).toString(Qt::ISODate).toUtf8();
        ExecPlugin p = plugin(script(
            u"p"_s,
            counting("echo '" + credential("\"token\":\"t\",\"expirationTimestamp\":\"" + until + "\"") + "'\n")));
        ExecCredentialSource source(p, {}, m_clock, environment(m_clock));
        QVERIFY(fetch(source));
        QVERIFY(source.current()->expiresMs > 0);
        m_clock.advance(58'000);
        QVERIFY(fetch(source));
        QCOMPARE(runs(), 1);
        m_clock.advance(3'000);
        QVERIFY(fetch(source));
        QCOMPARE(runs(), 2);
    }

    void manyAskOneRuns()
    {
        ExecPlugin p = plugin(script(u"p"_s, counting("echo '" + credential("\"token\":\"t\"") + "'\n")));
        ExecCredentialSource source(p, {}, m_clock, environment(m_clock));
        int answers = 0;
        for (int i = 0; i < 20; ++i)
            source.fetch([&](const Result<ExecCredential>& r) { answers += r.has_value(); });
        QTRY_COMPARE(answers, 20);
        QCOMPARE(runs(), 1);
        // Twenty requests under the first credential are refused: one run, whatever order they come in.
        for (int i = 0; i < 20; ++i) {
            source.refuse(1);
            source.fetch([&](const Result<ExecCredential>& r) { answers += r && r->generation == 2; });
        }
        QTRY_COMPARE(answers, 40);
        source.refuse(1); // a late one
        QCOMPARE(fetch(source)->generation, quint64(2));
        QCOMPARE(runs(), 2);
    }

    void failureIsToldWithCodeAndStderr()
    {
        ExecPlugin p = plugin(script(
            u"p"_s,
            counting("echo 'session expired, token=abcdef123456 eyJhbGciOiJIUzI1NiJ9.eyJzdWIi.sig' >&2\nexit 3\n")));
        p.installHint = u"Run login."_s;
        ExecCredentialSource source(p, {}, m_clock, environment(m_clock));
        const auto got = fetch(source);
        QVERIFY(!got);
        QCOMPARE(got.error().kind, Error::Kind::Unauthorized);
        QVERIFY2(got.error().sentence.contains(u"failed with exit code 3"_s), qPrintable(got.error().sentence));
        QVERIFY2(got.error().detail.contains(u"session expired"_s), qPrintable(got.error().detail));
        QVERIFY2(!got.error().detail.contains(u"abcdef123456"_s) && !got.error().detail.contains(u"eyJ"_s),
                 qPrintable(got.error().detail));
        QCOMPARE(got.error().remedy, u"Run login."_s);
        // The rest of a burst does not run it again; a later try does.
        QVERIFY(!fetch(source));
        QCOMPARE(runs(), 1);
        m_clock.advance(5'000);
        QVERIFY(!fetch(source));
        QCOMPARE(runs(), 2);
    }

    void notFound()
    {
        ExecPlugin p = plugin(u"no-such-plugin-anywhere"_s);
        p.installHint = u"Install it from the shelf."_s;
        ExecCredentialSource source(p, {}, m_system, environment(m_system));
        const auto got = fetch(source);
        QVERIFY(!got);
        QCOMPARE(got.error().kind, Error::Kind::NotFound);
        QVERIFY(got.error().sentence.contains(u"no-such-plugin-anywhere was not found"_s));
        QCOMPARE(got.error().remedy, u"Install it from the shelf."_s);
        QVERIFY(got.error().detail.contains(u"/bin"_s));
    }

    void tooSlow()
    {
        ExecPlugin p = plugin(script(u"p"_s, "exec sleep 600\n"));
        ExecCredentialSource source(p, {}, m_system, environment(m_system));
        source.setLimitMs(300);
        QElapsedTimer time;
        time.start();
        const auto got = fetch(source);
        QVERIFY(!got);
        QVERIFY2(got.error().sentence.contains(u"did not finish"_s), qPrintable(got.error().text()));
        QVERIFY(time.elapsed() < 5'000);
    }

    void badOutput_data()
    {
        QTest::addColumn<QByteArray>("output");
        QTest::addColumn<QString>("words");
        QTest::newRow("nothing") << QByteArray() << u"printed nothing"_s;
        QTest::newRow("text") << QByteArray("Please log in at https://...") << u"no JSON object"_s;
        QTest::newRow("other kind") << QByteArray("{\"kind\":\"Pod\"}") << u"no ExecCredential"_s;
        QTest::newRow("other version") << credential("\"token\":\"t\"", "client.authentication.k8s.io/v1beta1")
                                       << u"answered in version"_s;
        QTest::newRow("no status")
            << QByteArray("{\"kind\":\"ExecCredential\",\"apiVersion\":\"client.authentication.k8s.io/v1\"}")
            << u"has no status"_s;
        QTest::newRow("empty status") << credential("") << u"neither a token"_s;
        QTest::newRow("half a certificate") << credential("\"clientCertificateData\":\"x\"") << u"without a key"_s;
        QTest::newRow("no date") << credential("\"token\":\"t\",\"expirationTimestamp\":\"soon\"") << u"no date"_s;
    }
    void badOutput()
    {
        QFETCH(QByteArray, output);
        QFETCH(QString, words);
        const auto got = ExecCredentialSource::parse(output, plugin(u"p"_s));
        QVERIFY(!got);
        QVERIFY2(got.error().sentence.contains(words), qPrintable(got.error().sentence));
        QVERIFY(!got.error().text().contains(u"https://..."_s)); // what it printed is not passed on
    }

    void refusedInWords()
    {
        ExecPlugin p = plugin(script(u"p"_s, counting("echo '" + credential("\"token\":\"t\"") + "'\n")));
        p.interactiveMode = ExecPlugin::InteractiveMode::Always;
        ExecCredentialSource always(p, {}, m_clock, environment(m_clock));
        QVERIFY(fetch(always).error().sentence.contains(u"interactiveMode: Always"_s));
        p.interactiveMode = ExecPlugin::InteractiveMode::Never;
        p.apiVersion = u"client.authentication.k8s.io/v1alpha1"_s;
        ExecCredentialSource old(p, {}, m_clock, environment(m_clock));
        QVERIFY(fetch(old).error().sentence.contains(u"v1alpha1"_s));
        QCOMPARE(runs(), 0);
    }

    void loginShellPath()
    {
        // A start from the desktop: a bare PATH, and a login shell whose profile knows more, and greets.
        (void)QDir().mkpath(m_dir->filePath(u"bin"_s));
        script(u"bin/my-plugin"_s, "echo '" + credential("\"token\":\"found\"") + "'\n");
        const QString shell = script(u"shell"_s, counting("echo Welcome\nPATH=\"" + m_dir->filePath(u"bin"_s).toUtf8() +
                                                          ":$PATH\"\nexport PATH\neval \"$2\"\n"));
        QProcessEnvironment variables;
        variables.insert(u"PATH"_s, u"/usr/bin:/bin"_s);
        variables.insert(u"SHELL"_s, shell);
        const auto env = std::make_shared<ExecEnvironment>(m_system, variables);
        ExecCredentialSource source(plugin(u"my-plugin"_s), {}, m_system, env);
        const auto got = fetch(source);
        QVERIFY2(got, qPrintable(got ? QString() : got.error().text() + got.error().detail));
        QCOMPARE(got->token, "found");
        ExecCredentialSource second(plugin(u"my-plugin"_s), {}, m_system, env);
        QVERIFY(fetch(second));
        QCOMPARE(runs(), 1); // the shell is asked once
    }

    void loginShellThatHangs()
    {
        const QString shell = script(u"shell"_s, "exec sleep 600\n");
        const QString p = script(u"p"_s, "echo '" + credential("\"token\":\"t\"") + "'\n");
        QProcessEnvironment variables;
        variables.insert(u"PATH"_s, u"/usr/bin:/bin"_s);
        variables.insert(u"SHELL"_s, shell);
        const auto env = std::make_shared<ExecEnvironment>(m_system, variables);
        env->setShellLimitMs(200);
        ExecCredentialSource source(plugin(p), {}, m_system, env);
        const auto got = fetch(source);
        QVERIFY2(got, qPrintable(got ? QString() : got.error().text()));
    }

    void certificate()
    {
        ExecPlugin p = plugin(
            script(u"p"_s, "cat <<'E'\n" + credential("\"clientCertificateData\":\"C\\n\",\"clientKeyData\":\"K\\n\"") +
                               "\nE\n"));
        ExecCredentialSource source(p, {}, m_clock, environment(m_clock));
        const auto got = fetch(source);
        QVERIFY2(got, qPrintable(got ? QString() : got.error().text()));
        QCOMPARE(got->clientCertificate, "C\n");
        QCOMPARE(got->clientKey, "K\n");
    }

    /// Nobody waits for a plugin that is not needed any more, and it does not outlive the one who asked.
    void destroyedWhileRunning()
    {
        bool called = false;
        auto source = sleeping([&](const Result<ExecCredential>&) { called = true; });
        const qint64 pid = startedPid();
        QVERIFY(pid > 0);
        source.reset();
        QTRY_VERIFY(!exists(pid));
        QVERIFY(!called);
    }

    /// The same where the thread's event loop has ended before the plugin has.
    void destroyedWithItsThread()
    {
        QThread thread;
        QObject owner;
        owner.moveToThread(&thread);
        thread.start();
        std::unique_ptr<ExecCredentialSource> source;
        QMetaObject::invokeMethod(&owner, [&] { source = sleeping([](const Result<ExecCredential>&) {}); });
        const qint64 pid = startedPid();
        QVERIFY(pid > 0);
        QMetaObject::invokeMethod(&owner, [&] {
            source.reset();
            thread.quit();
        });
        QVERIFY(thread.wait(20'000));
        QVERIFY(!exists(pid));
    }
};

QTEST_GUILESS_MAIN(TestExec)
#include "test_exec.moc"
