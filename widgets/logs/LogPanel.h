// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "logs/LogSession.h"
#include "widgets/common/FileDialogs.h"

#include <QtWidgets/QWidget>

class QAction;
class QBoxLayout;
class QLabel;
class QLineEdit;
class QMenu;
class QPlainTextEdit;
class QSplitter;
class QStackedWidget;
class QToolBar;
class QToolButton;

namespace wk::widgets {

class LogView;
class StateView;

/// The log of a pod or of all the pods of a workload: what to look for, the lines, one line in full, and how the
/// reading stands. `/` goes to the search, Esc back to the lines.
///
/// objectNames inside: "logFilter", "logRegex", "logView", "logState", "logStanding", "logDetail", "logFields" and in
/// its menu "field-<name>".
class LogPanel : public QWidget
{
    Q_OBJECT
public:
    /// `files` outlives the panel.
    explicit LogPanel(FileDialogs& files, QWidget* parent = nullptr);
    ~LogPanel() override;

    /// Takes the session; the one before ends, and its lines are gone. Null shows that something is on its way.
    void setSession(std::unique_ptr<logs::LogSession> session);
    [[nodiscard]] logs::LogSession* session() const { return m_session.get(); }
    /// There is no log: says why.
    void showFailed(const Error& error);
    [[nodiscard]] LogView* view() const { return m_view; }
    void setFilterText(const QString& text, bool regex);
    /// Before the tools, from left to right.
    void addLeadingWidget(QWidget* widget);

signals:
    void retryRequested();

protected:
    void keyPressEvent(QKeyEvent* event) override;

private:
    void build();
    [[nodiscard]] QBoxLayout* makeLines();
    void addActions();
    void addColumnTools();
    void fillFields();
    QAction* addTool(const QString& iconName, const QString& text, const QString& hint, const QString& key);
    void applyFilter();
    void refresh();
    void showLine();
    void save();
    void say(const QString& text);

    FileDialogs& m_files;
    std::unique_ptr<logs::LogSession> m_session;
    std::unique_ptr<logs::LogExport> m_export;
    QToolBar* m_tools = nullptr;
    QLineEdit* m_filter = nullptr;
    QAction* m_regex = nullptr;
    QAction* m_follow = nullptr;
    QAction* m_times = nullptr;
    QAction* m_sources = nullptr;
    QAction* m_wrap = nullptr;
    QMenu* m_fields = nullptr; ///< of the lines that are seen now
    QToolButton* m_fieldsButton = nullptr;
    QBoxLayout* m_head = nullptr;
    int m_leading = 0;
    QAction* m_save = nullptr;
    QStackedWidget* m_stack = nullptr;
    StateView* m_state = nullptr;
    QSplitter* m_splitter = nullptr;
    LogView* m_view = nullptr;
    QPlainTextEdit* m_detail = nullptr;
    QLabel* m_mistake = nullptr;
    QLabel* m_standing = nullptr;
};

} // namespace wk::widgets
