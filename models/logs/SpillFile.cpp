// SPDX-License-Identifier: GPL-3.0-or-later
#include "logs/SpillFile.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QDir>
#include <QtCore/QStandardPaths>

#include <cerrno>
#include <fcntl.h>
#include <unistd.h>

namespace wk::logs {

using namespace Qt::StringLiterals;

namespace {

QString words(const char* text) { return QCoreApplication::translate("wk::SpillFile", text); }

Error diskError(const QString& directory, int code)
{
    const bool full = code == ENOSPC || code == EDQUOT || code == EFBIG;
    return {Error::Kind::Io,
            (full ? words("The disk that holds %1 is full.") : words("The log cannot be kept in %1.")).arg(directory),
            qt_error_string(code),
            full ? words("Free some space there; until then only the newest lines are kept, in memory.") : QString()};
}

class NamelessFile final : public SpillFile
{
public:
    NamelessFile(int handle, QString directory) : m_handle(handle), m_directory(std::move(directory)) {}
    ~NamelessFile() override { ::close(m_handle); }
    Q_DISABLE_COPY_MOVE(NamelessFile)

    Result<void> write(qint64 at, QByteArrayView bytes) override
    {
        while (!bytes.isEmpty()) {
            const ssize_t done = ::pwrite(m_handle, bytes.data(), size_t(bytes.size()), off_t(at));
            if (done < 0 && errno == EINTR)
                continue;
            if (done <= 0)
                return fail(diskError(m_directory, done < 0 ? errno : ENOSPC));
            at += done;
            bytes = bytes.sliced(done);
        }
        return {};
    }

    Result<QByteArray> read(qint64 at, qsizetype size) const override
    {
        QByteArray bytes(size, Qt::Uninitialized);
        qsizetype have = 0;
        while (have < size) {
            const ssize_t done = ::pread(m_handle, bytes.data() + have, size_t(size - have), off_t(at + have));
            if (done < 0 && errno == EINTR)
                continue;
            if (done <= 0)
                return fail(diskError(m_directory, done < 0 ? errno : EIO));
            have += done;
        }
        return bytes;
    }

    void release([[maybe_unused]] qint64 at, [[maybe_unused]] qint64 size) override
    {
#ifdef FALLOC_FL_PUNCH_HOLE
        // Where the file system has no holes the place is given back at the end.
        static_cast<void>(::fallocate(m_handle, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, off_t(at), off_t(size)));
#endif
    }

private:
    int m_handle;
    QString m_directory;
};

} // namespace

Result<std::unique_ptr<SpillFile>> openSpillFile(const QString& directory)
{
    if (!QDir().mkpath(directory))
        return fail(diskError(directory, errno));
    const QByteArray folder = QFile::encodeName(directory);
    int handle = -1;
#ifdef O_TMPFILE
    handle = ::open(folder.constData(), O_TMPFILE | O_RDWR | O_EXCL | O_CLOEXEC, 0600);
#endif
    if (handle < 0) { // a file system without files that have no name
        QByteArray name = folder + "/log-XXXXXX";
        handle = ::mkstemp(name.data());
        if (handle >= 0) {
            ::unlink(name.constData());
            ::fcntl(handle, F_SETFD, FD_CLOEXEC);
        }
    }
    if (handle < 0)
        return fail(diskError(directory, errno));
    return std::make_unique<NamelessFile>(handle, directory);
}

QString spillDirectory()
{
    const QString cache = QStandardPaths::writableLocation(QStandardPaths::GenericCacheLocation);
    return (cache.isEmpty() ? QDir::tempPath() : cache) + u"/watchkeeper"_s;
}

} // namespace wk::logs
