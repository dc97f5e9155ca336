// SPDX-License-Identifier: GPL-3.0-or-later
#include "StoreScript.h"
#include "store/SqlError.h"
#include "support/ChaosProxy.h"

#include <sys/mount.h>

using namespace wk;
using namespace wk::store;
using namespace wk::test;
using namespace Qt::StringLiterals;

namespace {

/// A disk of a few megabytes, for as long as this lives. Only root may have one.
class SmallDisk
{
public:
    explicit SmallDisk(const ServerUser& user)
    {
        const QByteArray options =
            "size=40m,mode=0700,uid=" + QByteArray::number(user.uid) + ",gid=" + QByteArray::number(user.gid);
        m_mounted = mount("watchkeeper-test", path(), "tmpfs", MS_NOSUID | MS_NODEV, options.constData()) == 0;
        m_problem = m_mounted ? QString() : qt_error_string(errno);
    }
    ~SmallDisk()
    {
        if (m_mounted)
            umount2(path(), MNT_DETACH);
    }
    [[nodiscard]] const char* path() const { return m_path.constData(); }
    [[nodiscard]] const QString& problem() const { return m_problem; }
    /// Takes what is left; empty() gives it back.
    void fill() const
    {
        QFile file(m_directory.filePath(u"filler"_s));
        if (!file.open(QIODevice::WriteOnly | QIODevice::Unbuffered))
            qFatal("cannot fill the disk");
        while (file.write(QByteArray(4096, 'x')) > 0) {
        }
    }
    void empty() const { QFile::remove(m_directory.filePath(u"filler"_s)); }

private:
    QTemporaryDir m_directory{u"/tmp/watchkeeper-disk-XXXXXX"_s};
    QByteArray m_path = QFile::encodeName(m_directory.path());
    bool m_mounted = false;
    QString m_problem;
};

} // namespace

/// Databases in trouble: what the person is told, that nothing is lost, and that the store comes back by itself.
class TestFaults : public QObject
{
    Q_OBJECT
private:
    PostgresServer m_server;
    QString m_database;
    QMap<QString, QString> m_sentences; ///< of each fault, by the test's name

