// SPDX-License-Identifier: GPL-3.0-or-later
#include "ActionBench.h"
#include "changes/plan/Passwords.h"
#include "changes/plan/Plan.h"

#include <QtTest/QTest>

using namespace wk;
using namespace wk::changes;
using namespace wk::test;
using namespace Qt::StringLiterals;

/// What looks like a password gets neither into a plan nor into the record, by one list.
class TestPasswords : public QObject
{
    Q_OBJECT

private slots:
    void names_data();
    void names();
    void texts_data();
    void texts();
    void plansRefuse_data();
    void plansRefuse();
    void objectsAreMasked();
    void lastAppliedIsMasked();
    void theRecordOfAnyAction_data();
    void theRecordOfAnyAction();
    void whatIsHiddenIsStillObserved();
};

void TestPasswords::names_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("value");
    QTest::addColumn<bool>("secret");
    const auto row = [](const char* name, const char* value, bool secret) {
        QTest::addRow("%s=%s", name, value) << QString::fromLatin1(name) << QString::fromLatin1(value) << secret;
    };
    for (const char* name : {"DB_PASSWORD", "DB_PASS", "JWT_KEY", "AWS_SECRET_ACCESS_KEY", "PGPASSWORD", "dbPassword",
                             "github-token", "api_key", "CLIENT_SECRET", "db.password", "DB_PASSWORD_OLD", "MASTER_KEY",
                             "TOKEN2_PASSWORD", "SIGNING_KEY", "Authorization"})
        row(name, "hunter2", true);
    for (const char* name : {"LOG_LEVEL", "CACHE_KEY", "TOKEN_TTL", "PASSWORD_FILE", "SECRET_NAME", "secretName",
                             "AWS_ACCESS_KEY_ID", "PASSWORD_MIN_LENGTH", "BYPASS", "COMPASS", "TOKENIZER"})
        row(name, "hunter2", false);
    row("USE_PASSWORD", "true", false);
    row("DB_PASSWORD", "", false);
    row("DB_PASSWORD", "$(FROM_SECRET)", false);
    row("DB_PASSWORD", "${FROM_SECRET}", false);
    row("TLS_KEY", "/etc/tls/tls.key", false);
    row("DB_PASSWORD", "(hidden)", false);
    row("REDIS_URL", "redis://:hunter2@redis:6379/0", true);
    row("REDIS_URL", "redis://redis:6379/0", false);
}

void TestPasswords::names()
{
    QFETCH(QString, name);
    QFETCH(QString, value);
    QFETCH(bool, secret);
    QCOMPARE(passwords::isPassword(name, value), secret);
}

void TestPasswords::texts_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("shown");
    const auto row = [](const char* text, const char* shown) {
        QTest::addRow("%s", text) << QString::fromLatin1(text) << QString::fromLatin1(shown);
    };
    row("postgresql://user:pass@host:5432/stratmaster", "postgresql://user:(hidden)@host:5432/stratmaster");
    row("ALTER ROLE app PASSWORD 'it''s hunter2' VALID UNTIL 'infinity'",
        "ALTER ROLE app PASSWORD '(hidden)' VALID UNTIL 'infinity'");
    row("pg_dump --password=hunter2 -f x", "pg_dump --password=(hidden) -f x");
    row("a: 1\npassword: hunter2\nb: 2", "a: 1\npassword: (hidden)\nb: 2");
    row("spring.datasource.password=hunter2\n", "spring.datasource.password=(hidden)\n");
    row("host=db user=app password='hunter 2' dbname=x", "host=db user=app password='(hidden)' dbname=x");
    row("-H 'Authorization: Bearer abcdefghijkl'", "-H 'Authorization: (hidden) (hidden)'");
    row("-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----",
        "-----BEGIN RSA PRIVATE KEY-----(hidden)-----END RSA PRIVATE KEY-----");
    for (const char* harmless : {"SELECT a.token FROM a JOIN b ON a.token = b.token", "password: ${DB_PASSWORD}",
                                 "password_file: /etc/secret", "https://example.org:8080/a@b", "level=debug",
                                 "UPDATE users SET password = crypt('x', gen_salt('bf'))", "token: null"})
        row(harmless, harmless);
}

