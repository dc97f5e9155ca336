// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/PostgresServer.h"

#include "store/Migrations.h"
#include "support/Process.h"

#include <QtCore/QDeadlineTimer>
#include <QtCore/QDir>
#include <QtCore/QFile>
#include <QtCore/QThread>

#include <csignal>
#include <sys/stat.h>
#include <unistd.h>

namespace wk::test {

using namespace Qt::StringLiterals;
using store::Session;

namespace {

constexpr int StartSeconds = 60;
const std::atomic<bool> never = false;

} // namespace

PostgresServer::PostgresServer() : m_directory(u"/tmp/watchkeeper-postgres-XXXXXX"_s) {}

PostgresServer::~PostgresServer() { stop(Stop::Immediate); }

Result<void> PostgresServer::prepare()
{
    auto programs = store::ServerPrograms::find({}, 0);
    auto user = store::ServerUser::find();
    if (!programs)
        return fail(programs.error());
    if (!user)
        return fail(user.error());
    m_programs = *programs;
    m_user = *user;
    if (m_user.other && chown(m_directory.path().toLocal8Bit().constData(), m_user.uid, m_user.gid) != 0)
        return fail(Error::Kind::Io, u"chown failed"_s);
    m_port = freePorts({0});
    return {};
}

Result<void> PostgresServer::program(const char* name, const QStringList& arguments) const
{
    const auto end =
        store::runProgram(m_user.command(m_programs.path(name), arguments), u"/"_s, StartSeconds * 1000, never);
    if (end.code != 0)
        return fail(Error::Kind::Io, u"%1 failed (%2)"_s.arg(QLatin1String(name)).arg(end.code), end.output + log());
    return {};
}

QString PostgresServer::put(const QString& name, const QByteArray& content) const
{
    const QString path = data() + u'/' + name;
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(content) != content.size())
        qFatal("cannot write %s", qPrintable(path));
    file.close();
    file.setPermissions(QFile::ReadOwner | QFile::WriteOwner);
    if (m_user.other && chown(path.toLocal8Bit().constData(), m_user.uid, m_user.gid) != 0)
        qFatal("cannot chown %s", qPrintable(path));
    return path;
}

Result<void> PostgresServer::start(const QByteArray& settings)
{
    if (const auto ok = prepare(); !ok)
        return ok;
    if (const auto ok = program("initdb", {u"--pgdata="_s + data(), u"--username=postgres"_s, u"--encoding=UTF8"_s,
                                           u"--locale=C"_s, u"--auth=trust"_s, u"--no-sync"_s, u"--wal-segsize=4"_s});
        !ok)
        return ok;
    // Nobody cuts the power here, but tests kill the server: what was committed has to be in its log by then.
    put(u"postgresql.conf"_s, "fsync = off\nfull_page_writes = off\nshared_buffers = 32MB\n"
                              "lc_messages = 'C'\ntimezone = 'UTC'\nlisten_addresses = '127.0.0.1'\n"
                              "unix_socket_directories = '" +
                                  m_directory.path().toUtf8() + "'\nport = " + QByteArray::number(m_port) +
                                  "\nmax_connections = 60\n" + store::sharedMemorySetting() + settings +
                                  "\ninclude_if_exists = 'more.conf'\n");
    put(u"pg_hba.conf"_s, "local all all trust\nlocal replication all trust\n"
                          "hostssl all all 127.0.0.1/32 scram-sha-256\nhost all all 127.0.0.1/32 scram-sha-256\n");
    return startAgain();
}

Result<void> PostgresServer::startStandby(const PostgresServer& primary)
{
    if (const auto ok = prepare(); !ok)
        return ok;
    if (const auto ok =
            program("pg_basebackup", {u"-h"_s, primary.m_directory.path(), u"-p"_s, QString::number(primary.m_port),
                                      u"-U"_s, u"postgres"_s, u"-D"_s, data(), u"-R"_s, u"-X"_s, u"stream"_s, u"-c"_s,
                                      u"fast"_s, u"--no-sync"_s});
        !ok)
        return ok;
    put(u"more.conf"_s,
        "port = " + QByteArray::number(m_port) + "\nunix_socket_directories = '" + m_directory.path().toUtf8() + "'\n");
    return startAgain();
}

Result<void> PostgresServer::startAgain()
{
    auto ok = program("pg_ctl", {u"-D"_s, data(), u"-l"_s, m_directory.path() + u"/log"_s, u"-w"_s, u"-s"_s, u"-t"_s,
                                 QString::number(StartSeconds), u"start"_s});
    m_runs = ok.has_value();
    return ok;
}

Result<void> PostgresServer::promote() { return program("pg_ctl", {u"-D"_s, data(), u"-w"_s, u"-s"_s, u"promote"_s}); }

void PostgresServer::stop(Stop how)
{
    if (!std::exchange(m_runs, false))
        return;
    if (const auto ok = program("pg_ctl", {u"-D"_s, data(), u"-s"_s, u"-w"_s, u"-m"_s,
                                           how == Stop::Fast ? u"fast"_s : u"immediate"_s, u"stop"_s});
        !ok)
        qWarning("%s", qPrintable(ok.error().sentence + ok.error().detail));
}

