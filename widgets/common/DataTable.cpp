// SPDX-License-Identifier: GPL-3.0-or-later
// The parts of a DataTable. Its states are in DataTableStates.cpp, columns in DataTableColumns.cpp, menus and copying
// in DataTableActions.cpp.
#include "widgets/common/DataTable.h"

#include "table/TableModel.h"
#include "widgets/common/CellDelegate.h"
#include "widgets/common/FileDialogs.h"
#include "widgets/common/FilterBar.h"
#include "widgets/common/FreshnessLabel.h"
#include "widgets/common/FrozenTableView.h"
#include "widgets/common/Icons.h"
#include "widgets/common/StaleBanner.h"
#include "widgets/common/StateView.h"
#include "widgets/common/TableHeader.h"

#include <QtCore/QTimer>
#include <QtGui/QKeyEvent>
#include <QtWidgets/QHBoxLayout>
#include <QtWidgets/QLineEdit>
#include <QtWidgets/QMenu>
#include <QtWidgets/QScrollBar>
#include <QtWidgets/QStackedWidget>
#include <QtWidgets/QToolButton>

using namespace Qt::StringLiterals;

namespace wk::widgets {

using table::Freshness;
using table::TableModel;

DataTable::DataTable(QWidget* parent) : DataTable(std::make_shared<SystemClock>(), parent) {}

DataTable::DataTable(std::shared_ptr<Clock> clock, QWidget* parent)
    : QWidget(parent), m_clock(std::move(clock)), m_model(new TableModel(m_clock, this)),
      m_dialogs(std::make_shared<SystemFileDialogs>()), m_subject(tr("Rows")), m_emptyTitle(tr("Nothing here yet"))
{
    build();
    connectModel();
    connectView();
    m_filter->setCompletionSource([this](const QString& text, int cursor) {
        return table::completeFilter(m_model->columns(), m_model->someRows(5000), text, cursor);
    });
    refreshState();
}

DataTable::~DataTable() = default;

void DataTable::build()
{
    m_filter = new FilterBar(this);
    m_freshness = new FreshnessLabel(this);
    m_freshness->setObjectName(u"freshness"_s);
    m_banner = new StaleBanner(this);
    m_view = new FrozenTableView(this);
    m_state = new StateView(this);
    m_stack = new QStackedWidget(this);
    m_stack->addWidget(m_view);
    m_stack->addWidget(m_state);
    m_tick = new QTimer(this);
    m_tick->setInterval(5000);
    m_glowTick = new QTimer(this);
    m_glowTick->setInterval(250);

    const auto button = [this](const QString& name, QStringView iconName, const QString& text) {
        auto* result = new QToolButton(this);
        result->setObjectName(name);
        result->setIcon(icon(iconName));
        result->setToolTip(text);
        result->setAccessibleName(text);
        result->setFocusPolicy(Qt::TabFocus);
        return result;
    };
    m_columnsButton = button(u"columnsButton"_s, u"columns", tr("Choose columns"));
    m_exportButton = button(u"exportButton"_s, u"export", tr("Export these rows as CSV"));

    auto* bar = new QHBoxLayout;
    bar->setContentsMargins(8, 6, 8, 6);
    bar->setSpacing(12);
    m_leading = new QHBoxLayout;
    m_leading->setSpacing(8);
    m_tools = new QHBoxLayout;
    m_tools->setSpacing(2);
    bar->addLayout(m_leading);
    bar->addWidget(m_filter, 1);
    bar->addWidget(m_freshness, 0, Qt::AlignTop);
    bar->addLayout(m_tools);
    // A filter's error makes the bar taller; the rest stays where it is.
    bar->setAlignment(m_leading, Qt::AlignTop);
    bar->setAlignment(m_tools, Qt::AlignTop);
    m_tools->addWidget(m_columnsButton);
    m_tools->addWidget(m_exportButton);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addLayout(bar);
    layout->addWidget(m_banner);
    layout->addWidget(m_stack, 1);
    setTabOrder(m_filter, m_view);
    setTabOrder(m_view, m_columnsButton);
    setTabOrder(m_columnsButton, m_exportButton);
}

void DataTable::connectModel()
{
    // Before the view's own connections: when the current row leaves with many others, Qt would make a stranger
    // current.
    connect(m_model, &QAbstractItemModel::rowsAboutToBeRemoved, this, [this](const QModelIndex&, int first, int last) {
        const int current = m_view->currentIndex().row();
        if (last > first && current >= first && current <= last) {
            m_losingCurrent = true;
            m_view->selectionModel()->clearCurrentIndex();
            m_losingCurrent = false;
        }
    });
    connect(m_model, &QAbstractItemModel::modelAboutToBeReset, this, &DataTable::rememberSelection);
    m_view->setTable(m_model);
    connect(m_model, &QAbstractItemModel::modelReset, this, &DataTable::restoreSelection);
    connect(m_model, &TableModel::columnsReplaced, this, [this] {
        applySort();
        applyLayout();
        applyFilter(m_filter->text());
    });
    connect(m_model, &TableModel::countsChanged, this, [this] {
        refreshCounts();
        refreshState();
        sizeColumnsOnce();
        restoreCurrent();
        if (m_model->hasGlow() && isVisible())
            m_glowTick->start();
    });
    connect(m_model, &TableModel::freshnessChanged, this, [this] {
        refreshState();
        refreshCounts();
    });
    connect(m_model, &TableModel::sortKeysChanged, this, [this] {
        m_view->header()->setSortKeys(m_model->sortKeys());
        m_view->frozenHeader()->setSortKeys(m_model->sortKeys());
    });
    connect(m_glowTick, &QTimer::timeout, this, [this] {
        m_view->repaintCells();
        if (!m_model->hasGlow())
            m_glowTick->stop();
    });
    connect(m_tick, &QTimer::timeout, this, &DataTable::onTick);
}

void DataTable::connectView()
{
    m_view->installEventFilter(this);
    connect(m_filter, &FilterBar::filterChanged, this, &DataTable::applyFilter);
    connect(m_filter, &FilterBar::left, this, &DataTable::focusTable);
    connect(m_view, &FrozenTableView::headerClicked, this, [this](int column) { sortByHeader(column); });
    connect(m_view, &FrozenTableView::resized, this, &DataTable::spreadColumns);
    connect(m_view, &FrozenTableView::columnReordered, this, &DataTable::rememberOrder);
    connect(m_view->header(), &QHeaderView::sectionResized, this,
            [this](int column, int, int width) { rememberWidths(column, width); });
    connect(m_view, &FrozenTableView::headerMenuRequested, this, [this](int column, const QPoint& at) {
        auto* menu = new QMenu(this);
        menu->setAttribute(Qt::WA_DeleteOnClose);
        fillHeaderMenu(*menu, column);
        menu->popup(at);
    });
    connect(m_view, &FrozenTableView::cellMenuRequested, this, &DataTable::showRowMenu);
    connect(m_view, &QAbstractItemView::activated, this,
            [this](const QModelIndex& index) { emit activated(index.data(TableModel::RowIdRole).toString()); });
    connect(m_view->selectionModel(), &QItemSelectionModel::currentRowChanged, this, &DataTable::onCurrentRow);
    connect(m_view->selectionModel(), &QItemSelectionModel::selectionChanged, this, &DataTable::selectionChanged);
    connect(m_columnsButton, &QToolButton::clicked, this, &DataTable::showColumnChooser);
    connect(m_exportButton, &QToolButton::clicked, this, &DataTable::exportToFile);
    connect(m_state, &StateView::actionTriggered, this, [this] {
        switch (m_state->state()) {
        case StateView::State::FilteredEmpty:
            setFilterText({});
            focusTable();
            break;
        case StateView::State::Empty: emit emptyActionRequested(); break;
        default: emit retryRequested();
        }
    });
    connect(m_state, &StateView::helpTriggered, this, &DataTable::helpRequested);
    connect(&Theme::of(this), &Theme::changed, this, [this] {
        m_view->setRowHeight(Theme::of(this).rowHeight());
        m_view->repaintCells();
    });
}

void DataTable::setSource(std::shared_ptr<table::TableSource> source)
{
    m_currentId.clear();
    m_contentWidths.clear();
    m_sized = false;
    m_model->setSource(std::move(source));
    refreshState();
    refreshCounts();
}

void DataTable::setEmptyText(const QString& title, const QString& hint, const QString& action)
{
    m_emptyTitle = title;
    m_emptyHint = hint;
    m_emptyAction = action;
    refreshState();
}

void DataTable::setHelpText(const QString& text)
{
    m_helpText = text;
    refreshState();
}

void DataTable::setLoadingText(const QString& step)
{
    m_loadingText = step;
    refreshState();
}

void DataTable::setSubject(const QString& subject)
{
    m_subject = subject;
    m_view->setAccessibleName(subject);
    m_filter->edit()->setAccessibleName(tr("Filter %1").arg(subject));
}

QString DataTable::filterText() const { return m_filter->text(); }

void DataTable::setFilterText(const QString& text) { m_filter->setText(text); }

void DataTable::focusFilter()
{
    m_filter->edit()->setFocus(Qt::ShortcutFocusReason);
    m_filter->edit()->selectAll();
}

void DataTable::focusTable()
{
    m_view->setFocus(Qt::ShortcutFocusReason);
    if (!m_view->currentIndex().isValid() && m_model->rowCount() > 0)
        m_view->setCurrentIndex(m_model->index(0, 0));
}

void DataTable::applyFilter(const QString& text)
{
    QList<int> searched;
    for (const int column : shownColumns()) {
        if (!m_model->columns()[column].isNumeric())
            searched.append(column);
    }
    const table::Filter::Parsed parsed = table::Filter::parse(m_model->columns(), text, searched);
    if (!parsed.ok() && !m_model->columns().isEmpty()) {
        const table::FilterError& first = parsed.errors.first();
        m_filter->setError(first.sentence, first.position, first.length);
        return; // the rows stay as the last good filter chose them
    }
    m_filter->setError({});
    m_model->setFilter(parsed.filter);
    emit filterChanged(text);
    emit stateChanged();
}

void DataTable::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    m_tick->start();
    onTick();
}