    [[nodiscard]] Address anna() const { return m_server.address(u"anna"_s, m_database); }
    [[nodiscard]] Session root(const QString& database = u"postgres"_s) const
    {
        return m_server.session(u"postgres"_s, database);
    }
    /// Ends the connections that match, once there is one; whether there was.
    bool endConnections(const QByteArray& condition)
    {
        return QTest::qWaitFor(
            [&] {
                const auto ended = root().run("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
                                              " WHERE usename = 'anna' AND " +
                                              condition);
                return ended && ended->number(0, 0) > 0;
            },
            30'000);
    }
    [[nodiscard]] qint64 requests() const
    {
        const auto rows = root(m_database).run("SELECT count(*) FROM watchkeeper.request");
        return rows ? rows->number(0, 0) : -1;
    }
    static QFuture<Result<QJsonValue>> create(Store& store, const QByteArray& more = "{}")
    {
        return store.call(u"create_request"_s, {StoreScript::fields(more), StoreScript::plan(u"api"_s)});
    }
    /// What failed, why, what to do; kept, so that no two faults are told in the same words.
    void judge(const Error& error, Error::Kind kind, const QStringList& sentence, const QString& remedy)
    {
        QVERIFY2(error.kind == kind, qPrintable(errorKindName(error.kind) + u": "_s + error.text() + error.detail));
        for (const QString& part : sentence)
            QVERIFY2(error.sentence.contains(part), qPrintable(error.sentence));
        QVERIFY2(error.remedy.contains(remedy), qPrintable(error.remedy));
        QVERIFY2(!error.sentence.contains(u'%') && !error.remedy.contains(u'%'), qPrintable(error.text()));
        m_sentences.insert(QString::fromLatin1(QTest::currentTestFunction()), error.sentence);
    }
    static bool fails(Store& store)
    {
        return QTest::qWaitFor([&] { return store.status().error.has_value(); }, 60'000);
    }

private slots:
    void initTestCase()
    {
        START_OR_SKIP(m_server.start());
        const auto made = m_server.freshDatabase();
        VERIFY_OK(made);
        m_database = *made;
        VERIFY_OK(m_server.addPerson(m_database, u"anna"_s, {u"operator"_s}, u"right"_s));
    }

    void madeReadOnly()
    {
        VERIFY_OK(root().script("ALTER DATABASE " + m_database.toUtf8() + " SET default_transaction_read_only = on"));
        Store store(anna(), quickOptions());
        QVERIFY(fails(store));
        judge(*store.status().error, Error::Kind::Server, {u"was made read-only"_s, u"/tmp/"_s},
              u"default_transaction_read_only"_s);
        QCOMPARE(store.state(), Store::State::Connecting);
        QVERIFY(store.status().nextTryMs > 0);
        VERIFY_OK(root().script("ALTER DATABASE " + m_database.toUtf8() + " RESET default_transaction_read_only"));
        QVERIFY(reaches(store, Store::State::Ready)); // by itself
    }

    void becomesReadOnly()
    {
        const qint64 before = requests();
        Store store(anna(), quickOptions());
        QSignalSpy resynchronise(&store, &Store::resynchronise);
        QVERIFY(reaches(store, Store::State::Ready));
        VERIFY_OK(m_server.configure("default_transaction_read_only = on\n"));
        // The settings reach a session that is open a moment later than a new one.
        QVERIFY(QTest::qWaitFor(
            [&] {
                const auto shown = wait(store.query("SHOW default_transaction_read_only"));
                return !shown || shown->text(0, 0) == u"on";
            },
            30'000));
        const auto refused = wait(create(store));
        QVERIFY(!refused);
        QVERIFY(!isOutcomeUnknown(refused.error()));
        QCOMPARE(sqlState(refused.error()), u"25006"_s);
        judge(refused.error(), Error::Kind::Server, {u"read-only"_s}, u"nothing was changed"_s);
        QVERIFY(QTest::qWaitFor([&] { return store.state() == Store::State::Reconnecting; }, 30'000));
        VERIFY_OK(m_server.configure(""));
        QTRY_COMPARE_WITH_TIMEOUT(resynchronise.size(), 2, 30'000);
        VERIFY_OK(wait(create(store)));
        QCOMPARE(requests(), before + 1);
    }

    void fullDisk()
    {
        judge(sqlError("53100", u"could not extend file"_s, {}, {u"db1:5432"_s, u"anna"_s, u"watchkeeper"_s}),
              Error::Kind::Io, {u"The disk of the store at db1:5432 is full; nothing was changed"_s}, u"make room"_s);
        const SmallDisk disk(m_server.user());
        if (!disk.problem().isEmpty())
            QSKIP(qPrintable(u"a small disk cannot be mounted here: "_s + disk.problem()));
        const auto made = m_server.freshDatabase();
        VERIFY_OK(made);
        VERIFY_OK(m_server.addPerson(*made, u"anna"_s, {u"operator"_s}));
        VERIFY_OK(root().script("CREATE TABLESPACE small LOCATION '" + QByteArray(disk.path()) + '\''));
        VERIFY_OK(root().script("ALTER DATABASE " + made->toUtf8() + " SET TABLESPACE small"));
        // A server whose disk is gone does not stop in peace.
        const auto cleared = qScopeGuard([&] {
            disk.empty();
            if (!root().script("DROP DATABASE " + made->toUtf8() + " WITH (FORCE)") ||
                !root().script("DROP TABLESPACE small"))
                qWarning("the small disk is still in use");
        });
        Store store(m_server.address(u"anna"_s, *made), quickOptions());
        QVERIFY(reaches(store, Store::State::Ready));
        disk.fill();
        Result<QJsonValue> last;
        int stored = 0;
        for (QRandomGenerator random(7); last && stored < 90;) {
            QByteArray text; // that does not get smaller by compression
            while (text.size() < 16'000)
                text += QByteArray::number(random.generate64(), 36);
            last = wait(create(store, "{\"what\":\"" + text + "\"}"));
            stored += last.has_value();
        }
        QVERIFY(!last);
        QCOMPARE(sqlState(last.error()), u"53100"_s);
        judge(last.error(), Error::Kind::Io, {u"The disk of the store at"_s, u"is full; nothing was changed"_s},
              u"make room"_s);
        // Reading goes on, and what was refused left nothing behind.
        QCOMPARE(store.state(), Store::State::Ready);
        const auto count = wait(store.query("SELECT count(*) FROM watchkeeper.request_list"));
        VERIFY_OK(count);
        QCOMPARE(count->number(0, 0), stored);
        const auto audit = wait(store.call(u"verify_audit"_s, {}, Statement::Read));
        VERIFY_OK(audit);
        QVERIFY((*audit)[u"ok"_s].toBool());
        disk.empty();
        VERIFY_OK(wait(create(store)));
    }

    void noConnectionLeft()
    {
        VERIFY_OK(root().script("ALTER ROLE anna CONNECTION LIMIT 0"));
        Store store(anna(), quickOptions());
        QVERIFY(fails(store));
        judge(*store.status().error, Error::Kind::Throttled, {u"has no free connection"_s}, u"max_connections"_s);
        VERIFY_OK(root().script("ALTER ROLE anna CONNECTION LIMIT -1"));
        QVERIFY(reaches(store, Store::State::Ready));
    }

    void wrongPassword()
    {
        auto options = quickOptions();
        options.password = [](const Address&) { return QtFuture::makeReadyFuture(Result<QByteArray>("hunter2")); };
        Store store(Address::parse(loopbackUri(u"anna"_s, m_server.port(), m_database)).value(), options);
        QVERIFY(reaches(store, Store::State::Failed));
        judge(*store.status().error, Error::Kind::Unauthorized, {u"refused the password of “anna”"_s, u"127.0.0.1"_s},
              u"Enter the password again"_s);
    }

    void backendEndedWhileIdle()
    {
        Store store(anna(), quickOptions());
        QSignalSpy resynchronise(&store, &Store::resynchronise);
        QSignalSpy notified(&store, &Store::notified);
        std::optional<Error> lost;
        connect(&store, &Store::stateChanged, &store, [&] {
            if (!lost && store.state() == Store::State::Reconnecting)
                lost = store.status().error;
        });
        QVERIFY(reaches(store, Store::State::Ready));
        QVERIFY(endConnections("true"));
        QTRY_COMPARE_WITH_TIMEOUT(resynchronise.size(), 2, 30'000);
        QVERIFY(lost.has_value());
        judge(*lost, Error::Kind::Network, {u"ended the connection"_s}, u"tried again by itself"_s);
        VERIFY_OK(root(m_database).run("SELECT pg_notify('watchkeeper', '{\"what\":\"policy\"}')"));
        QTRY_COMPARE(notified.size(), 1); // it listens again
    }

    void backendEndedWhileItReads()
    {
        Store store(anna(), quickOptions());
        QVERIFY(reaches(store, Store::State::Ready));
        Session holder = root(m_database);
        VERIFY_OK(holder.script("BEGIN; LOCK TABLE watchkeeper.request IN ACCESS EXCLUSIVE MODE"));
        const auto read = store.query("SELECT count(*) FROM watchkeeper.request");
        QVERIFY(endConnections("wait_event_type = 'Lock'"));
        VERIFY_OK(holder.script("ROLLBACK"));
        VERIFY_OK(wait(read)); // asked again by itself
    }

    void backendEndedWhileItWrites()
    {
        const qint64 before = requests();
        Store store(anna(), quickOptions());
        QVERIFY(reaches(store, Store::State::Ready));
        Session holder = root(m_database);
        VERIFY_OK(holder.script("BEGIN; LOCK TABLE watchkeeper.request IN ACCESS EXCLUSIVE MODE"));
        const auto write = create(store);
        const auto waiting = store.query("SELECT 1"); // given after it, answered after the reconnection
        QVERIFY(endConnections("wait_event_type = 'Lock'"));
        const auto result = wait(write);
        QVERIFY(!result && isOutcomeUnknown(result.error()));
        judge(result.error(), Error::Kind::Network, {u"it is not known whether this was carried out"_s},
              u"look at what is there now"_s);
        QVERIFY2(result.error().detail.contains(u"ended the connection"), words(result));
        VERIFY_OK(holder.script("ROLLBACK"));
        VERIFY_OK(wait(waiting));
        QCOMPARE(requests(), before); // sent once, never again
    }

    void stoppedWhileItListens()
    {
        auto options = quickOptions();
        options.waitMs = 300;
        Store store(anna(), options);
        QSignalSpy resynchronise(&store, &Store::resynchronise);
        QSignalSpy notified(&store, &Store::notified);
        QVERIFY(reaches(store, Store::State::Ready));
        m_server.stop();
        QVERIFY(QTest::qWaitFor(
            [&] { return store.status().error && store.status().error->sentence.contains(u"cannot be reached"); },
            60'000));
        QCOMPARE(store.state(), Store::State::Reconnecting);
        judge(*store.status().error, Error::Kind::Network, {u"cannot be reached"_s}, u"Check that PostgreSQL runs"_s);
        const auto meanwhile = wait(create(store));
        QVERIFY(!meanwhile && !isOutcomeUnknown(meanwhile.error()));
        QVERIFY2(meanwhile.error().sentence.endsWith(u"Nothing was changed."), words(meanwhile));
        VERIFY_OK(m_server.startAgain());
        QTRY_COMPARE_WITH_TIMEOUT(resynchronise.size(), 2, 60'000);
        VERIFY_OK(root(m_database).run("SELECT pg_notify('watchkeeper', '{\"what\":\"policy\"}')"));
        QTRY_COMPARE(notified.size(), 1);
    }

    void stoppedInTheMiddleOfACall()
    {
        const qint64 before = requests();
        Store store(anna(), quickOptions());
        QVERIFY(reaches(store, Store::State::Ready));
        Session holder = root(m_database);
        VERIFY_OK(holder.script("BEGIN; LOCK TABLE watchkeeper.request IN ACCESS EXCLUSIVE MODE"));
        const auto write = create(store);
        const auto read = store.query("SELECT 42");
        QVERIFY(QTest::qWaitFor([&] {
            const auto rows = root().run("SELECT FROM pg_stat_activity WHERE usename = 'anna'"
                                         " AND wait_event_type = 'Lock'");
            return rows && !rows->isEmpty();
        }));
        m_server.stop(PostgresServer::Stop::Immediate);
        const auto result = wait(write);
        QVERIFY(!result && isOutcomeUnknown(result.error()));
        VERIFY_OK(m_server.startAgain());
        const auto answer = wait(read);
        VERIFY_OK(answer);
        QCOMPARE(answer->number(0, 0), 42);
        QCOMPARE(requests(), before);
    }

    void silentNetwork()
    {
        ChaosProxy proxy(m_server.port());
        auto options = quickOptions();
        options.connectMs = 1'000;
        options.password = [](const Address&) { return QtFuture::makeReadyFuture(Result<QByteArray>("right")); };
        Store store(Address::parse(loopbackUri(u"anna"_s, proxy.port(), m_database)).value(), options);
        QVERIFY(reaches(store, Store::State::Ready));
        proxy.setSilent(true);
        QVERIFY(reaches(store, Store::State::Reconnecting)); // the heartbeat tells
        QVERIFY(fails(store));
        judge(*store.status().error, Error::Kind::Network, {u"does not answer: nothing came for 1 s"_s}, u"firewall"_s);
        proxy.setSilent(false);
        QVERIFY(reaches(store, Store::State::Ready));
    }

    void noTwoFaultsSoundAlike()
    {
        QVERIFY(m_sentences.size() >= 9);
        const QStringList all = m_sentences.values();
        QCOMPARE(QSet<QString>(all.begin(), all.end()).size(), all.size());
    }
};

QTEST_GUILESS_MAIN(TestFaults)
#include "test_store_faults.moc"
