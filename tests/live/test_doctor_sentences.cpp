// SPDX-License-Identifier: GPL-3.0-or-later
#include "TinyServer.h"
#include "support/Process.h"

#include <QtCore/QFile>
#include <QtCore/QRegularExpression>
#include <QtCore/QSet>
#include <QtCore/QTemporaryDir>
#include <QtTest/QTest>

using namespace wk::test;
using namespace Qt::StringLiterals;

/// Every way in which a connection fails has a sentence of its own, from the doctor and from `get`, soon enough, and
/// none is mistaken for another.
class TestDoctorSentences : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void failures_data();
    void failures();
    void aPluginThatHealsA401();
    void oneKindIsForbidden();
    void everySentenceIsItsOwn();

private:
    [[nodiscard]] QString kubeconfig(const QString& server, const QString& ca, const QString& user);
    [[nodiscard]] QString write(const QString& name, const QByteArray& text, bool executable = false);
    void certificate(const QString& name, const QString& ca, const QStringList& days, const QString& names);
    [[nodiscard]] QString path(const QString& name) const { return m_directory.filePath(name); }
    [[nodiscard]] QString address(quint16 port, const QString& host = u"127.0.0.1"_s) const
    {
        return u"https://%1:%2"_s.arg(host).arg(port);
    }

    QTemporaryDir m_directory;
    std::unique_ptr<TinyServer> m_good;
    std::unique_ptr<TinyServer> m_expired;
    std::unique_ptr<TinyServer> m_elsewhere;
    std::unique_ptr<BlackHole> m_blackHole;
    QMap<QString, QString> m_sentences; ///< what the doctor said, by case
    int m_files = 0;
};

void TestDoctorSentences::certificate(const QString& name, const QString& ca, const QStringList& days,
                                      const QString& names)
{
    const Ran request =
        run(u"openssl"_s, {u"req"_s, u"-newkey"_s, u"rsa:2048"_s, u"-nodes"_s, u"-subj"_s, u"/CN="_s + name,
                           u"-keyout"_s, path(name + u".key"_s), u"-out"_s, path(name + u".csr"_s)});
    QVERIFY2(request.code == 0, request.err.constData());
    const Ran sign =
        run(u"openssl"_s,
            QStringList{u"x509"_s, u"-req"_s, u"-in"_s, path(name + u".csr"_s), u"-CA"_s, path(ca + u".crt"_s),
                        u"-CAkey"_s, path(ca + u".key"_s), u"-CAcreateserial"_s, u"-out"_s, path(name + u".crt"_s),
                        u"-extfile"_s, write(name + u".ext"_s, "subjectAltName=" + names.toUtf8())} +
                days);
    QVERIFY2(sign.code == 0, sign.err.constData());
}

