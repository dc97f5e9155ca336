// SPDX-License-Identifier: GPL-3.0-or-later
#include "TablePrinter.h"

#include "cluster/render/KubectlText.h"

#include <algorithm>

namespace wk::ctl {

using namespace Qt::StringLiterals;

void sortAsServer(std::vector<table::RowPtr>& rows)
{
    std::ranges::sort(rows, [](const table::RowPtr& a, const table::RowPtr& b) {
        const int spaces = a->space.compare(b->space);
        return spaces != 0 ? spaces < 0 : a->name < b->name;
    });
}

TablePrinter::TablePrinter(const table::Columns& columns, bool wide, bool withSpace, int serverMinor)
    : m_columns(columns), m_withSpace(withSpace), m_serverMinor(serverMinor)
{
    for (int i = 0; i < m_columns.size(); ++i) {
        const table::Column& column = m_columns[i];
        if (column.extra || (column.wide && !wide) || column.id == u"namespace")
            continue;
        m_shown.push_back({i, cluster::render::kubectlHeader(column)});
    }
}

QByteArray TablePrinter::print(const std::vector<table::RowPtr>& rows, qint64 nowMs, bool header) const
{
    const size_t width = m_shown.size() + (m_withSpace ? 1 : 0);
    std::vector<QByteArray> cells;
    cells.reserve((rows.size() + 1) * width);
    if (header) {
        if (m_withSpace)
            cells.push_back("NAMESPACE");
        for (const Shown& shown : m_shown)
            cells.push_back(shown.title.toUtf8());
    }
    for (const table::RowPtr& row : rows) {
        if (m_withSpace)
            cells.push_back(row->space.toUtf8());
        for (const Shown& shown : m_shown)
            cells.push_back(cluster::render::kubectlText(m_columns, *row, shown.index, nowMs, m_serverMinor).toUtf8());
    }
    // Go's tabwriter, which kubectl uses, counts a cell's width in characters.
    const auto lengthOf = [](const QByteArray& text) {
        return std::ranges::count_if(text, [](char c) { return (c & 0xC0) != 0x80; });
    };
    std::vector<qsizetype> widths(width, 0);
    for (size_t i = 0; i < cells.size(); ++i)
        widths[i % width] = std::max<qsizetype>(widths[i % width], lengthOf(cells[i]));
    QByteArray out;
    for (size_t i = 0; i < cells.size(); ++i) {
        out += cells[i];
        if (i % width == width - 1)
            out += '\n';
        else
            out += QByteArray(widths[i % width] - lengthOf(cells[i]) + 3, ' ');
    }
    return out;
}

} // namespace wk::ctl
