// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/ServerHost.h"

#include "store/Migrations.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QCryptographicHash>
#include <QtCore/QDeadlineTimer>
#include <QtCore/QDir>
#include <QtCore/QFile>
#include <QtCore/QProcess>
#include <QtCore/QThread>

#include <csignal>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

namespace wk::store {

using namespace Qt::StringLiterals;

namespace {

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(wk::store::PrivateServer)
};

constexpr quint16 Port = 5432;          // part of the socket's name; nothing listens on a network
constexpr qsizetype SocketPathMax = 90; // of sun_path's 104 to 108 bytes, "/.s.PGSQL.5432.lock" besides
constexpr qint64 LogMax = 1 << 20;
const QString Superuser = u"watchkeeper_server"_s;
const QString Database = u"watchkeeper"_s;

/// For one person, and for a laptop: little memory, small files, nothing on a network.
constexpr auto Settings = R"(# Written by Watchkeeper at every start.
listen_addresses = ''
unix_socket_permissions = 0700
max_connections = 24
shared_buffers = 32MB
min_wal_size = 32MB
max_wal_size = 256MB
max_wal_senders = 0
wal_level = minimal
jit = off
timezone = 'UTC'
log_timezone = 'UTC'
lc_messages = 'C'
log_line_prefix = '%m [%p] '
)";

QByteArray quoted(const QString& value) { return '\'' + value.toUtf8().replace('\'', "''") + '\''; }

QString personName()
{
    std::vector<char> buffer(16'384);
    passwd entry{};
    passwd* found = nullptr;
    const bool ok = getpwuid_r(geteuid(), &entry, buffer.data(), buffer.size(), &found) == 0 && found;
    return ok ? QString::fromLocal8Bit(found->pw_name) : QString();
}

std::unexpected<Error> io(const QString& sentence, const QString& path)
{
    return fail(Error::Kind::Io, sentence.arg(path), qt_error_string(errno),
                Texts::tr("Check the permissions and the room on the disk."));
}

} // namespace

QString ServerHost::socketDirectory() const
{
    const QString own = path("run");
    if (QFile::encodeName(own).size() <= SocketPathMax)
        return own;
    const QByteArray hash = QCryptographicHash::hash(m_setup.directory.toUtf8(), QCryptographicHash::Sha256).toHex();
    return u"/tmp/watchkeeper-%1-%2"_s.arg(geteuid()).arg(QString::fromLatin1(hash.left(12)));
}

Result<void> ServerHost::ownDirectory(const QString& directory) const
{
    const QByteArray name = QFile::encodeName(directory);
    if (mkdir(name.constData(), 0700) != 0 && errno != EEXIST)
        return io(Texts::tr("The directory %1 of your own store cannot be made."), directory);
    struct stat found
    {
    };
    if (lstat(name.constData(), &found) != 0 || !S_ISDIR(found.st_mode))
        return io(Texts::tr("%1 is not a directory."), directory);
    // Somebody else could have been quicker in /tmp.
    if (found.st_uid != geteuid() && found.st_uid != m_user.uid)
        return fail(Error::Kind::Forbidden, Texts::tr("The directory %1 belongs to somebody else.").arg(directory), {},
                    Texts::tr("Remove it, or choose another with $WATCHKEEPER_PRIVATE_STORE."));
    if ((m_user.other && chown(name.constData(), m_user.uid, m_user.gid) != 0) || chmod(name.constData(), 0700) != 0)
        return io(Texts::tr("The permissions of %1 cannot be set."), directory);
    return {};
}

Result<void> ServerHost::reachable() const
{
    if (!m_user.other)
        return {};
    QDir parent(m_setup.directory);
    while (parent.cdUp()) {
        struct stat found
        {
        };
        if (stat(QFile::encodeName(parent.path()).constData(), &found) != 0 || (found.st_mode & S_IXOTH) ||
            (found.st_uid == m_user.uid && (found.st_mode & S_IXUSR)))
            continue;
        return fail(Error::Kind::Forbidden,
                    Texts::tr("The server of your own store runs as “%1”, who may not enter %2.")
                        .arg(m_user.name, parent.path()),
                    {},
                    Texts::tr("Choose a directory below /var/lib with $WATCHKEEPER_PRIVATE_STORE, or start Watchkeeper "
                              "as an ordinary user."));
    }
    return {};
}

