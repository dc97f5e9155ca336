// SPDX-License-Identifier: GPL-3.0-or-later
#include "Manifests.h"
#include "changes/runners/SqlRunner.h"
#include "platform/Platform.h"
#include "support/PostgresServer.h"

#include <QtTest/QTest>

using namespace wk;
using namespace wk::changes;
using namespace wk::test;
using namespace Qt::StringLiterals;

/// Statements on a real PostgreSQL server.
class TestSqlRunner : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void init();
    void changesAndCounts();
    void undoIsItsInverse();
    void refusedChangesNothing_data();
    void refusedChangesNothing();
    void recordFirst();
    void givenUpIsRolledBack();
    void brokenBeforeCommit();
    void observed();
    void timeIsLimited();
    void value_data();
    void value();
    void neverMutates_data();
    void neverMutates();
    void passwords();
    void nowhere();
    void standbyIsSkipped();
    void addresses();

private:
    template <typename T>
    Result<T> wait(QFuture<Result<T>> future)
    {
        if (!QTest::qWaitFor([&] { return future.isFinished(); }, 60'000))
            return fail(Error::Kind::Protocol, u"the test waited too long"_s);
        return future.result();
    }
    static Step sql(const QByteArray& statement, const QByteArray& rest = {})
    {
        return step(u"runSql"_s, database(), R"({"statement":")" + statement + '"' + rest + '}');
    }
    static Target database() { return {u"production"_s, {}, {}, u"Database"_s, {}, {}, u"shop"_s}; }
    Result<Performed> perform(const Step& s, StepRunner::BeforeSending before = {})
    {
        if (!before)
            before = [this](const Before& b) {
                m_before = b;
                return QtFuture::makeReadyFuture(Result<void>());
            };
        return wait(m_runner->perform(s, std::move(before), {}));
    }
    QByteArray table()
    {
        auto session = m_server.session(u"postgres"_s, m_database);
        const auto rows = session.run("SELECT coalesce(string_agg(n::text, ',' ORDER BY n), '') FROM public.t");
        return rows ? rows->text(0, 0).toUtf8() : QByteArray("?");
    }
    static QString text(const Error& e) { return e.text() + u" | "_s + e.detail; }

    SystemClock m_clock;
    PostgresServer m_server;
    QString m_database;
    secrets::MemoryStore m_secrets;
    std::unique_ptr<SqlRunner> m_runner;
    Before m_before;
};

void TestSqlRunner::initTestCase()
{
    const auto started = m_server.start();
    if (!started && started.error().kind == Error::Kind::NotFound)
        QSKIP(qPrintable(started.error().sentence));
    QVERIFY2(started, qPrintable(started ? QString() : text(started.error())));
    const auto made = m_server.emptyDatabase();
    QVERIFY(made);
    m_database = *made;
    auto session = m_server.session(u"postgres"_s, m_database);
    QVERIFY(session.script("SET search_path = public;"
                           "CREATE TABLE t (n integer PRIMARY KEY CHECK (n < 100));"
                           "CREATE FUNCTION sneak() RETURNS integer LANGUAGE sql AS"
                           " 'INSERT INTO t VALUES (66) RETURNING n';"
                           "CREATE VIEW quiet AS SELECT pg_reload_conf() AS done;"
                           "CREATE ROLE guest LOGIN PASSWORD 'open sesame'"));
    m_runner = std::make_unique<SqlRunner>(
        [this](const Target&) {
            return QtFuture::makeReadyFuture(Result<store::Address>(m_server.superuser(m_database)));
        },
        m_secrets, m_clock);
}

void TestSqlRunner::init()
{
    QVERIFY(m_server.session(u"postgres"_s, m_database)
                .script("TRUNCATE public.t; INSERT INTO public.t VALUES (1),(2),(3)"));
}

void TestSqlRunner::changesAndCounts()
{
    const auto done = perform(sql("UPDATE t SET n = n + 10 WHERE n > 1"));
    QVERIFY2(done, qPrintable(done ? QString() : text(done.error())));
    QCOMPARE(done->sentence, u"Done on database shop of production: 2 rows."_s);
    QCOMPARE(done->result.value("rows"_L1).toInteger(), 2);
    QCOMPARE(done->result.value("transaction"_L1).toString(), m_before.uid);
    QVERIFY(m_before.uid.toLongLong() > 0);
    QCOMPARE(table(), "1,12,13");
    QVERIFY(done->inverse.steps.isEmpty());
    QCOMPARE(done->inverse.reason, u"The plan does not say how to take this back."_s);
}

