// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/ServerHost.h"

#include "store/Migrations.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QDeadlineTimer>
#include <QtCore/QDir>
#include <QtCore/QFile>
#include <QtCore/QProcess>
#include <QtCore/QThread>

#include <pwd.h>
#include <unistd.h>

namespace wk::store {

using namespace Qt::StringLiterals;

namespace {

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(wk::store::PrivateServer)
};

constexpr quint16 Port = 5432; // part of the socket's name; nothing listens on a network
constexpr qint64 LogMax = 1 << 20;
constexpr qint64 AnswerMs = 2'000;
const QString Superuser = u"watchkeeper_server"_s;
const QString Database = u"watchkeeper"_s;

QString personName()
{
    std::vector<char> buffer(16'384);
    passwd entry{};
    passwd* found = nullptr;
    const bool ok = getpwuid_r(geteuid(), &entry, buffer.data(), buffer.size(), &found) == 0 && found;
    return ok ? QString::fromLocal8Bit(found->pw_name) : QString();
}

} // namespace

Result<void> ServerHost::lockControl(ServerLock& control) const
{
    const QDeadlineTimer limit(m_setup.startMs);
    control = ServerLock(m_files.path("control.lock"));
    while (!control.tryLock(ServerLock::Mode::Exclusive)) {
        if (m_stop)
            return fail(Error::Kind::Cancelled, Texts::tr("The start of your own store was called off."));
        if (limit.hasExpired())
            return fail(
                Error::Kind::Io, Texts::tr("Another Watchkeeper is starting or stopping your own store for too long."),
                m_files.path("control.lock"), Texts::tr("Look for a hanging watchkeeper or pg_ctl and end it."));
        QThread::msleep(20);
    }
    return {};
}

Result<Address> ServerHost::start()
{
    auto user = ServerUser::find();
    if (!user)
        return fail(user.error());
    m_files = ServerDirectory(m_setup.directory, m_setup.durable, *user, personName(), Superuser);
    if (const auto ok = m_files.prepare(); !ok)
        return fail(ok.error());
    ServerLock control;
    if (const auto ok = lockControl(control); !ok)
        return fail(ok.error());
    QFile version(m_files.path("data/PG_VERSION"));
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
    m_users = ServerLock(m_files.path("users.lock"));
    if (!m_users.tryLock(ServerLock::Mode::Shared))
        return ioError(Texts::tr("The lock %1 cannot be had."), m_files.path("users.lock"));
    if (!m_prepared) {
        if (const auto ok = prepareDatabase(); !ok)
            return fail(ok.error());
        m_prepared = true;
    }
    return address(m_files.person(), Database);
}

Result<void> ServerHost::create()
{
    // Made beside and renamed when it is complete: what was interrupted is made anew.
    const QString unfinished = m_files.path("data.new");
    // A start that was called off may leave children that write for a moment longer.
    const QDeadlineTimer limit(m_setup.startMs);
    // By the server's user, who may have put anything there: as root we would follow it.
    while (runProgram(m_files.user().command(u"rm"_s, {u"-rf"_s, u"--"_s, unfinished}), u"/"_s, m_setup.startMs, m_stop)
               .code != 0) {
        if (m_stop || limit.hasExpired())
            return ioError(Texts::tr("What is left of an unfinished start cannot be removed: %1."), unfinished);
        QThread::msleep(50);
    }
    QStringList arguments{u"--pgdata="_s + unfinished,
                          u"--username="_s + Superuser,
                          u"--encoding=UTF8"_s,
                          u"--locale=C"_s,
                          u"--auth=peer"_s,
                          u"--wal-segsize=4"_s,
                          u"--data-checksums"_s};
    if (!m_setup.durable)
        arguments << u"--no-sync"_s;
    const auto end =
        runProgram(m_files.user().command(m_programs.path("initdb"), arguments), u"/"_s, m_setup.startMs, m_stop);
    if (end.code != 0)
        return fail(m_files.explained(Texts::tr("Your own store could not be made."), end.output));
    if (const auto ok = m_files.configure(unfinished); !ok)
        return ok;
    if (!QDir().rename(unfinished, m_files.path("data")))
        return ioError(Texts::tr("Your own store cannot be put to %1."), m_files.path("data"));
    return {};
}

Address ServerHost::address(const QString& user, const QString& database) const
{
    Address result = Address::socket(m_files.socketDirectory(), Port, user, database);
    result.setPrivate(true);
    return result;
}

Result<Session> ServerHost::open(const QString& database) const
{
    return Session::open(address(Superuser, database), {}, AnswerMs, &m_stop);
}

bool ServerHost::answers() const { return open(u"postgres"_s).has_value(); }

Result<void> ServerHost::run()
{
    const QDeadlineTimer limit(m_setup.startMs);
    if (const auto ok = m_files.configure(m_files.path("data")); !ok)
        return ok;
    if (QFileInfo(m_files.path("log")).size() > LogMax)
        QFile::remove(m_files.path("log"));
    while (!m_stop && !limit.hasExpired()) {
        if (m_files.isServed()) {
            // Starting, recovering, or on its way out: it answers or is gone soon.
            if (answers())
                return {};
            QThread::msleep(50);
            continue;
        }
        if (const auto ok = m_files.forgetStranger(); !ok)
            return ok;
        const QStringList arguments{u"-D"_s,   m_files.path("data"),
                                    u"-l"_s,   m_files.path("log"),
                                    u"-w"_s,   u"-s"_s,
                                    u"-t"_s,   QString::number(m_setup.startMs / 1000),
                                    u"start"_s};
        const auto end =
            runProgram(m_files.user().command(m_programs.path("pg_ctl"), arguments), u"/"_s, m_setup.startMs, m_stop);
        if (end.code == 0 && answers())
            return {};
        // The children of a server that was killed notice it a little later, and hold its memory until then.
        if (!m_files.logTail().contains(u"shared memory block"_s))
            return fail(m_files.explained(Texts::tr("Your own store does not start."), end.output + m_files.logTail()));
        QThread::msleep(50);
    }
    return fail(m_stop ? Error{Error::Kind::Cancelled, Texts::tr("The start of your own store was called off."), {}, {}}
                       : m_files.explained(Texts::tr("Your own store did not start in time."), m_files.logTail()));
}

Result<void> ServerHost::prepareDatabase()
{
    auto host = open(u"postgres"_s);
    if (!host)
        return fail(host.error());
    const auto there = host->run("SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1),"
                                 " EXISTS (SELECT FROM pg_roles WHERE rolname = $2)",
                                 {Database, m_files.person()});
    if (!there)
        return fail(there.error());
    Result<Rows> step;
    if (!there->boolean(0, 1))
        step = host->script("CREATE ROLE " + quotedName(m_files.person()) + " LOGIN");
    if (step && !there->boolean(0, 0))
        step = host->script("CREATE DATABASE " + quotedName(Database) + " TEMPLATE template0 ENCODING 'UTF8'");
    if (!step || !m_setup.migrate)
        return step ? Result<void>() : fail(step.error());
    auto session = open(Database);
    if (!session)
        return fail(session.error());
    // Nobody but this person gets in here.
    if (const auto closed = closePublic(*session); !closed)
        return closed;
    const auto migrated = migrate(*session);
    if (!migrated)
        return fail(migrated.error());
    // Asked for each time: a first start that was interrupted may have left the schema without it.
    if (step)
        step = session->script("SELECT watchkeeper.set_store_mode('solo')");
    if (step)
        step = session->script("GRANT watchkeeper_people TO " + quotedName(m_files.person()));
    return step ? Result<void>() : fail(step.error());
}

void ServerHost::release()
{
    m_users.close();
    if (m_programs.major == 0)
        return;
    ServerLock control(m_files.path("control.lock"));
    // Busy: another one starts, and is the last one later; or stops. Two that end at the same moment take turns.
    for (int tries = 0; !control.tryLock(ServerLock::Mode::Exclusive); ++tries) {
        if (tries == 10)
            return;
        QThread::msleep(10);
    }
    ServerLock users(m_files.path("users.lock"));
    if (!users.tryLock(ServerLock::Mode::Exclusive) || !m_files.isServed())
        return;
    // Runs on without us and holds `control` until the server is down: who wants to start it waits for that.
    control.inherit();
    QProcess stopper;
    // The second attempt only at the server that the first was for.
    const QString script =
        u"pid=$(head -n1 \"$2/postmaster.pid\"); \"$1\" -D \"$2\" -m fast -t 20 -s stop || "
        "{ [ \"$pid\" = \"$(head -n1 \"$2/postmaster.pid\")\" ] && \"$1\" -D \"$2\" -m immediate -t 10 -s stop; }"_s;
    const QStringList command = m_files.user().command(
        u"/bin/sh"_s, {u"-c"_s, script, u"sh"_s, m_programs.path("pg_ctl"), m_files.path("data")});
    stopper.setProgram(command.first());
    stopper.setArguments(command.sliced(1));
    stopper.setWorkingDirectory(u"/"_s);
    stopper.setStandardInputFile(QProcess::nullDevice());
    stopper.setStandardOutputFile(QProcess::nullDevice());
    stopper.setStandardErrorFile(QProcess::nullDevice());
    stopper.startDetached();
}

} // namespace wk::store
