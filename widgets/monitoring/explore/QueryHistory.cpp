// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/monitoring/explore/QueryHistory.h"

#include "widgets/common/TableStates.h"

#include <QtCore/QJsonArray>

namespace wk::widgets {

using namespace Qt::StringLiterals;
using table::Column;

namespace {

const QString& keptAs()
{
    static const QString id = u"monitoring.queries"_s;
    return id;
}

} // namespace

QueryHistory::QueryHistory(std::shared_ptr<TableStates> states, std::shared_ptr<Clock> clock, QObject* parent)
    : TableSource(parent), m_states(std::move(states)), m_clock(std::move(clock))
{
    const QJsonArray kept = m_states ? m_states->load(keptAs()).value("entries"_L1).toArray() : QJsonArray();
    for (const QJsonValue& value : kept) {
        const QString query = value["query"_L1].toString();
        if (!query.isEmpty() && m_entries.size() < most)
            m_entries.push_back({query, value["result"_L1].toString(), qint64(value["at"_L1].toDouble())});
    }
}

void QueryHistory::add(const QString& query, const QString& result)
{
    if (query.trimmed().isEmpty())
        return;
    table::Batch batch;
    std::erase_if(m_entries, [&](const Entry& entry) { return entry.query == query; });
    m_entries.push_front({query, result, m_clock->nowMs()});
    batch.upserts.push_back(rowOf(m_entries.front()));
    if (m_entries.size() > most) {
        batch.removed.push_back(m_entries.back().query);
        m_entries.pop_back();
    }
    save();
    emit changed(batch);
}

QString QueryHistory::at(int index) const
{
    return index >= 0 && index < size() ? m_entries[size_t(index)].query : QString();
}

void QueryHistory::save() const
{
    if (!m_states)
        return;
    QJsonArray kept;
    for (const Entry& entry : m_entries)
        kept.append(QJsonObject{{u"query"_s, entry.query}, {u"result"_s, entry.result}, {u"at"_s, double(entry.atMs)}});
    m_states->save(keptAs(), {{u"entries"_s, kept}});
}

table::Columns QueryHistory::columns() const
{
    return {{u"query"_s, tr("Query"), Column::Kind::Text, false, tr("Enter opens it")},
            {u"asked"_s, tr("Asked"), Column::Kind::Age, false, tr("How long ago")},
            {u"result"_s, tr("Result"), Column::Kind::Text, false, {}}};
}

table::RowPtr QueryHistory::rowOf(const Entry& entry)
{
    auto row = std::make_shared<table::Row>();
    row->id = entry.query;
    row->name = entry.query.simplified();
    row->cells = {entry.query.simplified(), table::Instant{entry.atMs}, entry.result};
    return row;
}

std::vector<table::RowPtr> QueryHistory::rows() const
{
    std::vector<table::RowPtr> out;
    for (const Entry& entry : m_entries)
        out.push_back(rowOf(entry));
    return out;
}

table::Freshness QueryHistory::freshness() const
{
    table::Freshness fresh;
    fresh.state = table::Freshness::State::Live; // it is the person's own
    fresh.asOfMs = m_clock->nowMs();
    return fresh;
}

} // namespace wk::widgets