void TestSqlRunner::undoIsItsInverse()
{
    const auto done = perform(sql("INSERT INTO t VALUES (9)", R"(,"undo":"DELETE FROM t WHERE n = 9")"));
    QVERIFY(done);
    QCOMPARE(table(), "1,2,3,9");
    QCOMPARE(done->inverse.steps.size(), 1);
    QVERIFY(perform(done->inverse.steps.first()));
    QCOMPARE(table(), "1,2,3");
}

void TestSqlRunner::refusedChangesNothing_data()
{
    QTest::addColumn<QByteArray>("statement");
    QTest::addColumn<QString>("says");
    QTest::newRow("syntax") << QByteArray("DELETE FORM t") << u"syntax error at or near"_s;
    QTest::newRow("several") << QByteArray("DELETE FROM t; DELETE FROM t") << u"multiple commands"_s;
    QTest::newRow("constraint") << QByteArray("UPDATE t SET n = n + 97") << u"violates check constraint"_s;
    QTest::newRow("vacuum") << QByteArray("VACUUM t") << u"cannot run inside a transaction block"_s;
    QTest::newRow("no table") << QByteArray("DELETE FROM nothing") << u"does not exist"_s;
}

void TestSqlRunner::refusedChangesNothing()
{
    QFETCH(QByteArray, statement);
    QFETCH(QString, says);
    const auto done = perform(sql(statement));
    QVERIFY(!done);
    QVERIFY2(done.error().sentence.contains(says), qPrintable(text(done.error())));
    QVERIFY2(done.error().sentence.startsWith(u"On database shop of production: "_s),
             qPrintable(done.error().sentence));
    QVERIFY(done.error().sentence.endsWith(u"Nothing was changed."_s));
    QCOMPARE(table(), "1,2,3");
}

void TestSqlRunner::recordFirst()
{
    bool asked = false;
    const auto done = perform(sql("DELETE FROM t"), [&asked](const Before&) {
        asked = true;
        return QtFuture::makeReadyFuture(Result<void>(fail(Error::Kind::Network, u"The store is away."_s)));
    });
    QVERIFY(asked && !done);
    QCOMPARE(done.error().sentence, u"The store is away."_s);
    QCOMPARE(table(), "1,2,3");
}

void TestSqlRunner::givenUpIsRolledBack()
{
    auto future = m_runner->perform(sql("SELECT pg_sleep(60)"),
                                    [](const Before&) { return QtFuture::makeReadyFuture(Result<void>()); }, {});
    m_runner->abandon();
    QVERIFY(future.isFinished());
    QCOMPARE(future.result().error().kind, Error::Kind::Cancelled);
    // Given up while the record is written: the statement is never sent.
    QPromise<Result<void>> recorded;
    recorded.start();
    bool asked = false;
    future = m_runner->perform(sql("DELETE FROM t"),
                               [&](const Before& before) {
                                   m_before = before;
                                   asked = true;
                                   return recorded.future();
                               },
                               {});
    QTRY_VERIFY(asked);
    m_runner->abandon();
    recorded.addResult(Result<void>());
    recorded.finish();
    QCoreApplication::processEvents();
    const auto observed = wait(m_runner->observe(sql("DELETE FROM t"), m_before));
    QVERIFY2(observed, qPrintable(observed ? QString() : text(observed.error())));
    QCOMPARE(int(observed->state), int(Observation::State::NotDone));
    QCOMPARE(table(), "1,2,3");
}

void TestSqlRunner::brokenBeforeCommit()
{
    const auto done = perform(sql("WITH d AS (DELETE FROM t RETURNING n) SELECT n, "
                                  "pg_terminate_backend(pg_backend_pid()) FROM d"));
    QVERIFY(!done);
    QCOMPARE(done.error().kind, Error::Kind::Network);
    QVERIFY2(done.error().sentence.endsWith(u"Nothing was changed."_s), qPrintable(done.error().sentence));
    QCOMPARE(table(), "1,2,3");
}

void TestSqlRunner::observed()
{
    const Step s = sql("DELETE FROM t WHERE n = 2");
    QVERIFY(perform(s));
    const auto state = [&](const QString& transaction) {
        Before before = Before::fromJson(m_before.toJson()); // as it comes out of the record
        before.uid = transaction;
        const auto seen = wait(m_runner->observe(s, before));
        return seen ? int(seen->state) : -1;
    };
    QCOMPARE(state(Before::fromJson(m_before.toJson()).uid), int(Observation::State::Done));
    QVERIFY(!perform(sql("INSERT INTO t VALUES (1)")));
    QCOMPARE(state(m_before.uid), int(Observation::State::NotDone));
    QCOMPARE(state(QString()), int(Observation::State::Mixed));
    QCOMPARE(state(u"999999999999"_s), -1); // another server's
}