Result<void> ServerHost::prepareDirectories()
{
    const QString parent = QFileInfo(m_setup.directory).path();
    if (!QDir().mkpath(parent))
        return io(Texts::tr("The directory %1 of your own store cannot be made."), parent);
    if (const auto ok = reachable(); !ok)
        return ok;
    for (const QString& directory : {m_setup.directory, socketDirectory()}) {
        if (const auto ok = ownDirectory(directory); !ok)
            return ok;
    }
    return {};
}

Result<void> ServerHost::lockControl(ServerLock& control) const
{
    const QDeadlineTimer limit(m_setup.startMs);
    control = ServerLock(path("control.lock"));
    while (!control.tryLock(ServerLock::Mode::Exclusive)) {
        if (m_stop)
            return fail(Error::Kind::Cancelled, Texts::tr("The start of your own store was called off."));
        if (limit.hasExpired())
            return fail(Error::Kind::Io,
                        Texts::tr("Another Watchkeeper is starting or stopping your own store for too long."),
                        path("control.lock"), Texts::tr("Look for a hanging watchkeeper or pg_ctl and end it."));
        QThread::msleep(20);
    }
    return {};
}

Result<Address> ServerHost::start()
{
    auto user = ServerUser::find();
    if (!user)
        return fail(user.error());
    m_user = *user;
    m_person = personName();
    if (const auto ok = prepareDirectories(); !ok)
        return fail(ok.error());
    ServerLock control;
    if (const auto ok = lockControl(control); !ok)
        return fail(ok.error());
    QFile version(path("data/PG_VERSION"));
    const int major = version.open(QIODevice::ReadOnly) ? version.readAll().trimmed().toInt() : 0;
    if (m_programs.major == 0 || (major != 0 && m_programs.major != major)) {
        auto programs = ServerPrograms::find(m_setup.programs, major);
        if (!programs)
            return fail(programs.error());
        m_programs = *programs;
    }
    if (major == 0) {
        if (const auto ok = create(); !ok)
            return fail(ok.error());
    }
    if (!answers()) {
        if (const auto ok = run(); !ok)
            return fail(ok.error());
    }
    m_users = ServerLock(path("users.lock"));
    if (!m_users.tryLock(ServerLock::Mode::Shared))
        return io(Texts::tr("The lock %1 cannot be had."), path("users.lock"));
    if (!m_prepared) {
        if (const auto ok = prepareDatabase(); !ok)
            return fail(ok.error());
        m_prepared = true;
    }
    return address(m_person, Database);
}

Result<void> ServerHost::create()
{
    // Made beside and renamed when it is complete: what was interrupted is made anew.
    const QString unfinished = path("data.new");
    if (!QDir(unfinished).removeRecursively())
        return io(Texts::tr("What is left of an unfinished start cannot be removed: %1."), unfinished);
    QStringList arguments{u"--pgdata="_s + unfinished,
                          u"--username="_s + Superuser,
                          u"--encoding=UTF8"_s,
                          u"--locale=C"_s,
                          u"--auth=peer"_s,
                          u"--wal-segsize=4"_s,
                          u"--data-checksums"_s};
    if (!m_setup.durable)
        arguments << u"--no-sync"_s;
    const auto end = runProgram(m_user.command(m_programs.path("initdb"), arguments), u"/"_s, m_setup.startMs, m_stop);
    if (end.code != 0)
        return fail(explained(Texts::tr("Your own store could not be made."), end.output));
    if (const auto ok = configure(unfinished); !ok)
        return ok;
    if (!QDir().rename(unfinished, path("data")))
        return io(Texts::tr("Your own store cannot be put to %1."), path("data"));
    return {};
}

