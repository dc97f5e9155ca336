// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/logs/LogPage.h"

class QStackedWidget;
class QTabWidget;

namespace wk::widgets {

class StateView;

/// The logs that are open, each on a tab or in a window of its own. They are read on while the person is elsewhere.
///
/// Keys: Ctrl+PgUp and Ctrl+PgDn walk through them, Ctrl+W closes one, Ctrl+Shift+N gives it a window of its own, Esc
/// leaves.
///
/// objectNames inside: "logTabs", "logsState"; of a window "logWindow".
class LogsPanel : public QWidget
{
    Q_OBJECT
public:
    /// `files` outlives the panel.
    LogsPanel(std::shared_ptr<Clock> clock, FileDialogs& files, QWidget* parent = nullptr);
    ~LogsPanel() override;

    /// Reads that log, or shows it where it is open.
    LogPage* open(LogAsk ask);
    /// The one on the current tab; null where none is open here.
    [[nodiscard]] LogPage* current() const;
    /// All that are open, those in windows included.
    [[nodiscard]] QList<LogPage*> pages() const;
    void close(LogPage* page);
    /// Out of its tab into a window of its own.
    void detach(LogPage* page);

signals:
    void leaveRequested();
    /// The button of the state without a log.
    void chooseRequested();

private:
    void addKeys();
    void refresh();

    std::shared_ptr<Clock> m_clock;
    FileDialogs& m_files;
    QStackedWidget* m_stack;
    StateView* m_state;
    QTabWidget* m_tabs;
};

} // namespace wk::widgets