void TestSqlRunner::timeIsLimited()
{
    const auto done = perform(sql("SELECT pg_sleep(30)", R"(,"withinSeconds":1)"));
    QVERIFY(!done);
    QVERIFY2(done.error().sentence.contains(u"statement timeout"_s), qPrintable(text(done.error())));
}

void TestSqlRunner::value_data()
{
    QTest::addColumn<QByteArray>("query");
    QTest::addColumn<QString>("text");
    QTest::addColumn<int>("rows");
    QTest::newRow("count") << QByteArray("SELECT count(*) FROM t") << u"3"_s << 1;
    QTest::newRow("with its end") << QByteArray("SELECT count(*) FROM t -- all;") << u"3"_s << 1;
    QTest::newRow("with") << QByteArray("WITH x AS (SELECT max(n) m FROM t) SELECT m > 2 FROM x") << u"t"_s << 1;
    QTest::newRow("volatile, and only tells")
        << QByteArray("SELECT pg_is_in_recovery()::int + (pg_database_size(current_database()) < 0)::int") << u"0"_s
        << 1;
    QTest::newRow("none") << QByteArray("SELECT n FROM t WHERE n > 9") << QString() << 0;
    QTest::newRow("many are two") << QByteArray("SELECT 7 FROM generate_series(1, 10000000)") << u"7"_s << 2;
}

void TestSqlRunner::value()
{
    QFETCH(QByteArray, query);
    QFETCH(QString, text);
    QFETCH(int, rows);
    const auto value = wait(m_runner->value(database(), QString::fromUtf8(query)));
    QVERIFY2(value, qPrintable(value ? QString() : this->text(value.error())));
    QCOMPARE(value->text, text);
    QCOMPARE(value->rows, qint64(rows));
    QCOMPARE(value->columns, 1);
    QCOMPARE(value->isNull, rows == 0);
}

void TestSqlRunner::neverMutates_data()
{
    QTest::addColumn<QByteArray>("query");
    for (const char* query :
         {"DELETE FROM t RETURNING 1", "WITH d AS (DELETE FROM t RETURNING n) SELECT count(*) FROM d", "SELECT sneak()",
          "SELECT 1; COMMIT; DELETE FROM t", "SELECT nextval('s')", "COMMIT",
          "SELECT set_config('transaction_read_only', 'off', true), sneak()", "SELECT 1 FOR UPDATE OF t",
          // What a transaction that only reads does not stop.
          "SELECT pg_terminate_backend(0)", "SELECT pg_catalog.\"pg_reload_conf\"()",
          "SELECT 1 LIMIT (pg_advisory_lock /* ( */ (1) IS NOT NULL)::int", "SELECT done FROM quiet",
          "SELECT n FROM t WHERE pg_sleep(0) IS NOT NULL",
          "SELECT query_to_xml('SELECT pg_reload_conf()', true, true, '')", "SELECT U&\"pg_reload\\005fconf\"()",
          "SELECT count(*) FROM pg_ls_dir('.') WHERE pg_rotate_logfile()"})
        QTest::newRow(query) << QByteArray(query);
}

void TestSqlRunner::neverMutates()
{
    QFETCH(QByteArray, query);
    const auto value = wait(m_runner->value(database(), QString::fromUtf8(query)));
    QVERIFY(!value);
    // Not one that is tried again until the check's time is over.
    QVERIFY2(value.error().kind == Error::Kind::BadInput, qPrintable(text(value.error())));
    QCOMPARE(table(), "1,2,3");
}

void TestSqlRunner::passwords()
{
    const auto address = store::Address::parse(loopbackUri(u"guest"_s, m_server.port(), m_database));
    QVERIFY(address);
    SqlRunner runner([&](const Target&) { return QtFuture::makeReadyFuture(address); }, m_secrets, m_clock);
    const auto ask = [&] { return wait(runner.value(database(), u"SELECT session_user = 'guest'"_s)); };
    const auto none = ask();
    QVERIFY(!none);
    QCOMPARE(none.error().kind, Error::Kind::Unauthorized);
    QVERIFY(wait(m_secrets.write(address->text(), "shut")));
    const auto wrong = ask();
    QVERIFY(!wrong);
    QCOMPARE(wrong.error().kind, Error::Kind::Unauthorized);
    QVERIFY2(!text(wrong.error()).contains(u"shut"_s), qPrintable(text(wrong.error())));
    QVERIFY(wait(m_secrets.write(address->text(), "open sesame")));
    const auto right = ask();
    QVERIFY2(right, qPrintable(right ? QString() : text(right.error())));
    QCOMPARE(right->text, u"t"_s);
}

