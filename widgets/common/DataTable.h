// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/Clock.h"
#include "table/ColumnLayout.h"
#include "table/Export.h"
#include "table/TableSource.h"

#include <QtCore/QJsonObject>
#include <QtWidgets/QWidget>

class QAction;
class QBoxLayout;
class QMenu;
class QStackedWidget;
class QTimer;
class QToolButton;

namespace wk::table {
class TableModel;
}

namespace wk::widgets {

class FileDialogs;
class FilterBar;
class FreshnessLabel;
class FrozenTableView;
class StateView;
class StaleBanner;

/// Every list in the program: filter line, tool buttons, table, freshness, and the states in which there is no table.
///
/// objectNames inside: "filterEdit", "filterError", "filterCount", "tableView", "stateView", "staleBanner",
/// "freshness", "columnsButton", "exportButton". Selection, scroll position and focus survive every update of the
/// source.
class DataTable : public QWidget
{
    Q_OBJECT
public:
    explicit DataTable(QWidget* parent = nullptr);
    explicit DataTable(std::shared_ptr<Clock> clock, QWidget* parent = nullptr);
    ~DataTable() override;

    /// Null shows the empty state. The layout is kept by column id.
    void setSource(std::shared_ptr<table::TableSource> source);
    /// "No pods in shop", "A deployment or a job would start some". An empty `action` shows no button.
    void setEmptyText(const QString& title, const QString& hint, const QString& action = {});
    /// A second button beside the failed and the unavailable state ("Explain"); empty for none.
    void setHelpText(const QString& text);
    /// "Listing pods" while the first rows are on their way.
    void setLoadingText(const QString& step);
    /// What the rows are, for titles and accessible names: "Pods".
    void setSubject(const QString& subject);

    [[nodiscard]] QString filterText() const;
    void setFilterText(const QString& text);
    void focusFilter();
    void focusTable();

    [[nodiscard]] QStringList selectedIds() const;
    [[nodiscard]] QString currentId() const;
    /// Selects the row and scrolls to it; remembered until such a row appears if there is none yet.
    void setCurrentId(const QString& id);
    /// Scrolls as little as brings the current row into sight.
    void showCurrent();

    /// Columns, widths, sort and filter; for settings and saved views.
    [[nodiscard]] QJsonObject saveState() const;
    void restoreState(const QJsonObject& state);

    [[nodiscard]] table::TableModel* model() const { return m_model; }
    [[nodiscard]] FrozenTableView* view() const { return m_view; }
    /// Shown as a button right of the filter line, and in the context menu.
    void addToolAction(QAction* action);
    /// A widget left of the filter line (a namespace chooser, say).
    void addLeadingWidget(QWidget* widget);
    /// The seam through which a file name is asked for.
    void setFileDialogs(std::shared_ptr<FileDialogs> dialogs);

    [[nodiscard]] const table::ColumnLayout& columnLayout() const { return m_layout; }
    void setColumnLayout(const table::ColumnLayout& layout);
    void showColumnChooser();
    void exportToFile();
    void copySelection();
    void copyAs(table::ExportFormat format);

signals:
    /// Enter or double click.
    void activated(const QString& rowId);
    void currentChanged(const QString& rowId);
    void selectionChanged();
    /// The button of the failed state.
    void retryRequested();
    /// The button of the empty state.
    void emptyActionRequested();
    /// The second button of the failed and the unavailable state.
    void helpRequested();
    /// Just before a row's menu is shown; add to it.
    void contextMenuRequested(QMenu* menu, const QString& rowId);
    void filterChanged(const QString& text);
    /// The arrangement of columns, the sort or the filter changed: worth saving.
    void stateChanged();
    /// Something worth a line in the status bar ("Wrote 128 rows to pods.csv").
    void notice(const QString& text);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;

private:
    void build();
    void connectModel();
    void connectView();
    void applyFilter(const QString& text);
    void refreshState();
    void showStateFor(const table::Freshness& freshness);
    void refreshCounts();
    void applyLayout();
    void rememberWidths(int column, int width);
    void rememberOrder();
    void toggleColumn(const QString& id, bool shown);
    void sizeColumnsOnce();
    void sizeColumn(int column);
    void spreadColumns();
    void onCurrentRow();
    void restoreCurrent();
    void rememberSelection();
    void restoreSelection();
    void applySort();
    void onTick();
    void sortByHeader(int column);
    void fillHeaderMenu(QMenu& menu, int column);
    void fillColumnMenu(QMenu& menu);
    void showRowMenu(const QModelIndex& index, const QPoint& globalPosition);
    void addCopyActions(QMenu& menu, const QModelIndex& index);
    void addFilterActions(QMenu& menu, const QModelIndex& index);
    [[nodiscard]] table::ExportSnapshot snapshot(bool selectionOnly) const;
    [[nodiscard]] QList<int> shownColumns() const;
    [[nodiscard]] std::vector<table::RowPtr> selectedRows() const;

    std::shared_ptr<Clock> m_clock;
    table::TableModel* m_model;
    FilterBar* m_filter = nullptr;
    FrozenTableView* m_view = nullptr;
    StateView* m_state = nullptr;
    StaleBanner* m_banner = nullptr;
    FreshnessLabel* m_freshness = nullptr;
    QStackedWidget* m_stack = nullptr;
    QBoxLayout* m_tools = nullptr;
    QBoxLayout* m_leading = nullptr;
    QToolButton* m_columnsButton = nullptr;
    QToolButton* m_exportButton = nullptr;
    QTimer* m_tick = nullptr;
    QTimer* m_glowTick = nullptr;
    std::shared_ptr<FileDialogs> m_dialogs;
    table::ColumnLayout m_layout;
    table::SortKeysById m_sort;
    QList<QAction*> m_toolActions;
    QString m_subject, m_emptyTitle, m_emptyHint, m_emptyAction, m_helpText, m_loadingText;
    QString m_currentId;                 ///< the person's row, kept while the row is away
    QHash<QString, int> m_contentWidths; ///< by column id, as measured once
    QStringList m_selectedBefore;        ///< over a model reset
    bool m_applyingLayout = false;
    bool m_sized = false;
    bool m_losingCurrent = false;
    bool m_scrollToCurrent = false;
    int m_ticks = 0;
};

} // namespace wk::widgets
