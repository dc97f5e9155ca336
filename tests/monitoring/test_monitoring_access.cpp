// SPDX-License-Identifier: GPL-3.0-or-later
#include "MonitoringBench.h"
#include "Platforms.h"
#include "monitoring/alerts/FindAlertmanager.h"
#include "monitoring/prometheus/ServerSource.h"

#include <QtCore/QTemporaryDir>
#include <QtTest/QSignalSpy>

using namespace wk;
using namespace wk::test;

namespace {

const QByteArray one = R"({"status":"success","data":{"resultType":"scalar","result":[1700000000,"1"]}})";

QByteArray shopFile(const QByteArray& prometheus)
{
    return R"(name: shop
title: Shop
clusters: [{name: production, class: production}]
namespaces: [{name: shop, cluster: production}]
services: [{name: web, title: Web, kind: application}]
monitoring:
  prometheus:
)" + prometheus;
}

/// The first mistake, "line:column: message".
QString mistakeOf(const QByteArray& prometheus)
{
    const auto load = platform::parsePlatform(shopFile(prometheus), u"shop.yaml"_s);
    if (load.problems.empty())
        return {};
    const platform::PlatformProblem& problem = load.problems.front();
    return u"%1:%2: %3"_s.arg(problem.line).arg(problem.column).arg(problem.message);
}

} // namespace

/// A Prometheus that wants more than its address: what the platform file says, and the secret out of the keychain.
class TestMonitoringAccess : public QObject
{
    Q_OBJECT
private slots:
    void theFileIsRead();
    void mistakesAreFoundAtTheirPlace_data();
    void mistakesAreFoundAtTheirPlace();
    void basic();
    void bearerWithATenantAndAPrefix();
    void clientCertificate();
    void proxy();
    void everyReplicaOfAnAlertmanager();
    void whatIsMissingIsSaid();
    void throughAnApiServerNoLoginPasses();

private:
    /// Asks for 1 through the file; what came of it.
    [[nodiscard]] Result<AnswerPtr> ask(const QByteArray& prometheus);

    QTemporaryDir m_folder;
    ManualClock m_clock;
    secrets::MemoryStore m_secrets;
};

