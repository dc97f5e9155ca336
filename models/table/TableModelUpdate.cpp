// SPDX-License-Identifier: GPL-3.0-or-later
// How a TableModel follows its source: the half of the class that changes what is visible.
#include "table/TableModelPrivate.h"

namespace wk::table {

void TableModel::onBatch(const Batch& batch)
{
    if (batch.reset) {
        applyReset(batch.upserts);
        return;
    }
    if (m_job && m_job->content) {
        m_job->batches.push_back({batch, isNews()});
        return;
    }
    applyChanges(batch, isNews());
}

/// What a first list brings piece by piece was there before anybody looked: nothing has changed.
bool TableModel::isNews() const { return freshness().state != Freshness::State::Loading; }

void TableModel::applyReset(std::vector<RowPtr> rows)
{
    if (rows.size() > inlineLimit || m_store->size() > inlineLimit || (m_job && m_job->content)) {
        startJob(std::make_shared<const std::vector<RowPtr>>(std::move(rows)));
        return;
    }
    // Small enough to find out what differs: selections stay, and only what changed is marked.
    Batch difference;
    std::unordered_map<QString, bool> present;
    for (const RowPtr& row : rows)
        present.emplace(row->id, true);
    difference.upserts = std::move(rows);
    for (size_t slot = 0; slot < m_store->slotCount(); ++slot) {
        const RowPtr& row = m_store->entry(Slot(slot)).row;
        if (row && !present.contains(row->id))
            difference.removed.push_back(row->id);
    }
    applyChanges(difference, m_store->size() > 0);
}

std::vector<TableModel::Change> TableModel::collectChanges(const Batch& batch, bool glow)
{
    std::vector<Change> changes;
    changes.reserve(batch.upserts.size() + batch.removed.size());
    const qint64 now = nowMs();
    for (const RowPtr& row : batch.upserts) {
        const Slot slot = m_store->find(row->id);
        if (slot == RowStore::none) {
            changes.push_back({slot, row, m_current.filter.matches(*row, now), glow ? ~quint64(0) : 0});
            continue;
        }
        RowStore::Entry& entry = m_store->entry(slot);
        if (entry.row->sameContent(*row)) {
            entry.row = row;
            continue;
        }
        changes.push_back({slot, row, m_current.filter.matches(*row, now), glow ? changedCells(*entry.row, *row) : 0});
    }
    for (const QString& id : batch.removed) {
        const Slot slot = m_store->find(id);
        if (slot != RowStore::none)
            changes.push_back({slot, {}, false, 0});
    }
    return changes;
}

void TableModel::applyChanges(const Batch& batch, bool glow)
{
    std::vector<Change> changes = collectChanges(batch, glow);
    if (changes.empty()) {
        if (batch.reset || m_store->size() == 0)
            emit countsChanged();
        return;
    }
    int structural = 0;
    for (const Change& change : changes) {
        const bool shown = change.slot != RowStore::none && m_store->entry(change.slot).visible;
        const bool moved = shown && change.show && m_current.order.compare(m_store->row(change.slot), *change.row) != 0;
        structural += shown != change.show || moved;
    }
    if (structural <= singleStepLimit)
        applyOneByOne(changes);
    else
        applyMerged(changes);
    emit countsChanged();
}

void TableModel::applyOneByOne(std::vector<Change>& changes)
{
    int first = std::numeric_limits<int>::max(), last = -1;
    for (Change& change : changes) {
        const bool isNew = change.slot == RowStore::none;
        const bool shown = !isNew && m_store->entry(change.slot).visible;
        const int from = shown ? position(m_store->row(change.slot)) : -1;
        if (shown && !change.show) {
            beginRemoveRows({}, from, from);
            m_visible.erase(m_visible.begin() + from);
            m_store->entry(change.slot).visible = false;
            endRemoveRows();
        }
        if (!change.row) {
            if (m_job)
                m_job->dirty.push_back(change.slot);
            m_glow.erase(change.slot);
            m_store->remove(change.slot);
            continue;
        }
        if (isNew)
            change.slot = m_store->insert(change.row);
        if (m_job)
            m_job->dirty.push_back(change.slot);
        if (change.cells)
            markChanged(change.slot, change.cells);
        if (shown && change.show) {
            moveOrTouch(change, from);
        } else {
            m_store->entry(change.slot).row = change.row;
            if (change.show) {
                const int at = position(*change.row);
                beginInsertRows({}, at, at);
                m_visible.insert(m_visible.begin() + at, change.slot);
                m_store->entry(change.slot).visible = true;
                endInsertRows();
            }
        }
    }
    // One notification for all whose content changed. Positions are looked up now that every row is where it belongs.
    for (const Change& change : changes) {
        if (!change.row || !change.show)
            continue;
        const int at = position(*change.row);
        first = std::min(first, at);
        last = std::max(last, at);
    }
    emitTouched(first, last);
}

void TableModel::moveOrTouch(const Change& change, int from)
{
    const Row& row = *change.row;
    const auto begin = m_visible.begin();
    const auto less = [this](Slot slot, const Row& wanted) {
        return m_current.order.compare(m_store->row(slot), wanted) < 0;
    };
    int to = from; // where it stands once it has been taken out
    if (from > 0 && m_current.order.compare(m_store->row(m_visible[size_t(from) - 1]), row) > 0)
        to = int(std::lower_bound(begin, begin + from, row, less) - begin);
    else if (size_t(from) + 1 < m_visible.size() &&
             m_current.order.compare(m_store->row(m_visible[size_t(from) + 1]), row) < 0)
        to = int(std::lower_bound(begin + from + 1, m_visible.end(), row, less) - begin) - 1;
    if (to == from) {
        m_store->entry(change.slot).row = change.row;
        return;
    }
    beginMoveRows({}, from, from, {}, to > from ? to + 1 : to);
    m_store->entry(change.slot).row = change.row;
    if (to > from)
        std::rotate(begin + from, begin + from + 1, begin + to + 1);
    else
        std::rotate(begin + to, begin + from, begin + from + 1);
    endMoveRows();
}

void TableModel::applyMerged(std::vector<Change>& changes)
{
    std::vector<bool> changed(m_store->slotCount() + changes.size());
    std::vector<Slot> arrivals, gone;
    for (Change& change : changes) {
        if (change.slot == RowStore::none)
            change.slot = m_store->insert(change.row);
        else if (change.row)
            m_store->entry(change.slot).row = change.row;
        else
            gone.push_back(change.slot);
        changed[change.slot] = true;
        if (m_job)
            m_job->dirty.push_back(change.slot);
        if (change.show)
            arrivals.push_back(change.slot);
        if (change.cells)
            markChanged(change.slot, change.cells);
    }
    std::vector<Slot> kept;
    kept.reserve(m_visible.size() + arrivals.size());
    std::copy_if(m_visible.begin(), m_visible.end(), std::back_inserter(kept),
                 [&](Slot slot) { return !changed[slot]; });
    transition(merged(kept, std::move(arrivals)));
    for (const Slot slot : gone) {
        m_glow.erase(slot);
        m_store->remove(slot);
    }
    if (!m_visible.empty())
        emitTouched(0, int(m_visible.size()) - 1);
}

std::vector<Slot> TableModel::merged(const std::vector<Slot>& kept, std::vector<Slot> arrivals) const
{
    const auto less = [this](Slot a, Slot b) { return m_current.order.compare(m_store->row(a), m_store->row(b)) < 0; };
    std::sort(arrivals.begin(), arrivals.end(), less);
    std::vector<Slot> next;
    next.reserve(kept.size() + arrivals.size());
    // A few newcomers among many: each is looked up in what is left, and the stretches in between are copied unseen.
    auto from = kept.begin();
    for (const Slot slot : arrivals) {
        const auto to = std::lower_bound(from, kept.end(), slot, less);
        next.insert(next.end(), from, to);
        next.push_back(slot);
        from = to;
    }
    next.insert(next.end(), from, kept.end());
    return next;
}

void TableModel::emitTouched(int first, int last)
{
    if (last < first)
        return;
    static const QList<int> roles{Qt::DisplayRole, Qt::ToolTipRole, CellRole,    HealthRole,
                                  ReasonRole,      SortRole,        ChangedRole, GaugeRole};
    emit dataChanged(index(first, 0), index(last, std::max(0, columnCount() - 1)), roles);
}

void TableModel::transition(std::vector<Slot> next)
{
    // Three steps that views and persistent indexes understand: arrivals at the end, everything into its new order with
    // the leaving ones last, and the end cut off. Each is one notification, however many rows it touches.
    std::vector<bool> stays(m_store->slotCount());
    std::vector<Slot> arriving, leaving;
    for (const Slot slot : next) {
        stays[slot] = true;
        if (!m_store->entry(slot).visible)
            arriving.push_back(slot);
    }
    for (const Slot slot : m_visible) {
        if (!stays[slot])
            leaving.push_back(slot);
    }
    if (!arriving.empty()) {
        const int at = int(m_visible.size());
        if (m_visible.empty()) // nothing to keep: no need for a permutation afterwards
            arriving = next;
        beginInsertRows({}, at, at + int(arriving.size()) - 1);
        m_visible.insert(m_visible.end(), arriving.begin(), arriving.end());
        for (const Slot slot : arriving)
            m_store->entry(slot).visible = true;
        endInsertRows();
    }
    const size_t remaining = next.size();
    next.insert(next.end(), leaving.begin(), leaving.end());
    if (next != m_visible)
        permute(std::move(next));
    if (!leaving.empty()) {
        beginRemoveRows({}, int(remaining), int(m_visible.size()) - 1);
        m_visible.resize(remaining);
        for (const Slot slot : leaving)
            m_store->entry(slot).visible = false;
        endRemoveRows();
    }
}

void TableModel::permute(std::vector<Slot> next)
{
    emit layoutAboutToBeChanged({}, QAbstractItemModel::VerticalSortHint);
    const QModelIndexList from = persistentIndexList();
    if (!from.isEmpty()) {
        std::vector<int> rowOfSlot(m_store->slotCount(), -1);
        for (size_t i = 0; i < next.size(); ++i)
            rowOfSlot[next[i]] = int(i);
        QModelIndexList to;
        to.reserve(from.size());
        for (const QModelIndex& old : from)
            to.append(index(rowOfSlot[m_visible[size_t(old.row())]], old.column()));
        changePersistentIndexList(from, to);
    }
    m_visible = std::move(next);
    emit layoutChanged({}, QAbstractItemModel::VerticalSortHint);
}

} // namespace wk::table
