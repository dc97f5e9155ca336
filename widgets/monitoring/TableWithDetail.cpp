// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/monitoring/TableWithDetail.h"

#include "widgets/common/DataTable.h"

#include <QtGui/QKeyEvent>
#include <QtWidgets/QSplitter>
#include <QtWidgets/QVBoxLayout>

namespace wk::widgets {

namespace {

/// From this width on a row stands beside the table; below it takes its place.
constexpr int wideEnough = 900;

} // namespace

TableWithDetail::TableWithDetail(DataTable* table, Describe describe, QWidget* parent)
    : QWidget(parent), m_describe(std::move(describe)), m_table(table), m_detail(new AlertDetail(this)),
      m_splitter(new QSplitter(Qt::Horizontal, this))
{
    m_splitter->setChildrenCollapsible(false);
    m_splitter->setHandleWidth(1);
    m_splitter->addWidget(m_table);
    m_splitter->addWidget(m_detail);
    m_detail->setAutoFillBackground(true);
    m_detail->setBackgroundRole(QPalette::Base);
    m_detail->setFocusPolicy(Qt::ClickFocus);
    m_detail->hide();
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins({});
    layout->addWidget(m_splitter);
    connect(m_table, &DataTable::activated, this, &TableWithDetail::open);
    connect(m_table, &DataTable::currentChanged, this, [this](const QString& rowId) {
        // As in a mail program; asked once the table has settled.
        QMetaObject::invokeMethod(
            this,
            [this, rowId] {
                if (!m_opened.isEmpty() && !rowId.isEmpty() && m_opened != rowId && m_table->currentId() == rowId)
                    open(rowId);
            },
            Qt::QueuedConnection);
    });
    connect(m_detail, &AlertDetail::closeRequested, this, &TableWithDetail::close);
    connect(m_detail, &AlertDetail::acted, this, [this](const QString& act) { emit acted(m_opened, act); });
    setFocusProxy(m_table);
}

void TableWithDetail::open(const QString& rowId)
{
    m_opened = rowId;
    refresh();
    if (m_opened.isEmpty())
        return;
    if (m_detail->isHidden()) {
        m_detail->show();
        divide();
    }
    if (m_table->currentId() != rowId)
        m_table->setCurrentId(rowId);
    m_table->showCurrent();
}

void TableWithDetail::refresh()
{
    if (m_opened.isEmpty())
        return;
    const auto content = m_describe(m_opened);
    if (!content) {
        close();
        return;
    }
    m_detail->setContent(*content);
    emit openedChanged(m_opened);
}

void TableWithDetail::close()
{
    m_opened.clear();
    const bool had = m_detail->isAncestorOf(focusWidget()) || focusWidget() == m_detail;
    m_detail->hide();
    m_table->show();
    if (had)
        m_table->focusTable();
    emit openedChanged({});
}

void TableWithDetail::divide()
{
    if (m_opened.isEmpty())
        return;
    const bool wide = width() >= wideEnough;
    m_table->setVisible(wide);
    if (wide)
        m_splitter->setSizes({width() * 13 / 20, width() * 7 / 20});
    else
        m_detail->setFocus();
}

void TableWithDetail::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    if ((event->oldSize().width() >= wideEnough) != (width() >= wideEnough))
        divide();
}

void TableWithDetail::keyPressEvent(QKeyEvent* event)
{
    if (event->key() == Qt::Key_Escape && !m_opened.isEmpty())
        close();
    else
        QWidget::keyPressEvent(event);
}

} // namespace wk::widgets