Result<AnswerPtr> TestMonitoringAccess::ask(const QByteArray& prometheus)
{
    QFile file(m_folder.filePath(u"shop.yaml"_s));
    if (!file.open(QIODevice::WriteOnly | QIODevice::Truncate))
        return fail(Error::Kind::Io, file.errorString());
    file.write(shopFile(prometheus));
    file.close();
    const auto load = platform::loadPlatformFile(file.fileName());
    if (load.platforms.empty())
        return fail(Error::Kind::BadInput, load.problems.front().text());
    ServerSource::Places places;
    places.platform = load.platforms.front();
    places.secrets = &m_secrets;
    ServerSource source(std::move(places), m_clock);
    source.look();
    if (!QTest::qWaitFor([&] { return source.state() != ServerSource::State::Looking; }, 60'000))
        return fail(Error::Kind::Network, u"still looking"_s);
    if (source.error())
        return fail(*source.error());
    Question question;
    question.flight = source.server()->instant({u"1"_s, std::nullopt}, Priority::Now, question.then());
    if (!question.wait())
        return fail(Error::Kind::Network, u"no answer"_s);
    return *question.result;
}

void TestMonitoringAccess::theFileIsRead()
{
    const auto load = platform::parsePlatform(shopFile(R"(    url: https://prometheus.example.org
    prefix: /thanos
    login: {kind: basic, user: watch, secret: figures}
    certificate: {file: client.pem, key: client.key}
    authority: ca.pem
    headers: ["X-Scope-OrgID: shop", "X-Region: eu"]
    proxy: http://proxy.example.org:3128
  alertmanager:
    url: [http://am-0:9093, http://am-1:9093]
)"),
                                              u"/etc/shop.yaml"_s);
    QVERIFY2(load.problems.empty(), load.problems.empty() ? "" : qPrintable(load.problems.front().text()));
    const platform::Monitoring& monitoring = load.platforms.front()->monitoring;
    QCOMPARE(monitoring.alertmanager->urls.size(), 2);
    const platform::ServerAccess& access = *monitoring.prometheus;
    QCOMPARE(access.user, u"watch"_s);
    QCOMPARE(access.headers.size(), size_t(2));
    QCOMPARE(access.headers[0], (std::pair{u"X-Scope-OrgID"_s, u"shop"_s}));
    QCOMPARE(accessOf(monitoring.prometheus, u"shop"_s, u"/etc/shop.yaml"_s, u"prometheus"_s)->entry, u"figures"_s);
    QCOMPARE(accessOf(monitoring.alertmanager, u"shop"_s, u"/etc/shop.yaml"_s, u"alertmanager"_s)->entry,
             u"shop/alertmanager"_s);
    QVERIFY(!accessOf(std::nullopt, u"shop"_s, {}, {}));
}

void TestMonitoringAccess::mistakesAreFoundAtTheirPlace_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QString>("place");
    QTest::addColumn<QString>("said");
    QTest::newRow("no address") << QByteArray("    url: prometheus.example.org\n") << u"8:10"_s << u"is no address"_s;
    QTest::newRow("a password in the address")
        << QByteArray("    url: https://me:geheim@prometheus\n") << u"8:10"_s << u"a password"_s;
    QTest::newRow("two servers") << QByteArray("    url: [http://a, http://b]\n") << u"8:10"_s << u"one Prometheus"_s;
    QTest::newRow("no path") << QByteArray("    prefix: thanos\n") << u"8:13"_s << u"is no path"_s;
    QTest::newRow("no such login") << QByteArray("    login: {kind: digest}\n") << u"8:19"_s << u"digest"_s;
    QTest::newRow("nobody") << QByteArray("    login: {kind: basic}\n") << u"8:12"_s << u"user"_s;
    QTest::newRow("a token in a header") << QByteArray("    headers: [\"Authorization: Bearer geheim\"]\n") << u"8:14"_s
                                         << u"a secret"_s;
    QTest::newRow("no header") << QByteArray("    headers: [tenant]\n") << u"8:14"_s << u"no header"_s;
    QTest::newRow("half a certificate") << QByteArray("    certificate: {file: a.pem}\n") << u"8:18"_s << u"key"_s;
    QTest::newRow("a proxy of no kind") << QByteArray("    proxy: ftp://proxy\n") << u"8:12"_s << u"is no address"_s;
    QTest::newRow("a key of no meaning") << QByteArray("    password: geheim\n") << u"8:5"_s << u"password"_s;
}

void TestMonitoringAccess::mistakesAreFoundAtTheirPlace()
{
    QFETCH(QByteArray, text);
    QFETCH(QString, place);
    QFETCH(QString, said);
    const QString mistake = mistakeOf(text);
    QVERIFY2(mistake.startsWith(place + u':'), qPrintable(mistake));
    QVERIFY2(mistake.contains(said), qPrintable(mistake));
    QVERIFY2(!mistake.contains(u"geheim"_s), qPrintable(mistake));
}

void TestMonitoringAccess::basic()
{
    TestServer server([](QTcpSocket* socket, const Received& received) {
        const bool right = received.header("Authorization") == "Basic " + QByteArray("watch:pässword").toBase64();
        TestServer::answer(socket, right ? 200 : 401, right ? one : QByteArray("who are you"), json);
    });
    const QByteArray file = "    url: " + server.url().toEncoded() + "\n    login: {kind: basic, user: watch}\n";
    (void)m_secrets.write(u"shop/prometheus"_s, "pässword");
    const auto answer = ask(file);
    QVERIFY2(answer, answer ? "" : qPrintable(answer.error().text()));
    (void)m_secrets.write(u"shop/prometheus"_s, "another");
    const auto refused = ask(file);
    QVERIFY(!refused);
    QCOMPARE(refused.error().kind, Error::Kind::Unauthorized);
    QVERIFY(!refused.error().text().contains(u"another"_s));
    (void)m_secrets.remove(u"shop/prometheus"_s);
}

void TestMonitoringAccess::bearerWithATenantAndAPrefix()
{
    TestServer server([](QTcpSocket* socket, const Received& received) {
        const bool right = received.header("Authorization") == "Bearer token-1" &&
                           received.header("X-Scope-OrgID") == "shop" &&
                           received.target.startsWith("/team/thanos/api/v1/query");
        TestServer::answer(socket, right ? 200 : 401, right ? one : QByteArray("no"), json);
    });
    (void)m_secrets.write(u"figures"_s, "token-1\n");
    const auto answer = ask("    url: " + server.url().toEncoded() +
                            "/team/\n    prefix: /thanos/\n    login: {kind: bearer, secret: figures}\n"
                            "    headers: [\"X-Scope-OrgID: shop\"]\n");
    QVERIFY2(answer, answer ? "" : qPrintable(answer.error().text()));
}

void TestMonitoringAccess::clientCertificate()
{
    Pki pki;
    if (!pki.works())
        QSKIP(qPrintable(pki.problem()));
    const Issued client = pki.issue({.name = u"watch"_s, .hosts = {}, .client = true});
    const auto write = [this](const QString& name, const QByteArray& bytes) {
        QFile file(m_folder.filePath(name));
        return file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size();
    };
    QVERIFY(write(u"ca.pem"_s, pki.authority()) && write(u"client.pem"_s, client.certificate) &&
            write(u"client.key"_s, client.key));
    QByteArray who;
    TestServer server([&who](QTcpSocket* socket, const Received& received) {
        who = received.clientName;
        TestServer::answer(socket, 200, one, json);
    });
    server.useTls(pki.issue({}), pki.authority());
    const QByteArray url = "    url: " + server.url().toEncoded() + "\n    authority: ca.pem\n";
    QVERIFY(!ask(url)); // it wants a certificate
    const auto answer = ask(url + "    certificate: {file: client.pem, key: client.key}\n");
    QVERIFY2(answer, answer ? "" : qPrintable(answer.error().text()));
    QCOMPARE(who, "watch");
}

void TestMonitoringAccess::proxy()
{
    TestServer server([](QTcpSocket* socket, const Received&) { TestServer::answer(socket, 200, one, json); });
    TestProxy proxy(true);
    const auto answer = ask("    url: http://prometheus.shop.test:" + QByteArray::number(server.serverPort()) +
                            "\n    proxy: " + proxy.url().toEncoded() + "\n");
    QVERIFY2(answer, answer ? "" : qPrintable(answer.error().text()));
    QVERIFY(!proxy.asked().isEmpty());
    QVERIFY2(proxy.asked().first().contains(u"prometheus.shop.test"_s), qPrintable(proxy.asked().first()));
}

void TestMonitoringAccess::everyReplicaOfAnAlertmanager()
{
    (void)m_secrets.write(u"shop/alertmanager"_s, "token-2");
    const auto load = platform::parsePlatform(shopFile("    url: http://127.0.0.1:1\n"
                                                       "  alertmanager:\n"
                                                       "    url: [http://127.0.0.1:2, http://127.0.0.1:3]\n"
                                                       "    login: {kind: bearer}\n"),
                                              u"shop.yaml"_s);
    QVERIFY(!load.platforms.empty());
    std::optional<Result<FoundAlertmanagers>> found;
    AlertmanagerFinder finder({nullptr, {}, load.platforms.front(), &m_secrets},
                              [&found](Result<FoundAlertmanagers> result) { found = std::move(result); });
    QTRY_VERIFY_WITH_TIMEOUT(found, 60'000);
    QVERIFY2(*found, *found ? "" : qPrintable(found->error().text()));
    QCOMPARE((*found)->replicas.size(), size_t(2));
    for (const ServerAddress& replica : (*found)->replicas)
        QCOMPARE(replica.login.secret, "token-2");
    QCOMPARE((*found)->replicas[1].url.port(), 3);
}

void TestMonitoringAccess::whatIsMissingIsSaid()
{
    const auto nothing = ask("    url: http://127.0.0.1:1\n    login: {kind: bearer}\n");
    QVERIFY(!nothing);
    QCOMPARE(nothing.error().kind, Error::Kind::Unauthorized);
    QVERIFY2(nothing.error().text().contains(u"secret set shop/prometheus"_s), qPrintable(nothing.error().text()));
    const auto unread = ask("    url: https://127.0.0.1:1\n    authority: none.pem\n");
    QVERIFY(!unread);
    QVERIFY2(unread.error().sentence.contains(u"none.pem"_s), qPrintable(unread.error().sentence));
}

void TestMonitoringAccess::throughAnApiServerNoLoginPasses()
{
    ServerAddress address;
    address.servicePath = servicePath(u"shop"_s, u"prometheus"_s, 9090);
    AccessFile file;
    file.access.prefix = u"/thanos"_s;
    const auto prefixed = withAccess(address, file, nullptr).result();
    QVERIFY(prefixed);
    QCOMPARE(prefixed->servicePath, servicePath(u"shop"_s, u"prometheus"_s, 9090) + "/thanos");
    file.access.login = platform::ServerAccess::Login::Bearer;
    const auto refused = withAccess(address, file, &m_secrets).result();
    QVERIFY(!refused);
    QCOMPARE(refused.error().kind, Error::Kind::Unsupported);
}

QTEST_GUILESS_MAIN(TestMonitoringAccess)
#include "test_monitoring_access.moc"
