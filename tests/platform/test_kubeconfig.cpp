// SPDX-License-Identifier: GPL-3.0-or-later
#include "platform/KubeConfig.h"
#include "platform/KubeConfigTree.h"

#include <QtTest/QtTest>

using namespace wk;
using namespace wk::platform;
using namespace Qt::StringLiterals;

/// Reading one kubeconfig: what stands in it, and what is said about mistakes.
class TestKubeConfig : public QObject
{
    Q_OBJECT

    static QByteArray full()
    {
        QFile file(QStringLiteral(TEST_DATA) + u"/kubeconfig-full.yaml"_s);
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }

    static KubeConfig config()
    {
        auto parsed = KubeConfig::parse(full(), u"/home/ann/.kube/config"_s);
        return parsed ? *parsed : KubeConfig();
    }

    static QString errorOf(const QByteArray& text)
    {
        const auto parsed = KubeConfig::parse(text, u"/k/config"_s);
        return parsed ? u"(none)"_s : parsed.error().text();
    }

private slots:
    void contextsInTheirOrder()
    {
        const auto contexts = config().contexts();
        QCOMPARE(contexts.size(), 6);
        QCOMPARE(contexts[0].id, (ContextId{u"/home/ann/.kube/config"_s, u"shop-admin"_s}));
        QVERIFY(contexts[0].current);
        QVERIFY(!contexts[1].current);
        QCOMPARE(contexts[0].space, u"checkout"_s);
        QCOMPARE(contexts[1].userName, u"sso"_s);
        QCOMPARE(config().currentContext(), u"shop-admin"_s);
    }

    void clusterAndPaths()
    {
        const auto c = config().resolve();
        QVERIFY2(c, qPrintable(c ? QString() : c.error().text()));
        QCOMPARE(c->server.toString(), u"https://10.20.0.1:6443"_s);
        QCOMPARE(c->caFile, u"/home/ann/.kube/pki/ca.crt"_s);
        QCOMPARE(c->tlsServerName, u"api.shop.test"_s);
        QCOMPARE(c->proxyUrl.toString(), u"socks5://127.0.0.1:1080"_s);
        QVERIFY(c->disableCompression);
        QVERIFY(!c->insecureSkipTlsVerify);
        QCOMPARE(c->clientCertificateFile, u"/home/ann/.kube/admin.crt"_s);
        QCOMPARE(c->clientKeyFile, u"/etc/keys/admin.key"_s);
    }

    void impersonationAndToken()
    {
        const auto c = config().resolve(u"lab"_s);
        QVERIFY(c);
        QCOMPARE(c->tokenFile, u"/home/ann/token"_s);
        QCOMPARE(c->token, u"fallback"_s);
        QCOMPARE(c->impersonate.user, u"deployer"_s);
        QCOMPARE(c->impersonate.uid, u"42"_s);
        QCOMPARE(c->impersonate.groups, (QStringList{u"team-a"_s, u"team-b"_s}));
        QCOMPARE(c->impersonate.extra,
                 (QList<QPair<QString, QStringList>>{{u"reason"_s, {u"night shift"_s, u"drill"_s}}}));
        QVERIFY(c->insecureSkipTlsVerify);
        QCOMPARE(c->server.toString(), u"https://lab.test"_s); // something about TLS is set
    }

    void mergeKeys()
    {
        const auto c = config().resolve(u"lab2"_s);
        QVERIFY(c);
        QCOMPARE(c->server.toString(), u"https://lab2.test:8443/k8s"_s);
        QVERIFY(c->insecureSkipTlsVerify);
        QCOMPARE(c->authProvider, u"oidc"_s);
    }

    void execPlugin()
    {
        const auto c = config().resolve(u"shop-sso"_s);
        QVERIFY(c && c->exec);
        QCOMPARE(c->exec->command, u"/home/ann/.kube/bin/login"_s);
        QCOMPARE(c->exec->args, (QStringList{u"get-token"_s, u"--cluster"_s, u"shop"_s}));
        QCOMPARE(c->exec->env, (QList<QPair<QString, QString>>{{u"REGION"_s, u"eu"_s}}));
        QCOMPARE(c->exec->interactiveMode, ExecPlugin::InteractiveMode::IfAvailable);
        QCOMPARE(c->exec->installHint, u"Install login first."_s);
        QVERIFY(c->exec->provideClusterInfo);
        QCOMPARE(QJsonDocument::fromJson(c->exec->clusterExtensionJson).object(),
                 QJsonDocument::fromJson("{\"audience\":\"shop\",\"ports\":[1,2],\"deep\":{\"on\":true}}").object());
    }

    void missingParts()
    {
        const auto context = config().resolve(u"nope"_s);
        QVERIFY(!context);
        QCOMPARE(context.error().kind, Error::Kind::NotFound);
        QVERIFY2(context.error().text().contains(u"no context “nope”"_s) &&
                     context.error().remedy.contains(u"shop-sso"_s),
                 qPrintable(context.error().text()));
        QVERIFY(config().resolve(u"no-cluster"_s).error().sentence.contains(u"cluster “gone”"_s));
        QVERIFY(config().resolve(u"no-user"_s).error().sentence.contains(u"user “gone”"_s));
    }

