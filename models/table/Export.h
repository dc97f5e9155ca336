// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/Result.h"
#include "table/Column.h"
#include "table/Row.h"

#include <QtCore/QByteArray>
#include <QtCore/QObject>

#include <functional>

namespace wk::table {

/// Rows and columns as they were at one moment, in the order to write.
struct ExportSnapshot
{
    Columns columns;   ///< all of the table's
    QList<int> chosen; ///< positions of those to write, in order
    std::vector<RowPtr> rows;
};

enum class ExportFormat {
    Csv,       ///< RFC 4180, UTF-8, CRLF; column ids as header; raw values
    Tsv,       ///< tab-separated raw values with a header, for pasting into a spreadsheet
    JsonLines, ///< one object per line, keyed by column id; numbers as numbers, moments as ISO 8601 in UTC
};

/// Text that a spreadsheet would take for a formula (beginning with = + - @ tab or CR) gets a leading apostrophe in Csv
/// and Tsv; numbers do not. Source: OWASP, "CSV Injection".
[[nodiscard]] QByteArray exportRows(const ExportSnapshot& snapshot, ExportFormat format, bool header = true);

/// Writes the file off the calling thread, whole or not at all, and calls `done` on `context`'s thread with the number
/// of rows written; not at all if `context` has been destroyed.
void exportToFile(ExportSnapshot snapshot, ExportFormat format, const QString& path, QObject* context,
                  std::function<void(Result<qint64>)> done);

} // namespace wk::table
