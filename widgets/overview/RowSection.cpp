// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/overview/RowSection.h"

#include "widgets/common/Theme.h"

#include <QtWidgets/QGridLayout>
#include <QtWidgets/QLabel>
#include <QtWidgets/QVBoxLayout>

namespace wk::widgets {

using namespace Qt::StringLiterals;

RowSection::RowSection(const QString& name, const QString& title, QWidget* parent)
    : QWidget(parent), m_heading(new QLabel(title, this)), m_grid(new QGridLayout)
{
    setObjectName(name);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(2);
    m_heading->setFont(Theme::of(this).font(Theme::Role::SmallStrong));
    m_heading->setForegroundRole(QPalette::PlaceholderText);
    m_heading->setContentsMargins(OverviewRow::margin, 0, OverviewRow::margin, 0);
    m_heading->setVisible(!title.isEmpty());
    layout->addWidget(m_heading);
    m_grid->setContentsMargins(0, 0, 0, 0);
    m_grid->setHorizontalSpacing(8);
    m_grid->setVerticalSpacing(0);
    layout->addLayout(m_grid);
    hide();
}

void RowSection::setTitleVisible(bool visible) { m_heading->setVisible(visible && !m_heading->text().isEmpty()); }

void RowSection::setRows(const QList<OverviewRow::Content>& rows, int columns)
{
    setVisible(!rows.isEmpty());
    while (m_rows.size() < rows.size()) {
        auto* row = new OverviewRow(this);
        const int index = int(m_rows.size());
        row->setObjectName(objectName() + u"Row"_s + QString::number(index));
        connect(row, &QAbstractButton::clicked, this, [this, index] { emit activated(index); });
        m_rows.append(row);
    }
    // Column by column, so that a list reads downwards.
    const int perColumn = int((rows.size() + columns - 1) / columns);
    for (qsizetype i = 0; i < m_rows.size(); ++i) {
        OverviewRow* row = m_rows[i];
        row->setVisible(i < rows.size());
        if (i >= rows.size())
            continue;
        m_grid->addWidget(row, int(i) % perColumn, int(i) / perColumn);
        row->setContent(rows[i]);
    }
    for (int c = 0; c < m_grid->columnCount(); ++c)
        m_grid->setColumnStretch(c, c < columns ? 1 : 0);
}

} // namespace wk::widgets
