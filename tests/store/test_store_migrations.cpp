// SPDX-License-Identifier: GPL-3.0-or-later
#include "StoreTest.h"
#include "store/Migrations.h"

#include <QtCore/QRegularExpression>

#include <future>

using namespace wk;
using namespace wk::store;
using namespace wk::test;
using namespace Qt::StringLiterals;

/// Schemas that are not the one of this program, and what happens on the way to it.
class TestMigrations : public QObject
{
    Q_OBJECT
private:
    PostgresServer m_server;

    [[nodiscard]] Session session(const QString& database) const { return m_server.session(u"postgres"_s, database); }
    [[nodiscard]] int version(const QString& database) const
    {
        const auto rows = session(database).run("SELECT max(version) FROM watchkeeper.schema_version");
        return rows ? int(rows->number(0, 0)) : -1;
    }
    [[nodiscard]] static QList<Migration> withOneMore(const QByteArray& sql)
    {
        auto result = builtinMigrations();
        result.append({newestSchema() + 1, u"9999_more.sql"_s, sql, QByteArray(64, 'a')});
        return result;
    }

private slots:
    void initTestCase() { START_OR_SKIP(m_server.start()); }

    void filesAreNumberedWithoutGaps()
    {
        const auto all = builtinMigrations();
        QVERIFY(!all.isEmpty());
        static const QRegularExpression name(u"^\\d{4}_[a-z_]+\\.sql$"_s);
        static const QRegularExpression own(u"^\\s*(BEGIN|COMMIT|ROLLBACK)\\s*;"_s,
                                            QRegularExpression::MultilineOption);
        for (qsizetype i = 0; i < all.size(); ++i) {
            QCOMPARE(all[i].version, int(i) + 1);
            QVERIFY2(name.match(all[i].name).hasMatch(), qPrintable(all[i].name));
            QCOMPARE(all[i].sha256.size(), 64);
            // The transaction is the migrator's.
            QVERIFY2(!own.match(QString::fromUtf8(all[i].sql)).hasMatch(), qPrintable(all[i].name));
        }
    }

    void anOlderSchemaIsRefusedUntilItIsMigrated()
    {
        const auto database = m_server.emptyDatabase();
        VERIFY_OK(database);
        const auto older = builtinMigrations().sliced(0, builtinMigrations().size() - 1);
        {
            Session admin = session(*database);
            const auto part = migrate(admin, older);
            VERIFY_OK(part);
            QCOMPARE(part->from, 0);
        }
        Store store(m_server.superuser(*database), quickOptions());
        QVERIFY(reaches(store, Store::State::Failed));
        const Error error = *store.status().error;
        QCOMPARE(error.kind, Error::Kind::Unsupported);
        QVERIFY2(error.sentence.contains(u"of version %1"_s.arg(older.last().version)) &&
                     error.sentence.contains(u"needs %1"_s.arg(newestSchema())),
                 qPrintable(error.sentence));
        QVERIFY2(error.remedy.contains(u"watchkeeperctl store migrate"), qPrintable(error.remedy));
        const auto refused = wait(store.query("SELECT 1"));
        QVERIFY(!refused && refused.error().kind == Error::Kind::Unsupported);
        {
            Session admin = session(*database);
            const auto rest = migrate(admin);
            VERIFY_OK(rest);
            QCOMPARE(rest->from, older.last().version);
            QCOMPARE(rest->to, newestSchema());
        }
        store.reconnect();
        QVERIFY(reaches(store, Store::State::Ready));
        QCOMPARE(store.status().schemaVersion, newestSchema());
    }

    void aNewerSchemaIsLeftAlone()
    {
        const auto database = m_server.freshDatabase();
        VERIFY_OK(database);
        Session admin = session(*database);
        VERIFY_OK(migrate(admin, withOneMore("CREATE TABLE watchkeeper.later (i int)")));
        Store store(m_server.superuser(*database), quickOptions());
        QVERIFY(reaches(store, Store::State::Failed));
        const Error error = *store.status().error;
        QCOMPARE(error.kind, Error::Kind::Unsupported);
        QVERIFY2(error.sentence.contains(u"newer than the %1"_s.arg(newestSchema())), qPrintable(error.sentence));
        QCOMPARE(error.remedy, u"Update Watchkeeper."_s);
        const auto refused = migrate(admin);
        QVERIFY(!refused);
        QCOMPARE(refused.error().sentence, error.sentence);
        QCOMPARE(version(*database), newestSchema() + 1);
    }