QString TestDoctorSentences::write(const QString& name, const QByteArray& text, bool executable)
{
    QFile file(path(name));
    if (!file.open(QIODevice::WriteOnly) || file.write(text) != text.size())
        return {};
    if (executable)
        file.setPermissions(QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
    return path(name);
}

QString TestDoctorSentences::kubeconfig(const QString& server, const QString& ca, const QString& user)
{
    const QString text =
        u"apiVersion: v1\nkind: Config\ncurrent-context: it\n"
        "clusters:\n- {name: it, cluster: {server: \"%1\", certificate-authority: \"%2\"}}\n"
        "users:\n- name: me\n  user: %3\n"
        "contexts:\n- {name: it, context: {cluster: it, user: me}}\n"_s.arg(server, path(ca + u".crt"_s), user);
    return write(u"config-%1"_s.arg(++m_files), text.toUtf8());
}

void TestDoctorSentences::initTestCase()
{
    if (run(u"openssl"_s, {u"version"_s}).code != 0)
        QSKIP("the openssl command is not on the PATH, which makes this test's certificates (Debian: apt-get install "
              "openssl)");
    for (const QString& ca : {u"ca"_s, u"another-ca"_s}) {
        const Ran made = run(u"openssl"_s, {u"req"_s, u"-x509"_s, u"-newkey"_s, u"rsa:2048"_s, u"-nodes"_s, u"-days"_s,
                                            u"30"_s, u"-subj"_s, u"/CN="_s + ca, u"-keyout"_s, path(ca + u".key"_s),
                                            u"-out"_s, path(ca + u".crt"_s)});
        QVERIFY2(made.code == 0, made.err.constData());
    }
    certificate(u"good"_s, u"ca"_s, {u"-days"_s, u"30"_s}, u"DNS:localhost,IP:127.0.0.1"_s);
    certificate(u"expired"_s, u"ca"_s, {u"-days"_s, u"-1"_s}, u"DNS:localhost,IP:127.0.0.1"_s);
    certificate(u"elsewhere"_s, u"ca"_s, {u"-days"_s, u"30"_s}, u"DNS:elsewhere.example"_s);
    m_good = std::make_unique<TinyServer>(path(u"good.crt"_s), path(u"good.key"_s));
    m_expired = std::make_unique<TinyServer>(path(u"expired.crt"_s), path(u"expired.key"_s));
    m_elsewhere = std::make_unique<TinyServer>(path(u"elsewhere.crt"_s), path(u"elsewhere.key"_s));
    m_blackHole = std::make_unique<BlackHole>();
    QVERIFY(m_good->port() && m_expired->port() && m_elsewhere->port() && m_blackHole->port());
}

void TestDoctorSentences::failures_data()
{
    QTest::addColumn<QString>("file");
    QTest::addColumn<QString>("says"); ///< regular expression
    QTest::addColumn<int>("withinMs");
    if (!m_good)
        return;
    const QString token = u"{token: good-token}"_s;
    QTest::newRow("nothing is wrong") << kubeconfig(address(m_good->port()), u"ca"_s, token) << QString() << 10'000;
    QTest::newRow("wrong CA") << kubeconfig(address(m_good->port()), u"another-ca"_s, token)
                              << u"(?i)authority|issuer|signed"_s << 15'000;
    QTest::newRow("expired certificate") << kubeconfig(address(m_expired->port()), u"ca"_s, token) << u"(?i)expired"_s
                                         << 15'000;
    QTest::newRow("wrong host name") << kubeconfig(address(m_elsewhere->port()), u"ca"_s, token)
                                     << u"(?i)elsewhere\\.example|host ?name"_s << 15'000;
    QTest::newRow("refused") << kubeconfig(address(freePorts({0})), u"ca"_s, token)
                             << u"(?i)refused|nothing listens|no one listens"_s << 15'000;
    QTest::newRow("black hole") << kubeconfig(address(m_blackHole->port()), u"ca"_s, token)
                                << u"(?i)no answer|timed out|(did|does) not answer"_s << 45'000;
    QTest::newRow("no such host") << kubeconfig(u"https://no-such-host.invalid:6443"_s, u"ca"_s, token)
                                  << u"(?i)no-such-host\\.invalid"_s << 30'000;
    QTest::newRow("wrong token") << kubeconfig(address(m_good->port()), u"ca"_s, u"{token: bad-token}"_s)
                                 << u"(?i)401|credential|token"_s << 15'000;
    const QString failing =
        write(u"failing-plugin"_s, "#!/bin/sh\necho 'the session has ended, log in again' >&2\nexit 3\n", true);
    QTest::newRow("plugin that fails")
        << kubeconfig(address(m_good->port()), u"ca"_s,
                      u"{exec: {apiVersion: client.authentication.k8s.io/v1beta1, command: \"%1\"}}"_s.arg(failing))
        << u"(?s)(?=.*the session has ended, log in again)(?=.*(?i)exit code 3|ended with 3|code 3)"_s << 15'000;
    QTest::newRow("plugin that is not there")
        << kubeconfig(
               address(m_good->port()), u"ca"_s,
               u"{exec: {apiVersion: client.authentication.k8s.io/v1beta1, command: no-such-plugin, installHint: get it there}}"_s)
        << u"(?s)(?=.*no-such-plugin)(?=.*get it there)"_s << 15'000;
    QTest::newRow("plugin that would ask")
        << kubeconfig(
               address(m_good->port()), u"ca"_s,
               u"{exec: {apiVersion: client.authentication.k8s.io/v1, command: \"%1\", interactiveMode: Always}}"_s.arg(
                   failing))
        << u"(?i)interactive"_s << 15'000;
    QTest::newRow("CA file that is not there")
        << kubeconfig(address(m_good->port()), u"absent"_s, token) << u"absent\\.crt"_s << 15'000;
    QTest::newRow("empty kubeconfig") << write(u"empty"_s, "") << u"(?i)empty|no context"_s << 15'000;
    QTest::newRow("syntax error") << write(u"broken"_s,
                                           "apiVersion: v1\nclusters:\n- {name: x, cluster: {server: [}}\n")
                                  << u":3:\\d+|line 3"_s << 15'000;
    QTest::newRow("no such file") << path(u"no-such-file"_s) << u"no-such-file"_s << 15'000;
}

void TestDoctorSentences::failures()
{
    QFETCH(QString, file);
    QFETCH(QString, says);
    QFETCH(int, withinMs);
    const QStringList options{u"--kubeconfig"_s, file};
    const QStringList environment{u"HOME="_s + m_directory.path()};
    const Ran doctor = run(program(u"watchkeeperctl"_s), QStringList{u"doctor"_s} + options, withinMs, environment);
    const QByteArray spoken = doctor.out + doctor.err;
    const Ran get =
        run(program(u"watchkeeperctl"_s), QStringList{u"get"_s, u"pods"_s} + options, withinMs, environment);
    QVERIFY2(doctor.code >= 0, "doctor: " + spoken + QByteArray::number(doctor.code));
    QVERIFY2(get.code >= 0, "get: " + get.err + QByteArray::number(get.code));
    if (says.isEmpty()) {
        QVERIFY2(doctor.code == 0 && get.code == 0, spoken + get.err);
        return;
    }
    QVERIFY2(doctor.code == 3 || doctor.code == 1, spoken + QByteArray::number(doctor.code));
    QCOMPARE(get.code, 3);
    const QRegularExpression expected(says);
    QVERIFY2(QString::fromUtf8(spoken).contains(expected), "doctor says: " + spoken);
    QVERIFY2(QString::fromUtf8(get.err).contains(expected), "get says: " + get.err);
    QVERIFY2(!spoken.contains("good-token") && !spoken.contains("bad-token"),
             "a secret in the doctor's words: " + spoken);
    // Numbers of ports and files differ anyway; the words must, too.
    m_sentences[QString::fromLatin1(QTest::currentDataTag())] = QString::fromUtf8(get.err).replace(
        QRegularExpression(u"[0-9]+|"_s + QRegularExpression::escape(m_directory.path())), u"#"_s);
}

void TestDoctorSentences::aPluginThatHealsA401()
{
    // The first credential has been revoked; asked once more, the plugin has a good one.
    const QString state = path(u"asked"_s);
    const QString plugin =
        write(u"healing-plugin"_s,
              "#!/bin/sh\nif [ -e '" + state.toUtf8() +
                  "' ]; then token=good-token; else token=stale-token; fi\necho x >> '" + state.toUtf8() +
                  "'\necho "
                  "'{\"apiVersion\":\"client.authentication.k8s.io/"
                  "v1beta1\",\"kind\":\"ExecCredential\",\"status\":{\"token\":\"'$token'\"}}'\n",
              true);
    const QString file =
        kubeconfig(address(m_good->port()), u"ca"_s,
                   u"{exec: {apiVersion: client.authentication.k8s.io/v1beta1, command: \"%1\"}}"_s.arg(plugin));
    const Ran get = run(program(u"watchkeeperctl"_s), {u"get"_s, u"pods"_s, u"--kubeconfig"_s, file}, 20'000,
                        {u"HOME="_s + m_directory.path()});
    QVERIFY2(get.code == 0, get.err.constData());
    QFile asked(state);
    QVERIFY(asked.open(QIODevice::ReadOnly));
    QCOMPARE(asked.readAll().count('x'), 2); // once, and one refresh for all that were refused
}

void TestDoctorSentences::oneKindIsForbidden()
{
    const QString file = kubeconfig(address(m_good->port()), u"ca"_s, u"{token: good-token}"_s);
    const Ran secrets = run(program(u"watchkeeperctl"_s), {u"get"_s, u"secrets"_s, u"--kubeconfig"_s, file}, 20'000,
                            {u"HOME="_s + m_directory.path()});
    QCOMPARE(secrets.code, 1);
    QVERIFY2(secrets.err.contains("secrets") && secrets.out.isEmpty(), secrets.err.constData());
    m_sentences[u"forbidden"_s] = QString::fromUtf8(secrets.err);
    const Ran pods = run(program(u"watchkeeperctl"_s), {u"get"_s, u"pods"_s, u"--kubeconfig"_s, file}, 20'000,
                         {u"HOME="_s + m_directory.path()});
    QVERIFY2(pods.code == 0, pods.err.constData());
}

void TestDoctorSentences::everySentenceIsItsOwn()
{
    const QSet<QString> different(m_sentences.begin(), m_sentences.end());
    QVERIFY2(different.size() == m_sentences.size(), qPrintable(QStringList(m_sentences.values()).join(u"\n"_s)));
    QVERIFY(!m_good || m_sentences.size() >= 14);
}

QTEST_GUILESS_MAIN(TestDoctorSentences)
#include "test_doctor_sentences.moc"