void TestPasswords::texts()
{
    QFETCH(QString, text);
    QFETCH(QString, shown);
    QCOMPARE(passwords::masked(text), shown);
    QCOMPARE(passwords::masked(shown), shown);
    QCOMPARE(passwords::isPassword(u"x"_s, text), text != shown);
}

void TestPasswords::plansRefuse_data()
{
    QTest::addColumn<Step>("one");
    QTest::addColumn<QString>("place");
    const Target config = target({}, u"v1"_s, u"ConfigMap"_s, u"configmaps"_s, u"shop"_s, u"c"_s);
    const Target secret = target({}, u"v1"_s, u"Secret"_s, u"secrets"_s, u"shop"_s, u"s"_s);
    const Target database{u"production"_s, {}, {}, u"Database"_s, {}, {}, u"streamgate"_s};
    const Target command{{}, {}, {}, u"Command"_s, {}, {}, u"psql"_s};
    const auto row = [](const char* name, const Step& step, const char* place) {
        QTest::newRow(name) << step << QString::fromLatin1(place);
    };
    row("environment", step(u"setEnv"_s, deployment(), R"({"container":"c","set":{"DB_PASS":"hunter2"}})"),
        "parameters.set.DB_PASS");
    row("address", step(u"setEnv"_s, deployment(), R"({"container":"c","set":{"DB":"postgres://a:hunter2@b/c"}})"),
        "parameters.set.DB");
    row("config map", step(u"patchConfigMap"_s, config, R"({"data":{"app.properties":"a=1\ndb.password=hunter2"}})"),
        "parameters.data[app.properties]");
    row("secret",
        step(u"createObject"_s, secret,
             R"({"manifest":{"apiVersion":"v1","kind":"Secret","metadata":{"name":"s","namespace":"shop"},
                 "stringData":{"x":"hunter2"}}})"),
        "parameters.manifest.stringData.x");
    row("manifest",
        step(u"applyObject"_s, deployment(),
             R"({"manifest":{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"api","namespace":"shop"},
                 "spec":{"template":{"spec":{"containers":[{"name":"c","env":[{"name":"JWT_KEY","value":"hunter2"}]}]}}}}})"),
        "parameters.manifest.spec.template.spec.containers[c].env[JWT_KEY].value");
    row("statement", step(u"runSql"_s, database, R"({"statement":"ALTER ROLE a PASSWORD 'hunter2'"})"),
        "parameters.statement");
    row("undo", step(u"runSql"_s, database, R"({"statement":"SELECT 1","undo":"ALTER ROLE a PASSWORD 'hunter2'"})"),
        "parameters.undo");
    row("argument", step(u"runCommand"_s, command, R"({"arguments":["--password=hunter2"]})"),
        "parameters.arguments[0]");
    row("next argument", step(u"runCommand"_s, command, R"({"arguments":["--password","hunter2"]})"),
        "parameters.arguments[1]");
    row("login", step(u"runCommand"_s, command, R"({"arguments":["-u","admin:hunter2"]})"), "parameters.arguments[1]");
}

void TestPasswords::plansRefuse()
{
    QFETCH(Step, one);
    QFETCH(QString, place);
    const auto plan = Plan::make(u"shop"_s, u"x"_s, {one});
    QVERIFY(!plan);
    const QString detail = plan.error().error().text() + plan.error().error().detail;
    QVERIFY2(detail.contains(place + u": looks like a password"_s), qPrintable(detail));
    QVERIFY(!detail.contains(u"hunter2"_s));
}

