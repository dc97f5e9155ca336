// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cluster/Decoder.h"

#include <functional>
#include <unordered_map>
#include <unordered_set>

namespace wk::cluster {

/// The objects of one list+watch, by key, as rows; tells what a person would see change and nothing else. One thread.
class RowStore
{
public:
    /// before null: a new row. after null: a row that went. Both: the same id with other content.
    using Sink = std::function<void(const table::RowPtr& before, const table::RowPtr& after)>;

    explicit RowStore(Sink sink) : m_sink(std::move(sink)) {}

    /// A list begins. The first one shows its rows while they arrive (`progressive`); a later one replaces the content
    /// in one step at commitList(), so that nobody sees half of it.
    void beginList(bool progressive);
    void listed(Decoded&& object);
    /// The list is complete: what it did not hold is gone (a synthesized delete).
    void commitList();
    /// The list failed: rows stay as they are.
    void abandonList();

    void upsert(Decoded&& object);
    void remove(const Decoded& object);
    void clear();

    [[nodiscard]] size_t size() const { return m_rows.size(); }
    [[nodiscard]] table::RowPtr find(const QString& key) const;
    void forEach(const std::function<void(const QString& key, const table::RowPtr&)>& f) const;

private:
    void put(const QString& key, const table::RowPtr& row);

    Sink m_sink;
    std::unordered_map<QString, table::RowPtr> m_rows;
    bool m_progressive = false;
    std::unordered_set<QString> m_seen;                    ///< keys of a progressive list
    std::unordered_map<QString, table::RowPtr> m_incoming; ///< content of a replacing list
};

} // namespace wk::cluster