void TestSqlRunner::nowhere()
{
    SqlRunner runner(
        [](const Target&) {
            return QtFuture::makeReadyFuture(store::Address::parse(u"postgresql://a@127.0.0.1:1/x"_s));
        },
        m_secrets, m_clock);
    const auto value = wait(runner.value(database(), u"SELECT 1"_s));
    QVERIFY(!value);
    QCOMPARE(value.error().kind, Error::Kind::Network);
    QVERIFY2(value.error().sentence.startsWith(u"On database shop of production: "_s),
             qPrintable(value.error().sentence));
}

void TestSqlRunner::standbyIsSkipped()
{
    PostgresServer standby;
    QVERIFY(standby.startStandby(m_server));
    store::Address both = standby.superuser(m_database);
    SqlRunner runner([&](const Target&) { return QtFuture::makeReadyFuture(Result<store::Address>(both)); }, m_secrets,
                     m_clock);
    const auto perform = [&] {
        return wait(runner.perform(sql("DELETE FROM t WHERE n = 1"),
                                   [](const Before&) { return QtFuture::makeReadyFuture(Result<void>()); }, {}));
    };
    const auto alone = perform();
    QVERIFY(!alone);
    QVERIFY2(alone.error().sentence.contains(u"is a standby, which takes no changes. Nothing was changed."_s),
             qPrintable(text(alone.error())));
    both.setHosts(both.hosts() + m_server.superuser(m_database).hosts());
    const auto found = perform();
    QVERIFY2(found, qPrintable(found ? QString() : text(found.error())));
    QCOMPARE(table(), "2,3");
}

void TestSqlRunner::addresses()
{
    platform::Platform platform;
    platform.name = u"market"_s;
    platform::Service service;
    service.kind = platform::Service::Kind::Database;
    service.product = u"PostgreSQL"_s;
    service.databases = {u"shop"_s, u"users"_s};
    platform.services = {service};
    platform.clusters.resize(2);
    platform.clusters[0].name = u"production"_s;
    platform.clusters[1].name = u"dev"_s;
    platform.namespaces = {{u"market"_s, u"production"_s, {}, true}};
    secrets::MemoryStore secrets;
    const auto unknown = wait(databaseAddress(platform, secrets, database()));
    QVERIFY(!unknown);
    QCOMPARE(unknown.error().kind, Error::Kind::NotFound);
    QVERIFY2(unknown.error().remedy.contains(u"“database market/production/shop”"_s),
             qPrintable(unknown.error().remedy));
    platform.services.front().host = u"db.example"_s;
    platform.services.front().ports = {6432};
    const auto stated = wait(databaseAddress(platform, secrets, database()));
    QVERIFY(stated);
    QCOMPARE(stated->hosts().first().text(), u"db.example:6432"_s);
    QCOMPARE(stated->database(), u"shop"_s);
    Target other = database();
    other.cluster = u"dev"_s; // has no address of its own, and must not be given that of production
    const auto elsewhere = wait(databaseAddress(platform, secrets, other));
    QVERIFY(!elsewhere);
    QCOMPARE(elsewhere.error().kind, Error::Kind::NotFound);
    QVERIFY2(elsewhere.error().remedy.contains(u"“database market/dev/shop”"_s), qPrintable(elsewhere.error().remedy));
    platform.namespaces.push_back({u"market"_s, u"dev"_s, {}, false}); // now in both: nobody can say which is meant
    QVERIFY(!wait(databaseAddress(platform, secrets, database())));
    platform.namespaces.pop_back();
    QVERIFY(wait(secrets.write(u"database market/production/shop"_s, "postgresql://anna:pw@other/shop")));
    const auto kept = wait(databaseAddress(platform, secrets, database()));
    QVERIFY(kept);
    QCOMPARE(kept->user(), u"anna"_s);
    QCOMPARE(kept->password(), "pw");
}

QTEST_GUILESS_MAIN(TestSqlRunner)
#include "test_sql_runner.moc"
