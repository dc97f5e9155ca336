// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/ServerPrograms.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QDeadlineTimer>
#include <QtCore/QDir>
#include <QtCore/QFileInfo>
#include <QtCore/QProcess>
#include <QtCore/QRegularExpression>
#include <QtCore/QStandardPaths>

#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

namespace wk::store {

using namespace Qt::StringLiterals;

namespace {

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(wk::store::ServerPrograms)
};

bool hasPrograms(const QString& directory)
{
    return std::ranges::all_of(std::array{"initdb", "postgres", "pg_ctl"}, [&](const char* name) {
        return QFileInfo(directory + u'/' + QLatin1String(name)).isExecutable();
    });
}

QStringList candidates()
{
    QStringList result;
    if (const QString found = QStandardPaths::findExecutable(u"postgres"_s); !found.isEmpty())
        result << QFileInfo(found).canonicalPath();
    for (const char* pattern : {"/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql@*/bin",
                                "/usr/local/opt/postgresql@*/bin", "/Library/PostgreSQL/*/bin"}) {
        const QString text = QLatin1String(pattern);
        const qsizetype star = text.indexOf(u'*');
        const QString folder = text.left(text.lastIndexOf(u'/', star));
        const QString name = text.sliced(folder.size() + 1).section(u'/', 0, 0);
        for (const QString& entry : QDir(folder).entryList({name}, QDir::Dirs | QDir::NoDotAndDotDot))
            result << folder + u'/' + entry + u"/bin"_s;
    }
    return result;
}

int majorOf(const QString& directory)
{
    static const std::atomic<bool> never = false;
    const auto end = runProgram({directory + u"/postgres"_s, u"--version"_s}, u"/"_s, 5'000, never);
    static const QRegularExpression number(uR"(\b(\d+)(\.\d+|devel|beta\d+|rc\d+))"_s);
    return end.code == 0 ? number.match(end.output).captured(1).toInt() : 0;
}

} // namespace

Result<ServerPrograms> ServerPrograms::find(const QString& wanted, int major)
{
    ServerPrograms best;
    QStringList seen;
    for (const QString& directory : wanted.isEmpty() ? candidates() : QStringList{wanted}) {
        if (!hasPrograms(directory))
            continue;
        const int version = majorOf(directory);
        seen << QString::number(version);
        if (major != 0 ? version == major : version > best.major)
            best = {directory, version};
    }
    if (best.major != 0)
        return best;
    if (major != 0 && !seen.isEmpty()) {
        return fail(
            Error::Kind::Unsupported,
            Texts::tr("Your own store was made by PostgreSQL %1, and here is only PostgreSQL %2.")
                .arg(major)
                .arg(seen.join(u", "_s)),
            {}, Texts::tr("Install postgresql-%1, or bring the store to the new version with pg_upgrade.").arg(major));
    }
    return fail(Error::Kind::NotFound, Texts::tr("PostgreSQL's server is not installed, which keeps your own store."),
                {},
                Texts::tr("Install it: `apt-get install postgresql`, `dnf install postgresql-server` or `brew install "
                          "postgresql`; or use a team's store."));
}

QString ServerPrograms::path(const char* name) const { return directory + u'/' + QLatin1String(name); }

Result<ServerUser> ServerUser::find()
{
    const uid_t own = geteuid();
    std::vector<char> buffer(16'384);
    passwd entry{};
    passwd* found = nullptr;
    const auto lookUp = [&](auto function, auto key) {
        return function(key, &entry, buffer.data(), buffer.size(), &found) == 0 && found;
    };
    if (own != 0) {
        if (lookUp(getpwuid_r, own))
            return ServerUser{QString::fromLocal8Bit(found->pw_name), found->pw_uid, found->pw_gid, false};
        return fail(Error::Kind::Unsupported, Texts::tr("The user number %1 has no name on this machine.").arg(own), {},
                    Texts::tr("Add it to /etc/passwd: PostgreSQL asks for the name."));
    }
    for (const char* name : {"postgres", "nobody"}) {
        if (lookUp(getpwnam_r, name))
            return ServerUser{QString::fromLatin1(name), found->pw_uid, found->pw_gid, true};
    }
    return fail(Error::Kind::Unsupported,
                Texts::tr("PostgreSQL does not run as root, and there is no user “postgres” or "
                          "“nobody” that it could run as."),
                {}, Texts::tr("Start Watchkeeper as an ordinary user."));
}

QStringList ServerUser::command(const QString& program, const QStringList& arguments) const
{
    QStringList result;
    if (other) {
        result << u"setpriv"_s << u"--reuid=%1"_s.arg(uid) << u"--regid=%1"_s.arg(gid) << u"--clear-groups"_s
               << u"--no-new-privs"_s << u"--"_s;
    }
    return result << program << arguments;
}

QByteArray sharedMemorySetting()
{
#ifdef Q_OS_LINUX
    struct stat found
    {
    };
    const bool usable = stat("/dev/shm", &found) == 0 && S_ISDIR(found.st_mode) && (found.st_mode & S_IWOTH);
    return usable ? QByteArray() : QByteArray("dynamic_shared_memory_type = sysv\n");
#else
    return {};
#endif
}

ProgramEnd runProgram(const QStringList& command, const QString& workDirectory, qint64 limitMs,
                      const std::atomic<bool>& stop)
{
    QProcess process;
    process.setProcessChannelMode(QProcess::MergedChannels);
    process.setStandardInputFile(QProcess::nullDevice());
    process.setWorkingDirectory(workDirectory);
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    for (const char* name : {"PGDATA", "PGHOST", "PGPORT", "PGOPTIONS", "PGUSER", "PGDATABASE"})
        environment.remove(QLatin1String(name));
    environment.insert(u"LC_ALL"_s, u"C"_s);
    process.setProcessEnvironment(environment);
    process.start(command.first(), command.sliced(1));
    if (!process.waitForStarted(5'000))
        return {-1, process.errorString()};
    const QDeadlineTimer limit(limitMs);
    QByteArray output;
    while (process.state() != QProcess::NotRunning && !process.waitForFinished(50)) {
        output += process.readAll();
        if (stop || limit.hasExpired()) {
            process.terminate(); // initdb and pg_ctl clear up then
            if (!process.waitForFinished(2'000)) {
                process.kill();
                process.waitForFinished(1'000);
            }
            return {-1, QString::fromUtf8(output)};
        }
    }
    output += process.readAll();
    return {process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -1, QString::fromUtf8(output)};
}

} // namespace wk::store
