// SPDX-License-Identifier: GPL-3.0-or-later
#include "platform/KubeConfigWatcher.h"

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

KubeConfigWatcher::KubeConfigWatcher(Clock& clock, QObject* parent) : QObject(parent), m_clock(clock)
{
    connect(&m_watcher, &QFileSystemWatcher::fileChanged, this, &KubeConfigWatcher::touched);
    connect(&m_watcher, &QFileSystemWatcher::directoryChanged, this, &KubeConfigWatcher::touched);
}

KubeConfigWatcher::~KubeConfigWatcher() = default;

QByteArray KubeConfigWatcher::fingerprint(const QString& file)
{
    if (!QFileInfo(file).isFile())
        return {};
    QFile f(file);
    if (!f.open(QIODevice::ReadOnly))
        return "unreadable";
    return QCryptographicHash::hash(f.read(MaxBytes), QCryptographicHash::Sha256);
}

void KubeConfigWatcher::setFiles(const QStringList& files)
{
    m_files = files;
    m_seen.clear();
    for (const QString& file : files)
        m_seen.insert(file, fingerprint(file));
    watchAll();
}

void KubeConfigWatcher::watchAll()
{
    // A file that was replaced by rename is no longer watched, its name's folder is; so both are, again after each
    // change.
    QStringList wanted;
    for (const QString& file : std::as_const(m_files)) {
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

void KubeConfigWatcher::touched()
{
    m_timer = m_clock.after(this, m_settleMs, [this] { look(); });
}

void KubeConfigWatcher::look()
{
    watchAll();
    bool different = false;
    for (const QString& file : std::as_const(m_files)) {
        const QByteArray now = fingerprint(file);
        different = different || m_seen.value(file) != now;
        m_seen.insert(file, now);
    }
    if (different)
        emit changed();
}

} // namespace wk::platform
