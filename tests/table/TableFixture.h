// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "table/TableSource.h"

#include <QtCore/QRandomGenerator>

namespace wk::table::fixture {

using namespace Qt::StringLiterals;

inline Columns podColumns()
{
    using K = Column::Kind;
    return {
        {u"namespace"_s, u"Namespace"_s, K::Text, false, {}, false},
        {u"name"_s, u"Name"_s, K::Text, false, {}, false},
        {u"ready"_s, u"Ready"_s, K::Ratio, false, {}, false},
        {u"status"_s, u"Status"_s, K::Status, false, {}, false},
        {u"restarts"_s, u"Restarts"_s, K::Number, false, {}, false},
        {u"age"_s, u"Age"_s, K::Age, false, {}, false},
        {u"cpu"_s, u"CPU"_s, K::MilliCpu, false, {}, true},
        {u"memory"_s, u"Memory"_s, K::Bytes, false, {}, true},
        {u"load"_s, u"Load"_s, K::Percent, true, {}, true},
        {u"labels"_s, u"Labels"_s, K::Labels, true, {}, false},
        {u"seen"_s, u"Last seen"_s, K::Moment, true, {}, false},
    };
}

inline constexpr qint64 nowMs = 1'700'000'000'000;

struct PodValues
{
    QString id, space, name;
    Ratio ready{1, 1};
    QString status = u"Running"_s;
    qint64 restarts = 0;
    qint64 ageMs = 60'000;
    Cell cpu{};
    Cell memory{};
    Cell load{};
    QString labels{};
    Health health = Health::Good;
    QString reason{};
};

inline RowPtr pod(const PodValues& v)
{
    auto row = std::make_shared<Row>();
    row->id = v.id;
    row->space = v.space;
    row->name = v.name;
    row->health = v.health;
    row->reason = v.reason;
    row->cells = {v.space,
                  v.name,
                  v.ready,
                  v.status,
                  v.restarts,
                  Instant{nowMs - v.ageMs},
                  v.cpu,
                  v.memory,
                  v.load,
                  v.labels,
                  Instant{nowMs - v.ageMs / 2}};
    return row;
}

/// A row with that id and otherwise random values, many of which other rows share.
inline RowPtr randomPod(QRandomGenerator& random, const QString& id)
{
    static const QStringList spaces{u"shop"_s, u"Shop"_s, u"kube-system"_s, u"team-2"_s, u"team-10"_s, QString()};
    static const QStringList states{u"Running"_s, u"Pending"_s, u"CrashLoopBackOff"_s, u"Completed"_s};
    PodValues v;
    v.id = id;
    v.space = spaces[random.bounded(spaces.size())];
    v.name = u"pod-%1"_s.arg(random.bounded(40));
    const int of = random.bounded(4);
    v.ready = {random.bounded(of + 1), of};
    v.status = states[random.bounded(states.size())];
    v.restarts = random.bounded(6);
    v.ageMs = qint64(random.bounded(200)) * 60'000;
    if (random.bounded(3) > 0)
        v.cpu = qint64(random.bounded(2000));
    if (random.bounded(3) > 0)
        v.memory = qint64(random.bounded(1 << 30));
    if (random.bounded(3) > 0)
        v.load = random.bounded(100.0);
    v.labels = u"app=%1,tier=web"_s.arg(random.bounded(5));
    v.health = Health(random.bounded(6));
    return pod(v);
}

/// A source that a test holds in its hand.
class HandSource : public TableSource
{
public:
    explicit HandSource(Columns columns = podColumns()) : m_columns(std::move(columns)) {}

    Columns columns() const override { return m_columns; }
    std::vector<RowPtr> rows() const override
    {
        std::vector<RowPtr> all;
        for (const auto& [id, row] : m_rows)
            all.push_back(row);
        return all;
    }
    Freshness freshness() const override { return m_freshness; }

    void apply(const Batch& batch)
    {
        if (batch.reset)
            m_rows.clear();
        for (const RowPtr& row : batch.upserts)
            m_rows[row->id] = row;
        for (const QString& id : batch.removed)
            m_rows.erase(id);
        emit changed(batch);
    }
    void put(std::vector<RowPtr> rows) { apply({false, std::move(rows), {}}); }
    void remove(std::vector<QString> ids) { apply({false, {}, std::move(ids)}); }
    void reset(std::vector<RowPtr> rows) { apply({true, std::move(rows), {}}); }
    void setFreshness(const Freshness& freshness)
    {
        m_freshness = freshness;
        emit freshnessChanged();
    }
    void setColumns(const Columns& columns, std::vector<RowPtr> rows)
    {
        m_columns = columns;
        emit columnsChanged();
        reset(std::move(rows));
    }
    const std::map<QString, RowPtr>& all() const { return m_rows; }

private:
    Columns m_columns;
    std::map<QString, RowPtr> m_rows;
    Freshness m_freshness{Freshness::State::Live, nowMs, nowMs, std::nullopt};
};

} // namespace wk::table::fixture
