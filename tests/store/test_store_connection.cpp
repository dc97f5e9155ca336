// SPDX-License-Identifier: GPL-3.0-or-later
#include "StoreTest.h"
#include "core/BackgroundThread.h"

using namespace wk;
using namespace wk::store;
using namespace wk::test;
using namespace Qt::StringLiterals;

/// A Store against a server that is well: statements, notices, refusals of statements.
class TestConnection : public QObject
{
    Q_OBJECT
private:
    PostgresServer m_server;
    QString m_database;

    [[nodiscard]] Address anna() const { return m_server.address(u"anna"_s, m_database); }

private slots:
    void initTestCase()
    {
        START_OR_SKIP(m_server.start());
        const auto made = m_server.freshDatabase();
        VERIFY_OK(made);
        m_database = *made;
        VERIFY_OK(m_server.addPerson(m_database, u"anna"_s, {u"operator"_s}));
    }

    void statusSaysWhereAndWho()
    {
        Store store(anna());
        QSignalSpy resynchronise(&store, &Store::resynchronise);
        QCOMPARE(store.state(), Store::State::Connecting);
        QVERIFY(reaches(store, Store::State::Ready));
        QTRY_COMPARE(resynchronise.size(), 1);
        QCOMPARE(store.status().person, u"anna"_s);
        QVERIFY(store.status().server.contains(u"/tmp/"));
        QVERIFY(store.status().schemaVersion > 0);
        QVERIFY(!store.status().serverVersion.isEmpty());
        QVERIFY(!store.status().isPrivate);
        QVERIFY(store.status().sinceMs > 0);
    }

