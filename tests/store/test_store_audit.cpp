// SPDX-License-Identifier: GPL-3.0-or-later
// The record finds what was changed in it; nothing of the schema is open to the public; who may apply it.
#include "StoreScript.h"
#include "store/Migrations.h"

using namespace wk;
using namespace wk::test;
using namespace Qt::StringLiterals;

class TestStoreAudit : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase() { START_OR_SKIP(m_stage.start()); }
    void auditNamesTheFirstBrokenRow();
    void auditIsPrunedAfterAYear();
    void nothingIsPublicAndEverySearchPathIsFixed();
    void theOwnerOfADatabaseCanApplyTheSchema();
    void extensionsThatAreThereAreUsed();

private:
    Stage m_stage{QStringLiteral(TEST_DATA "/ways.txt")};
};

void TestStoreAudit::auditNamesTheFirstBrokenRow()
{
    StoreScript store(m_stage);
    const QString wrong = store.after(u"closed"_s);
    QVERIFY2(wrong.isEmpty(), qPrintable(wrong));
    const std::pair<const char*, const char*> damages[]{
        {"UPDATE watchkeeper.audit SET detail = '{}' WHERE seq = 7", "7"},
        {"UPDATE watchkeeper.audit SET person = 'anna' WHERE seq = 5", "5"},
        {"UPDATE watchkeeper.audit SET entry = replace(entry, 'anna', 'hans') WHERE seq = 14", "14"},
        {"UPDATE watchkeeper.audit SET row_hash = sha256('x') WHERE seq = 6", "6"},
        {"DELETE FROM watchkeeper.audit WHERE seq = 6", "7"},
        {"DELETE FROM watchkeeper.audit WHERE seq > 12", "13"},
    };
    for (const auto& [damage, row] : damages) {
        const QByteArray script = QByteArray("BEGIN; ALTER TABLE watchkeeper.audit DISABLE TRIGGER USER; ") + damage +
                                  "; SELECT watchkeeper.verify_audit(0) ->> 'first_broken'";
        QCOMPARE(store.value(script), QString::fromLatin1(row));
        QCOMPARE(store.sql(u"root"_s, "ROLLBACK").state, QString());
        QCOMPARE(store.value("SELECT watchkeeper.verify_audit(0) ->> 'ok'"), u"true"_s);
    }
}

void TestStoreAudit::auditIsPrunedAfterAYear()
{
    StoreScript store(m_stage);
    const QString wrong = store.after(u"closed"_s);
    QVERIFY2(wrong.isEmpty(), qPrintable(wrong));
    QCOMPARE(store.sql(u"adam"_s, "SELECT watchkeeper.prune_audit(now() - interval '364 days')").state, u"WK403"_s);
    QCOMPARE(store.sql(u"adam"_s, "SELECT watchkeeper.prune_audit(now() - interval '366 days')")
                 .rows.json(0, 0)[u"removed"]
                 .toInteger(),
             0);
    // A record that is older: its rows are made again, two years ago, as a superuser can.
    QCOMPARE(store
                 .sql(u"root"_s, "ALTER TABLE watchkeeper.audit DISABLE TRIGGER USER; DO $$ DECLARE a "
                                 "watchkeeper.audit; before bytea := "
                                 "decode(repeat('00', 32), 'hex'); BEGIN FOR a IN SELECT * FROM watchkeeper.audit "
                                 "WHERE seq <= 10 ORDER BY seq LOOP "
                                 "a.at := a.at - interval '2 years'; a.entry := watchkeeper._audit_entry(a, 'team'); "
                                 "a.prev_hash := before; "
                                 "a.row_hash := sha256(before || convert_to(a.entry, 'UTF8')); before := a.row_hash; "
                                 "UPDATE watchkeeper.audit SET at = a.at, entry = a.entry, prev_hash = a.prev_hash, "
                                 "row_hash = a.row_hash "
                                 "WHERE seq = a.seq; END LOOP; FOR a IN SELECT * FROM watchkeeper.audit WHERE seq > 10 "
                                 "ORDER BY seq LOOP "
                                 "a.prev_hash := before; a.row_hash := sha256(before || convert_to(a.entry, 'UTF8')); "
                                 "before := a.row_hash; "
                                 "UPDATE watchkeeper.audit SET prev_hash = a.prev_hash, row_hash = a.row_hash WHERE "
                                 "seq = a.seq; END LOOP; "
                                 "ALTER TABLE watchkeeper.audit_head DISABLE TRIGGER USER; UPDATE "
                                 "watchkeeper.audit_head SET hash = before; END $$; "
                                 "ALTER TABLE watchkeeper.audit ENABLE TRIGGER USER; ALTER TABLE "
                                 "watchkeeper.audit_head ENABLE TRIGGER USER")
                 .words,
             QString());
    QCOMPARE(store.value("SELECT watchkeeper.verify_audit(0) ->> 'ok'"), u"true"_s);
    QCOMPARE(store.sql(u"anna"_s, "SELECT watchkeeper.prune_audit(now() - interval '366 days')").state, u"WK403"_s);
    QCOMPARE(store.sql(u"adam"_s, "SELECT watchkeeper.prune_audit(now() - interval '366 days')")
                 .rows.json(0, 0)[u"removed"]
                 .toInteger(),
             10);
    QCOMPARE(store.value("SELECT watchkeeper.verify_audit(0) ->> 'ok'"), u"true"_s);
    QCOMPARE(store.value("SELECT min(seq) FROM watchkeeper.audit"), u"11"_s);
    QCOMPARE(store.value("SELECT action FROM watchkeeper.audit ORDER BY seq DESC LIMIT 1"), u"audit.prune"_s);
    // Without its anchor the record has no beginning.
    QCOMPARE(store.value(
                 "BEGIN; DELETE FROM watchkeeper.audit_anchor; SELECT watchkeeper.verify_audit(0) ->> 'first_broken'"),
             u"11"_s);
}

