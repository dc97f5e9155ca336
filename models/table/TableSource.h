// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "table/Column.h"
#include "table/Row.h"

#include <QtCore/QObject>

namespace wk::table {

/// Where a table's rows come from, seen from the GUI thread: a live Kubernetes list, a query, a test. Several models,
/// summaries and counters may follow one source. All signals are emitted on the source's own (the GUI) thread.
class TableSource : public QObject
{
    Q_OBJECT
public:
    using QObject::QObject;
    ~TableSource() override = default;

    [[nodiscard]] virtual Columns columns() const = 0;
    /// All rows now, in no order.
    [[nodiscard]] virtual std::vector<RowPtr> rows() const = 0;
    [[nodiscard]] virtual Freshness freshness() const = 0;

signals:
    /// Rows changed; `batch` brings a follower from the previous state to rows().
    void changed(const wk::table::Batch& batch);
    void freshnessChanged();
    /// columns() differ now; a `changed` with `reset` follows.
    void columnsChanged();
};

} // namespace wk::table
