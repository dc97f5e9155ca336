// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/Clock.h"
#include "table/Column.h"
#include "table/Row.h"

#include <functional>
#include <unordered_map>

namespace wk::cluster {

/// The objects of a table whose deletion was asked for. Rows do not depend on the clock, but "terminating for too long"
/// is made by time alone: this keeps the few rows it may happen to, and tells when one has to be judged anew. One
/// thread.
class OverdueRows
{
public:
    static constexpr qint64 patienceMs = 30'000; ///< beyond the deletion timestamp, which contains the grace period
    static constexpr qint64 repeatMs = 60'000;   ///< how often "for 5m" is brought up to date

    /// `judgeAnew` is called for each row whose verdict time has changed. `clock` and `context` outlive this.
    OverdueRows(Clock& clock, QObject* context, std::function<void(const table::RowPtr&)> judgeAnew);

    /// The columns of the rows to come; forgets the rows so far.
    void setColumns(const table::Columns& columns);
    [[nodiscard]] const table::Columns& columns() const { return m_columns; }
    /// As RowStore::Sink.
    void note(const table::RowPtr& before, const table::RowPtr& after);
    /// The row as it is to be shown now.
    [[nodiscard]] table::RowPtr judged(const table::RowPtr& row) const;
    [[nodiscard]] bool isEmpty() const { return m_dying.empty(); }

private:
    [[nodiscard]] const table::Instant* deadline(const table::Row& row) const;
    void arm(qint64 atMs);
    void judge();

    Clock& m_clock;
    QObject* m_context;
    std::function<void(const table::RowPtr&)> m_judgeAnew;
    table::Columns m_columns;
    int m_column = -1;
    std::unordered_map<QString, table::RowPtr> m_dying;
    qint64 m_timerMs = 0; ///< when m_timer fires
    std::shared_ptr<void> m_timer;
};

} // namespace wk::cluster
