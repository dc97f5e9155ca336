// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "changes/runners/Jobs.h"
#include "store/Store.h"

namespace wk::changes {

/// A write, and how to find out whether it is on record where its answer was lost.
struct Write
{
    QString function; ///< of the schema, "approve_request"
    store::Parameters arguments;
    /// A SELECT whose first row's first column is the number that the write is about; no row, or null: not on record.
    QByteArray onRecord;
    store::Parameters onRecordArguments;
};

/// Sends a write once. Where the connection broke before its answer it looks the write up as soon as the store is back.
class WriteJob final : public Promising<qint64>
{
public:
    WriteJob(store::Store& store, Write write) : m_store(store), m_write(std::move(write)) {}
    void start() override;

private:
    void lookUp();
    void onLookedUp(const Result<store::Rows>& rows);

    store::Store& m_store;
    const Write m_write;
};

} // namespace wk::changes
