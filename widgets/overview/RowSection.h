// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/overview/OverviewRow.h"

class QGridLayout;
class QLabel;
class QLabel;

namespace wk::widgets {

/// Rows below a small title, in one or more columns that read downwards. Hidden while it is empty.
///
/// objectNames inside: "<its own>Row0", …
class RowSection : public QWidget
{
    Q_OBJECT
public:
    RowSection(const QString& name, const QString& title, QWidget* parent = nullptr);

    void setTitleVisible(bool visible);
    void setRows(const QList<OverviewRow::Content>& rows, int columns);

signals:
    void activated(int row);

private:
    QLabel* m_heading;
    QGridLayout* m_grid;
    QList<OverviewRow*> m_rows;
};

} // namespace wk::widgets
