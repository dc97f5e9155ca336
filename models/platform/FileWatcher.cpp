// SPDX-License-Identifier: GPL-3.0-or-later
#include "platform/FileWatcher.h"

#include <QtCore/QCryptographicHash>
#include <QtCore/QDir>
#include <QtCore/QFile>
#include <QtCore/QFileInfo>

namespace wk::platform {

namespace {

constexpr qint64 MaxBytes = 8 << 20;

/// The folder, or the nearest one above it that exists: where its creation would be seen.
QString existingFolder(QString folder)
{
    while (!QFileInfo::exists(folder)) {
        const QString up = QFileInfo(folder).absolutePath();
        if (up == folder)
            break;
        folder = up;
    }
    return folder;
}

} // namespace

FileWatcher::FileWatcher(Clock& clock, QObject* parent) : QObject(parent), m_clock(clock)
{
    connect(&m_watcher, &QFileSystemWatcher::fileChanged, this, &FileWatcher::touched);
    connect(&m_watcher, &QFileSystemWatcher::directoryChanged, this, &FileWatcher::touched);
}

FileWatcher::~FileWatcher() = default;

QByteArray FileWatcher::fingerprint(const QString& file)
{
    if (!QFileInfo(file).isFile())
        return {};
    QFile f(file);
    if (!f.open(QIODevice::ReadOnly))
        return "unreadable";
    return QCryptographicHash::hash(f.read(MaxBytes), QCryptographicHash::Sha256);
}

void FileWatcher::setFiles(const QStringList& files)
{
    m_files = files;
    remember();
}

void FileWatcher::setFolders(const QStringList& folders, const QStringList& patterns)
{
    m_folders = folders;
    m_patterns = patterns;
    remember();
}

QStringList FileWatcher::all() const
{
    QStringList out = m_files;
    for (const QString& folder : m_folders) {
        const QDir dir(folder);
        for (const QString& name : dir.entryList(m_patterns, QDir::Files))
            out << dir.filePath(name);
    }
    out.removeDuplicates();
    return out;
}

QHash<QString, QByteArray> FileWatcher::fingerprints() const
{
    QHash<QString, QByteArray> out;
    for (const QString& file : all())
        out.insert(file, fingerprint(file));
    return out;
}

void FileWatcher::remember()
{
    m_seen = fingerprints();
    watchAll();
}

void FileWatcher::watchAll()
{
    // A file that was replaced by rename is no longer watched, its name's folder is; so both are, again after each
    // change.
    QStringList wanted;
    for (const QString& folder : std::as_const(m_folders))
        wanted << existingFolder(QFileInfo(folder).absoluteFilePath());
    for (const QString& file : all()) {
        const QFileInfo info(file);
        wanted << existingFolder(info.absolutePath());
        if (info.exists()) {
            const QString real = info.canonicalFilePath();
            wanted << file << real << QFileInfo(real).absolutePath();
        }
    }
    wanted.removeDuplicates();
    const QStringList watched = m_watcher.files() + m_watcher.directories();
    QStringList stale;
    for (const QString& path : watched) {
        if (!wanted.contains(path))
            stale << path;
    }
    if (!stale.isEmpty())
        m_watcher.removePaths(stale);
    QStringList fresh;
    for (const QString& path : std::as_const(wanted)) {
        if (!watched.contains(path))
            fresh << path;
    }
    if (!fresh.isEmpty())
        m_watcher.addPaths(fresh);
}

void FileWatcher::touched()
{
    m_timer = m_clock.after(this, m_settleMs, [this] { look(); });
}

void FileWatcher::look()
{
    watchAll();
    auto now = fingerprints();
    if (std::exchange(m_seen, now) != now)
        emit changed();
}

} // namespace wk::platform
