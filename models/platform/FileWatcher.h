// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/Clock.h"

#include <QtCore/QFileSystemWatcher>
#include <QtCore/QHash>
#include <QtCore/QObject>
#include <QtCore/QStringList>

#include <memory>

namespace wk::platform {

/// Says when one of its files (kubeconfigs, platform files) has another content: written in place, replaced by rename,
/// reached through a symbolic link that was turned (as Kubernetes mounts secrets), created or removed. Several writes
/// in quick succession are one change.
class FileWatcher : public QObject
{
    Q_OBJECT
public:
    /// `clock` outlives the watcher.
    explicit FileWatcher(Clock& clock, QObject* parent = nullptr);
    ~FileWatcher() override;

    /// Files need not exist.
    void setFiles(const QStringList& files);
    [[nodiscard]] QStringList files() const { return m_files; }
    /// Besides, whatever files of these folders match one of the patterns, now or later. Folders need not exist.
    void setFolders(const QStringList& folders, const QStringList& patterns);
    /// Quiet time before a change is told. Default 200 ms.
    void setSettleMs(qint64 ms) { m_settleMs = ms; }

    /// Tells contents apart; empty where there is no such file.
    [[nodiscard]] static QByteArray fingerprint(const QString& file);

signals:
    void changed();

private:
    void touched();
    [[nodiscard]] QStringList all() const;
    void look();
    void remember();
    [[nodiscard]] QHash<QString, QByteArray> fingerprints() const;
    void watchAll();

    Clock& m_clock;
    QFileSystemWatcher m_watcher;
    QStringList m_files, m_folders, m_patterns;
    QHash<QString, QByteArray> m_seen;
    std::shared_ptr<void> m_timer;
    qint64 m_settleMs = 200;
};

} // namespace wk::platform