Result<void> ServerHost::write(const QString& file, const QByteArray& content) const
{
    QFile out(file);
    if (!out.open(QIODevice::WriteOnly | QIODevice::Truncate) || out.write(content) != content.size() || !out.flush())
        return io(Texts::tr("%1 cannot be written."), file);
    out.setPermissions(QFile::ReadOwner | QFile::WriteOwner);
    if (m_user.other && chown(QFile::encodeName(file).constData(), m_user.uid, m_user.gid) != 0)
        return io(Texts::tr("The permissions of %1 cannot be set."), file);
    return {};
}

Result<void> ServerHost::configure(const QString& data) const
{
    QByteArray settings = Settings;
    settings += "unix_socket_directories = " + quoted(socketDirectory()) + '\n';
    if (!m_setup.durable)
        settings += "fsync = off\nfull_page_writes = off\n";
    const QByteArray person = '"' + m_person.toUtf8() + '"';
    const QByteArray super = Superuser.toUtf8();
    // The system says who is at the socket: only this person, who may also be the superuser that migrates.
    const QByteArray who = "own " + person + ' ' + person + "\nown " + person + ' ' + super + '\n';
    auto done = write(data + u"/postgresql.conf"_s, settings);
    if (done)
        done = write(data + u"/pg_hba.conf"_s, "local all all peer map=own\n");
    if (done)
        done = write(data + u"/pg_ident.conf"_s, who);
    return done;
}

Address ServerHost::address(const QString& user, const QString& database) const
{
    Address result = Address::socket(socketDirectory(), Port, user, database);
    result.setPrivate(true);
    return result;
}