    void anotherPastIsRefused()
    {
        const auto database = m_server.freshDatabase();
        VERIFY_OK(database);
        Session admin = session(*database);
        VERIFY_OK(admin.script("UPDATE watchkeeper.schema_version SET sha256 = repeat('0', 64) WHERE version = 2"));
        const auto refused = migrate(admin, withOneMore("CREATE TABLE watchkeeper.later (i int)"));
        QVERIFY(!refused);
        QCOMPARE(refused.error().kind, Error::Kind::Unsupported);
        QVERIFY2(refused.error().sentence.contains(builtinMigrations()[1].name), words(refused));
        QVERIFY2(refused.error().remedy.contains(u"nothing was changed"), words(refused));
        QCOMPARE(version(*database), newestSchema());
    }

    void aFileIsAppliedWhollyOrNotAtAll()
    {
        const auto database = m_server.freshDatabase();
        VERIFY_OK(database);
        Session admin = session(*database);
        const auto broken = migrate(admin, withOneMore("CREATE TABLE watchkeeper.half (i int); SELECT 1 / 0"));
        QVERIFY(!broken);
        QVERIFY2(broken.error().detail.contains(u"9999_more.sql"), words(broken));
        const auto half = admin.run("SELECT to_regclass('watchkeeper.half') IS NULL, current_user = session_user");
        VERIFY_OK(half);
        QVERIFY(half->boolean(0, 0) && half->boolean(0, 1));
        QCOMPARE(version(*database), newestSchema());
        VERIFY_OK(migrate(admin, withOneMore("CREATE TABLE watchkeeper.half (i int)")));
        QCOMPARE(version(*database), newestSchema() + 1);
    }

