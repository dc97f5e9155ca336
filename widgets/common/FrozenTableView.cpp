// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/common/FrozenTableView.h"

#include "table/TableModel.h"
#include "widgets/common/CellDelegate.h"
#include "widgets/common/TableHeader.h"
#include "widgets/common/Theme.h"

#include <QtGui/QContextMenuEvent>
#include <QtGui/QPainter>
#include <QtWidgets/QApplication>
#include <QtWidgets/QScrollBar>

using namespace Qt::StringLiterals;

namespace wk::widgets {

FrozenTableView::FrozenTableView(QWidget* parent)
    : QTableView(parent), m_frozen(new QTableView(this)), m_edge(new QWidget(this)), m_header(new TableHeader(this)),
      m_frozenHeader(new TableHeader(m_frozen)), m_delegate(new CellDelegate(this))
{
    setObjectName(u"tableView"_s);
    m_frozen->setObjectName(u"frozenView"_s);
    for (QTableView* view : {static_cast<QTableView*>(this), m_frozen}) {
        view->setSelectionBehavior(SelectRows);
        view->setSelectionMode(ExtendedSelection);
        view->setVerticalScrollMode(ScrollPerPixel);
        view->setHorizontalScrollMode(ScrollPerPixel);
        view->setShowGrid(false);
        view->setWordWrap(false);
        view->setCornerButtonEnabled(false);
        view->setEditTriggers(NoEditTriggers);
        view->setItemDelegate(m_delegate);
        view->setFrameShape(QFrame::NoFrame);
        view->setMouseTracking(true);
        view->viewport()->setMouseTracking(true);
        view->viewport()->installEventFilter(this);
        view->verticalHeader()->hide();
        view->verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
        view->verticalHeader()->setMinimumSectionSize(16);
    }
    setTabKeyNavigation(false);
    setHorizontalHeader(m_header);
    setUpFrozen();
    connect(m_header, &QHeaderView::sectionResized, this, [this](int column, int, int width) {
        m_frozen->setColumnWidth(column, width);
        placeFrozen();
    });
    connect(m_header, &QHeaderView::sectionMoved, this, [this] {
        if (m_syncing)
            return;
        syncColumns();
        emit columnReordered();
    });
    for (TableHeader* header : {m_header, m_frozenHeader}) {
        connect(header, &QHeaderView::sectionClicked, this,
                [this](int column) { emit headerClicked(column, QApplication::keyboardModifiers()); });
        connect(header, &QWidget::customContextMenuRequested, this, [this, header](const QPoint& at) {
            emit headerMenuRequested(header->logicalIndexAt(at), header->viewport()->mapToGlobal(at));
        });
        connect(header, &QHeaderView::sectionHandleDoubleClicked, this,
                [this](int column) { setColumnWidth(column, contentWidth(column)); });
    }
}

void FrozenTableView::setUpFrozen()
{
    m_frozen->setHorizontalHeader(m_frozenHeader);
    m_frozenHeader->setSectionsMovable(false);
    m_frozen->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_frozen->setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    // One stop for Tab and one accessible table: the frozen part is a picture of the first columns.
    m_frozen->setFocusPolicy(Qt::NoFocus);
    m_frozen->setFocusProxy(this);
    m_frozen->setAccessibleName(tr("First columns"));
    m_edge->setAutoFillBackground(true);
    m_edge->setBackgroundRole(QPalette::Mid);
    m_edge->setAttribute(Qt::WA_TransparentForMouseEvents);
    connect(m_frozenHeader, &QHeaderView::sectionResized, this,
            [this](int column, int, int width) { setColumnWidth(column, width); });
    connect(m_frozen->verticalScrollBar(), &QScrollBar::valueChanged, verticalScrollBar(), &QScrollBar::setValue);
    connect(verticalScrollBar(), &QScrollBar::valueChanged, m_frozen->verticalScrollBar(), &QScrollBar::setValue);
    connect(m_frozen, &QAbstractItemView::activated, this, &QAbstractItemView::activated);
}

void FrozenTableView::setTable(table::TableModel* model)
{
    m_table = model;
    connect(model, &QAbstractItemModel::rowsAboutToBeInserted, this, &FrozenTableView::rememberAnchor);
    connect(model, &QAbstractItemModel::rowsAboutToBeRemoved, this, &FrozenTableView::rememberAnchor);
    connect(model, &QAbstractItemModel::rowsAboutToBeMoved, this, &FrozenTableView::rememberAnchor);
    connect(model, &QAbstractItemModel::layoutAboutToBeChanged, this, &FrozenTableView::rememberAnchor);
    setModel(model);
    m_frozen->setModel(model);
    QItemSelectionModel* own = m_frozen->selectionModel();
    m_frozen->setSelectionModel(selectionModel());
    own->deleteLater();
    // After the views' own connections: the headers know the new rows by then.
    connect(model, &QAbstractItemModel::rowsInserted, this, &FrozenTableView::restoreAnchor);
    connect(model, &QAbstractItemModel::rowsRemoved, this, &FrozenTableView::restoreAnchor);
    connect(model, &QAbstractItemModel::rowsMoved, this, &FrozenTableView::restoreAnchor);
    connect(model, &QAbstractItemModel::layoutChanged, this, &FrozenTableView::restoreAnchor);
    setRowHeight(Theme::of(this).rowHeight());
}

void FrozenTableView::setRowHeight(int height)
{
    verticalHeader()->setDefaultSectionSize(height);
    m_frozen->verticalHeader()->setDefaultSectionSize(height);
    verticalScrollBar()->setSingleStep(height);
    m_frozen->verticalScrollBar()->setSingleStep(height);
}

void FrozenTableView::repaintCells()
{
    viewport()->update();
    m_frozen->viewport()->update();
}

void FrozenTableView::setFrozenColumns(int count)
{
    m_frozenCount = count;
    syncColumns();
}

bool FrozenTableView::isFrozen(int column) const { return !m_frozen->isColumnHidden(column); }

void FrozenTableView::syncColumns()
{
    if (!model() || m_syncing)
        return;
    m_syncing = true;
    int shown = 0;
    for (int visual = 0; visual < m_header->count(); ++visual) {
        const int column = m_header->logicalIndex(visual);
        m_frozenHeader->moveSection(m_frozenHeader->visualIndex(column), visual);
        const bool frozen = !isColumnHidden(column) && shown < m_frozenCount;
        if (!isColumnHidden(column))
            ++shown;
        m_frozen->setColumnHidden(column, !frozen);
        if (frozen)
            m_frozen->setColumnWidth(column, columnWidth(column));
    }
    m_syncing = false;
    placeFrozen();
}

void FrozenTableView::placeFrozen()
{
    int width = 0;
    for (int column = 0; model() && column < model()->columnCount(); ++column) {
        if (isFrozen(column))
            width += columnWidth(column);
    }
    // Frozen columns that would cover the view are of no use: the last one is cut.
    width = std::min(width, std::max(0, viewport()->width() - 80));
    m_frozen->setVisible(width > 0);
    m_frozen->setGeometry(frameWidth(), frameWidth(), width, viewport()->height() + m_header->height());
    m_edge->setVisible(width > 0);
    m_edge->setGeometry(frameWidth() + width, frameWidth(), 1, viewport()->height() + m_header->height());
    m_frozen->raise();
    m_edge->raise();
}

void FrozenTableView::paintEvent(QPaintEvent* event)
{
    QTableView::paintEvent(event);
    // Rows go on to the right edge, so that the eye and the selection do not end in the middle of nowhere.
    const int from = m_header->length() - m_header->offset();
    if (from >= viewport()->width() || !model() || !selectionModel())
        return;
    QPainter painter(viewport());
    const int first = rowAt(std::max(0, event->rect().top()));
    for (int row = first; row >= 0 && row < model()->rowCount(); ++row) {
        const int top = rowViewportPosition(row);
        if (top > event->rect().bottom())
            break;
        const bool selected = selectionModel()->isRowSelected(row, {});
        m_delegate->paintRest(&painter, QRect(from, top, viewport()->width() - from, rowHeight(row)), row, selected);
    }
}

void FrozenTableView::resizeEvent(QResizeEvent* event)
{
    QTableView::resizeEvent(event);
    placeFrozen();
    emit resized();
}

void FrozenTableView::updateGeometries()
{
    QTableView::updateGeometries();
    placeFrozen();
}

void FrozenTableView::scrollTo(const QModelIndex& index, ScrollHint hint)
{
    const int horizontal = horizontalScrollBar()->value();
    QTableView::scrollTo(index, hint);
    if (isFrozen(index.column())) {
        horizontalScrollBar()->setValue(horizontal);
        return;
    }
    const int covered = m_frozen->isVisible() ? m_frozen->width() + 1 : 0;
    const int left = visualRect(index).left();
    if (left < covered)
        horizontalScrollBar()->setValue(horizontalScrollBar()->value() + left - covered);
}

void FrozenTableView::rememberAnchor()
{
    m_anchor = QPersistentModelIndex();
    const int scrolled = verticalScrollBar()->value();
    const int height = verticalHeader()->defaultSectionSize();
    if (scrolled == 0 || !model() || height <= 0)
        return;
    // A batch makes several changes before the view has laid itself out again; rows are of equal height, so plain
    // arithmetic is right at any moment.
    int row = scrolled / height;
    const QModelIndex current = currentIndex();
    const int currentTop = current.isValid() ? current.row() * height - scrolled : -1;
    if (currentTop >= 0 && currentTop < viewport()->height())
        row = current.row();
    m_anchor = QPersistentModelIndex(model()->index(std::min(row, model()->rowCount() - 1), 0));
    m_anchorOffset = scrolled - m_anchor.row() * height;
}

void FrozenTableView::restoreAnchor()
{
    if (!m_anchor.isValid())
        return;
    const int wanted = m_anchor.row() * verticalHeader()->defaultSectionSize() + m_anchorOffset;
    m_anchor = QPersistentModelIndex();
    if (wanted == verticalScrollBar()->value())
        return;
    executeDelayedItemsLayout(); // the scroll bar's range follows the rows only after this
    verticalScrollBar()->setValue(wanted);
}

int FrozenTableView::contentWidth(int column) const
{
    if (!model())
        return 80;
    int width = std::max(m_header->sectionSizeHint(column), 48);
    const int rows = model()->rowCount();
    const int step = std::max(1, rows / 200);
    const QStyleOptionViewItem option;
    for (int row = 0; row < rows; row += step)
        width = std::max(width, m_delegate->sizeHint(option, model()->index(row, column)).width());
    return std::min(width + 4, widestContent);
}

void FrozenTableView::keyboardSearch(const QString& search)
{
    // Names, from the row after the current one on; typing on within a second makes the word longer.
    if (!m_table || m_table->rowCount() == 0)
        return;
    const qint64 now = m_table->nowMs();
    const bool continued = now - m_typedAtMs < QApplication::keyboardInputInterval() * 2;
    m_typed = continued ? m_typed + search : search;
    m_typedAtMs = now;
    const int rows = m_table->rowCount();
    const int start = currentIndex().isValid() ? currentIndex().row() + (continued ? 0 : 1) : 0;
    for (int i = 0; i < rows; ++i) {
        const int row = (start + i) % rows;
        if (m_table->rowAt(row)->name.startsWith(m_typed, Qt::CaseInsensitive)) {
            setCurrentIndex(m_table->index(row, std::max(0, currentIndex().column())));
            return;
        }
    }
}

void FrozenTableView::setHovered(int row)
{
    if (row == m_hovered)
        return;
    const int before = std::exchange(m_hovered, row);
    for (const int changed : {before, row}) {
        if (changed < 0)
            continue;
        const int top = rowViewportPosition(changed);
        const int height = rowHeight(changed);
        viewport()->update(0, top, viewport()->width(), height);
        m_frozen->viewport()->update(0, top, m_frozen->viewport()->width(), height);
    }
}

bool FrozenTableView::eventFilter(QObject* watched, QEvent* event)
{
    const bool inFrozen = watched == m_frozen->viewport();
    if (!inFrozen && watched != viewport())
        return QTableView::eventFilter(watched, event);
    switch (event->type()) {
    case QEvent::MouseMove: setHovered(rowAt(static_cast<QMouseEvent*>(event)->position().toPoint().y())); break;
    case QEvent::Leave: setHovered(-1); break;
    case QEvent::MouseButtonPress:
        if (inFrozen)
            setFocus(Qt::MouseFocusReason);
        break;
    case QEvent::ContextMenu:
        if (inFrozen) {
            auto* menu = static_cast<QContextMenuEvent*>(event);
            emit cellMenuRequested(m_frozen->indexAt(menu->pos()), menu->globalPos());
            return true;
        }
        break;
    default: break;
    }
    return inFrozen ? false : QTableView::eventFilter(watched, event);
}

void FrozenTableView::contextMenuEvent(QContextMenuEvent* event)
{
    if (event->reason() == QContextMenuEvent::Keyboard)
        openMenuForCurrent();
    else
        emit cellMenuRequested(indexAt(event->pos()), event->globalPos());
}

void FrozenTableView::openMenuForCurrent()
{
    const QModelIndex index = currentIndex();
    if (!index.isValid())
        return;
    scrollTo(index);
    const QTableView* view = isFrozen(index.column()) ? m_frozen : this;
    emit cellMenuRequested(index, view->viewport()->mapToGlobal(view->visualRect(index).bottomLeft()));
}

void FrozenTableView::focusInEvent(QFocusEvent* event)
{
    QTableView::focusInEvent(event);
    repaintCells();
}

void FrozenTableView::focusOutEvent(QFocusEvent* event)
{
    QTableView::focusOutEvent(event);
    repaintCells();
}

} // namespace wk::widgets
