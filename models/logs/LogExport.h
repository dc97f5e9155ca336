// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/BackgroundThread.h"
#include "core/ReceiverLink.h"
#include "logs/LogStore.h"

#include <QtCore/QHash>
#include <QtCore/QIODevice>
#include <QtCore/QObject>

#include <atomic>

namespace wk::logs {

struct ExportForm
{
    bool timestamps = false;            ///< before each line, as `kubectl logs --timestamps`
    QHash<quint16, QString> names = {}; ///< "[pod/container] " before each line, of these sources
};

/// Writes lines in the order given, each exactly as its container wrote it, gaps as lines that begin with "# ". What
/// was let go meanwhile is said at its place. `goOn` is asked now and then with the number of lines that are written.
[[nodiscard]] Result<void> writeLines(QIODevice& to, const LogStore& store, const std::vector<LineKey>& places,
                                      const ExportForm& form, const std::function<bool(qsizetype)>& goOn);

/// The same into a file, on a thread of its own. The file is there once all of it is; destroying the export gives it
/// up.
class LogExport : public QObject
{
    Q_OBJECT
public:
    LogExport(QString fileName, std::shared_ptr<const LogStore> store, std::vector<LineKey> places, ExportForm form,
              QObject* parent = nullptr);
    ~LogExport() override;

signals:
    void progressed(qsizetype lines);
    /// No error: the file holds everything.
    void finished(const std::optional<wk::Error>& error);

private:
    std::shared_ptr<ReceiverLink> m_link;
    std::shared_ptr<std::atomic<bool>> m_wanted = std::make_shared<std::atomic<bool>>(true);
    BackgroundThread m_thread;
};

} // namespace wk::logs
