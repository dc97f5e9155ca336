// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "table/TableModel.h"

#include <mutex>

namespace wk::table {

/// A row of a batch that differs from what the model has.
struct TableModel::Change
{
    Slot slot = RowStore::none; ///< none for a row that is new
    RowPtr row;                 ///< null for a removal
    bool show = false;          ///< passes the filter
    quint64 cells = 0;          ///< which cells changed
};

/// An arrangement that is being worked out elsewhere.
struct TableModel::Job
{
    std::atomic<bool> cancelled = false;
    Arrangement arrangement;
    qint64 nowMs = 0;

    std::shared_ptr<const std::vector<RowPtr>>
        content;                     ///< the rows of a whole new store, or null: rearrange what is there
    std::vector<RowPtr> rows;        ///< by slot
    std::vector<Slot> visible;       ///< the result
    std::unique_ptr<RowStore> store; ///< the result, where there is new content

    struct Waiting
    {
        Batch batch;
        bool glow = false;
    };
    // GUI thread only: what came in meanwhile.
    std::vector<Slot> dirty;      ///< rearranging: slots whose rows are not as they were at the start
    std::vector<Waiting> batches; ///< new content: applied after the swap
};

/// Workers know the model by this alone, so that it can go away at any time without waiting for them.
struct TableModel::Mailbox
{
    std::mutex mutex;
    TableModel* receiver = nullptr;
};

} // namespace wk::table
