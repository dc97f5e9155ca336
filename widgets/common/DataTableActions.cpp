// SPDX-License-Identifier: GPL-3.0-or-later
// What can be done with a DataTable's rows without leaving it: copy, export, filter by a value.
#include "widgets/common/DataTable.h"

#include "table/CellText.h"
#include "table/TableModel.h"
#include "widgets/common/FileDialogs.h"
#include "widgets/common/FrozenTableView.h"
#include "widgets/common/Icons.h"

#include <QtCore/QDateTime>
#include <QtGui/QClipboard>
#include <QtWidgets/QApplication>
#include <QtWidgets/QBoxLayout>
#include <QtWidgets/QMenu>
#include <QtWidgets/QToolButton>

using namespace Qt::StringLiterals;

namespace wk::widgets {

using table::Column;
using table::ExportFormat;
using table::TableModel;

void DataTable::addToolAction(QAction* action)
{
    m_toolActions.append(action);
    auto* button = new QToolButton(this);
    button->setDefaultAction(action);
    button->setObjectName(action->objectName() + u"Button"_s);
    button->setFocusPolicy(Qt::TabFocus);
    button->setAccessibleName(action->text());
    if (action->icon().isNull())
        button->setToolButtonStyle(Qt::ToolButtonTextOnly);
    m_tools->insertWidget(int(m_toolActions.size()) - 1, button);
}

void DataTable::addLeadingWidget(QWidget* widget) { m_leading->addWidget(widget); }

void DataTable::setFileDialogs(std::shared_ptr<FileDialogs> dialogs) { m_dialogs = std::move(dialogs); }

std::vector<table::RowPtr> DataTable::selectedRows() const
{
    QList<int> rows;
    const QItemSelection selection =
        m_view->selectionModel() ? m_view->selectionModel()->selection() : QItemSelection();
    for (const QItemSelectionRange& range : selection) {
        for (int row = range.top(); row <= range.bottom(); ++row)
            rows.append(row);
    }
    std::sort(rows.begin(), rows.end());
    rows.erase(std::unique(rows.begin(), rows.end()), rows.end());
    std::vector<table::RowPtr> result;
    for (const int row : std::as_const(rows)) {
        if (table::RowPtr value = m_model->rowAt(row))
            result.push_back(std::move(value));
    }
    return result;
}

table::ExportSnapshot DataTable::snapshot(bool selectionOnly) const
{
    return {m_model->columns(), shownColumns(), selectionOnly ? selectedRows() : m_model->visibleRows()};
}

void DataTable::copySelection()
{
    const QModelIndex current = m_view->currentIndex();
    const std::vector<table::RowPtr> rows = selectedRows();
    if (rows.size() <= 1 && current.isValid()) {
        const auto cell = current.data(TableModel::CellRole).value<table::Cell>();
        QApplication::clipboard()->setText(table::cellRawText(cell));
        emit notice(tr("Copied \"%1\"").arg(table::cellRawText(cell)));
        return;
    }
    copyAs(ExportFormat::Tsv);
}

void DataTable::copyAs(ExportFormat format)
{
    const table::ExportSnapshot rows = snapshot(true);
    if (rows.rows.empty())
        return;
    QApplication::clipboard()->setText(QString::fromUtf8(table::exportRows(rows, format)));
    emit notice(tr("Copied %1").arg(table::rowsText(qint64(rows.rows.size()))));
}

void DataTable::exportToFile()
{
    const QString stamp = QDateTime::fromMSecsSinceEpoch(m_clock->nowMs()).toString(u"yyyyMMdd-HHmm");
    const QString name = u"%1-%2.csv"_s.arg(m_subject.toLower().replace(u' ', u'-'), stamp);
    const QString filters = tr("CSV (*.csv);;JSON lines (*.jsonl)");
    m_dialogs->saveFile(this, tr("Export %1").arg(m_subject), name, filters, [this](const QString& path) {
        if (path.isEmpty())
            return;
        const ExportFormat format = path.endsWith(u".jsonl") ? ExportFormat::JsonLines : ExportFormat::Csv;
        table::exportToFile(snapshot(false), format, path, this, [this, path](Result<qint64> written) {
            emit notice(written ? tr("Wrote %1 to %2").arg(table::rowsText(*written), path) : written.error().text());
        });
    });
}

void DataTable::showRowMenu(const QModelIndex& index, const QPoint& globalPosition)
{
    if (!index.isValid())
        return;
    if (!m_view->selectionModel()->isRowSelected(index.row(), {}) || m_view->currentIndex() != index) {
        const bool selected = m_view->selectionModel()->isRowSelected(index.row(), {});
        m_view->selectionModel()->setCurrentIndex(index, selected ? QItemSelectionModel::NoUpdate
                                                                  : QItemSelectionModel::ClearAndSelect |
                                                                        QItemSelectionModel::Rows);
    }
    auto* menu = new QMenu(this);
    menu->setObjectName(u"rowMenu"_s);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->setToolTipsVisible(true);
    const QString id = index.data(TableModel::RowIdRole).toString();
    QAction* open = menu->addAction(tr("Open"), this, [this, id] { emit activated(id); });
    open->setShortcut(Qt::Key_Return);
    open->setShortcutContext(Qt::WidgetShortcut);
    menu->setDefaultAction(open);
    for (QAction* action : std::as_const(m_toolActions))
        menu->addAction(action);
    emit contextMenuRequested(menu, id);
    menu->addSeparator();
    addFilterActions(*menu, index);
    menu->addSeparator();
    addCopyActions(*menu, index);
    menu->popup(globalPosition);
}

void DataTable::addFilterActions(QMenu& menu, const QModelIndex& index)
{
    const Column& column = m_model->columns()[index.column()];
    if (column.kind == Column::Kind::Age || column.kind == Column::Kind::Moment)
        return; // no two rows share a moment
    const auto cell = index.data(TableModel::CellRole).value<table::Cell>();
    QString value = table::cellRawText(cell);
    if (value.isEmpty())
        return;
    if (column.kind == Column::Kind::Bytes)
        value += u'B';
    else if (column.kind == Column::Kind::MilliCpu)
        value += u'm';
    const QString shown = QFontMetrics(font()).elidedText(index.data().toString(), Qt::ElideRight, 240);
    for (const bool exclude : {false, true}) {
        const QString text = exclude ? tr("Exclude %1 \"%2\"") : tr("Show only %1 \"%2\"");
        QAction* action = menu.addAction(text.arg(column.title, shown), this, [this, id = column.id, value, exclude] {
            setFilterText(table::withFilterTerm(filterText(), id, value, exclude));
        });
        action->setObjectName(exclude ? u"excludeValue"_s : u"onlyValue"_s);
        action->setIcon(exclude ? QIcon() : icon(u"filter"));
    }
}

void DataTable::addCopyActions(QMenu& menu, const QModelIndex& index)
{
    const QString shown = QFontMetrics(font()).elidedText(index.data().toString(), Qt::ElideRight, 240);
    const auto count = int(selectedRows().size());
    QAction* cell =
        menu.addAction(icon(u"copy"), tr("Copy \"%1\"").arg(shown), this, [index = QPersistentModelIndex(index)] {
            if (index.isValid())
                QApplication::clipboard()->setText(
                    table::cellRawText(index.data(TableModel::CellRole).value<table::Cell>()));
        });
    cell->setEnabled(!shown.isEmpty());
    cell->setObjectName(u"copyCell"_s);
    QAction* rows =
        menu.addAction(tr("Copy %1").arg(table::rowsText(count)), this, [this] { copyAs(ExportFormat::Tsv); });
    rows->setObjectName(u"copyRows"_s);
    QAction* bySelection = count > 1 ? rows : cell;
    bySelection->setShortcut(QKeySequence::Copy);
    bySelection->setShortcutContext(Qt::WidgetShortcut);
    menu.addAction(tr("Copy as CSV"), this, [this] { copyAs(ExportFormat::Csv); })->setObjectName(u"copyCsv"_s);
    menu.addAction(tr("Copy as JSON lines"), this, [this] { copyAs(ExportFormat::JsonLines); })
        ->setObjectName(u"copyJson"_s);
}

} // namespace wk::widgets
