// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "table/Column.h"
#include "table/Row.h"

#include <vector>

namespace wk::ctl {

/// Rows in the order in which an API server lists them: by namespace, then name, by bytes.
void sortAsServer(std::vector<table::RowPtr>& rows);

/// kubectl's table: headers in upper case, columns padded to their widest cell and three blanks apart.
class TablePrinter
{
public:
    /// `wide`: kubectl's -o wide; `withSpace`: the NAMESPACE column is shown; `serverMinor` as in
    /// cluster::RenderOptions.
    TablePrinter(const table::Columns& columns, bool wide, bool withSpace, int serverMinor);

    [[nodiscard]] QByteArray print(const std::vector<table::RowPtr>& rows, qint64 nowMs, bool header = true) const;

private:
    struct Shown
    {
        int index;
        QString title;
    };
    table::Columns m_columns;
    std::vector<Shown> m_shown;
    bool m_withSpace;
    int m_serverMinor;
};

} // namespace wk::ctl
