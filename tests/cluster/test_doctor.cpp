// SPDX-License-Identifier: GPL-3.0-or-later
#include "TestServer.h"
#include "cluster/doctor/Doctor.h"

#include <QtTest/QtTest>

using namespace wk;
using namespace wk::cluster;
using namespace wk::test;
using namespace Qt::StringLiterals;
using State = DoctorStep::State;

/// Every failure that a person meets, each with its own sentence, each within its time.
class TestDoctor : public QObject
{
    Q_OBJECT

    SystemClock m_clock;
    std::unique_ptr<QTemporaryDir> m_dir;
    std::unique_ptr<Pki> m_pki;
    QList<DoctorStep> m_steps;
    std::optional<Error> m_failure;

    QString write(const QString& name, const QByteArray& text, bool executable = false)
    {
        const QString path = m_dir->filePath(name);
        QFile file(path);
        if (!file.open(QIODevice::WriteOnly) || file.write(text) != text.size())
            qFatal("cannot write %s", qPrintable(path));
        file.close();
        if (executable)
            file.setPermissions(QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
        return path;
    }

    QString kubeconfig(const QUrl& server, const QByteArray& user = "token: good", const QByteArray& more = {})
    {
        return write(u"config"_s, "current-context: x\nclusters: [{name: c, cluster: {server: '" + server.toEncoded() +
                                      "', certificate-authority-data: " + m_pki->authority().toBase64() + more +
                                      "}}]\nusers: [{name: ann, user: {" + user +
                                      "}}]\ncontexts: [{name: x, context: {cluster: c, user: ann}}]\n");
    }

    void examine(const QString& file, qint64 limitMs = 3'000)
    {
        Doctor doctor({{file}, true, {}}, m_clock);
        doctor.setStepLimitMs(limitMs);
        QSignalSpy steps(&doctor, &Doctor::stepFinished);
        doctor.start();
        QTRY_VERIFY_WITH_TIMEOUT(doctor.isFinished(), 20'000);
        m_steps = doctor.steps();
        m_failure = doctor.failure();
        QCOMPARE(steps.count(), 8);
        for (const DoctorStep& step : m_steps)
            QVERIFY2(!step.sentence.isEmpty() && !step.title.isEmpty(), qPrintable(step.id));
    }

    DoctorStep step(const QString& id) const
    {
        for (const DoctorStep& s : m_steps) {
            if (s.id == id)
                return s;
        }
        return {};
    }

    QString told() const
    {
        QString all;
        for (const DoctorStep& s : m_steps)
            all += s.id + u' ' + doctorStateName(s.state) + u": "_s + s.sentence + u" | "_s + s.detail + u'\n';
        return all;
    }

    /// An API server as far as the doctor asks: version and reviews, for "Bearer good".
    static void serve(QTcpSocket* s, const Received& r, const QByteArray& token = "good",
                      const QByteArrayList& denied = {})
    {
        if (r.header("Authorization") != "Bearer " + token) {
            TestServer::answer(s, 401,
                               "{\"kind\":\"Status\",\"message\":\"Unauthorized\",\"reason\":\"Unauthorized\"}");
        } else if (r.verb == "POST") {
            const bool no = std::ranges::any_of(
                denied, [&](const QByteArray& k) { return r.body.contains("\"resource\":\"" + k + '"'); });
            TestServer::answer(s, 201, no ? "{\"status\":{\"allowed\":false}}" : "{\"status\":{\"allowed\":true}}");
        } else {
            TestServer::answer(s, 200, "{\"gitVersion\":\"v1.20.2\",\"platform\":\"linux/amd64\"}");
        }
    }

private slots:
    void initTestCase()
    {
        qputenv("SHLVL", "1");
        m_pki = std::make_unique<Pki>();
        (void)m_pki->issue({});
        if (!m_pki->works())
            QSKIP(qPrintable(m_pki->problem()));
    }
    void init() { m_dir = std::make_unique<QTemporaryDir>(); }

    void healthy()
    {
        TestServer server([](QTcpSocket* s, const Received& r) { serve(s, r); });
        server.useTls(m_pki->issue({.name = u"kube-apiserver"_s}));
        examine(kubeconfig(server.url()));
        QVERIFY2(!m_failure, qPrintable(told()));
        QCOMPARE(step(u"file"_s).state, State::Ok);
        QCOMPARE(step(u"dns"_s).state, State::Skipped);
        QCOMPARE(step(u"tcp"_s).state, State::Ok);
        QCOMPARE(step(u"tls"_s).state, State::Ok);
        QVERIFY(step(u"tls"_s).sentence.contains(u"“kube-apiserver” was issued by “Test Authority”"_s));
        QVERIFY(step(u"tls"_s).detail.contains(u"TLS 1.3"_s));
        QVERIFY(step(u"credential"_s).sentence.contains(u"accepts user “ann” by a token"_s));
        QVERIFY(step(u"api"_s).sentence.contains(u"v1.20.2"_s));
        QVERIFY2(step(u"access"_s).state == State::Ok, qPrintable(told()));
    }

    void emptyKubeconfig()
    {
        examine(write(u"config"_s, ""));
        QCOMPARE(step(u"file"_s).state, State::Failed);
        QVERIFY2(m_failure->sentence.contains(u"There is no context in"_s), qPrintable(told()));
        QCOMPARE(step(u"tcp"_s).state, State::Skipped);
    }

    void syntaxError()
    {
        examine(write(u"config"_s, "clusters:\n- name: a\n   cluster: {}\n"));
        QVERIFY2(m_failure->sentence.contains(u"config:3:"_s) && m_failure->sentence.contains(u"not valid YAML"_s),
                 qPrintable(told()));
    }

    void missingFile()
    {
        examine(m_dir->filePath(u"none"_s));
        QVERIFY2(m_failure->sentence.contains(u"does not exist"_s), qPrintable(told()));
    }

    void wrongAuthority()
    {
        Pki other(u"Other Authority"_s);
        TestServer server([](QTcpSocket* s, const Received& r) { serve(s, r); });
        server.useTls(other.issue({}));
        examine(kubeconfig(server.url()));
        QCOMPARE(step(u"tls"_s).state, State::Failed);
        QVERIFY2(
            m_failure->sentence.contains(u"issued by “Other Authority”; the kubeconfig trusts only “Test Authority”"_s),
            qPrintable(told()));
        QVERIFY(server.received().isEmpty());
    }

    void expiredCertificate()
    {
        TestServer server([](QTcpSocket* s, const Received& r) { serve(s, r); });
        server.useTls(m_pki->issue({.expired = true}));
        examine(kubeconfig(server.url()));
        QVERIFY2(m_failure->sentence.contains(u"expired on 2021-01-01"_s), qPrintable(told()));
    }

    void wrongHostName()
    {
        TestServer server([](QTcpSocket* s, const Received& r) { serve(s, r); });
        server.useTls(m_pki->issue({.hosts = u"DNS:api.shop.test"_s}));
        examine(kubeconfig(server.url()));
        QVERIFY2(m_failure->sentence.contains(u"not valid for “127.0.0.1”, only for api.shop.test"_s),
                 qPrintable(told()));
        examine(kubeconfig(server.url(), "token: good", ", tls-server-name: api.shop.test"));
        QVERIFY2(!m_failure, qPrintable(told()));
    }

    void insecureIsFlagged()
    {
        TestServer server([](QTcpSocket* s, const Received& r) { serve(s, r); });
        server.useTls(m_pki->issue({.expired = true}));
        examine(write(u"config"_s, "current-context: x\nclusters: [{name: c, cluster: {server: '" +
                                       server.url().toEncoded() +
                                       "', insecure-skip-tls-verify: true}}]\nusers: [{name: ann, user: {token: "
                                       "good}}]\ncontexts: [{name: x, context: {cluster: c, user: ann}}]\n"));
        QVERIFY2(!m_failure, qPrintable(told()));
        QCOMPARE(step(u"tls"_s).state, State::Warning);
        QVERIFY2(step(u"tls"_s).detail.contains(u"would be refused"_s), qPrintable(told()));
    }

    void refusedConnection()
    {
        examine(kubeconfig(QUrl(u"https://127.0.0.1:%1"_s.arg(closedPort()))));
        QCOMPARE(step(u"tcp"_s).state, State::Failed);
        QVERIFY2(m_failure->sentence.contains(u"refuses connections"_s), qPrintable(told()));
    }

    void blackHole()
    {
        BlackHole hole;
        QElapsedTimer time;
        time.start();
        examine(kubeconfig(QUrl(u"https://127.0.0.1:%1"_s.arg(hole.port()))), 500);
        QCOMPARE(step(u"tcp"_s).state, State::Failed);
        QVERIFY2(m_failure->sentence.contains(u"does not answer: no connection after 0.5 s"_s), qPrintable(told()));
        QVERIFY(time.elapsed() < 5'000);
    }

    void silentServer()
    {
        // Accepts and never says a word: neither TLS nor anything else.
        QTcpServer server;
        QVERIFY(server.listen(QHostAddress::LocalHost));
        examine(kubeconfig(QUrl(u"https://127.0.0.1:%1"_s.arg(server.serverPort()))), 500);
        QCOMPARE(step(u"tls"_s).state, State::Failed);
        QVERIFY2(m_failure->sentence.contains(u"said nothing for 0.5 s"_s), qPrintable(told()));
    }

    void refusedToken()
    {
        TestServer server([](QTcpSocket* s, const Received& r) { serve(s, r); });
        server.useTls(m_pki->issue({}));
        examine(kubeconfig(server.url(), "token: bad"));
        QCOMPARE(step(u"credential"_s).state, State::Failed);
        QVERIFY2(m_failure->sentence.contains(u"does not accept the token of user “ann”"_s), qPrintable(told()));
        QVERIFY(!told().contains(u"bad"_s));
    }

    void pluginThatSucceedsAfterA401()
    {
        TestServer server([](QTcpSocket* s, const Received& r) { serve(s, r, "t2"); });
        server.useTls(m_pki->issue({}));
        const QByteArray count = m_dir->filePath(u"count"_s).toUtf8();
        write(u"plugin"_s,
              "#!/bin/sh\necho x >> " + count +
                  "\necho "
                  "'{\"apiVersion\":\"client.authentication.k8s.io/"
                  "v1\",\"kind\":\"ExecCredential\",\"status\":{\"token\":\"t'$(wc -l < " +
                  count + ")'\"}}'\n",
              true);
        examine(kubeconfig(
            server.url(),
            "exec: {apiVersion: client.authentication.k8s.io/v1, command: ./plugin, interactiveMode: Never}"));
        QVERIFY2(!m_failure, qPrintable(told()));
        QVERIFY2(step(u"credential"_s).detail.contains(m_dir->filePath(u"plugin"_s)), qPrintable(told()));
    }

    void pluginThatFails()
    {
        TestServer server([](QTcpSocket* s, const Received& r) { serve(s, r); });
        server.useTls(m_pki->issue({}));
        write(u"plugin"_s, "#!/bin/sh\necho 'log in first' >&2\nexit 4\n", true);
        examine(kubeconfig(server.url(), "exec: {apiVersion: client.authentication.k8s.io/v1, command: ./plugin, "
                                         "interactiveMode: Never, installHint: Run shop login.}"));
        QCOMPARE(step(u"credential"_s).state, State::Failed);
        QVERIFY2(m_failure->sentence.contains(u"failed with exit code 4"_s), qPrintable(told()));
        QVERIFY2(step(u"credential"_s).detail.contains(u"log in first"_s), qPrintable(told()));
        QCOMPARE(step(u"credential"_s).remedy, u"Run shop login."_s);
    }

    void oneKindForbidden()
    {
        TestServer server([](QTcpSocket* s, const Received& r) { serve(s, r, "good", {"nodes"}); });
        server.useTls(m_pki->issue({}));
        examine(kubeconfig(server.url()));
        QVERIFY2(!m_failure, qPrintable(told()));
        QCOMPARE(step(u"access"_s).state, State::Warning);
        QCOMPARE(step(u"access"_s).sentence, u"User “ann” is not allowed to see nodes."_s);
    }

    void otherServer()
    {
        TestServer server([](QTcpSocket* s, const Received&) { TestServer::answer(s, 200, "<html>It works!</html>"); });
        server.useTls(m_pki->issue({}));
        examine(kubeconfig(server.url()));
        QCOMPARE(step(u"api"_s).state, State::Failed);
        QVERIFY2(m_failure->sentence.contains(u"no Kubernetes API server"_s), qPrintable(told()));
    }

    void throughAProxy()
    {
        TestServer server([](QTcpSocket* s, const Received& r) { serve(s, r); });
        server.useTls(m_pki->issue({.hosts = u"DNS:api.only-the-proxy-knows.test"_s}));
        TestProxy proxy(true);
        const QUrl url = server.url(u"api.only-the-proxy-knows.test"_s);
        examine(kubeconfig(url, "token: good", ", proxy-url: '" + proxy.url().toEncoded() + "'"));
        QVERIFY2(!m_failure, qPrintable(told()));
        QVERIFY(step(u"proxy"_s).sentence.contains(u"lets us through"_s));
        examine(
            kubeconfig(url, "token: good", ", proxy-url: 'http://127.0.0.1:" + QByteArray::number(closedPort()) + "'"));
        QVERIFY2(m_failure->sentence.contains(u"The proxy http://127.0.0.1:"_s) &&
                     m_failure->sentence.contains(u"refuses connections"_s),
                 qPrintable(told()));
    }

    void destroyedOnTheWay()
    {
        BlackHole hole;
        auto doctor = std::make_unique<Doctor>(
            Doctor::Subject{{kubeconfig(QUrl(u"https://127.0.0.1:%1"_s.arg(hole.port())))}, true, {}}, m_clock);
        QSignalSpy finished(doctor.get(), &Doctor::finished);
        QSignalSpy steps(doctor.get(), &Doctor::stepFinished);
        doctor->start();
        QTRY_COMPARE(steps.count(), 2);
        doctor.reset();
        QTest::qWait(50);
        QCOMPARE(finished.count(), 0);
    }
};

QTEST_GUILESS_MAIN(TestDoctor)
#include "test_doctor.moc"
