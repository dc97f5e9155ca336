// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "changes/desk/AuditHeads.h"
#include "changes/desk/DeskRound.h"
#include "changes/desk/Requests.h"
#include "changes/desk/StoreWrite.h"

namespace wk::changes {

/// What Requests knows, and how it comes to know it: marks what is to be read again, reads it in rounds, one at a time.
class Requests::Private
{
    Q_DISABLE_COPY_MOVE(Private)
public:
    Private(Requests* owner, store::Store& store, Options options);

    /// Marks parts as outdated; they are read together, a moment later.
    void outdate(const DeskParts& parts);
    void onNotice(const QJsonObject& notice);
    void onStoreState();
    /// The store is there, for the first time or again: everything is read, and its record judged.
    void onConnected();
    [[nodiscard]] Written write(Write write);
    [[nodiscard]] const RequestSummary* row(qint64 number) const;

    store::Store& store;
    const Options options;
    DeskStatus status;
    QList<RequestSummary> rows;
    Person person;
    QList<TimeWindow> windows;
    QList<Policy> policies;
    QList<StoredTemplate> templates;
    QList<Review> reviews;
    QList<Notice> notices;
    RoleBook book;
    QList<Waiting> waiting;
    AuditHeads heads;

private:
    void readNow();
    void onRound(const DeskParts& parts, Result<DeskFound> found);
    void take(DeskFound found, const DeskParts& parts);
    void takeNotices(const QList<Notice>& list);
    void merge(const QList<RequestSummary>& some, const std::set<qint64>& asked);
    void judgeRecord();
    void onRecord(const Result<store::Rows>& rows);
    void work();
    /// What time alone changes: leases that die, requests that expire or become ready.
    void onTime();
    void armTimer();
    [[nodiscard]] QDateTime now() const;

    Requests* q;
    SystemClock m_machine;
    Clock& m_clock;
    Jobs m_jobs;
    DeskParts m_outdated;
    bool m_reads = false, m_recordJudged = false, m_noticesKnown = false;
    std::shared_ptr<void> m_settle, m_timer;
};

} // namespace wk::changes