void DataTable::hideEvent(QHideEvent* event)
{
    QWidget::hideEvent(event);
    m_tick->stop();
    m_glowTick->stop();
}

QStringList DataTable::selectedIds() const
{
    QStringList ids;
    for (const table::RowPtr& row : selectedRows())
        ids.append(row->id);
    return ids;
}

QString DataTable::currentId() const
{
    return m_view->currentIndex().isValid() ? m_view->currentIndex().data(TableModel::RowIdRole).toString() : QString();
}

void DataTable::setCurrentId(const QString& id)
{
    m_currentId = id;
    m_scrollToCurrent = true;
    if (m_view->currentIndex().isValid() && currentId() != id) {
        m_losingCurrent = true;
        m_view->selectionModel()->clear();
        m_losingCurrent = false;
    }
    restoreCurrent();
}

void DataTable::showCurrent()
{
    if (m_view->currentIndex().isValid())
        m_view->scrollTo(m_view->currentIndex());
}

void DataTable::onCurrentRow()
{
    if (m_losingCurrent)
        return; // the row is away, not forgotten: it becomes current again when it comes back
    const QString id = currentId();
    if (id == m_currentId)
        return;
    m_currentId = id;
    emit currentChanged(id);
}

void DataTable::restoreCurrent()
{
    if (m_currentId.isEmpty() || m_view->currentIndex().isValid())
        return;
    const int row = m_model->rowOf(m_currentId);
    if (row < 0)
        return;
    const int scrolled = m_view->verticalScrollBar()->value();
    m_view->selectionModel()->setCurrentIndex(m_model->index(row, std::max(0, shownColumns().value(0))),
                                              QItemSelectionModel::ClearAndSelect | QItemSelectionModel::Rows);
    if (m_scrollToCurrent) {
        m_view->scrollTo(m_view->currentIndex(), QAbstractItemView::PositionAtCenter);
        emit currentChanged(m_currentId);
    } else {
        m_view->verticalScrollBar()->setValue(scrolled);
    }
    m_scrollToCurrent = false;
}

void DataTable::rememberSelection()
{
    m_selectedBefore = selectedIds();
    m_losingCurrent = true;
}

void DataTable::restoreSelection()
{
    m_losingCurrent = false;
    restoreCurrent();
    QItemSelection selection;
    for (const QString& id : std::as_const(m_selectedBefore)) {
        const int row = m_model->rowOf(id);
        if (row >= 0 && m_model->columnCount() > 0)
            selection.select(m_model->index(row, 0), m_model->index(row, m_model->columnCount() - 1));
    }
    if (!selection.isEmpty())
        m_view->selectionModel()->select(selection, QItemSelectionModel::Select | QItemSelectionModel::Rows);
    m_selectedBefore.clear();
}

bool DataTable::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == m_view && event->type() == QEvent::KeyPress) {
        auto* key = static_cast<QKeyEvent*>(event);
        if (key->text() == u"/") {
            focusFilter();
            return true;
        }
        if (key->matches(QKeySequence::Copy)) {
            copySelection();
            return true;
        }
        if (key->key() == Qt::Key_Escape && !m_filter->text().isEmpty()) {
            setFilterText({});
            return true;
        }
    }
    return QWidget::eventFilter(watched, event);
}

} // namespace wk::widgets
