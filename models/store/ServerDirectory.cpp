// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/ServerDirectory.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QCryptographicHash>
#include <QtCore/QDir>
#include <QtCore/QFile>

#include <csignal>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace wk::store {

using namespace Qt::StringLiterals;

namespace {

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(wk::store::PrivateServer)
};

constexpr qsizetype SocketPathMax = 90; // of sun_path's 104 to 108 bytes, "/.s.PGSQL.5432.lock" besides

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

/// A file descriptor that closes itself.
class Descriptor
{
public:
    explicit Descriptor(int number) : m_number(number) {}
    ~Descriptor()
    {
        if (m_number >= 0)
            ::close(m_number);
    }
    Q_DISABLE_COPY_MOVE(Descriptor)
    [[nodiscard]] int operator*() const { return m_number; }
    [[nodiscard]] bool isOpen() const { return m_number >= 0; }

private:
    int m_number;
};

bool writeAll(int file, const QByteArray& content)
{
    qsizetype done = 0;
    while (done < content.size()) {
        const ssize_t written = ::write(file, content.constData() + done, size_t(content.size() - done));
        if (written < 0 && errno != EINTR)
            return false;
        done += std::max<ssize_t>(written, 0);
    }
    return true;
}

QByteArray quoted(const QString& value) { return '\'' + value.toUtf8().replace('\'', "''") + '\''; }

} // namespace

std::unexpected<Error> ioError(const QString& sentence, const QString& path)
{
    return fail(Error::Kind::Io, sentence.arg(path), qt_error_string(errno),
                Texts::tr("Check the permissions and the room on the disk."));
}

QString ServerDirectory::socketDirectory() const
{
    QString own = path("run");
    if (QFile::encodeName(own).size() <= SocketPathMax)
        return own;
    const QByteArray hash = QCryptographicHash::hash(m_path.toUtf8(), QCryptographicHash::Sha256).toHex();
    return u"/tmp/watchkeeper-%1-%2"_s.arg(geteuid()).arg(QString::fromLatin1(hash.left(12)));
}

Result<void> ServerDirectory::own(const QString& directory) const
{
    const QByteArray name = QFile::encodeName(directory);
    if (mkdir(name.constData(), 0700) != 0 && errno != EEXIST)
        return ioError(Texts::tr("The directory %1 of your own store cannot be made."), directory);
    // Opened once and judged by that: what the name stands for may change meanwhile, and is never a link's end.
    const Descriptor opened(::open(name.constData(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    struct stat found
    {
    };
    if (!opened.isOpen() || fstat(*opened, &found) != 0)
        return ioError(Texts::tr("%1 is not a directory that can be opened."), directory);
    // Somebody else could have been quicker in /tmp.
    if (found.st_uid != geteuid() && found.st_uid != m_user.uid)
        return fail(Error::Kind::Forbidden, Texts::tr("The directory %1 belongs to somebody else.").arg(directory), {},
                    Texts::tr("Remove it, or choose another with $WATCHKEEPER_PRIVATE_STORE."));
    if ((m_user.other && fchown(*opened, m_user.uid, m_user.gid) != 0) || fchmod(*opened, 0700) != 0)
        return ioError(Texts::tr("The permissions of %1 cannot be set."), directory);
    return {};
}

Result<void> ServerDirectory::reachable() const
{
    if (!m_user.other)
        return {};
    QDir parent(m_path);
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

Result<void> ServerDirectory::prepare()
{
    const QString parent = QFileInfo(m_path).path();
    if (!QDir().mkpath(parent))
        return ioError(Texts::tr("The directory %1 of your own store cannot be made."), parent);
    if (const auto ok = reachable(); !ok)
        return ok;
    for (const QString& directory : {m_path, socketDirectory()}) {
        if (const auto ok = own(directory); !ok)
            return ok;
    }
    return {};
}

Result<void> ServerDirectory::write(const QString& file, const QByteArray& content) const
{
    // We may be root, and the directory the server's user's: nothing there is followed, nothing that exists is opened.
    // A new file takes the old one's name.
    const QByteArray path = QFile::encodeName(QFileInfo(file).path()),
                     name = QFile::encodeName(QFileInfo(file).fileName());
    const QByteArray fresh = '.' + name + ".new";
    const Descriptor directory(::open(path.constData(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    if (!directory.isOpen())
        return ioError(Texts::tr("%1 cannot be written."), file);
    unlinkat(*directory, fresh.constData(), 0); // of a run that was interrupted
    const Descriptor out(
        openat(*directory, fresh.constData(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
    const auto failed = [&](const QString& sentence) {
        const int why = errno;
        unlinkat(*directory, fresh.constData(), 0);
        errno = why;
        return ioError(sentence, file);
    };
    if (!out.isOpen() || !writeAll(*out, content) || fchmod(*out, 0600) != 0)
        return failed(Texts::tr("%1 cannot be written."));
    if (m_user.other && fchown(*out, m_user.uid, m_user.gid) != 0)
        return failed(Texts::tr("The permissions of %1 cannot be set."));
    if ((m_durable && fsync(*out) != 0) || renameat(*directory, fresh.constData(), *directory, name.constData()) != 0)
        return failed(Texts::tr("%1 cannot be written."));
    return {};
}

Result<void> ServerDirectory::configure(const QString& data) const
{
    QByteArray settings = Settings + sharedMemorySetting();
    settings += "unix_socket_directories = " + quoted(socketDirectory()) + '\n';
    if (!m_durable)
        settings += "fsync = off\nfull_page_writes = off\n";
    const QByteArray person = '"' + m_person.toUtf8() + '"';
    const QByteArray super = m_superuser.toUtf8();
    // The system says who is at the socket: only this person, who may also be the superuser that migrates.
    const QByteArray who = "own " + person + ' ' + person + "\nown " + person + ' ' + super + '\n';
    auto done = write(data + u"/postgresql.conf"_s, settings);
    if (done)
        done = write(data + u"/pg_hba.conf"_s, "local all all peer map=own\n");
    if (done)
        done = write(data + u"/pg_ident.conf"_s, who);
    return done;
}

bool ServerDirectory::isServed() const
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
    // Elsewhere what runs under that number says so itself; it is started with its data directory's name.
    const std::atomic<bool> never{false};
    const ProgramEnd end =
        runProgram({u"ps"_s, u"-ww"_s, u"-o"_s, u"command="_s, u"-p"_s, QString::number(pid)}, u"/"_s, 2'000, never);
    return end.output.contains(path("data"));
}

Result<void> ServerDirectory::forgetStranger() const
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

QString ServerDirectory::logTail() const
{
    QFile file(path("log"));
    if (!file.open(QIODevice::ReadOnly))
        return {};
    file.seek(std::max<qint64>(0, file.size() - 2'000));
    return QString::fromUtf8(file.readAll());
}

Error ServerDirectory::explained(const QString& what, const QString& output) const
{
    Error error{Error::Kind::Io, what, output.trimmed(), Texts::tr("Its log is %1.").arg(path("log"))};
    if (output.contains(u"No space left on device"_s) || output.contains(u"Disk quota exceeded"_s)) {
        error.sentence += u' ' + Texts::tr("The disk is full.");
        error.remedy = Texts::tr("Make room where %1 is.").arg(m_path);
    } else if (output.contains(u"incompatible with server"_s)) {
        error.kind = Error::Kind::Unsupported;
    }
    return error;
}

} // namespace wk::store
