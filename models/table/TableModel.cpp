// SPDX-License-Identifier: GPL-3.0-or-later
#include "table/TableModel.h"

#include "table/CellText.h"
#include "table/Gauge.h"
#include "table/TableModelPrivate.h"

#include <QtCore/QThreadPool>

using namespace Qt::StringLiterals;

namespace wk::table {

TableModel::TableModel(QObject* parent) : TableModel(std::make_shared<SystemClock>(), parent) {}

TableModel::TableModel(std::shared_ptr<Clock> clock, QObject* parent)
    : QAbstractTableModel(parent), m_clock(std::move(clock)), m_store(std::make_unique<RowStore>()),
      m_mailbox(std::make_shared<Mailbox>())
{
    m_mailbox->receiver = this;
}

TableModel::~TableModel()
{
    const std::scoped_lock lock(m_mailbox->mutex);
    m_mailbox->receiver = nullptr;
    if (m_job)
        m_job->cancelled = true;
}

void TableModel::setSource(std::shared_ptr<TableSource> source)
{
    if (m_source)
        m_source->disconnect(this);
    m_source = std::move(source);
    if (m_source) {
        connect(m_source.get(), &TableSource::changed, this, &TableModel::onBatch);
        connect(m_source.get(), &TableSource::freshnessChanged, this, &TableModel::freshnessChanged);
        connect(m_source.get(), &TableSource::columnsChanged, this, &TableModel::onColumnsChanged);
    }
    onColumnsChanged();
    if (m_source)
        applyReset(m_source->rows());
    emit freshnessChanged();
}

Freshness TableModel::freshness() const { return m_source ? m_source->freshness() : Freshness{}; }

void TableModel::onColumnsChanged()
{
    const Columns columns = m_source ? m_source->columns() : Columns{};
    beginResetModel();
    dropContent();
    // Keys speak of positions; they mean the same column afterwards, or go.
    const SortKeys before = sortKeys();
    SortKeys keys;
    for (const SortKey& key : before) {
        const int at = indexOfColumn(columns, m_columns.value(key.column).id);
        if (at >= 0)
            keys.append({at, key.order});
    }
    m_columns = columns;
    m_wanted = {Filter::parse(m_columns, m_wanted.filter.text()).filter, RowOrder(m_columns, keys)};
    m_current = m_wanted;
    endResetModel();
    if (keys != before)
        emit sortKeysChanged();
    emit columnsReplaced();
    emit countsChanged();
}

void TableModel::dropContent()
{
    if (m_job)
        m_job->cancelled = true;
    m_job.reset();
    m_visible.clear();
    m_glow.clear();
    // Releasing a hundred thousand rows takes a while: elsewhere.
    std::shared_ptr<RowStore> old = std::exchange(m_store, std::make_unique<RowStore>());
    if (old->size() > inlineLimit)
        QThreadPool::globalInstance()->start([old = std::move(old)]() mutable { old.reset(); });
}

void TableModel::setFilter(const Filter& filter)
{
    if (filter.text() == m_wanted.filter.text() && filter.isEmpty() && m_wanted.filter.isEmpty())
        return;
    m_wanted.filter = filter;
    rearrange();
}

void TableModel::setSortKeys(const SortKeys& keys)
{
    const RowOrder order(m_columns, keys);
    if (order.keys() == sortKeys())
        return;
    m_wanted.order = order;
    emit sortKeysChanged();
    rearrange();
}

void TableModel::sort(int column, Qt::SortOrder order)
{
    setSortKeys(column < 0 ? SortKeys{} : SortKeys{{column, order}});
}

void TableModel::refreshTime()
{
    if (m_current.filter.dependsOnTime() && !m_job)
        rearrange();
}

RowPtr TableModel::rowAt(int row) const
{
    if (row < 0 || size_t(row) >= m_visible.size())
        return {};
    return m_store->entry(m_visible[size_t(row)]).row;
}

RowPtr TableModel::row(const QString& id) const
{
    const Slot slot = m_store->find(id);
    return slot == RowStore::none ? RowPtr{} : m_store->entry(slot).row;
}

int TableModel::rowOf(const QString& id) const
{
    const Slot slot = m_store->find(id);
    if (slot == RowStore::none || !m_store->entry(slot).visible)
        return -1;
    return position(m_store->row(slot));
}

int TableModel::position(const Row& row) const
{
    const auto it = std::lower_bound(m_visible.begin(), m_visible.end(), row, [this](Slot slot, const Row& wanted) {
        return m_current.order.compare(m_store->row(slot), wanted) < 0;
    });
    return int(it - m_visible.begin());
}

std::vector<RowPtr> TableModel::visibleRows() const
{
    std::vector<RowPtr> rows;
    rows.reserve(m_visible.size());
    for (const Slot slot : m_visible)
        rows.push_back(m_store->entry(slot).row);
    return rows;
}

std::vector<RowPtr> TableModel::someRows(int limit) const
{
    std::vector<RowPtr> rows;
    // A stride, so that a table of ten thousand does not speak of its first namespace only.
    const size_t stride = std::max<size_t>(1, m_store->slotCount() / size_t(std::max(1, limit)));
    for (size_t slot = 0; slot < m_store->slotCount() && rows.size() < size_t(limit); slot += stride) {
        if (const RowPtr& row = m_store->entry(Slot(slot)).row)
            rows.push_back(row);
    }
    return rows;
}

bool TableModel::hasGlow() const { return m_lastGlowMs > 0 && nowMs() - m_lastGlowMs < glowMs + 500; }

bool TableModel::isChanged(Slot slot, int column) const
{
    const auto it = m_glow.find(slot);
    return it != m_glow.end() && (it->second.cells >> std::min(column, 63) & 1) && nowMs() - it->second.atMs < glowMs;
}

void TableModel::markChanged(Slot slot, quint64 cells)
{
    m_lastGlowMs = nowMs();
    if (m_glow.size() >= m_glowLimit) {
        std::erase_if(m_glow, [this](const auto& item) { return m_lastGlowMs - item.second.atMs >= glowMs; });
        m_glowLimit =
            std::max<size_t>(4096, m_glow.size() * 2); // else a busy moment would look through all at each change
    }
    Glow& glow = m_glow[slot];
    const bool faded = m_lastGlowMs - glow.atMs >= glowMs;
    glow = {m_lastGlowMs, faded ? cells : glow.cells | cells};
}

quint64 TableModel::changedCells(const Row& before, const Row& after) const
{
    // Ages, and how long something took, are another value each time somebody asks: that is no news.
    const auto always = [this](size_t i) {
        return i < size_t(m_columns.size()) && (m_columns[qsizetype(i)].kind == Column::Kind::Age ||
                                                m_columns[qsizetype(i)].unit == QLatin1StringView("ms"));
    };
    quint64 cells = 0;
    for (size_t i = 0; i < after.cells.size(); ++i) {
        if (always(i))
            continue;
        if (i >= before.cells.size() || before.cells[i] != after.cells[i])
            cells |= quint64(1) << std::min<size_t>(i, 63);
    }
    if (before.health != after.health) {
        for (int i = 0; i < m_columns.size(); ++i) {
            if (m_columns[i].kind == Column::Kind::Status)
                cells |= quint64(1) << std::min(i, 63);
        }
    }
    return cells;
}

int TableModel::rowCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : int(m_visible.size()); }

