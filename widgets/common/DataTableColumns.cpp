// SPDX-License-Identifier: GPL-3.0-or-later
// A DataTable's columns: order, width, visibility, sort; and what is remembered of them.
#include "widgets/common/DataTable.h"

#include "table/CellText.h"
#include "table/TableModel.h"
#include "widgets/common/CellDelegate.h"
#include "widgets/common/ColumnChooser.h"
#include "widgets/common/FilterBar.h"
#include "widgets/common/FrozenTableView.h"
#include "widgets/common/TableHeader.h"

#include <QtCore/QJsonArray>
#include <QtWidgets/QApplication>
#include <QtWidgets/QMenu>
#include <QtWidgets/QToolButton>

using namespace Qt::StringLiterals;

namespace wk::widgets {

using table::Column;

namespace {

/// Where the biggest is what a person looks for first.
bool startsDescending(Column::Kind kind)
{
    return kind == Column::Kind::Number || kind == Column::Kind::MilliCpu || kind == Column::Kind::Bytes ||
           kind == Column::Kind::Percent || kind == Column::Kind::Moment;
}

} // namespace

QList<int> DataTable::shownColumns() const
{
    QList<int> shown;
    const table::Columns& columns = m_model->columns();
    for (const int column : m_layout.arranged(columns)) {
        if (m_layout.isShown(columns[column]))
            shown.append(column);
    }
    return shown;
}

void DataTable::setColumnLayout(const table::ColumnLayout& layout)
{
    if (layout == m_layout)
        return;
    m_layout = layout;
    m_sized = false;
    applyLayout();
    applyFilter(m_filter->text()); // bare words are looked for in the shown columns
    emit stateChanged();
}

void DataTable::applyLayout()
{
    m_applyingLayout = true;
    const table::Columns& columns = m_model->columns();
    const QList<int> order = m_layout.arranged(columns);
    TableHeader* header = m_view->header();
    for (int visual = 0; visual < order.size() && visual < header->count(); ++visual) {
        header->moveSection(header->visualIndex(order[visual]), visual);
        m_view->setColumnHidden(order[visual], !m_layout.isShown(columns[order[visual]]));
    }
    const QList<int> shown = shownColumns();
    // Whatever leads to the name stays with it: a namespace without the name beside it says little.
    qsizetype name = -1;
    QSet<int> withIcon;
    for (qsizetype i = 0; i < shown.size(); ++i) {
        if (columns[shown[i]].kind == Column::Kind::Status)
            withIcon.insert(shown[i]);
        if (columns[shown[i]].id == u"name")
            name = i;
    }
    const int marked = withIcon.isEmpty() && !shown.isEmpty() ? shown.value(std::max<qsizetype>(name, 0)) : -1;
    m_view->cells()->setHealthColumn(marked);
    if (marked >= 0)
        withIcon.insert(marked);
    m_view->header()->setIconColumns(withIcon);
    m_view->frozenHeader()->setIconColumns(withIcon);
    m_view->setFrozenColumns(name >= 0 && name <= 2 ? int(name) + 1 : 1);
    m_applyingLayout = false;
    sizeColumnsOnce();
}

void DataTable::sizeColumnsOnce()
{
    if (m_sized || m_model->rowCount() == 0 || m_model->columnCount() == 0)
        return;
    m_sized = true;
    const table::Columns& columns = m_model->columns();
    for (const int column : shownColumns())
        m_contentWidths.insert(columns[column].id, m_view->contentWidth(column));
    spreadColumns();
}

void DataTable::spreadColumns()
{
    if (!m_sized || m_applyingLayout)
        return;
    m_applyingLayout = true;
    const table::Columns& columns = m_model->columns();
    const QList<int> shown = shownColumns();
    int used = 0, flexible = 0, longest = -1;
    for (const int column : shown) {
        const int own = m_layout.widths.value(columns[column].id, 0);
        const int content = m_contentWidths.value(columns[column].id, 80);
        used += own > 0 ? own : content;
        flexible += own == 0;
        if (own == 0 && content >= FrozenTableView::widestContent)
            longest = column;
    }
    // Room that is left makes the columns easier to read across, up to a measure; a person's own widths stay.
    const int extra = flexible > 0 ? std::clamp((m_view->viewport()->width() - used) / flexible, 0, 28) : 0;
    const int room = m_view->viewport()->width() - used - extra * flexible;
    for (const int column : shown) {
        const int own = m_layout.widths.value(columns[column].id, 0);
        int width = own > 0 ? own : m_contentWidths.value(columns[column].id, 80) + extra;
        // The last column with texts that are cut takes what is left over, and gives way before a scroll bar appears;
        // a name does not give way.
        if (column == longest) {
            const int least = columns[column].id == u"name" ? width : FrozenTableView::widestContent * 2 / 3;
            width = std::max(width + room, least);
        }
        m_view->setColumnWidth(column, width);
    }
    m_applyingLayout = false;
    m_view->syncColumns();
}

void DataTable::sizeColumn(int column)
{
    m_contentWidths.insert(m_model->columns()[column].id, m_view->contentWidth(column));
    spreadColumns();
}

void DataTable::rememberWidths(int column, int width)
{
    if (m_applyingLayout || width == 0 || column < 0 || column >= m_model->columns().size())
        return;
    m_layout.widths.insert(m_model->columns()[column].id, width);
    emit stateChanged();
}

void DataTable::rememberOrder()
{
    if (m_applyingLayout)
        return;
    m_layout.order.clear();
    for (int visual = 0; visual < m_view->header()->count(); ++visual)
        m_layout.order.append(m_model->columns()[m_view->header()->logicalIndex(visual)].id);
    applyLayout();
    emit stateChanged();
}

void DataTable::toggleColumn(const QString& id, bool shown)
{
    table::ColumnLayout layout = m_layout;
    layout.shown.insert(id, shown);
    setColumnLayout(layout);
}

void DataTable::sortByHeader(int column)
{
    const bool adding = QApplication::keyboardModifiers() & Qt::ShiftModifier;
    const Column& clicked = m_model->columns()[column];
    const Qt::SortOrder first = startsDescending(clicked.kind) ? Qt::DescendingOrder : Qt::AscendingOrder;
    const Qt::SortOrder second = first == Qt::AscendingOrder ? Qt::DescendingOrder : Qt::AscendingOrder;
    const auto at =
        std::find_if(m_sort.begin(), m_sort.end(), [&](const auto& key) { return key.column == clicked.id; });
    // First click, second click, and the third takes the sort away.
    if (at == m_sort.end()) {
        if (!adding)
            m_sort.clear();
        m_sort.append({clicked.id, first});
    } else if (at->order == first) {
        at->order = second;
        if (!adding)
            m_sort = {*at};
    } else {
        m_sort.erase(at);
        if (!adding)
            m_sort.clear();
    }
    applySort();
    emit stateChanged();
}

void DataTable::applySort()
{
    table::SortKeys keys;
    for (const table::SortById& key : std::as_const(m_sort)) {
        const int column = table::indexOfColumn(m_model->columns(), key.column);
        if (column >= 0)
            keys.append({column, key.order});
    }
    m_model->setSortKeys(keys);
}

void DataTable::fillHeaderMenu(QMenu& menu, int column)
{
    if (column >= 0 && column < m_model->columns().size()) {
        const Column clicked = m_model->columns()[column];
        for (const Qt::SortOrder order : {Qt::AscendingOrder, Qt::DescendingOrder}) {
            const QString text = order == Qt::AscendingOrder ? tr("Sort ascending") : tr("Sort descending");
            menu.addAction(text, this, [this, clicked, order] {
                m_sort = {{clicked.id, order}};
                applySort();
                emit stateChanged();
            });
        }
        menu.addSeparator();
        QAction* hide = menu.addAction(tr("Hide \"%1\"").arg(clicked.title), this,
                                       [this, clicked] { toggleColumn(clicked.id, false); });
        hide->setEnabled(shownColumns().size() > 1);
        menu.addAction(tr("Fit width to content"), this, [this, clicked] {
            m_layout.widths.remove(clicked.id);
            const int at = table::indexOfColumn(m_model->columns(), clicked.id);
            if (at >= 0)
                sizeColumn(at);
        });
    }
    menu.addAction(tr("Fit all widths"), this, [this] {
        table::ColumnLayout layout = m_layout;
        layout.widths.clear();
        m_sized = false;
        m_layout = layout;
        applyLayout();
        emit stateChanged();
    });
    menu.addAction(tr("Reset columns"), this, [this] { setColumnLayout({}); });
    menu.addSeparator();
    fillColumnMenu(menu);
}

void DataTable::fillColumnMenu(QMenu& menu)
{
    const table::Columns columns = m_model->columns();
    for (const int at : m_layout.arranged(columns)) {
        const Column column = columns[at];
        QAction* action = menu.addAction(table::headerText(column));
        action->setCheckable(true);
        action->setChecked(m_layout.isShown(column));
        action->setToolTip(column.description);
        action->setEnabled(!m_layout.isShown(column) || shownColumns().size() > 1);
        connect(action, &QAction::toggled, this, [this, id = column.id](bool shown) { toggleColumn(id, shown); });
    }
}

void DataTable::showColumnChooser()
{
    auto* chooser = new ColumnChooser(m_model->columns(), m_layout, this);
    connect(chooser, &ColumnChooser::layoutChanged, this, [this](const table::ColumnLayout& layout) {
        table::ColumnLayout merged = layout;
        merged.widths = m_layout.widths;
        setColumnLayout(merged);
    });
    connect(chooser, &ColumnChooser::resetRequested, this, [this] { setColumnLayout({}); });
    const QPoint corner = m_columnsButton->mapToGlobal(QPoint(m_columnsButton->width(), m_columnsButton->height() + 4));
    chooser->move(corner - QPoint(chooser->width(), 0));
    chooser->show();
}

QJsonObject DataTable::saveState() const
{
    QJsonArray sort;
    for (const table::SortById& key : m_sort)
        sort.append(QJsonObject{{u"column"_s, key.column}, {u"descending"_s, key.order == Qt::DescendingOrder}});
    return {{u"columns"_s, m_layout.toJson()}, {u"sort"_s, sort}, {u"filter"_s, m_filter->text()}};
}

void DataTable::restoreState(const QJsonObject& state)
{
    m_layout = table::ColumnLayout::fromJson(state.value(u"columns"_s).toObject());
    m_sort.clear();
    const QJsonArray sort = state.value(u"sort"_s).toArray();
    for (const QJsonValue& value : sort) {
        const QJsonObject key = value.toObject();
        if (key.value(u"column"_s).isString())
            m_sort.append({key.value(u"column"_s).toString(),
                           key.value(u"descending"_s).toBool() ? Qt::DescendingOrder : Qt::AscendingOrder});
    }
    applySort();
    m_sized = false;
    applyLayout();
    m_filter->setText(state.value(u"filter"_s).toString());
}

} // namespace wk::widgets
