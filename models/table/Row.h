// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/Error.h"
#include "table/Cell.h"

#include <memory>
#include <optional>
#include <vector>

namespace wk::table {

/// What an operator thinks of a row at a glance. Widgets give it an icon, a word and a colour.
enum class Health : quint8 { None, Good, Info, Warning, Bad, Unknown };

/// One line of a table: final once built, small, shared between threads by pointer.
struct Row
{
    QString id;    ///< unique within the table and stable for the object's life (a Kubernetes uid)
    QString space; ///< namespace, empty for cluster-scoped objects and for tables without one
    QString name;
    Health health = Health::None;
    QString reason;          ///< why the health is what it is, in words; empty where there is nothing to say
    std::vector<Cell> cells; ///< one per column, in the columns' order

    /// Same in everything a person can see.
    [[nodiscard]] bool sameContent(const Row& other) const
    {
        return health == other.health && name == other.name && space == other.space && reason == other.reason &&
               cells == other.cells;
    }
};

using RowPtr = std::shared_ptr<const Row>;

/// How far a table can be trusted. A table is never shown without it.
struct Freshness
{
    enum class State {
        Idle,         ///< nobody asked yet
        Loading,      ///< the first list is on its way; nothing to show
        Live,         ///< synced and following
        Reconnecting, ///< the stream broke a moment ago; rows are as of `asOfMs`
        Stale,        ///< no contact for longer than a person would forgive; rows are as of `asOfMs`
        Failed,       ///< no rows and no way to get them: `error` says why
        Unavailable,  ///< the server does not serve this kind, or forbids it: `error` says which
    };
    State state = State::Idle;
    qint64 asOfMs = 0;          ///< the last moment at which rows were known to be right; 0 where never
    qint64 sinceMs = 0;         ///< when this state began
    std::optional<Error> error; ///< why it is not live

    [[nodiscard]] bool isLive() const { return state == State::Live; }
};

/// What changed since the last batch. Either a whole new content (`reset`) or upserts and removals, each id at most
/// once.
struct Batch
{
    bool reset = false;           ///< `upserts` is everything there is now
    std::vector<RowPtr> upserts;  ///< new rows, and rows that replace those with the same id
    std::vector<QString> removed; ///< ids
};

} // namespace wk::table
