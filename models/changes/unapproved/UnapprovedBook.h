// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "changes/runners/Jobs.h"
#include "changes/unapproved/UnapprovedDesk.h"
#include "changes/unapproved/UnapprovedFiler.h"

#include <map>

namespace wk::changes {

/// The UnapprovedDesk over a store: reads its open records when they change, files what this program's watches see, and
/// knows of those what was before. Once a plan of ours has brought that back, the record is settled.
class UnapprovedBook final : public UnapprovedDesk
{
    Q_OBJECT
public:
    static constexpr int maxRecords = 500;     ///< read from the store, the newest
    static constexpr int maxSeen = 500;        ///< remembered with what was before, the newest
    static constexpr int maxControllers = 200; ///< changes of controllers that are listed, the newest

    /// `store` and `clock` outlive it.
    UnapprovedBook(store::Store& store, Clock& clock, QObject* parent = nullptr);
    ~UnapprovedBook() override;

    /// What a watch saw on that platform, whoever did it (UnapprovedChanges::changed()).
    void take(const QString& platform, const ObjectChange& change);
    void setWatched(const QStringList& sentences);

    [[nodiscard]] const DeskStatus& status() const override { return m_status; }
    [[nodiscard]] const QList<UnapprovedItem>& items() const override { return m_items; }
    [[nodiscard]] const QStringList& watched() const override { return m_watched; }
    [[nodiscard]] QFuture<Result<void>> dismiss(qint64 id, const QString& reason) override;
    void refresh() override;

private:
    struct Seen
    {
        UnapprovedItem item;
        QStringList outstanding; ///< paths that still are as somebody made them
        bool restored = false;
        int readWhenFiled = 0; ///< the reading that was under way when it came on record
    };

    void outdate();
    void readNow();
    void onRead(int reading, const Result<QList<UnapprovedItem>>& records);
    void followStore();
    void restoreBy(const ObjectChange& ours);
    void settle(const Seen& seen);
    void onFiled(const QString& platform, const ObjectChange& change, qint64 id);
    void onRefused(const QString& platform, const ObjectChange& change, const Error& error);
    [[nodiscard]] Seen* seenOf(const QString& platform, const ObjectChange& change);
    void rebuild();

    store::Store& m_store;
    Clock& m_clock;
    DeskStatus m_status;
    QList<UnapprovedItem> m_items, m_records;
    QStringList m_watched;
    std::deque<Seen> m_seen;                                      ///< oldest first
    std::deque<UnapprovedItem> m_by;                              ///< controllers', oldest first
    std::map<QString, std::unique_ptr<UnapprovedFiler>> m_filers; ///< by platform
    std::shared_ptr<void> m_timer;
    Jobs m_jobs;
    int m_reading = 0; ///< how many were begun
    bool m_reads = false, m_outdated = false;
};

} // namespace wk::changes