    void interruptedItIsBegunAgain()
    {
        const auto database = m_server.emptyDatabase();
        VERIFY_OK(database);
        auto slow = builtinMigrations();
        const qsizetype middle = slow.size() / 2;
        slow[middle].sql += "\nSELECT pg_sleep(120);";
        auto interrupted = std::async(std::launch::async, [&] {
            Session admin = session(*database);
            return migrate(admin, slow);
        });
        QVERIFY(QTest::qWaitFor(
            [&] {
                const auto ended = session(u"postgres"_s)
                                       .run("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
                                            " WHERE datname = $1 AND wait_event = 'PgSleep'",
                                            {*database});
                return ended && ended->number(0, 0) == 1;
            },
            60'000));
        const auto broken = interrupted.get();
        QVERIFY(!broken);
        QCOMPARE(broken.error().kind, Error::Kind::Network);
        QCOMPARE(version(*database), slow[middle - 1].version);
        Session admin = session(*database);
        const auto again = migrate(admin);
        VERIFY_OK(again);
        QCOMPARE(again->from, slow[middle - 1].version);
        QCOMPARE(again->to, newestSchema());
    }

    /// As on a server up to PostgreSQL 14, or on one that was one.
    void aDatabaseThatIsOpenToEverybodyIsRefused()
    {
        const auto database = m_server.emptyDatabase();
        VERIFY_OK(database);
        Session admin = session(*database);
        VERIFY_OK(admin.script("GRANT CREATE ON SCHEMA public TO PUBLIC"));
        const auto refused = migrate(admin);
        QVERIFY(!refused);
        QCOMPARE(refused.error().kind, Error::Kind::Forbidden);
        QVERIFY2(refused.error().sentence.contains(u"“public”"), words(refused));
        QVERIFY2(refused.error().remedy.contains(u"REVOKE CREATE ON SCHEMA public FROM PUBLIC"), words(refused));
        const auto nothing = admin.run("SELECT to_regnamespace('watchkeeper') IS NULL");
        VERIFY_OK(nothing);
        QVERIFY(nothing->boolean(0, 0));
        VERIFY_OK(closePublic(admin));
        VERIFY_OK(migrate(admin));
    }

    /// Functions that fit better than the system's own, left in "public" while everybody could make some there.
    void nobodysFunctionStandsInForTheSystems()
    {
        const auto database = m_server.emptyDatabase();
        VERIFY_OK(database);
        Session admin = session(*database);
        VERIFY_OK(admin.script("CREATE TABLE public.trap (who text); GRANT INSERT ON public.trap TO PUBLIC;"
                               "CREATE FUNCTION public.sprung() RETURNS void LANGUAGE sql AS 'INSERT INTO public.trap "
                               "VALUES (current_user)';"
                               "CREATE FUNCTION public.format(text, name) RETURNS text LANGUAGE sql AS 'SELECT "
                               "public.sprung(); SELECT pg_catalog.format($1, VARIADIC ARRAY[$2])';"
                               "CREATE FUNCTION public.format(text, text) RETURNS text LANGUAGE sql AS 'SELECT "
                               "public.sprung(); SELECT pg_catalog.format($1, VARIADIC ARRAY[$2])'"));
        const QByteArray bait =
            "DO $$ BEGIN PERFORM format('%I', current_user); PERFORM format('%I', 'a'::text); END $$";
        VERIFY_OK(admin.script("SET search_path = \"$user\", public; " + bait));
        const auto sprung = [&] {
            const auto rows = admin.run("SELECT count(*) FROM public.trap");
            return rows ? rows->number(0, 0) : -1;
        };
        QCOMPARE(sprung(), 2); // so the trap works
        auto baited = builtinMigrations();
        baited.last().sql += bait;
        VERIFY_OK(migrate(admin, baited));
        QCOMPARE(sprung(), 2);
        // A session of ours looks there by itself neither.
        Session other = session(*database);
        VERIFY_OK(other.script(bait));
        QCOMPARE(sprung(), 2);
    }

    /// A store that was in use before objects were told apart by their resource.
    void whatIsStoredIsCarriedOver()
    {
        const auto database = m_server.emptyDatabase();
        VERIFY_OK(database);
        Session admin = session(*database);
        const auto all = builtinMigrations();
        const auto later =
            std::ranges::find_if(all, [](const Migration& m) { return m.name.endsWith(u"_targets.sql"); });
        QVERIFY(later != all.end());
        VERIFY_OK(migrate(admin, all.first(later - all.begin())));
        VERIFY_OK(admin.script("SELECT watchkeeper.set_store_mode('solo')"));
        const QByteArray plan =
            R"({"format":"watchkeeper/plan/v1","platform":"p","steps":[{"action":"scale","parameters":{"replicas":3},)"
            R"("target":{"cluster":"c","group":"apps","kind":"Deployment","name":"api","namespace":"apps",)"
            R"("resource":"deployments","version":"v1"}}],"title":"Change api"})";
        const QByteArray fields = R"({"title":"[api] - change","type":"deployment","what":"more","why":"load",)"
                                  R"("impact":"none","rollback_plan":"back"})";
        for (const QByteArray& text : {plan, QByteArray(plan).replace("\"Deployment\"", "\"deployment\"")})
            VERIFY_OK(
                admin.script("SELECT watchkeeper.submit_request((r ->> 'number')::bigint, 1, r ->> 'plan_sha256') "
                             "FROM watchkeeper.create_request('" +
                             fields + "', '" + text + "') r"));
        VERIFY_OK(migrate(admin));
        const auto held = admin.run("SELECT string_agg(resource || ' ' || number, ',') FROM watchkeeper.held_target");
        VERIFY_OK(held);
        QCOMPARE(held->text(0, 0), u"deployments 1"_s);
        const auto targets = admin.run("SELECT string_agg(DISTINCT resource, ',') FROM watchkeeper.request_target");
        VERIFY_OK(targets);
        QCOMPARE(targets->text(0, 0), u"deployments"_s);
        const auto whole = admin.run("SELECT watchkeeper.verify_audit(0) ->> 'ok'");
        VERIFY_OK(whole);
        QCOMPARE(whole->text(0, 0), u"true"_s);
    }

    /// What a session may take from the others, as far as a database can say so.
    void sessionsAreBounded()
    {
        const auto database = m_server.emptyDatabase();
        VERIFY_OK(database);
        Session admin = session(*database);
        VERIFY_OK(migrate(admin));
        Session later = session(*database);
        const auto bounds = later.run("SELECT current_setting('temp_file_limit'),"
                                      " current_setting('idle_in_transaction_session_timeout')");
        VERIFY_OK(bounds);
        QCOMPARE(bounds->text(0, 0), u"2GB"_s);
        QCOMPARE(bounds->text(0, 1), u"1min"_s);
    }

    void severalAtOnceTakeTurns()
    {
        const auto database = m_server.emptyDatabase();
        VERIFY_OK(database);
        std::vector<std::future<Result<Migrated>>> all;
        for (int i = 0; i < 4; ++i) {
            all.push_back(std::async(std::launch::async, [&] {
                Session admin = session(*database);
                return migrate(admin);
            }));
        }
        int worked = 0;
        for (auto& one : all) {
            const auto done = one.get();
            VERIFY_OK(done);
            QCOMPARE(done->to, newestSchema());
            worked += done->from < done->to;
        }
        QCOMPARE(worked, 1);
    }
};

QTEST_GUILESS_MAIN(TestMigrations)
#include "test_store_migrations.moc"
