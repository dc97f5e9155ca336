// SPDX-License-Identifier: GPL-3.0-or-later
#include "cluster/tallies/MergedTable.h"

#include <QtCore/QCoreApplication>

namespace wk::cluster {

using namespace Qt::StringLiterals;
using table::Freshness;
using table::RowPtr;
using State = Freshness::State;

namespace {

QString tr(const char* text) { return QCoreApplication::translate("wk::cluster::MergedTable", text); }

QString mergedId(const QString& key, const QString& id) { return key + u'\n' + id; }

/// What a person has to know first of several clusters: that something they see is not of now; else that there is
/// something to see; else that it is on its way; else why there is nothing.
int weight(const MergedTable::Standing& standing)
{
    switch (standing.freshness.state) {
    case State::Stale: return standing.rows > 0 ? 6 : 2;
    case State::Reconnecting: return standing.rows > 0 ? 5 : 2;
    case State::Live: return 4;
    case State::Loading:
    case State::Idle: return 3;
    case State::Failed: return 1;
    case State::Unavailable: return 0;
    }
    return 0;
}

QString stateWords(const Freshness& freshness)
{
    if (freshness.error)
        return freshness.error->sentence;
    switch (freshness.state) {
    case State::Idle:
    case State::Loading: return tr("is still being read");
    case State::Stale: return tr("does not answer");
    case State::Reconnecting: return tr("is being reconnected");
    default: return tr("cannot be read");
    }
}

} // namespace

MergedTable::MergedTable(QList<Part> parts)
{
    for (Part& part : parts) {
        auto merged = std::make_unique<Merged>();
        merged->part = std::move(part);
        for (const RowPtr& row : merged->part.source->rows())
            merged->rows.emplace(row->id, row);
        m_parts.push_back(std::move(merged));
    }
    readColumns();
    for (const auto& merged : m_parts) {
        Merged* m = merged.get();
        const table::TableSource* source = m->part.source.get();
        connect(source, &table::TableSource::changed, this,
                [this, m](const table::Batch& batch) { onBatch(*m, batch); });
        connect(source, &table::TableSource::columnsChanged, this, [this, m] { onColumnsChanged(*m); });
        connect(source, &table::TableSource::freshnessChanged, this, [this] {
            emit standingsChanged();
            emit freshnessChanged();
        });
    }
}

void MergedTable::readColumns()
{
    m_columns = {{u"cluster"_s, tr("Cluster"), table::Column::Kind::Text, false, tr("Where it is"), true}};
    for (const auto& merged : m_parts) {
        for (const table::Column& column : merged->part.source->columns()) {
            if (table::indexOfColumn(m_columns, column.id) < 0)
                m_columns.append(column);
        }
    }
    for (const auto& merged : m_parts) {
        const table::Columns own = merged->part.source->columns();
        merged->positions.assign(size_t(m_columns.size()), -1);
        for (qsizetype i = 1; i < m_columns.size(); ++i) {
            const int at = table::indexOfColumn(own, m_columns[i].id);
            // Another version may mean another thing by the name: better nothing than a wrong unit.
            if (at >= 0 && own[at].kind == m_columns[i].kind)
                merged->positions[size_t(i)] = at;
        }
    }
}

RowPtr MergedTable::translated(const Merged& merged, const table::Row& row) const
{
    auto out = std::make_shared<table::Row>();
    out->id = mergedId(merged.part.key, row.id);
    out->space = row.space;
    out->name = row.name;
    out->health = row.health;
    out->reason = row.reason;
    out->cells.reserve(merged.positions.size());
    out->cells.emplace_back(merged.part.name);
    for (size_t i = 1; i < merged.positions.size(); ++i) {
        const int at = merged.positions[i];
        out->cells.push_back(at >= 0 && size_t(at) < row.cells.size() ? row.cells[size_t(at)] : table::Cell());
    }
    return out;
}

void MergedTable::onColumnsChanged(Merged& merged)
{
    merged.rows.clear(); // all of them come again, with the new columns
    const table::Columns before = m_columns;
    readColumns();
    if (m_columns != before)
        emit columnsChanged();
    emit changed({.reset = true, .upserts = rows(), .removed = {}});
    emit standingsChanged();
}

void MergedTable::onBatch(Merged& merged, const table::Batch& batch)
{
    const size_t before = merged.rows.size();
    table::Batch out;
    // A whole new content of one cluster is no new content of the others.
    auto old = batch.reset ? std::exchange(merged.rows, {}) : decltype(merged.rows)();
    for (const QString& id : batch.removed) {
        if (merged.rows.erase(id) > 0)
            out.removed.push_back(mergedId(merged.part.key, id));
    }
    for (const RowPtr& row : batch.upserts) {
        merged.rows.insert_or_assign(row->id, row);
        old.erase(row->id);
        out.upserts.push_back(translated(merged, *row));
    }
    for (const auto& [id, row] : old)
        out.removed.push_back(mergedId(merged.part.key, id));
    if (!out.upserts.empty() || !out.removed.empty())
        emit changed(out);
    if (merged.rows.size() != before)
        emit standingsChanged();
}

std::vector<RowPtr> MergedTable::rows() const
{
    std::vector<RowPtr> all;
    for (const auto& merged : m_parts) {
        for (const auto& [id, row] : merged->rows)
            all.push_back(translated(*merged, *row));
    }
    return all;
}

QList<MergedTable::Standing> MergedTable::standings() const
{
    QList<Standing> out;
    for (const auto& merged : m_parts)
        out.append(
            {merged->part.key, merged->part.name, merged->part.source->freshness(), qsizetype(merged->rows.size())});
    return out;
}

Freshness MergedTable::freshness() const
{
    Freshness out;
    int heaviest = -1;
    QStringList missing;
    for (const Standing& standing : standings()) {
        const Freshness& one = standing.freshness;
        if (!one.isLive() || one.error)
            missing.append(tr("%1: %2").arg(standing.name, stateWords(one)));
        const int mine = weight(standing);
        if (mine == heaviest)
            out.asOfMs = std::min(out.asOfMs, one.asOfMs);
        if (mine > heaviest)
            out = one;
        heaviest = std::max(heaviest, mine);
    }
    out.error.reset();
    if (!missing.isEmpty())
        out.error = Error{Error::Kind::Network,
                          missing.size() == 1 ? missing.first()
                                              : tr("%1 of %2 clusters are not up to date. %3")
                                                    .arg(missing.size())
                                                    .arg(m_parts.size())
                                                    .arg(missing.join(u' ')),
                          {},
                          {}};
    return out;
}

std::pair<QString, QString> MergedTable::originOf(const QString& rowId)
{
    const qsizetype at = rowId.indexOf(u'\n');
    return at < 0 ? std::pair(QString(), rowId) : std::pair(rowId.left(at), rowId.mid(at + 1));
}

} // namespace wk::cluster
