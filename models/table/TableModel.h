// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/Clock.h"
#include "table/Arrange.h"
#include "table/Filter.h"
#include "table/TableSource.h"

#include <QtCore/QAbstractTableModel>

namespace wk::table {

/// A TableSource as Qt's views want it: sorted, filtered, updated in place.
///
/// `visible` is a vector of slots in the row store. A few changed rows are found by binary search and inserted, moved
/// or removed one by one; more are merged in one pass; a new filter, a new sort or a whole new content of more than
/// `inlineLimit` rows is computed on a worker thread while the old arrangement stays on the screen and keeps following
/// the source. Persistent indexes (and so selections) stay right through all of these but two: a whole new content
/// above the limit, and new columns, which are model resets; views restore what was selected by rowOf(id).
class TableModel final : public QAbstractTableModel
{
    Q_OBJECT
public:
    enum Role {
        CellRole = Qt::UserRole + 1, ///< wk::table::Cell
        HealthRole,                  ///< int of wk::table::Health
        ReasonRole,                  ///< why, in words
        RowIdRole,
        KindRole,    ///< int of Column::Kind
        SortRole,    ///< a number or a string that sorts as the column does
        ChangedRole, ///< bool: this cell changed within the last glowMs
        GaugeRole,   ///< wk::table::Gauge where the column is measured against something, else invalid
    };
    /// For how long a changed cell is marked.
    static constexpr qint64 glowMs = 2000;
    /// Up to this many rows are sorted and filtered at once on the calling thread (a few milliseconds).
    static constexpr int inlineLimit = 5000;
    /// Up to this many inserts, moves and removals in one batch are made one by one.
    static constexpr int singleStepLimit = 4;

    explicit TableModel(QObject* parent = nullptr);
    explicit TableModel(std::shared_ptr<Clock> clock, QObject* parent = nullptr);
    ~TableModel() override;

    void setSource(std::shared_ptr<TableSource> source);
    [[nodiscard]] const std::shared_ptr<TableSource>& source() const { return m_source; }
    [[nodiscard]] const Columns& columns() const { return m_columns; }
    [[nodiscard]] Freshness freshness() const;

    /// `filter` must have been parsed for columns(). After a change of columns the text is parsed anew.
    void setFilter(const Filter& filter);
    [[nodiscard]] const Filter& filter() const { return m_wanted.filter; }
    void setSortKeys(const SortKeys& keys);
    [[nodiscard]] const SortKeys& sortKeys() const { return m_wanted.order.keys(); }
    /// Filters again where the filter speaks of ages. Views call it every now and then.
    void refreshTime();

    /// Rows the source has; rowCount() is those that pass the filter.
    [[nodiscard]] int totalCount() const { return int(m_store->size()); }
    /// A new filter, sort or content is being worked out; what is shown is the one before.
    [[nodiscard]] bool isArranging() const { return m_job != nullptr; }
    /// The row's value, or null where there is none.
    [[nodiscard]] RowPtr rowAt(int row) const;
    /// Where the row with that id is shown, or -1. O(log n).
    [[nodiscard]] int rowOf(const QString& id) const;
    /// By id, whether it passes the filter or not.
    [[nodiscard]] RowPtr row(const QString& id) const;
    [[nodiscard]] std::vector<RowPtr> visibleRows() const;
    /// At most `limit` rows, whether they pass the filter or not, in no order.
    [[nodiscard]] std::vector<RowPtr> someRows(int limit) const;
    /// Whether any cell may still be marked as changed.
    [[nodiscard]] bool hasGlow() const;
    [[nodiscard]] qint64 nowMs() const { return m_clock->nowMs(); }

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation,
                                      int role = Qt::DisplayRole) const override;
    void sort(int column, Qt::SortOrder order) override;

signals:
    /// rowCount() or totalCount() changed, or isArranging().
    void countsChanged();
    void freshnessChanged();
    void sortKeysChanged();
    /// columns() are new and the filter was parsed again; emitted after the reset.
    void columnsReplaced();

private:
    struct Change;
    struct Job;

    void onColumnsChanged();
    void onBatch(const Batch& batch);
    [[nodiscard]] bool isNews() const;
    void applyReset(std::vector<RowPtr> rows);
    void applyChanges(const Batch& batch, bool glow);
    std::vector<Change> collectChanges(const Batch& batch, bool glow);
    void applyOneByOne(std::vector<Change>& changes);
    void applyMerged(std::vector<Change>& changes);
    void moveOrTouch(const Change& change, int from);
    void rearrange();
    void startJob(std::shared_ptr<const std::vector<RowPtr>> content);
    void finishJob(const std::shared_ptr<Job>& job);
    void swapContent(const std::shared_ptr<Job>& job);
    void mergeJob(const std::shared_ptr<Job>& job);
    [[nodiscard]] std::vector<Slot> merged(const std::vector<Slot>& kept, std::vector<Slot> arrivals) const;
    void transition(std::vector<Slot> next);
    void permute(std::vector<Slot> next);
    void emitTouched(int first, int last);
    void dropContent();
    [[nodiscard]] int position(const Row& row) const;
    [[nodiscard]] quint64 changedCells(const Row& before, const Row& after) const;
    void markChanged(Slot slot, quint64 cells);
    [[nodiscard]] bool isChanged(Slot slot, int column) const;
    [[nodiscard]] QVariant sortValue(const Cell& cell) const;

    struct Glow
    {
        qint64 atMs = 0;
        quint64 cells = 0;
    };
    struct Mailbox;

    std::shared_ptr<Clock> m_clock;
    std::shared_ptr<TableSource> m_source;
    Columns m_columns;
    std::unique_ptr<RowStore> m_store;
    std::vector<Slot> m_visible;
    Arrangement m_current; ///< what m_visible follows
    Arrangement m_wanted;  ///< what the person asked for; the same unless a job runs
    std::shared_ptr<Job> m_job;
    std::shared_ptr<Mailbox> m_mailbox;
    std::unordered_map<Slot, Glow> m_glow;
    size_t m_glowLimit = 4096;
    qint64 m_lastGlowMs = 0;
};

} // namespace wk::table

Q_DECLARE_METATYPE(wk::table::Cell)