void TestStoreAudit::nothingIsPublicAndEverySearchPathIsFixed()
{
    StoreScript store(m_stage);
    QCOMPARE(
        store.value(
            "SELECT string_agg(oid::regprocedure::text, ', ') FROM pg_proc WHERE pronamespace = "
            "'watchkeeper'::regnamespace "
            "AND prosecdef AND NOT coalesce(proconfig, '{}') @> '{\"search_path=pg_catalog, watchkeeper, pg_temp\"}'"),
        QString());
    QCOMPARE(store.value("SELECT string_agg(oid::regprocedure::text, ', ') FROM pg_proc WHERE pronamespace = "
                         "'watchkeeper'::regnamespace "
                         "AND (proacl IS NULL OR EXISTS (SELECT FROM aclexplode(proacl) WHERE grantee = 0))"),
             QString());
    QCOMPARE(
        store.value(
            "SELECT string_agg(relname, ', ') FROM pg_class WHERE relnamespace = 'watchkeeper'::regnamespace AND "
            "relkind IN ('r', 'v', 'S') "
            "AND (EXISTS (SELECT FROM aclexplode(relacl) WHERE grantee = 0) OR EXISTS (SELECT FROM aclexplode(relacl) "
            "WHERE grantee <> 'watchkeeper_owner'::regrole AND privilege_type <> 'SELECT'))"),
        QString());
    QCOMPARE(store.value("SELECT string_agg(nspname, ', ') FROM pg_namespace WHERE nspname LIKE 'watchkeeper%' "
                         "AND EXISTS (SELECT FROM aclexplode(nspacl) WHERE grantee = 0)"),
             QString());
    QCOMPARE(store.value("SELECT count(*) FROM pg_class WHERE relnamespace = 'watchkeeper'::regnamespace AND relowner "
                         "<> 'watchkeeper_owner'::regrole"),
             u"0"_s);
    // Every function that writes is called by its owner's right and judges by session_user; none by current_user.
    QCOMPARE(store.value("SELECT string_agg(proname, ', ') FROM pg_proc WHERE pronamespace = "
                         "'watchkeeper'::regnamespace AND prosrc ~ 'current_user'"),
             QString());
    QCOMPARE(
        store.value(
            "SELECT count(*) FROM pg_database, aclexplode(datacl) WHERE datname = current_database() AND grantee = 0"),
        u"0"_s);
}

void TestStoreAudit::theOwnerOfADatabaseCanApplyTheSchema()
{
    const auto name = m_stage.server().emptyDatabase();
    VERIFY_OK(name);
    store::Session root = m_stage.server().session(u"postgres"_s, *name);
    VERIFY_OK(root.script(
        "CREATE ROLE keeper LOGIN CREATEROLE; GRANT watchkeeper_people, watchkeeper_owner TO keeper WITH ADMIN OPTION; "
        "ALTER DATABASE " +
        store::quotedName(*name) + " OWNER TO keeper"));
    store::Session keeper = m_stage.server().session(u"keeper"_s, *name);
    VERIFY_OK(store::migrate(keeper));
    VERIFY_OK(root.script("CREATE ROLE first LOGIN; GRANT watchkeeper_admin TO first; CREATE ROLE second LOGIN"));
    store::Session first = m_stage.server().session(u"first"_s, *name);
    VERIFY_OK(first.run("SELECT watchkeeper.grant_role('second', 'operator')"));
    store::Session second = m_stage.server().session(u"second"_s, *name);
    VERIFY_OK(
        second.run("SELECT watchkeeper.create_request($1, $2)", {StoreScript::fields(), StoreScript::plan(u"api"_s)}));
}

void TestStoreAudit::extensionsThatAreThereAreUsed()
{
    const auto name = m_stage.server().emptyDatabase();
    VERIFY_OK(name);
    store::Session root = m_stage.server().session(u"postgres"_s, *name);
    VERIFY_OK(root.script("CREATE EXTENSION pgcrypto SCHEMA public; CREATE EXTENSION pg_trgm SCHEMA public"));
    VERIFY_OK(store::migrate(root));
    VERIFY_OK(m_stage.server().addPerson(*name, u"anna"_s, {u"operator"_s}));
    store::Session anna = m_stage.server().session(u"anna"_s, *name);
    VERIFY_OK(anna.run("SELECT watchkeeper.enroll_totp()"));
    VERIFY_OK(
        anna.run("SELECT watchkeeper.create_request($1, $2)", {StoreScript::fields(), StoreScript::plan(u"api"_s)}));
    VERIFY_OK(anna.run("SELECT * FROM watchkeeper.request_list WHERE title ILIKE '%change%'"));
}

QTEST_GUILESS_MAIN(TestStoreAudit)
#include "test_store_audit.moc"
