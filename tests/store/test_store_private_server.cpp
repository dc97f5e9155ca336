// SPDX-License-Identifier: GPL-3.0-or-later
#include "StoreTest.h"
#include "core/BackgroundThread.h"
#include "store/PrivateServer.h"
#include "store/ServerLock.h"
#include "store/ServerPrograms.h"

#include <QtCore/QElapsedTimer>

#include <csignal>
#include <sys/stat.h>

using namespace wk;
using namespace wk::store;
using namespace wk::test;
using namespace Qt::StringLiterals;

class TestPrivateServer : public QObject
{
    Q_OBJECT
private:
    std::unique_ptr<QTemporaryDir> m_directory;

    [[nodiscard]] QString path(const char* name = "store") const
    {
        return m_directory->path() + u'/' + QLatin1String(name);
    }
    [[nodiscard]] PrivateServer::Setup setup(const char* name = "store") const
    {
        PrivateServer::Setup result;
        result.directory = path(name);
        result.durable = false;
        return result;
    }
    [[nodiscard]] qint64 pid() const
    {
        QFile file(path() + u"/data/postmaster.pid"_s);
        return file.open(QIODevice::ReadOnly) ? file.readLine().trimmed().toLongLong() : 0;
    }
    bool isDown() const
    {
        // Whoever stops it holds the lock until it knows.
        return QTest::qWaitFor(
            [&] { return pid() == 0 && ServerLock(path() + u"/control.lock"_s).tryLock(ServerLock::Mode::Exclusive); },
            30'000);
    }

private slots:
    void initTestCase()
    {
        const auto programs = ServerPrograms::find({}, 0);
        if (!programs)
            QSKIP(qPrintable(programs.error().sentence));
    }

    void init()
    {
        m_directory = std::make_unique<QTemporaryDir>(u"/tmp/watchkeeper-private-XXXXXX"_s);
        QVERIFY(chmod(m_directory->path().toLocal8Bit().constData(), 0711) == 0); // as root another user passes through
    }

    void cleanup()
    {
        if (!m_directory)
            return;
        BackgroundThread::waitForAll(); // from then on the servers are on their way down
        for (const QString& store : QDir(m_directory->path()).entryList(QDir::Dirs | QDir::NoDotAndDotDot))
            QTRY_VERIFY_WITH_TIMEOUT(!QFile::exists(path(store.toUtf8().constData()) + u"/data/postmaster.pid"_s),
                                     30'000);
    }

    void madeOnDemandAndStoppedAtTheEnd()
    {
        {
            PrivateServer server(setup());
            QVERIFY(!QFileInfo::exists(path())); // nothing before it is asked for
            Store store([&] { return server.address(); }, quickOptions());
            QVERIFY2(reaches(store, Store::State::Ready),
                     store.status().error ? qPrintable(store.status().error->text() + store.status().error->detail)
                                          : "");
            QVERIFY(store.status().isPrivate);
            const auto me = wait(store.call(u"whoami"_s));
            VERIFY_OK(me);
            QCOMPARE(me->toObject().value(u"policy"_s).toString(), u"solo"_s);
            const auto super =
                wait(store.query("SELECT rolsuper OR rolcreaterole FROM pg_roles WHERE rolname = session_user"));
            VERIFY_OK(super);
            QVERIFY(!super->boolean(0, 0));
            const auto net =
                wait(store.query("SELECT current_setting('listen_addresses'), inet_server_addr() IS NULL"));
            VERIFY_OK(net);
            QCOMPARE(net->text(0, 0), QString());
            QVERIFY(net->boolean(0, 1));
            struct stat found
            {
            };
            for (const char* part : {"", "/data", "/run"}) {
                QVERIFY(stat((path() + QLatin1String(part)).toLocal8Bit().constData(), &found) == 0);
                QCOMPARE(found.st_mode & 0777, 0700u);
            }
        }
        QVERIFY(isDown());
        // Again, now from what is there.
        PrivateServer server(setup());
        VERIFY_OK(wait(server.address()));
        QVERIFY(pid() > 1);
    }

    void sharedByTwoAndStoppedByTheLast()
    {
        auto first = std::make_unique<PrivateServer>(setup());
        auto second = std::make_unique<PrivateServer>(setup());
        const auto a = first->address();
        const auto b = second->address(); // at the same moment
        VERIFY_OK(wait(a));
        VERIFY_OK(wait(b));
        const qint64 server = pid();
        first.reset();
        VERIFY_OK(wait(second->address()));
        QCOMPARE(pid(), server);
        QCOMPARE(::kill(pid_t(server), 0) == 0 || errno == EPERM, true);
        second.reset();
        QVERIFY(isDown());
    }

    void startedAgainWhileItStillStops()
    {
        for (int i = 0; i < 3; ++i) {
            PrivateServer server(setup());
            VERIFY_OK(wait(server.address()));
        }
    }

    void comesBackAfterACrash()
    {
        PrivateServer server(setup());
        Store store([&] { return server.address(); }, quickOptions());
        QVERIFY(reaches(store, Store::State::Ready));
        VERIFY_OK(wait(store.query("SELECT 1")));
        QSignalSpy resynchronise(&store, &Store::resynchronise);
        const qint64 before = pid();
        QCOMPARE(::kill(pid_t(before), SIGKILL), 0);
        // A read that is given meanwhile is answered once the server is there again.
        const auto later = wait(store.query("SELECT 2"));
        VERIFY_OK(later);
        const bool back = QTest::qWaitFor([&] { return !resynchronise.isEmpty(); }, 30'000);
        QVERIFY2(back, store.status().error ? qPrintable(store.status().error->text() + store.status().error->detail)
                                            : "no error");
        QVERIFY(pid() != before);
    }

    void staleFilesAreNoObstacle()
    {
        {
            PrivateServer server(setup());
            VERIFY_OK(wait(server.address()));
        }
        QVERIFY(isDown());
        // As after a power cut, with the number of a process that is something else: this test.
        QFile stale(path() + u"/data/postmaster.pid"_s);
        QVERIFY(stale.open(QIODevice::WriteOnly));
        stale.write(QByteArray::number(QCoreApplication::applicationPid()) + "\n" + path().toUtf8() +
                    "/data\n1\n5432\n");
        stale.close();
        QVERIFY(QDir().mkpath(path() + u"/data.new/half"_s));
        PrivateServer server(setup());
        VERIFY_OK(wait(server.address()));
    }

    void aLongPathStillHasASocket()
    {
        const QByteArray name(120, 'x');
        PrivateServer server(setup(name.constData()));
        const auto address = wait(server.address());
        VERIFY_OK(address);
        QVERIFY(address->hosts().first().name.size() < 90);
        QDir(address->hosts().first().name).removeRecursively();
    }

    void otherVersionsDataIsLeftAlone()
    {
        QVERIFY(QDir().mkpath(path() + u"/data"_s));
        QFile version(path() + u"/data/PG_VERSION"_s);
        QVERIFY(version.open(QIODevice::WriteOnly));
        version.write("9\n");
        version.close();
        PrivateServer server(setup());
        const auto refused = wait(server.address());
        QVERIFY(!refused);
        QCOMPARE(refused.error().kind, Error::Kind::Unsupported);
        QVERIFY2(refused.error().sentence.contains(u"PostgreSQL 9"), words(refused));
    }

    /// As root we work in a directory of the server's user, who may put links there: none of them is followed.
    void linksOfTheServersUserAreNotFollowed()
    {
        const QString precious = m_directory->path() + u"/precious"_s, inner = precious + u"/kept"_s;
        QVERIFY(QDir().mkpath(precious));
        const auto writeKept = [&inner] {
            QFile file(inner);
            return file.open(QIODevice::WriteOnly) && file.write("mine") == 4;
        };
        QVERIFY(writeKept());
        QVERIFY(QFile::setPermissions(inner, QFile::ReadOwner | QFile::WriteOwner));
        {
            PrivateServer server(setup());
            VERIFY_OK(wait(server.address()));
        }
        QVERIFY(isDown());
        for (const QString& name : {u"/data/pg_hba.conf"_s, u"/data/pg_ident.conf"_s, u"/data/postgresql.conf"_s}) {
            QVERIFY(QFile::remove(path() + name));
            QVERIFY(QFile::link(inner, path() + name));
        }
        QVERIFY(QFile::link(precious, path() + u"/data.new"_s));
        const uint owner = QFileInfo(inner).ownerId();
        {
            PrivateServer server(setup());
            VERIFY_OK(wait(server.address()));
        }
        QVERIFY(isDown());
        QVERIFY(!QFileInfo(path() + u"/data/pg_hba.conf"_s).isSymLink());
        // A start from the beginning clears what an unfinished one left, not what that leads to.
        QVERIFY(QDir(path() + u"/data"_s).removeRecursively());
        if (!QFileInfo(path() + u"/data.new"_s).isSymLink())
            QVERIFY(QFile::link(precious, path() + u"/data.new"_s));
        {
            PrivateServer server(setup());
            VERIFY_OK(wait(server.address()));
        }
        QFile file(inner);
        QVERIFY(file.open(QIODevice::ReadOnly));
        QCOMPARE(file.readAll(), QByteArray("mine"));
        QCOMPARE(QFileInfo(inner).ownerId(), owner);
    }

    void withoutPostgreSqlItSaysWhatToInstall()
    {
        auto wanted = setup();
        wanted.programs = u"/nonexistent"_s;
        PrivateServer server(wanted);
        const auto refused = wait(server.address());
        QVERIFY(!refused);
        QCOMPARE(refused.error().kind, Error::Kind::NotFound);
        QVERIFY2(refused.error().remedy.contains(u"apt-get install postgresql"), words(refused));
    }

    void brokenSettingsAreShown()
    {
        {
            PrivateServer server(setup());
            VERIFY_OK(wait(server.address()));
        }
        QVERIFY(isDown());
        QFile settings(path() + u"/data/postgresql.auto.conf"_s);
        QVERIFY(settings.open(QIODevice::WriteOnly));
        settings.write("shared_buffers = 'much'\n");
        settings.close();
        PrivateServer server(setup());
        const auto refused = wait(server.address());
        QVERIFY(!refused);
        QCOMPARE(refused.error().kind, Error::Kind::Io);
        QVERIFY2(refused.error().detail.contains(u"shared_buffers"), words(refused));
    }

    void destroyedWhileStarting()
    {
        QFuture<Result<Address>> future;
        {
            PrivateServer server(setup());
            future = server.address();
            QTRY_VERIFY(QFileInfo::exists(path("store/data.new")));
        }
        QVERIFY(future.isFinished());
        QVERIFY(!future.result() && future.result().error().kind == Error::Kind::Cancelled);
        PrivateServer server(setup());
        VERIFY_OK(wait(server.address()));
    }
};

QTEST_GUILESS_MAIN(TestPrivateServer)
#include "test_store_private_server.moc"