    void emptyIsNoMistake_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("nothing") << QByteArray();
        QTest::newRow("comment") << QByteArray("# mine\n");
        QTest::newRow("nulls") << QByteArray("clusters: null\ncontexts: []\nusers:\n");
        QTest::newRow("json") << QByteArray("{}");
        QTest::newRow("two documents") << QByteArray("a: 1\n---\nb: 2\n");
    }
    void emptyIsNoMistake()
    {
        QFETCH(QByteArray, text);
        const auto parsed = KubeConfig::parse(text, u"/k/config"_s);
        QVERIFY2(parsed, qPrintable(parsed ? QString() : parsed.error().text()));
        QVERIFY(parsed->contexts().isEmpty());
        const auto context = parsed->resolve();
        QVERIFY(!context);
        QVERIFY2(context.error().sentence.contains(u"There is no context in /k/config"_s),
                 qPrintable(context.error().text()));
    }

    void json()
    {
        const auto parsed =
            KubeConfig::parse("{\n\t\"current-context\": \"a \\ud83d\\ude00\", \"clusters\": [{\"name\": \"c\", "
                              "\"cluster\": {\"server\": \"https:\\/\\/h\"}}],"
                              "\"contexts\": [{\"name\": \"a \\ud83d\\ude00\", \"context\": {\"cluster\": \"c\"}}]}",
                              u"/k/config"_s);
        QVERIFY2(parsed, qPrintable(parsed ? QString() : parsed.error().text()));
        const auto context = parsed->resolve();
        QVERIFY2(context, qPrintable(context ? QString() : context.error().text()));
        QCOMPARE(context->server.host(), u"h"_s);
    }

    void mistakesHaveAPlace_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QString>("place");
        QTest::addColumn<QString>("words");
        QTest::newRow("syntax") << QByteArray("apiVersion: v1\nclusters:\n- name: a\n   cluster: {}\n")
                                << u"/k/config:4:"_s << u"not valid YAML"_s;
        QTest::newRow("bracket") << QByteArray("clusters: [\n") << u"/k/config:"_s << u"not valid YAML"_s;
        QTest::newRow("tab") << QByteArray("clusters:\n\t- name: a\n") << u"/k/config:2:"_s << u"not valid YAML"_s;
        QTest::newRow("text") << QByteArray("hello") << u"/k/config:1:1"_s
                              << u"a kubeconfig is a map, and this is text"_s;
        QTest::newRow("list") << QByteArray("[]") << u"/k/config:1:1"_s << u"this is a list"_s;
        QTest::newRow("map for list") << QByteArray("clusters: {}\n") << u"/k/config:1:11"_s
                                      << u"“clusters” must be a list, and is a map"_s;
        QTest::newRow("number for text") << QByteArray("users:\n- name: a\n  user: {token: 123}\n")
                                         << u"/k/config:3:17"_s
                                         << u"“token” must be text, and is a number. Put it into quotation marks."_s;
        QTest::newRow("yes for text") << QByteArray("contexts:\n- name: y\n") << u"/k/config:2:9"_s
                                      << u"“name” must be text, and is true or false"_s;
        QTest::newRow("text for bool") << QByteArray(
                                              "clusters:\n- name: a\n  cluster: {insecure-skip-tls-verify: \"true\"}\n")
                                       << u"/k/config:3:"_s << u"must be true or false, and is text"_s;
        QTest::newRow("twice") << QByteArray("users:\n- name: a\n- name: a\n") << u"/k/config:3:3"_s
                               << u"the name “a” comes twice in “users”"_s;
        QTest::newRow("kind") << QByteArray("kind: Pod\n") << u"/k/config:1:1"_s << u"no kubeconfig"_s;
        QTest::newRow("groups") << QByteArray("users:\n- name: a\n  user: {as-groups: [1]}\n") << u"/k/config:3:"_s
                                << u"every entry of “as-groups” must be text"_s;
        QTest::newRow("mode") << QByteArray("users:\n- name: a\n  user: {exec: {interactiveMode: Maybe}}\n")
                              << u"/k/config:3:"_s << u"“Maybe”"_s;
        QTest::newRow("self alias") << QByteArray("a: &a [*a]\n") << u"/k/config:1:"_s << u"alias"_s;
    }
    void mistakesHaveAPlace()
    {
        QFETCH(QByteArray, text);
        QFETCH(QString, place);
        QFETCH(QString, words);
        const QString said = errorOf(text);
        QVERIFY2(said.startsWith(place), qPrintable(said));
        QVERIFY2(said.contains(words), qPrintable(said));
    }

    void bombsAreRefused()
    {
        QByteArray laughs = "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n";
        for (int i = 1; i < 12; ++i) {
            const QByteArray before = "*a" + QByteArray::number(i - 1);
            laughs += "a" + QByteArray::number(i) + ": &a" + QByteArray::number(i) + " [" + (before + ",").repeated(9) +
                      before + "]\n";
        }
        QVERIFY2(errorOf(laughs).contains(u"too much"_s), qPrintable(errorOf(laughs)));
        QVERIFY(errorOf(QByteArray(100'000, '[')) != u"(none)"_s);
        QVERIFY(errorOf("a: " + QByteArray("{a: ").repeated(80) + QByteArray("}").repeated(80)) != u"(none)"_s);
        QVERIFY(errorOf(QByteArray(9 << 20, ' ')).contains(u"8 MiB"_s));
        QVERIFY(errorOf("a: [" + QByteArray("1,").repeated(300'000) + "1]").contains(u"too much"_s));
    }

    void inlineData()
    {
        const auto with = [](const QByteArray& data) {
            return KubeConfig::parse(
                "clusters: [{name: c, cluster: {server: 'https://h', certificate-authority-data: \"" + data +
                    "\"}}]\ncontexts: [{name: x, context: {cluster: c}}]\n",
                u"/k/config"_s);
        };
        QCOMPARE(with("aGVsbG8=")->resolve(u"x"_s)->caData, "hello");
        QCOMPARE(with("aGVs\\nbG8=")->resolve(u"x"_s)->caData, "hello");
        const auto bad = with("!!!")->resolve(u"x"_s);
        QVERIFY(!bad);
        QVERIFY2(bad.error().sentence.contains(u"certificate-authority-data of “c” in /k/config is not base64"_s),
                 qPrintable(bad.error().text()));
    }

    void serverForms_data()
    {
        QTest::addColumn<QByteArray>("server");
        QTest::addColumn<QString>("url");
        QTest::newRow("bare") << QByteArray("h") << u"http://h"_s;
        QTest::newRow("port") << QByteArray("h:6443") << u"http://h:6443"_s;
        QTest::newRow("address") << QByteArray("10.0.0.1:6443") << u"http://10.0.0.1:6443"_s;
        QTest::newRow("v6") << QByteArray("https://[fd00::1]:6443") << u"https://[fd00::1]:6443"_s;
        QTest::newRow("none") << QByteArray("") << QString();
        QTest::newRow("ftp") << QByteArray("ftp://h") << QString();
        QTest::newRow("space") << QByteArray("https://a b") << QString();
        QTest::newRow("no host") << QByteArray("https://") << QString();
    }
    void serverForms()
    {
        QFETCH(QByteArray, server);
        QFETCH(QString, url);
        const auto parsed = KubeConfig::parse("clusters: [{name: c, cluster: {server: '" + server +
                                                  "'}}]\ncontexts: [{name: x, context: {cluster: c}}]\n",
                                              u"/k"_s);
        QVERIFY(parsed);
        const auto context = parsed->resolve(u"x"_s);
        if (url.isEmpty())
            QVERIFY(!context && !context.error().sentence.isEmpty());
        else
            QCOMPARE(context->server.toString(), url);
    }

    void contradictions()
    {
        const auto resolve = [](const QByteArray& cluster, const QByteArray& user) {
            const auto parsed = KubeConfig::parse("clusters: [{name: c, cluster: {server: 'https://h'" + cluster +
                                                      "}}]\nusers: [{name: u, user: {" + user +
                                                      "}}]\ncontexts: [{name: x, context: {cluster: c, user: u}}]\n",
                                                  u"/k"_s);
            return parsed ? parsed->resolve(u"x"_s) : Result<ResolvedContext>(fail(parsed.error()));
        };
        QVERIFY(resolve("", "").has_value());
        QVERIFY(resolve(", insecure-skip-tls-verify: true, certificate-authority: a", "")
                    .error()
                    .sentence.contains(u"both"_s));
        QVERIFY(resolve("", "token: a, username: b").error().sentence.contains(u"both a token and a password"_s));
        QVERIFY(resolve("", "exec: {apiVersion: client.authentication.k8s.io/v1, command: a}")
                    .error()
                    .sentence.contains(u"interactiveMode"_s));
        QVERIFY(resolve("", "exec: {apiVersion: client.authentication.k8s.io/v1beta1, command: a}").has_value());
        QVERIFY(resolve("", "exec: {apiVersion: client.authentication.k8s.io/v1, command: a, interactiveMode: Never}")
                    .has_value());
    }

    void secretsAreNotInErrors()
    {
        const QString said =
            errorOf("users:\n- name: a\n  user: {token: hunter2hunter2, client-key-data: [c2VjcmV0]}\n");
        QVERIFY(said != u"(none)"_s);
        QVERIFY(!said.contains(u"hunter2"_s) && !said.contains(u"c2VjcmV0"_s));
    }
};

QTEST_GUILESS_MAIN(TestKubeConfig)
#include "test_kubeconfig.moc"