void TestPasswords::objectsAreMasked()
{
    const QJsonObject object = json(R"({"kind":"Deployment","metadata":{"name":"api"},"spec":{"template":{"spec":{
        "containers":[{"name":"c","args":["--token","hunter2","-v"],"env":[{"name":"A","value":"1"},
        {"name":"DB_PASSWORD","value":"hunter2"},
        {"name":"B","valueFrom":{"secretKeyRef":{"name":"s","key":"password"}}}]}],
        "volumes":[{"name":"v","secret":{"secretName":"tls"}}],"automountServiceAccountToken":false}}}})");
    QCOMPARE(passwords::places(object), (QStringList{u"spec.template.spec.containers[c].args[1]"_s,
                                                     u"spec.template.spec.containers[c].env[DB_PASSWORD].value"_s}));
    QByteArray wanted = QJsonDocument(object).toJson();
    QCOMPARE(QJsonDocument(passwords::masked(object)).toJson(), wanted.replace("hunter2", "(hidden)"));
}

void TestPasswords::lastAppliedIsMasked()
{
    const QJsonObject object = json(R"({"metadata":{"annotations":{"kubectl.kubernetes.io/last-applied-configuration":
        "{\"spec\":{\"env\":[{\"name\":\"DB_PASSWORD\",\"value\":\"hunter2\"}]}}"}}})");
    QCOMPARE(passwords::places(object).size(), 1);
    QVERIFY(!QJsonDocument(passwords::masked(object)).toJson().contains("hunter2"));
}

void TestPasswords::theRecordOfAnyAction_data()
{
    QTest::addColumn<Step>("one");
    QTest::newRow("image") << image();
    QTest::newRow("resources") << step(u"setResources"_s, deployment(), R"({"container":"c","limits":{"cpu":"1"}})");
    QTest::newRow("environment") << step(u"setEnv"_s, deployment(), R"({"container":"c","set":{"A":"2"}})");
    QTest::newRow("removed") << step(u"setEnv"_s, deployment(), R"({"container":"c","remove":["DB_PASSWORD"]})");
    QTest::newRow("deleted") << step(u"deleteObject"_s, deployment());
    QTest::newRow("applied") << step(u"applyObject"_s, deployment(),
                                     R"({"manifest":{"apiVersion":"apps/v1","kind":"Deployment",
                                         "metadata":{"name":"api","namespace":"shop"},"spec":{"replicas":3}}})");
}

void TestPasswords::theRecordOfAnyAction()
{
    QFETCH(Step, one);
    ActionBench b;
    QByteArray live = QJsonDocument(liveDeployment()).toJson();
    live.replace(R"("name": "side")", R"("name": "side", "env": [{"name": "DB_PASSWORD", "value": "hunter2"}])");
    live.replace(R"("name": "C")", R"("name": "DB_PASSWORD")").replace("$(A)/x", "hunter2");
    b.cluster.objects[deployment().path()] = json(live);
    b.perform(one);
    QVERIFY(b.cluster.log.contains("RECORD"));
    const QByteArray record = QJsonDocument(b.before.toJson()).toJson();
    QVERIFY2(!record.contains("hunter2"), record.constData());
    if (one.name == "setEnv"_L1 && one.parameters.contains("remove"_L1))
        QVERIFY2(b.before.inverse.reason.contains(u"password"_s), qPrintable(b.before.inverse.reason));
}

void TestPasswords::whatIsHiddenIsStillObserved()
{
    ActionBench b;
    QByteArray live = QJsonDocument(liveDeployment()).toJson();
    live.replace(R"("name": "A")", R"("name": "DB_PASSWORD")");
    b.cluster.objects[deployment().path()] = json(live);
    b.cluster.sends.always(answer("{}"));
    b.perform(image());
    const Before record = Before::fromJson(b.before.toJson());
    const auto state = [&](const QByteArray& object) {
        b.cluster.objects[deployment().path()] = json(object);
        const auto seen = b.actions->observe(image(), record);
        settle();
        return seen.result()->state;
    };
    QCOMPARE(state(live), Observation::State::NotDone);
    QCOMPARE(state(live.replace("shop/api:2", "shop/api:3")), Observation::State::Done);
}

QTEST_GUILESS_MAIN(TestPasswords)
#include "test_passwords.moc"