    void valuesComeBackAsTheyWent()
    {
        Store store(anna());
        const QString text = u"ä \\ \" ' {}, \n\t€ 🚢"_s;
        const auto rows = wait(store.query(
            "SELECT $1::text, $2::bigint AS number, $3::boolean, $4::text, $5::jsonb, $6::timestamptz, $7::text[]",
            {text, qint64(9'007'199'254'740'993), true, nullptr, QJsonObject{{u"a"_s, 1}},
             Value::timeMs(1'700'000'000'123), Value::texts({text, u"b"_s, QString()})}));
        VERIFY_OK(rows);
        QCOMPARE(rows->size(), 1);
        QCOMPARE(rows->columns(), 7);
        QCOMPARE(rows->text(0, 0), text);
        QCOMPARE(rows->column("number"), 1);
        QCOMPARE(rows->column("nobody"), -1);
        QCOMPARE(rows->columnName(1), u"number"_s);
        QCOMPARE(rows->number(0, 1), qint64(9'007'199'254'740'993));
        QVERIFY(rows->boolean(0, 2));
        QVERIFY(rows->isNull(0, 3));
        QVERIFY(!rows->isNull(0, 0));
        QCOMPARE(rows->json(0, 4).toObject().value(u"a"_s).toInt(), 1);
        QCOMPARE(rows->json(0, 1).toInteger(), qint64(9'007'199'254'740'993));
        QCOMPARE(rows->timeMs(0, 5), std::optional<qint64>(1'700'000'000'123));
        QCOMPARE(rows->text(1, 0), QString());
        const auto array = wait(store.query("SELECT ($1::text[])[1]", {Value::texts({text})}));
        VERIFY_OK(array);
        QCOMPARE(array->text(0, 0), text);
    }

    void callAnswersJson()
    {
        Store store(anna());
        const auto me = wait(store.call(u"whoami"_s, {}, Statement::Read));
        VERIFY_OK(me);
        QCOMPARE(me->toObject().value(u"person"_s).toString(), u"anna"_s);
        QCOMPARE(me->toObject().value(u"schema_version"_s).toInt(), store.status().schemaVersion);
        const auto refused = wait(store.call(u"cancel_request"_s, {424'242, u"a reason of some length"_s}));
        QVERIFY(!refused);
        QCOMPARE(refused.error().kind, Error::Kind::NotFound);
        QCOMPARE(sqlState(refused.error()), u"WK404"_s);
        QVERIFY(!refused.error().sentence.isEmpty());
        QVERIFY(!isOutcomeUnknown(refused.error()));
        const auto forbidden = wait(store.query("DELETE FROM watchkeeper.person_role", {}, Statement::Write));
        QVERIFY(!forbidden);
        QCOMPARE(forbidden.error().kind, Error::Kind::Forbidden);
        QVERIFY2(forbidden.error().remedy.contains(u"store grant anna"), words(forbidden));
    }

    void hundredStatementsKeepTheirOrder()
    {
        Store store(anna());
        QList<int> order;
        QList<QFuture<void>> all;
        for (int i = 0; i < 100; ++i) {
            all << store.query("SELECT $1::int", {i}).then(&store, [&order](const Result<Rows>& rows) {
                order << (rows ? int(rows->number(0, 0)) : -1);
            });
        }
        QTRY_COMPARE_WITH_TIMEOUT(order.size(), 100, 60'000);
        for (int i = 0; i < 100; ++i)
            QCOMPARE(order[i], i);
    }

    void bigStatementsAndAnswers()
    {
        Store store(anna());
        const QByteArray big(8 << 20, 'x'); // more than a socket takes at once
        const auto rows = wait(store.query("SELECT $1::text || 'y'", {big}));
        VERIFY_OK(rows);
        QCOMPARE(rows->bytes(0, 0).size(), big.size() + 1);
        const auto many = wait(store.query("SELECT i, 'row ' || i FROM generate_series(1, 100000) i"));
        VERIFY_OK(many);
        QCOMPARE(many->size(), 100'000);
        QCOMPARE(many->text(99'999, 1), u"row 100000"_s);
    }

    void scriptIsOneTransaction()
    {
        Store::Options options;
        options.needsSchema = false;
        Store store(m_server.superuser(m_database), options);
        const auto broken = wait(store.script("CREATE TABLE public.half (i int); SELECT 1 / 0"));
        QVERIFY(!broken);
        QCOMPARE(broken.error().kind, Error::Kind::BadInput);
        const auto there = wait(store.query("SELECT to_regclass('public.half') IS NULL"));
        VERIFY_OK(there);
        QVERIFY(there->boolean(0, 0));
        VERIFY_OK(wait(store.script("CREATE TABLE public.half (i int); DROP TABLE public.half")));
        const auto copy = wait(store.script("COPY (SELECT 1) TO STDOUT"));
        QVERIFY(!copy); // has no end here, and ends the connection
        VERIFY_OK(wait(store.query("SELECT 1")));
    }

    void noticesArriveWithinASecond()
    {
        Store store(anna());
        QSignalSpy notified(&store, &Store::notified);
        QVERIFY(reaches(store, Store::State::Ready));
        Session other = m_server.session(u"postgres"_s, m_database);
        VERIFY_OK(other.run("SELECT pg_notify('watchkeeper', '{\"what\":\"request\",\"number\":12}')"));
        QVERIFY(QTest::qWaitFor([&] { return !notified.isEmpty(); }, 1'000));
        const QJsonObject notice = notified.first().first().toJsonObject();
        QCOMPARE(notice.value(u"number"_s).toInt(), 12);
        // Garbage in a notice is an empty one; whoever may connect may notify.
        VERIFY_OK(other.run("SELECT pg_notify('watchkeeper', 'not json')"));
        QTRY_COMPARE(notified.size(), 2);
        QVERIFY(notified.last().first().toJsonObject().isEmpty());
    }

    void waitingForALockHasAnEnd()
    {
        auto options = quickOptions();
        options.lockMs = 100;
        Store store(m_server.superuser(m_database), options);
        Session other = m_server.session(u"postgres"_s, m_database);
        VERIFY_OK(other.script("BEGIN; LOCK TABLE watchkeeper.store"));
        const auto waited = wait(store.query("SELECT * FROM watchkeeper.store"));
        QVERIFY(!waited);
        QCOMPARE(waited.error().kind, Error::Kind::Conflict);
        VERIFY_OK(other.script("ROLLBACK"));
        options.statementMs = 100;
        Store slow(m_server.superuser(m_database), options);
        const auto late = wait(slow.query("SELECT pg_sleep(30)"));
        QVERIFY(!late);
        QCOMPARE(late.error().kind, Error::Kind::Server);
        QVERIFY2(late.error().detail.startsWith(u"57014"), words(late));
    }

    void destroyedWhileRunning()
    {
        for (int i = 0; i < 10; ++i) {
            QList<QFuture<Result<Rows>>> futures;
            {
                Store store(anna());
                if (i % 2)
                    QVERIFY(reaches(store, Store::State::Ready));
                for (int n = 0; n < 5; ++n)
                    futures << store.query(n == 0 && i % 2 ? "SELECT pg_sleep(20)" : "SELECT 1");
                if (i % 3 == 0)
                    QCoreApplication::processEvents();
            }
            for (const auto& future : futures) {
                QVERIFY(future.isFinished());
                QVERIFY(!future.result() && future.result().error().kind == Error::Kind::Cancelled);
            }
        }
    }

    void answersThatComeTooLateFindNobody()
    {
        QPromise<Result<Address>> address;
        QPromise<Result<QByteArray>> password;
        address.start();
        password.start();
        bool addressAsked = false, passwordAsked = false;
        {
            Store store(
                [&] {
                    addressAsked = true;
                    return address.future();
                },
                quickOptions());
            QTRY_VERIFY(addressAsked);
        }
        VERIFY_OK(m_server.addPerson(m_database, u"carla"_s, {u"viewer"_s}, u"right"_s));
        {
            auto options = quickOptions();
            options.password = [&](const Address&) {
                passwordAsked = true;
                return password.future();
            };
            Store store(Address::parse(loopbackUri(u"carla"_s, m_server.port(), m_database)).value(), options);
            QTRY_VERIFY(passwordAsked);
        }
        address.addResult(anna());
        address.finish();
        password.addResult(QByteArray("right"));
        password.finish();
        BackgroundThread::waitForAll(); // both threads end, and touch nobody
    }

    void passwordIsAskedForOnlyWhenDemanded()
    {
        VERIFY_OK(m_server.addPerson(m_database, u"berta"_s, {u"viewer"_s}, u"right"_s));
        int asked = 0;
        QByteArray answer = "right";
        auto options = quickOptions();
        options.password = [&](const Address& address) {
            ++asked;
            Q_ASSERT(address.user() == u"berta" || address.user() == u"anna");
            return QtFuture::makeReadyFuture(Result<QByteArray>(answer));
        };
        {
            Store local(anna(), options);
            QVERIFY(reaches(local, Store::State::Ready));
            QCOMPARE(asked, 0);
        }
        const auto address = Address::parse(loopbackUri(u"berta"_s, m_server.port(), m_database)).value();
        {
            Store store(address, options);
            QVERIFY(reaches(store, Store::State::Ready));
            QCOMPARE(asked, 1);
            QCOMPARE(store.status().person, u"berta"_s);
        }
        answer = "hunter2";
        Store store(address, options);
        QVERIFY(reaches(store, Store::State::Failed));
        QCOMPARE(store.status().error->kind, Error::Kind::Unauthorized);
        QVERIFY2(store.status().error->detail.startsWith(u"28P01"), qPrintable(store.status().error->detail));
        QVERIFY(!(store.status().error->text() + store.status().error->detail).contains(u"hunter2"));
        const auto refused = wait(store.query("SELECT 1"));
        QVERIFY(!refused && refused.error().kind == Error::Kind::Unauthorized);
        answer = "right";
        store.reconnect();
        QVERIFY(reaches(store, Store::State::Ready));
    }

    void refusalsHaveTheirOwnSentences()
    {
        const auto errorOf = [&](const Address& address) {
            Store store(address, quickOptions());
            const bool failed = reaches(store, Store::State::Failed);
            return failed ? *store.status().error : Error{Error::Kind::Protocol, u"did not fail"_s, {}, {}};
        };
        const Error noPassword = errorOf(Address::parse(loopbackUri(u"anna"_s, m_server.port(), m_database)).value());
        QCOMPARE(noPassword.kind, Error::Kind::Unauthorized);
        const Error noDatabase = errorOf(m_server.address(u"anna"_s, u"nowhere"_s));
        QCOMPARE(noDatabase.kind, Error::Kind::NotFound);
        QVERIFY(noDatabase.sentence.contains(u"nowhere"));
        const Error noRole = errorOf(m_server.address(u"nobody-here"_s, m_database));
        QCOMPARE(noRole.kind, Error::Kind::Unauthorized);
        VERIFY_OK(m_server.session(u"postgres"_s, m_database).script("CREATE ROLE stranger LOGIN"));
        const Error noRights = errorOf(m_server.address(u"stranger"_s, m_database));
        QCOMPARE(noRights.kind, Error::Kind::Forbidden);
        QVERIFY2(noRights.remedy.contains(u"store grant stranger"), qPrintable(noRights.text()));
        const auto empty = m_server.emptyDatabase();
        VERIFY_OK(empty);
        const Error noSchema = errorOf(m_server.superuser(*empty));
        QCOMPARE(noSchema.kind, Error::Kind::Unsupported);
        QVERIFY(noSchema.remedy.contains(u"store init"));
        const QStringList sentences{noPassword.sentence, noDatabase.sentence, noRole.sentence, noRights.sentence,
                                    noSchema.sentence};
        QCOMPARE(QSet<QString>(sentences.begin(), sentences.end()).size(), sentences.size());
    }
};

QTEST_GUILESS_MAIN(TestConnection)
#include "test_store_connection.moc"
