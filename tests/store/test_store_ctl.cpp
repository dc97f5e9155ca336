// SPDX-License-Identifier: GPL-3.0-or-later
#include "StoreTest.h"
#include "secrets/KeychainStore.h"
#include "store/Migrations.h"
#include "support/Process.h"

#include <QtCore/QStandardPaths>

#include <sys/stat.h>

using namespace wk;
using namespace wk::store;
using namespace wk::test;
using namespace Qt::StringLiterals;

namespace {

constexpr auto InsideVariable = "WATCHKEEPER_TEST_STORE_URI";

/// The exit codes that README.md promises.
enum Code { Done = 0, Refused = 1, Usage = 2, NoConnection = 3 };

QByteArray said(const Ran& ran) { return QByteArray::number(ran.code) + '\n' + ran.out + ran.err; }

} // namespace

#define VERIFY_RAN(ran, wanted) QVERIFY2((ran).code == (wanted), said(ran).constData())

/// `watchkeeperctl store ...`: the real program against a real server.
class TestCtl : public QObject
{
    Q_OBJECT
private:
    PostgresServer m_server;
    QTemporaryDir m_home;
    QString m_database; ///< has the schema

    /// Without keychain, without the files of whoever runs the test.
    [[nodiscard]] QStringList environment() const
    {
        return {u"HOME="_s + m_home.path(), u"DBUS_SESSION_BUS_ADDRESS=unix:path="_s + m_home.path() + u"/nothing"_s,
                u"WATCHKEEPER_STORE="_s, u"PGPASSFILE="_s + m_home.path() + u"/nothing"_s, u"PGPASSWORD="_s};
    }
    [[nodiscard]] Ran ctl(const QString& uri, const QStringList& words, const QByteArray& input = {},
                          const QStringList& more = {}) const
    {
        QStringList all{u"store"_s};
        all += words;
        if (!uri.isEmpty())
            all << u"--store"_s << uri;
        return run(program(u"watchkeeperctl"_s), all, 60'000, environment() + more, input);
    }
    [[nodiscard]] QString superuser(const QString& database = {}) const
    {
        return m_server.superuser(database.isEmpty() ? m_database : database).text();
    }
    [[nodiscard]] QString by(const QString& person) const { return m_server.address(person, m_database).text(); }
    [[nodiscard]] static QJsonObject json(const Ran& ran) { return QJsonDocument::fromJson(ran.out).object(); }

private slots:
    void initTestCase()
    {
        if (!QFile::exists(program(u"watchkeeperctl"_s)))
            QSKIP("watchkeeperctl is not built");
        START_OR_SKIP(m_server.start("log_statement = 'all'\n"));
        const auto made = m_server.freshDatabase();
        VERIFY_OK(made);
        m_database = *made;
        VERIFY_OK(m_server.addPerson(m_database, u"chief"_s, {u"admin"_s}));
        VERIFY_OK(m_server.addPerson(m_database, u"pat"_s, {u"viewer"_s}, u"right"_s));
    }

    void initMakesATeamsStore()
    {
        const QString team = superuser(u"team"_s);
        const Ran missing = ctl(team, {u"status"_s});
        VERIFY_RAN(missing, Refused);
        QVERIFY2(missing.err.contains("store init"), missing.err);
        const Ran made = ctl(team, {u"init"_s, u"boss"_s});
        VERIFY_RAN(made, Done);
        QVERIFY2(made.out.contains("\"team\" was made") && made.out.contains("boss is an admin"), made.out);
        const Ran again = ctl(team, {u"init"_s, u"boss"_s});
        VERIFY_RAN(again, Done);
        QVERIFY2(again.out.contains("already"), again.out);
        const Ran status = ctl(m_server.address(u"boss"_s, u"team"_s).text(), {u"status"_s, u"-o"_s, u"json"_s});
        VERIFY_RAN(status, Done);
        QCOMPARE(json(status)[u"schema"_s].toInt(), newestSchema());
        QCOMPARE(json(status)[u"policy"_s].toString(), u"team"_s);
        QCOMPARE(json(status)[u"person"_s].toString(), u"boss"_s);
        QCOMPARE(json(status)[u"private"_s].toBool(true), false);
        // An admin who is no superuser admits a login role that is there.
        VERIFY_OK(m_server.session(u"postgres"_s, u"postgres"_s).script("CREATE ROLE newcomer LOGIN"));
        const Ran granted =
            ctl(m_server.address(u"boss"_s, u"team"_s).text(), {u"grant"_s, u"newcomer"_s, u"operator@streamgate"_s});
        VERIFY_RAN(granted, Done);
    }

    void migrateBringsOnlyWhatIsMissing()
    {
        const auto empty = m_server.emptyDatabase();
        VERIFY_OK(empty);
        const Ran refused = ctl(superuser(*empty), {u"migrate"_s});
        VERIFY_RAN(refused, Refused);
        QVERIFY2(refused.err.contains("store init"), refused.err);
        {
            Session session = m_server.session(u"postgres"_s, *empty);
            const auto all = builtinMigrations();
            VERIFY_OK(migrate(session, all.first(all.size() - 2)));
        }
        const Ran old = ctl(superuser(*empty), {u"status"_s});
        VERIFY_RAN(old, Refused);
        QVERIFY2(old.err.contains("store migrate"), old.err);
        const Ran migrated = ctl(superuser(*empty), {u"migrate"_s});
        VERIFY_RAN(migrated, Done);
        QVERIFY2(migrated.out.contains("to " + QByteArray::number(newestSchema())), migrated.out);
        VERIFY_RAN(ctl(superuser(*empty), {u"status"_s}), Done);
        VERIFY_OK(m_server.session(u"postgres"_s, *empty)
                      .script("INSERT INTO watchkeeper.schema_version (version, name, sha256)"
                              " VALUES (9999, 'later.sql', repeat('0', 64))"));
        const Ran newer = ctl(superuser(*empty), {u"migrate"_s});
        VERIFY_RAN(newer, Refused);
        QVERIFY2(newer.err.contains("Update Watchkeeper"), newer.err);
    }

    void grantAdmitsAndRevokeExpels()
    {
        const Ran stranger = ctl(by(u"chief"_s), {u"grant"_s, u"quinn"_s, u"viewer"_s});
        VERIFY_RAN(stranger, Refused);
        QVERIFY2(stranger.err.contains("CREATE ROLE \"quinn\" LOGIN"), stranger.err);
        VERIFY_RAN(ctl(superuser(), {u"grant"_s, u"quinn"_s, u"operator@tchat"_s, u"tech-lead"_s}), Done);
        const Ran me = ctl(by(u"quinn"_s), {u"whoami"_s});
        VERIFY_RAN(me, Done);
        QVERIFY2(me.out.contains("quinn") && me.out.contains("tech-lead, operator@tchat"), me.out);
        // All or nothing.
        const Ran half = ctl(by(u"chief"_s), {u"grant"_s, u"quinn"_s, u"security"_s, u"emperor"_s});
        VERIFY_RAN(half, Refused);
        QVERIFY2(half.err.contains("emperor"), half.err);
        QVERIFY(!ctl(by(u"quinn"_s), {u"whoami"_s}).out.contains("security"));
        VERIFY_RAN(ctl(by(u"quinn"_s), {u"grant"_s, u"quinn"_s, u"admin"_s}), Refused);

        VERIFY_RAN(ctl(by(u"chief"_s), {u"revoke"_s, u"quinn"_s, u"tech-lead"_s}), Done);
        QVERIFY(!ctl(by(u"quinn"_s), {u"whoami"_s}).out.contains("tech-lead"));
        // An admin takes the roles; the admission itself was given by the schema's owner.
        const Ran reader = ctl(by(u"chief"_s), {u"revoke"_s, u"quinn"_s});
        VERIFY_RAN(reader, Done);
        QVERIFY2(reader.out.contains("can still read") && reader.out.contains("REVOKE watchkeeper_people"), reader.out);
        VERIFY_RAN(ctl(superuser(), {u"revoke"_s, u"quinn"_s}), Done);
        const Ran gone = ctl(by(u"quinn"_s), {u"whoami"_s});
        VERIFY_RAN(gone, Refused);
        QVERIFY2(gone.err.contains("store grant quinn"), gone.err);
    }

    void aLowerClassTakesASecondAdminOrADay()
    {
        const QStringList down{u"prod"_s, u"main"_s, u"staging"_s};
        const Ran none = ctl(superuser(), {u"clusters"_s});
        VERIFY_RAN(none, Done);
        QVERIFY2(none.out.contains("each counts as production"), none.out);
        VERIFY_RAN(ctl(by(u"chief"_s), {u"cluster"_s, u"prod"_s, u"main"_s, u"production"_s}), Done);
        const Ran lowered = ctl(by(u"chief"_s), QStringList{u"cluster"_s} + down);
        VERIFY_RAN(lowered, Done);
        QVERIFY2(lowered.out.contains("main of prod counts as production; chief wants it to be staging"), lowered.out);
        QVERIFY2(lowered.out.contains("store confirm-cluster prod main staging"), lowered.out);
        const Ran own = ctl(by(u"chief"_s), QStringList{u"confirm-cluster"_s} + down);
        VERIFY_RAN(own, Refused);
        QVERIFY2(own.err.contains("Another admin"), own.err);
        VERIFY_RAN(ctl(superuser(), QStringList{u"confirm-cluster"_s} + down), Done);
        const Ran after = ctl(by(u"chief"_s), {u"clusters"_s});
        VERIFY_RAN(after, Done);
        QVERIFY2(after.out.contains("main of prod counts as staging"), after.out);
        VERIFY_RAN(ctl(by(u"chief"_s), {u"cluster"_s, u"prod"_s, u"main"_s, u"harmless"_s}), Refused);
        VERIFY_RAN(ctl(by(u"chief"_s), {u"cluster"_s, u"prod"_s}), Usage);
    }

    void passwordsComeFromAnywhereButTheCommandLine()
    {
        const QString uri = loopbackUri(u"pat"_s, m_server.port(), m_database);
        const Ran none = ctl(uri, {u"whoami"_s});
        VERIFY_RAN(none, NoConnection);
        QVERIFY2(none.err.contains("--password-stdin") && none.err.contains(".pgpass"), none.err);
        VERIFY_RAN(ctl(uri, {u"whoami"_s, u"--password-stdin"_s}, "right\n"), Done);
        const Ran wrong = ctl(uri, {u"whoami"_s, u"--password-stdin"_s}, "hunter2\n");
        VERIFY_RAN(wrong, NoConnection);
        QVERIFY2(wrong.err.contains("refused the password") && !wrong.err.contains("hunter2"), wrong.err);
        VERIFY_RAN(ctl(uri, {u"whoami"_s, u"--password-stdin"_s}), NoConnection); // no line

        QFile file(m_home.path() + u"/pass"_s);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("127.0.0.1:*:*:pat:right\n");
        file.close();
        QVERIFY(file.setPermissions(QFile::ReadOwner | QFile::WriteOwner));
        VERIFY_RAN(ctl(uri, {u"whoami"_s}, {}, {u"PGPASSFILE="_s + file.fileName()}), Done);
        VERIFY_RAN(
            ctl({}, {u"whoami"_s}, {}, {u"WATCHKEEPER_STORE="_s + QString(uri).replace(u"pat@"_s, u"pat:right@"_s)}),
            Done);
        const Ran open = ctl(QString(uri).replace(u"pat@"_s, u"pat:hunter2@"_s), {u"whoami"_s});
        VERIFY_RAN(open, Usage);
        QVERIFY2(!open.err.contains("hunter2"), open.err);
    }

    void aNewPasswordNeverReachesTheServer()
    {
        VERIFY_RAN(ctl(superuser(), {u"grant"_s, u"rosa"_s, u"viewer"_s, u"--new-password"_s}, "Schlüssel 7\n"), Done);
        const QString uri = loopbackUri(u"rosa"_s, m_server.port(), m_database);
        VERIFY_RAN(ctl(uri, {u"whoami"_s, u"--password-stdin"_s}, "Schlüssel 7\n"), Done);
        QVERIFY(m_server.log().contains(u"SCRAM-SHA-256$"));
        QVERIFY(!m_server.log().contains(u"Schl"));
        VERIFY_RAN(ctl(superuser(), {u"grant"_s, u"rosa"_s, u"viewer"_s, u"--new-password"_s}, "\n"), Refused);
    }

    /// At a terminal (a pseudo terminal, here) the question is asked and the answer not shown.
    void theTerminalShowsNoPassword()
    {
        if (QStandardPaths::findExecutable(u"script"_s).isEmpty())
            QSKIP("the program `script` is not installed");
        QProcess terminal;
        QProcessEnvironment variables = QProcessEnvironment::systemEnvironment();
        for (const QString& entry : environment())
            variables.insert(entry.section(u'=', 0, 0), entry.section(u'=', 1));
        terminal.setProcessEnvironment(variables);
        terminal.setProcessChannelMode(QProcess::MergedChannels);
        const QString command = u"'%1' store whoami --store '%2'"_s.arg(
            program(u"watchkeeperctl"_s), loopbackUri(u"pat"_s, m_server.port(), m_database));
        terminal.start(u"script"_s, {u"-qec"_s, command, u"/dev/null"_s});
        QByteArray shown;
        const auto shows = [&](const char* text) {
            const auto there = [&] {
                shown += terminal.readAll();
                return shown.contains(text);
            };
            const bool settled =
                QTest::qWaitFor([&] { return there() || terminal.state() == QProcess::NotRunning; }, 30'000);
            return settled && there();
        };
        const bool asked = shows("Password of pat");
        if (shown.contains("failed to create pseudo-terminal"))
            QSKIP("this system has no pseudo terminals");
        QVERIFY2(asked, shown);
        terminal.write("right\n");
        QVERIFY2(shows("viewer"), shown);
        QTRY_COMPARE_WITH_TIMEOUT(terminal.state(), QProcess::NotRunning, 30'000);
        QCOMPARE(terminal.exitCode(), int(Done));
        QVERIFY2(!shown.contains("right"), shown);
    }

    void keychainInside()
    {
        const QString uri = qEnvironmentVariable(InsideVariable);
        if (uri.isEmpty())
            QSKIP("runs inside of theKeychainIsAsked()");
        SystemClock clock;
        secrets::KeychainStore keychain(clock, secrets::KeychainStore::service());
        VERIFY_OK(wait(keychain.write(Address::parse(uri).value().text(), "right")));
        VERIFY_RAN(run(program(u"watchkeeperctl"_s), {u"store"_s, u"whoami"_s, u"--store"_s, uri}), Done);
        VERIFY_OK(wait(keychain.write(Address::parse(uri).value().text(), "old")));
        const Ran old = run(program(u"watchkeeperctl"_s), {u"store"_s, u"whoami"_s, u"--store"_s, uri});
        VERIFY_RAN(old, NoConnection);
        QVERIFY2(old.err.contains("refused the password"), old.err);
    }

    void theKeychainIsAsked()
    {
        if (qEnvironmentVariableIsSet(InsideVariable))
            QSKIP("this is the inner run");
        for (const char* name : {"dbus-run-session", "gnome-keyring-daemon"}) {
            if (QStandardPaths::findExecutable(QLatin1String(name)).isEmpty())
                QSKIP(qPrintable(u"%1 is not installed"_s.arg(QLatin1String(name))));
        }
        const QString script = u"printf pass | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1 && "
                               "exec \"$0\" keychainInside"_s;
        const Ran ran = run(u"dbus-run-session"_s,
                            {u"--"_s, u"sh"_s, u"-c"_s, script, QCoreApplication::applicationFilePath()}, 60'000,
                            {QLatin1String(InsideVariable) + u'=' + loopbackUri(u"pat"_s, m_server.port(), m_database),
                             u"HOME="_s + m_home.path(), u"XDG_DATA_HOME="_s + m_home.path(),
                             u"XDG_RUNTIME_DIR="_s + m_home.path(), u"XDG_CURRENT_DESKTOP=GNOME"_s});
        if (ran.out.contains("There is no keychain that works here"))
            QSKIP("the keyring daemon does not start in this environment");
        VERIFY_RAN(ran, 0);
    }

    void psqlTakesTheUri()
    {
        const Ran uri = ctl(by(u"pat"_s), {u"psql-uri"_s});
        VERIFY_RAN(uri, Done);
        const QString psql = ServerPrograms::find({}, 0)->path("psql");
        if (!QFile::exists(psql))
            QSKIP("psql is not installed");
        const Ran asked = run(psql, {QString::fromUtf8(uri.out).trimmed(), u"-Atc"_s, u"SELECT session_user"_s});
        VERIFY_RAN(asked, 0);
        QCOMPARE(asked.out.trimmed(), QByteArray("pat"));
        // What psql would not do by itself: look who the server is.
        const Ran far = ctl(u"postgresql://pat@db.example/x"_s, {u"psql-uri"_s}); // need not be reached
        VERIFY_RAN(far, Done);
        QVERIFY2(far.out.contains("sslmode=verify-full") && far.out.contains("sslrootcert="), far.out);
    }

    void theOwnStoreLivesAsLongAsTheProgram()
    {
        QTemporaryDir directory(u"/tmp/watchkeeper-ctl-XXXXXX"_s);
        QVERIFY(chmod(directory.path().toLocal8Bit().constData(), 0711) == 0);
        const QStringList more{u"WATCHKEEPER_PRIVATE_STORE="_s + directory.path() + u"/store"_s};
        const Ran status = ctl({}, {u"status"_s, u"-o"_s, u"json"_s}, {}, more);
        VERIFY_RAN(status, Done);
        QVERIFY(json(status)[u"private"_s].toBool());
        QCOMPARE(json(status)[u"policy"_s].toString(), u"solo"_s);
        QTRY_VERIFY_WITH_TIMEOUT(!QFile::exists(directory.path() + u"/store/data/postmaster.pid"_s), 30'000);
        VERIFY_RAN(ctl({}, {u"migrate"_s}, {}, more), Done);
        VERIFY_RAN(ctl({}, {u"grant"_s, u"eve"_s, u"admin"_s}, {}, more), Refused);
        VERIFY_RAN(ctl({}, {u"init"_s}, {}, more), Refused);
        QTRY_VERIFY_WITH_TIMEOUT(!QFile::exists(directory.path() + u"/store/data/postmaster.pid"_s), 30'000);
    }

    void misuseIsExplained()
    {
        const QList<QStringList> wrong{{},
                                       {u"dance"_s},
                                       {u"status"_s, u"now"_s},
                                       {u"grant"_s, u"anna"_s},
                                       {u"revoke"_s},
                                       {u"grant"_s, u"anna"_s, u"@streamgate"_s},
                                       {u"grant"_s, u"anna"_s, u"viewer@"_s}};
        for (const QStringList& words : wrong) {
            const Ran ran = ctl(by(u"chief"_s), words);
            VERIFY_RAN(ran, Usage);
            QVERIFY2(ran.err.startsWith("watchkeeperctl: "), ran.err);
        }
        VERIFY_RAN(ctl(u"postgresql://["_s, {u"status"_s}), Usage);
        const Ran nobody = ctl(u"postgresql://pat@127.0.0.1:1/x"_s, {u"status"_s});
        VERIFY_RAN(nobody, NoConnection);
        QVERIFY2(nobody.err.contains("cannot be reached"), nobody.err);
    }
};

QTEST_GUILESS_MAIN(TestCtl)
#include "test_store_ctl.moc"