int TableModel::columnCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : int(m_columns.size()); }

QVariant TableModel::sortValue(const Cell& cell) const
{
    if (const auto* ratio = std::get_if<Ratio>(&cell))
        return ratio->of == 0 ? 1.0 : double(ratio->value) / ratio->of;
    if (const auto* instant = std::get_if<Instant>(&cell))
        return instant->ms;
    return std::visit(
        [](const auto& value) -> QVariant {
            if constexpr (std::is_constructible_v<QVariant, decltype(value)>)
                return QVariant(value);
            else
                return {};
        },
        cell);
}

QVariant TableModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid() || size_t(index.row()) >= m_visible.size() || index.column() >= m_columns.size())
        return {};
    const Slot slot = m_visible[size_t(index.row())];
    const Row& row = m_store->row(slot);
    const Column& column = m_columns[index.column()];
    static const Cell none;
    const Cell& cell = size_t(index.column()) < row.cells.size() ? row.cells[size_t(index.column())] : none;
    switch (role) {
    case Qt::DisplayRole: return cellText(column, cell, nowMs());
    case Qt::ToolTipRole: {
        const QString exact = cellExactText(column, cell, nowMs());
        const QString more =
            column.kind == Column::Kind::Status ? row.reason : gaugeText(m_columns, index.column(), row);
        return more.isEmpty() ? exact : exact + u'\n' + more;
    }
    case Qt::AccessibleTextRole: {
        const QString measured = gaugeText(m_columns, index.column(), row);
        const QString text = column.title + u": "_s + cellText(column, cell, nowMs());
        return measured.isEmpty() ? text : text + u", "_s + measured;
    }
    case GaugeRole:
        return column.against.isEmpty() ? QVariant() : QVariant::fromValue(gaugeOf(m_columns, index.column(), row));
    case Qt::TextAlignmentRole:
        return int((column.isNumeric() && column.kind != Column::Kind::Moment ? Qt::AlignRight : Qt::AlignLeft) |
                   Qt::AlignVCenter);
    case CellRole: return QVariant::fromValue(cell);
    case HealthRole: return int(row.health);
    case ReasonRole: return row.reason;
    case RowIdRole: return row.id;
    case KindRole: return int(column.kind);
    case SortRole: return sortValue(cell);
    case ChangedRole: return isChanged(slot, index.column());
    default: return {};
    }
}

QVariant TableModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= m_columns.size())
        return {};
    const Column& column = m_columns[section];
    switch (role) {
    case Qt::DisplayRole:
    case Qt::AccessibleTextRole: return headerText(column);
    case Qt::ToolTipRole: return column.description.isEmpty() ? headerText(column) : column.description;
    case Qt::TextAlignmentRole:
        return int((column.isNumeric() && column.kind != Column::Kind::Moment ? Qt::AlignRight : Qt::AlignLeft) |
                   Qt::AlignVCenter);
    case KindRole: return int(column.kind);
    default: return {};
    }
}

} // namespace wk::table
