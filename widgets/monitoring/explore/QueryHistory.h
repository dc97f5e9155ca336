// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/Clock.h"
#include "table/TableSource.h"

#include <deque>

namespace wk::widgets {

class TableStates;

/// The queries that a person asked, each once, the latest first; kept between sessions. Row ids are the queries.
class QueryHistory final : public table::TableSource
{
    Q_OBJECT
public:
    static constexpr size_t most = 200;

    /// `states` may be null: nothing is kept.
    QueryHistory(std::shared_ptr<TableStates> states, std::shared_ptr<Clock> clock, QObject* parent = nullptr);

    /// `result`: what came of it, in words.
    void add(const QString& query, const QString& result);
    /// By its age: 0 is the latest. Empty where there is none.
    [[nodiscard]] QString at(int index) const;
    [[nodiscard]] int size() const { return int(m_entries.size()); }

    [[nodiscard]] table::Columns columns() const override;
    [[nodiscard]] std::vector<table::RowPtr> rows() const override;
    [[nodiscard]] table::Freshness freshness() const override;

private:
    struct Entry
    {
        QString query, result;
        qint64 atMs = 0;
    };
    [[nodiscard]] static table::RowPtr rowOf(const Entry& entry);
    void save() const;

    std::shared_ptr<TableStates> m_states;
    std::shared_ptr<Clock> m_clock;
    std::deque<Entry> m_entries;
};

} // namespace wk::widgets
