// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/common/ColumnChooser.h"

#include "table/CellText.h"

#include <QtWidgets/QHBoxLayout>
#include <QtWidgets/QLabel>
#include <QtWidgets/QLineEdit>
#include <QtWidgets/QListWidget>
#include <QtWidgets/QPushButton>
#include <QtWidgets/QVBoxLayout>

using namespace Qt::StringLiterals;

namespace wk::widgets {

ColumnChooser::ColumnChooser(const table::Columns& columns, const table::ColumnLayout& layout, QWidget* parent)
    : QFrame(parent, Qt::Popup), m_columns(columns), m_layout(layout), m_find(new QLineEdit(this)),
      m_list(new QListWidget(this))
{
    setObjectName(u"columnChooser"_s);
    setAttribute(Qt::WA_DeleteOnClose);
    setFrameShape(QFrame::StyledPanel);
    m_find->setObjectName(u"columnFind"_s);
    m_find->setPlaceholderText(tr("Find a column"));
    m_find->setAccessibleName(tr("Find a column"));
    m_list->setObjectName(u"columnList"_s);
    m_list->setAccessibleName(tr("Columns"));
    m_list->setDragDropMode(QAbstractItemView::InternalMove);
    m_list->setDefaultDropAction(Qt::MoveAction);
    auto* hint = new QLabel(tr("Drag to change the order"), this);
    auto* reset = new QPushButton(tr("Reset columns"), this);
    reset->setObjectName(u"columnReset"_s);
    auto* bottom = new QHBoxLayout;
    bottom->addWidget(hint, 1);
    bottom->addWidget(reset);
    auto* layoutBox = new QVBoxLayout(this);
    layoutBox->setContentsMargins(8, 8, 8, 8);
    layoutBox->setSpacing(8);
    layoutBox->addWidget(m_find);
    layoutBox->addWidget(m_list, 1);
    layoutBox->addLayout(bottom);
    setFixedSize(320, std::clamp<int>(int(columns.size()) * 24 + 112, 200, 460));
    fill();
    connect(m_list, &QListWidget::itemChanged, this, &ColumnChooser::report);
    connect(m_list->model(), &QAbstractItemModel::rowsMoved, this, &ColumnChooser::report);
    connect(m_list->model(), &QAbstractItemModel::rowsInserted, this, &ColumnChooser::report, Qt::QueuedConnection);
    connect(m_find, &QLineEdit::textChanged, this, &ColumnChooser::filter);
    connect(reset, &QPushButton::clicked, this, [this] {
        m_layout = {};
        fill();
        emit resetRequested();
    });
    m_find->setFocus();
}

void ColumnChooser::fill()
{
    m_filling = true;
    m_list->clear();
    for (const int at : m_layout.arranged(m_columns)) {
        const table::Column& column = m_columns[at];
        auto* item = new QListWidgetItem(table::headerText(column), m_list);
        item->setData(Qt::UserRole, column.id);
        item->setToolTip(column.description);
        item->setFlags(Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemIsUserCheckable | Qt::ItemIsDragEnabled);
        item->setCheckState(m_layout.isShown(column) ? Qt::Checked : Qt::Unchecked);
    }
    m_filling = false;
}

void ColumnChooser::report()
{
    // In the middle of a drag an item is there twice or not at all: wait for the end.
    if (m_filling || m_list->count() != m_columns.size())
        return;
    m_layout.order.clear();
    int shown = 0;
    for (int i = 0; i < m_list->count(); ++i) {
        const QListWidgetItem* item = m_list->item(i);
        const QString id = item->data(Qt::UserRole).toString();
        m_layout.order.append(id);
        m_layout.shown.insert(id, item->checkState() == Qt::Checked);
        shown += item->checkState() == Qt::Checked;
    }
    if (shown == 0)
        return; // a table without columns cannot be brought back from its header
    emit layoutChanged(m_layout);
}

void ColumnChooser::filter(const QString& text)
{
    for (int i = 0; i < m_list->count(); ++i)
        m_list->item(i)->setHidden(!m_list->item(i)->text().contains(text, Qt::CaseInsensitive));
}

} // namespace wk::widgets
