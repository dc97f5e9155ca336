// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/changes/unapproved/UnapprovedTable.h"
#include "widgets/changes/unapproved/UnapprovedView.h"
#include "widgets/common/TableStates.h"

class QAction;
class QSplitter;

namespace wk::widgets {

class DataTable;
class FileDialogs;

/// The list of unapproved changes with one of them in full beside it, or in its place where there is not room for both.
///
/// objectNames inside: "unapprovedTable", "unapprovedView", "unapprovedWatched".
class UnapprovedPage : public QWidget
{
    Q_OBJECT
public:
    struct Parts
    {
        changes::UnapprovedDesk& unapproved;
        changes::ChangeDesk& desk;
        ChangeMeans& means;
        std::shared_ptr<Clock> clock;
        std::shared_ptr<TableStates> states;
        std::shared_ptr<FileDialogs> dialogs;
    };

    explicit UnapprovedPage(const Parts& parts, QWidget* parent = nullptr);

    void open(const QString& key);
    /// Esc: the question, then the change; false where nothing is open.
    bool leave();
    [[nodiscard]] DataTable* dataTable() const { return m_table; }
    [[nodiscard]] UnapprovedView* view() const { return m_view; }

signals:
    void requestLinked(qint64 number);
    void notice(const QString& text);
    void accountRequested(const QString& platform, const std::optional<wk::changes::Plan>& plan,
                          const wk::changes::RequestFields& fields);
    void proposed(const wk::changes::Plan& plan, const wk::changes::RequestFields& fields);

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    void build(const Parts& parts);
    void connectParts();
    void addShortcuts();
    void loadState();
    void saveState();
    void refresh();
    void close();
    void divide();

    changes::UnapprovedDesk& m_unapproved;
    std::shared_ptr<TableStates> m_states;
    std::shared_ptr<UnapprovedTable> m_source;
    QSplitter* m_splitter = nullptr;
    DataTable* m_table = nullptr;
    UnapprovedView* m_view = nullptr;
    QAction* m_controllers = nullptr;
    class QLabel* m_watched = nullptr;
    QWidget* m_list = nullptr; ///< table and what is watched
};

} // namespace wk::widgets
