// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/changes/audit/AuditTable.h"

#include "core/Future.h"
#include "widgets/changes/requests/RequestWords.h"

#include <QtCore/QJsonDocument>

namespace wk::widgets {

using namespace Qt::StringLiterals;
using changes::AuditEntry;
using table::Column;

namespace {

QString valueWords(const QJsonValue& value)
{
    if (value.isString())
        return value.toString().left(200);
    if (value.isDouble())
        return QString::number(value.toDouble(), 'g', 15);
    if (value.isBool())
        return value.toBool() ? u"true"_s : u"false"_s;
    if (value.isObject())
        return QString::fromUtf8(QJsonDocument(value.toObject()).toJson(QJsonDocument::Compact)).left(200);
    if (value.isArray())
        return QString::fromUtf8(QJsonDocument(value.toArray()).toJson(QJsonDocument::Compact)).left(200);
    return {};
}

table::RowPtr rowOf(const AuditEntry& entry)
{
    auto row = std::make_shared<table::Row>();
    row->id = QString::number(entry.seq);
    row->name = entry.action;
    row->cells = {entry.seq,
                  entry.at ? table::Cell(table::Instant{entry.at->toMSecsSinceEpoch()}) : table::Cell(),
                  entry.person,
                  entry.action,
                  entry.number ? table::Cell(entry.number) : table::Cell(),
                  auditWords(entry),
                  QString::fromLatin1(entry.hash)};
    return row;
}

} // namespace

QString auditWords(const AuditEntry& entry)
{
    QStringList out;
    for (auto it = entry.detail.begin(); it != entry.detail.end(); ++it) {
        QString key = it.key();
        out << key.replace(u'_', u' ') + u' ' + valueWords(it.value());
    }
    return out.join(u", "_s);
}

AuditTable::AuditTable(changes::ChangeDesk& desk, changes::AuditFilter wanted, QObject* parent)
    : TableSource(parent), m_desk(desk), m_wanted(std::move(wanted))
{
    m_wanted.limit = pageSize;
    // What changes is written down: an audit that is looked at follows.
    connect(&desk, &changes::ChangeDesk::changed, this, [this] {
        if (m_known)
            read();
        emit freshnessChanged();
    });
}

table::Columns AuditTable::auditColumns()
{
    using K = Column::Kind;
    return {{u"seq"_s, tr("No."), K::Number, false, tr("The row's place in the chain"), true},
            {u"at"_s, tr("When"), K::Moment, false, tr("By the store's own clock"), true},
            {u"person"_s, tr("Who"), K::Text, false, {}, true},
            {u"action"_s, tr("What"), K::Text, false, {}, true},
            {u"request"_s, tr("Request"), K::Number, false, {}, true},
            {u"detail"_s, tr("Detail"), K::Text, false, {}, true},
            {u"hash"_s, tr("Hash"), K::Text, true, tr("SHA-256 of this row and the one before it"), true}};
}

std::vector<table::RowPtr> AuditTable::rows() const
{
    std::vector<table::RowPtr> out;
    for (const auto& [seq, row] : m_rows)
        out.push_back(row);
    return out;
}

table::Freshness AuditTable::freshness() const
{
    table::Freshness out = freshnessOf(m_desk.status());
    if (m_error && out.state == table::Freshness::State::Live) {
        out.state = m_rows.empty() ? table::Freshness::State::Failed : table::Freshness::State::Stale;
        out.error = m_error;
    } else if (!m_known && out.state == table::Freshness::State::Live) {
        out.state = table::Freshness::State::Loading;
    }
    return out;
}

const AuditEntry* AuditTable::entry(const QString& rowId) const
{
    const auto it = m_entries.find(rowId.toLongLong());
    return it == m_entries.end() ? nullptr : &it->second;
}

void AuditTable::read()
{
    m_again = m_reading;
    if (std::exchange(m_reading, true))
        return;
    emit pageChanged();
    changes::AuditFilter newer = m_wanted;
    if (m_known) // what came since, without a gap however much it is
        newer.above = m_entries.empty() ? -1 : m_entries.rbegin()->first;
    whenDone(m_desk.audit(newer), this, [this](const Result<QList<AuditEntry>>& answer) { take(answer, false); });
}

void AuditTable::readOlder()
{
    if (m_entries.empty() || std::exchange(m_reading, true))
        return;
    emit pageChanged();
    changes::AuditFilter older = m_wanted;
    older.below = m_entries.begin()->first;
    whenDone(m_desk.audit(older), this, [this](const Result<QList<AuditEntry>>& answer) { take(answer, true); });
}

void AuditTable::take(const Result<QList<AuditEntry>>& answer, bool older)
{
    m_reading = false;
    const bool followed = m_known && !older;
    m_error = answer ? std::nullopt : std::optional(answer.error());
    table::Batch batch;
    batch.reset = answer && !m_known; // the first page is no news
    if (answer) {
        if (older || !m_known)
            m_hasOlder = answer->size() >= pageSize;
        m_known = true;
        for (const AuditEntry& entry : *answer) {
            if (!m_entries.try_emplace(entry.seq, entry).second)
                continue;
            batch.upserts.push_back(m_rows[entry.seq] = rowOf(entry));
        }
    }
    if (batch.reset || !batch.upserts.empty())
        emit changed(batch);
    emit freshnessChanged();
    emit pageChanged();
    if (m_again || (followed && answer && answer->size() >= pageSize))
        read();
}

} // namespace wk::widgets