void PostgresServer::kill()
{
    QFile file(data() + u"/postmaster.pid"_s);
    if (file.open(QIODevice::ReadOnly))
        ::kill(pid_t(file.readLine().trimmed().toInt()), SIGKILL);
}

Result<void> PostgresServer::configure(const QByteArray& settings)
{
    // The postmaster reads them when it comes to it; what it forks from then on has them.
    const auto loaded = [this] {
        store::Address anyHow = superuser();
        anyHow.setOption("target_session_attrs", "any");
        auto session = Session::open(anyHow);
        const auto rows = session ? session->run("SELECT pg_conf_load_time()") : fail(session.error());
        return rows ? rows->text(0, 0) : QString();
    };
    const QString before = loaded();
    put(u"more.conf"_s, settings);
    if (const auto ok = program("pg_ctl", {u"-D"_s, data(), u"-s"_s, u"reload"_s}); !ok)
        return ok;
    const QDeadlineTimer limit(StartSeconds * 1000);
    for (QString now = loaded(); now.isEmpty() || now == before; now = loaded()) {
        if (limit.hasExpired())
            return fail(Error::Kind::Io, u"the server did not read its settings"_s, log());
        QThread::msleep(10);
    }
    return {};
}

Result<QString> PostgresServer::emptyDatabase()
{
    const QString name = u"db%1"_s.arg(++m_databases);
    const auto made =
        session(u"postgres"_s, u"postgres"_s).script("CREATE DATABASE " + name.toUtf8() + " TEMPLATE template0");
    if (!made)
        return fail(made.error());
    Session target = session(u"postgres"_s, name);
    const auto closed = store::closePublic(target);
    return closed ? Result<QString>(name) : fail(closed.error());
}

Result<QString> PostgresServer::freshDatabase()
{
    if (!m_hasTemplate) {
        const auto made = session(u"postgres"_s, u"postgres"_s).script("CREATE DATABASE schema TEMPLATE template0");
        if (!made)
            return fail(made.error());
        Session target = session(u"postgres"_s, u"schema"_s);
        auto ready = store::closePublic(target);
        if (const auto migrated = ready ? store::migrate(target) : fail(ready.error()); !migrated)
            return fail(migrated.error());
        m_hasTemplate = true;
    }
    const QByteArray name = "db" + QByteArray::number(++m_databases);
    Session admin = session(u"postgres"_s, u"postgres"_s);
    auto step = admin.script("CREATE DATABASE " + name + " TEMPLATE schema");
    // A template passes on neither grants nor settings of the database itself: as in the first migration.
    if (step)
        step = admin.script("REVOKE ALL ON DATABASE " + name + " FROM PUBLIC; GRANT CONNECT ON DATABASE " + name +
                            " TO watchkeeper_people; GRANT CREATE, CONNECT ON DATABASE " + name +
                            " TO watchkeeper_owner; ALTER DATABASE " + name +
                            " SET idle_in_transaction_session_timeout = '60s'");
    return step ? Result<QString>(QString::fromLatin1(name)) : fail(step.error());
}

Result<void> PostgresServer::addPerson(const QString& database, const QString& person, const QStringList& roles,
                                       const QString& password)
{
    const QByteArray name = store::quotedName(person);
    Session admin = session(u"postgres"_s, database);
    auto step = admin.run("SELECT FROM pg_roles WHERE rolname = $1", {person});
    if (step && step->isEmpty())
        step = admin.script("CREATE ROLE " + name + " LOGIN");
    if (step && !password.isEmpty())
        step = admin.script("ALTER ROLE " + name + " PASSWORD '" + password.toUtf8() + "'");
    if (step)
        step = admin.script("GRANT watchkeeper_people TO " + name + "; GRANT watchkeeper_admin TO postgres");
    for (const QString& role : roles) {
        if (step)
            step = admin.run("SELECT watchkeeper.grant_role($1, $2, '*')", {person, role});
    }
    return step ? Result<void>() : fail(step.error());
}

store::Address PostgresServer::address(const QString& user, const QString& database) const
{
    return store::Address::socket(m_directory.path(), m_port, user, database);
}

store::Address PostgresServer::superuser(const QString& database) const { return address(u"postgres"_s, database); }

store::Address PostgresServer::addressWith(const PostgresServer& other, const QString& user,
                                           const QString& database) const
{
    store::Address result = address(user, database);
    result.setHosts(result.hosts() + other.superuser().hosts());
    return result;
}

Session PostgresServer::session(const QString& user, const QString& database) const
{
    auto result = Session::open(address(user, database));
    if (!result)
        qFatal("%s", qPrintable(result.error().sentence + u'\n' + result.error().detail));
    return std::move(*result);
}

QString PostgresServer::log() const
{
    QFile file(m_directory.path() + u"/log"_s);
    return file.open(QIODevice::ReadOnly) ? QString::fromUtf8(file.readAll().right(4'000)) : QString();
}

QString loopbackUri(const QString& user, quint16 port, const QString& database)
{
    return u"postgresql://%1@127.0.0.1:%2/%3"_s.arg(user).arg(port).arg(database);
}

} // namespace wk::test
