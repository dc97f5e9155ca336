// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "platform/FileWatcher.h"
#include "secrets/Credentials.h"
#include "watchkeeper/CommandLine.h"
#include "watchkeeper/changes/ChangeWork.h"
#include "watchkeeper/changes/UnapprovedWatch.h"
#include "watchkeeper/desktop/DesktopNotifier.h"
#include "watchkeeper/shell/MainWindow.h"
#include "widgets/common/Theme.h"

#include <QtCore/QObject>
#include <QtCore/QTemporaryDir>

class QApplication;

namespace wk::app {

/// Wires the program: the only place that knows everything. The window comes first; files are read and clusters are
/// connected from the event loop after that.
class Composition : public QObject
{
    Q_OBJECT
public:
    /// `notifier`, `credentials`: nullptr takes the desktop's own.
    Composition(QApplication& application, CommandLine line, std::unique_ptr<Settings> settings,
                QObject* parent = nullptr, std::shared_ptr<DesktopNotifier> notifier = {},
                std::unique_ptr<secrets::Credentials> credentials = {});
    ~Composition() override;

    /// Shows the window and lets the rest follow.
    void start();

    [[nodiscard]] MainWindow& window() { return *m_window; }
    [[nodiscard]] Settings& settings() { return *m_settings; }
    [[nodiscard]] Clusters& clusters() { return *m_clusters; }
    [[nodiscard]] ChangeWork& changes() { return *m_changes; }
    [[nodiscard]] secrets::Credentials& credentials() { return *m_credentials; }
    [[nodiscard]] Platforms& platforms() { return *m_platforms; }
    [[nodiscard]] widgets::Theme& theme() { return *m_theme; }
    /// Reads kubeconfig files as `--kubeconfig` would name them; for the pictures.
    void useKubeconfig(const QString& file);

signals:
    /// Files are read, the first place is open.
    void ready();

private:
    void applyLook();
    void readKubeconfig();
    void openFirstPlace();
    void trace(const char* step);

    CommandLine m_line;
    std::shared_ptr<Clock> m_clock;
    std::unique_ptr<Settings> m_settings;
    std::unique_ptr<widgets::Theme> m_theme;
    std::unique_ptr<Clusters> m_clusters;
    std::unique_ptr<Platforms> m_platforms;
    QTemporaryDir m_scratch; ///< of pictures and measurements
    std::unique_ptr<secrets::Credentials> m_credentials;
    std::unique_ptr<ChangeWork> m_changes;
    std::unique_ptr<UnapprovedWatch> m_unapproved;
    std::unique_ptr<platform::FileWatcher> m_watcher;
    std::unique_ptr<MainWindow> m_window;
};

} // namespace wk::app
