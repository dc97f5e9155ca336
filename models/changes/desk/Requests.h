// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "changes/desk/ChangeDesk.h"
#include "core/Clock.h"

#include <memory>

namespace wk::store {
class Store;
} // namespace wk::store

namespace wk::changes {

/// The ChangeDesk over a store. Reads all on every (re)connection and what a notice is about when it comes; nothing is
/// polled, but for the leases of running executions, whose death nobody announces.
class Requests final : public ChangeDesk
{
    Q_OBJECT
public:
    struct Options
    {
        /// File that remembers the end of each store's audit chain; made on first use. Empty: not remembered.
        QString headsFile;
        /// What tells this store from others in that file: its hosts and database, as configured.
        QString storeName;
        Clock* clock = nullptr;      ///< nullptr: the machine's; must outlive it
        qint64 settleMs = 20;        ///< notices within this time are answered by one look at the store
        qint64 leaseLookMs = 15'000; ///< how often running executions of others are looked at
    };

    /// `store` outlives it.
    Requests(store::Store& store, Options options, QObject* parent = nullptr);
    ~Requests() override;

    [[nodiscard]] const DeskStatus& status() const override;
    [[nodiscard]] const QList<RequestSummary>& rows() const override;
    [[nodiscard]] const Person& person() const override;
    [[nodiscard]] const QList<TimeWindow>& windows() const override;
    [[nodiscard]] const QList<Policy>& policies() const override;
    [[nodiscard]] const QList<StoredTemplate>& templates() const override;
    [[nodiscard]] const QList<Review>& reviews() const override;
    [[nodiscard]] const QList<Notice>& notices() const override;
    [[nodiscard]] const RoleBook& roleBook() const override;
    [[nodiscard]] const QList<Waiting>& waitingForMe() const override;

    [[nodiscard]] QFuture<Result<RequestDetail>> detail(qint64 number) override;
    [[nodiscard]] QFuture<Result<QList<RequestSummary>>> history(const HistoryFilter& filter) override;
    [[nodiscard]] QFuture<Result<QList<AuditEntry>>> audit(const AuditFilter& filter) override;
    [[nodiscard]] QFuture<Result<AuditVerdict>> verifyAudit(qint64 fromSeq) override;

    [[nodiscard]] Written create(const RequestFields& fields, const Plan& plan) override;
    [[nodiscard]] Written createRecord(const RequestFields& fields, const QString& platform) override;
    [[nodiscard]] Written edit(qint64 number, int revision, const RequestFields& fields, const Plan& plan) override;
    [[nodiscard]] Written submit(qint64 number, int revision, const QByteArray& sha256) override;
    [[nodiscard]] Written cancel(qint64 number, const QString& reason) override;
    [[nodiscard]] Written approve(qint64 number, int revision, const QByteArray& sha256, const QString& comment,
                                  const QString& code) override;
    [[nodiscard]] Written reject(qint64 number, int revision, const QByteArray& sha256,
                                 const QString& comment) override;
    [[nodiscard]] Written schedule(qint64 number, int revision, const QDateTime& notBefore,
                                   const QDateTime& notAfter) override;
    [[nodiscard]] Written close(qint64 number, const QString& note) override;
    [[nodiscard]] Written breakGlass(qint64 number, int revision, const QByteArray& sha256, const QString& reason,
                                     const QString& incident, const QString& typed, const QString& code) override;
    [[nodiscard]] Written review(qint64 number, bool accepted, const QString& comment) override;
    [[nodiscard]] Written setWindow(const TimeWindow& window, const QString& reason = {}, qint64 replaces = 0) override;
    [[nodiscard]] Written endWindow(qint64 id, const QString& reason) override;
    [[nodiscard]] Written setPolicy(const QString& platform, const QJsonObject& body, const QString& reason,
                                    int seen) override;
    [[nodiscard]] Written keepTemplate(const QString& name, const QJsonObject& body) override;
    [[nodiscard]] Written approveTemplate(const QString& name, int version) override;

    [[nodiscard]] QFuture<Result<Enrolment>> enrollTotp() override;
    [[nodiscard]] QFuture<Result<void>> confirmTotp(const QString& code) override;

    void acceptRecord() override;
    void refresh() override;

private:
    class Private;
    std::unique_ptr<Private> d;
};

} // namespace wk::changes