bool ServerHost::answers() const { return Session::open(address(Superuser, u"postgres"_s), {}, 2'000).has_value(); }

bool ServerHost::isAlive() const
{
    QFile file(path("data/postmaster.pid"));
    if (!file.open(QIODevice::ReadOnly))
        return false;
    const qint64 pid = file.readLine().trimmed().toLongLong();
    if (pid <= 1)
        return false;
    if (QFileInfo::exists(u"/proc/self"_s)) {
        // After a restart of the machine the number may be that of another program: a server works in its data
        // directory.
        return QFileInfo(u"/proc/%1/cwd"_s.arg(pid)).symLinkTarget() == QFileInfo(path("data")).canonicalFilePath();
    }
    return kill(pid_t(pid), 0) == 0 || errno == EPERM;
}

/// After a power cut the number in the lock file may meanwhile be that of another program of ours, and PostgreSQL would
/// refuse to start. The file stays: its other lines keep a new server away from memory that children of the old one
/// still use. Only the number is replaced, by one that no process has.
Result<void> ServerHost::forgetStranger() const
{
    const QString name = path("data/postmaster.pid");
    QFile file(name);
    if (!file.open(QIODevice::ReadOnly))
        return {};
    const QByteArray content = file.readAll();
    const qsizetype end = content.indexOf('\n');
    const qint64 pid = content.left(end).trimmed().toLongLong();
    if (end < 0 || pid <= 1 || (kill(pid_t(pid), 0) != 0 && errno == ESRCH))
        return {};
    file.close();
    return write(name, "99999999" + content.sliced(end));
}

Result<void> ServerHost::run()
{
    const QDeadlineTimer limit(m_setup.startMs);
    if (const auto ok = configure(path("data")); !ok)
        return ok;
    if (QFileInfo(path("log")).size() > LogMax)
        QFile::remove(path("log"));
    while (!m_stop && !limit.hasExpired()) {
        if (isAlive()) {
            // Starting, recovering, or on its way out: it answers or is gone soon.
            if (answers())
                return {};
            QThread::msleep(50);
            continue;
        }
        if (const auto ok = forgetStranger(); !ok)
            return ok;
        const QStringList arguments{u"-D"_s,   path("data"), u"-l"_s, path("log"),
                                    u"-w"_s,   u"-s"_s,      u"-t"_s, QString::number(m_setup.startMs / 1000),
                                    u"start"_s};
        const auto end =
            runProgram(m_user.command(m_programs.path("pg_ctl"), arguments), u"/"_s, m_setup.startMs, m_stop);
        if (end.code == 0 && answers())
            return {};
        // The children of a server that was killed notice it a little later, and hold its memory until then.
        if (!logTail().contains(u"shared memory block"_s))
            return fail(explained(Texts::tr("Your own store does not start."), end.output + logTail()));
        QThread::msleep(50);
    }
    return fail(m_stop ? Error{Error::Kind::Cancelled, Texts::tr("The start of your own store was called off."), {}, {}}
                       : explained(Texts::tr("Your own store did not start in time."), logTail()));
}

QString ServerHost::logTail() const
{
    QFile file(path("log"));
    if (!file.open(QIODevice::ReadOnly))
        return {};
    file.seek(std::max<qint64>(0, file.size() - 2'000));
    return QString::fromUtf8(file.readAll());
}

Error ServerHost::explained(const QString& what, const QString& output) const
{
    Error error{Error::Kind::Io, what, output.trimmed(), Texts::tr("Its log is %1.").arg(path("log"))};
    if (output.contains(u"No space left on device"_s) || output.contains(u"Disk quota exceeded"_s)) {
        error.sentence += u' ' + Texts::tr("The disk is full.");
        error.remedy = Texts::tr("Make room where %1 is.").arg(m_setup.directory);
    } else if (output.contains(u"incompatible with server"_s)) {
        error.kind = Error::Kind::Unsupported;
    }
    return error;
}

Result<void> ServerHost::prepareDatabase()
{
    auto host = Session::open(address(Superuser, u"postgres"_s));
    if (!host)
        return fail(host.error());
    const auto there = host->run("SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1),"
                                 " EXISTS (SELECT FROM pg_roles WHERE rolname = $2)",
                                 {Database, m_person});
    if (!there)
        return fail(there.error());
    Result<Rows> step;
    if (!there->boolean(0, 1))
        step = host->script("CREATE ROLE " + quotedName(m_person) + " LOGIN");
    if (step && !there->boolean(0, 0))
        step = host->script("CREATE DATABASE " + quotedName(Database) + " TEMPLATE template0 ENCODING 'UTF8'");
    if (!step || !m_setup.migrate)
        return step ? Result<void>() : fail(step.error());
    auto session = Session::open(address(Superuser, Database));
    if (!session)
        return fail(session.error());
    const auto migrated = migrate(*session);
    if (!migrated)
        return fail(migrated.error());
    if (migrated->from == 0)
        step = session->script("SELECT watchkeeper.set_store_mode('solo')");
    if (step)
        step = session->script("GRANT watchkeeper_people TO " + quotedName(m_person));
    return step ? Result<void>() : fail(step.error());
}

void ServerHost::release()
{
    m_users.close();
    if (m_programs.major == 0)
        return;
    ServerLock control(path("control.lock"));
    // Busy: another one starts, and is the last one later; or stops. Two that end at the same moment take turns.
    for (int tries = 0; !control.tryLock(ServerLock::Mode::Exclusive); ++tries) {
        if (tries == 10)
            return;
        QThread::msleep(10);
    }
    ServerLock users(path("users.lock"));
    if (!users.tryLock(ServerLock::Mode::Exclusive) || !isAlive())
        return;
    // Runs on without us and holds `control` until the server is down: who wants to start it waits for that.
    control.inherit();
    QProcess stopper;
    const QString script = u"\"$1\" -D \"$2\" -m fast -t 20 -s stop || \"$1\" -D \"$2\" -m immediate -t 10 -s stop"_s;
    const QStringList command =
        m_user.command(u"/bin/sh"_s, {u"-c"_s, script, u"sh"_s, m_programs.path("pg_ctl"), path("data")});
    stopper.setProgram(command.first());
    stopper.setArguments(command.sliced(1));
    stopper.setWorkingDirectory(u"/"_s);
    stopper.setStandardInputFile(QProcess::nullDevice());
    stopper.setStandardOutputFile(QProcess::nullDevice());
    stopper.setStandardErrorFile(QProcess::nullDevice());
    stopper.startDetached();
}

} // namespace wk::store
