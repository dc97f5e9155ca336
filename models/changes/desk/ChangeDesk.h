// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "changes/desk/Request.h"

#include <QtCore/QFuture>
#include <QtCore/QObject>

namespace wk::changes {

/// How current what a ChangeDesk shows is.
struct DeskStatus
{
    enum class State {
        Loading, ///< never read yet
        Current, ///< as the store has it; notices arrive
        Stale,   ///< the store is away: what was read last, of `asOf`; it is tried again by itself
        Failed   ///< trying again does not change it; `error` says what to do
    };

    State state = State::Loading;
    Moment asOf;                ///< when the rows were read last
    std::optional<Error> error; ///< why it is not Current
    /// Loud: the store's record was rewritten, or has lost its end, since this workstation saw it last. Stays until a
    /// person accepts it.
    std::optional<Error> record;
    bool isPrivate = false; ///< the person's own store
    QString server;         ///< "db1.example:5432"
};

/// Which past requests.
struct HistoryFilter
{
    QString platform;           ///< empty: all
    QString text;               ///< in title, requester, incident; case does not matter
    QList<RequestState> states; ///< empty: all
    Moment from, to;            ///< filed in [from, to)
    qint64 below = 0;           ///< only numbers below this one: the next page; 0: from the newest
    int limit = 500;            ///< 1 to 100,000
};

/// Which rows of the audit, newest first unless `above` says otherwise.
struct AuditFilter
{
    qint64 number = 0;      ///< of a request; 0: all
    QString person, action; ///< "request." as an action: all that begin so
    QString text;           ///< anywhere in the entry
    Moment from, to;        ///< [from, to)
    qint64 below = 0;       ///< only sequence numbers below this one: the next page
    qint64 above = 0;       ///< only above this one, and oldest first; -1: oldest first from the beginning
    int limit = 500;        ///< 1 to 100,000
};

/// verify_audit()
struct AuditVerdict
{
    bool ok = false;
    qint64 firstBroken = 0; ///< sequence number; 0: none
    qint64 checked = 0;     ///< rows
    AuditHead head;
    QString sentence;
};

/// What the authenticator program has to know, once.
struct Enrolment
{
    QString secret; ///< base32
    QString uri;    ///< otpauth://…, for the QR code
};

/// All that a person sees of, and does with, change requests, but for carrying them out (see Gate). The panels and
/// watchkeeperctl know this, not the store. Lives on the GUI thread; nothing waits; futures are fulfilled on any thread
/// (use .then(context, …)) and hold errors as the store gave them: BadInput, Unauthorized (a one-time code is missing,
/// wrong, used or locked), Forbidden, NotFound, Conflict (stale, a window, a lease, an illegal state), Gone (expired),
/// Network (the store is away: nothing was changed), Protocol (an answer that cannot be understood).
///
/// A write whose answer was lost is looked up when the store is back: it ends well where it is on record, and with
/// Network and "is not on record" where it is not. It is never sent a second time by itself.
class ChangeDesk : public QObject
{
    Q_OBJECT
public:
    using QObject::QObject;

    // What is known now. Replaced as a whole; changed() follows.
    [[nodiscard]] virtual const DeskStatus& status() const = 0;
    /// Every request that is open or owes something, and those that ended in the last 30 days (at most 2,000); newest
    /// first. The rest by history().
    [[nodiscard]] virtual const QList<RequestSummary>& rows() const = 0;
    [[nodiscard]] virtual const Person& person() const = 0;
    [[nodiscard]] virtual const QList<TimeWindow>& windows() const = 0;
    /// Current and former versions.
    [[nodiscard]] virtual const QList<Policy>& policies() const = 0;
    /// Every version, the newest of each name first.
    [[nodiscard]] virtual const QList<StoredTemplate>& templates() const = 0;
    /// The one of that name and platform that stands in for people; nullptr where none does.
    [[nodiscard]] const StoredTemplate* standingTemplate(const QString& name, const QString& platform) const;
    /// Open ones first, the one that is due next at the top; then the latest.
    [[nodiscard]] virtual const QList<Review>& reviews() const = 0;
    /// The latest 200, newest first.
    [[nodiscard]] virtual const QList<Notice>& notices() const = 0;
    /// Who could approve what.
    [[nodiscard]] virtual const RoleBook& roleBook() const = 0;
    /// What waits for me, the most urgent first.
    [[nodiscard]] virtual const QList<Waiting>& waitingForMe() const = 0;
    /// The platform's current policy, else that of "*"; nullptr while nothing was read.
    [[nodiscard]] const Policy* policyOf(const QString& platform) const;

    // Reading.
    [[nodiscard]] virtual QFuture<Result<RequestDetail>> detail(qint64 number) = 0;
    /// Newest first, at most filter.limit.
    [[nodiscard]] virtual QFuture<Result<QList<RequestSummary>>> history(const HistoryFilter& filter) = 0;
    [[nodiscard]] virtual QFuture<Result<QList<AuditEntry>>> audit(const AuditFilter& filter) = 0;
    [[nodiscard]] virtual QFuture<Result<AuditVerdict>> verifyAudit(qint64 fromSeq = 0) = 0;

    // Writing. Each ends with the request's number (the window's, where it is about one; a version, where it makes
    // one).
    using Written = QFuture<Result<qint64>>;
    [[nodiscard]] virtual Written create(const RequestFields& fields, const Plan& plan) = 0;
    /// A record of what was already done, without a plan; `platform` as its name in the platform file.
    [[nodiscard]] virtual Written createRecord(const RequestFields& fields, const QString& platform) = 0;
    /// Makes revision + 1; every approval is void.
    [[nodiscard]] virtual Written edit(qint64 number, int revision, const RequestFields& fields, const Plan& plan) = 0;
    [[nodiscard]] virtual Written submit(qint64 number, int revision, const QByteArray& sha256) = 0;
    [[nodiscard]] virtual Written cancel(qint64 number, const QString& reason) = 0;
    /// `code`: the one-time code, where the policy asks for one.
    [[nodiscard]] virtual Written approve(qint64 number, int revision, const QByteArray& sha256, const QString& comment,
                                          const QString& code) = 0;
    [[nodiscard]] virtual Written reject(qint64 number, int revision, const QByteArray& sha256,
                                         const QString& comment) = 0;
    /// Narrows the time inside what was approved.
    [[nodiscard]] virtual Written schedule(qint64 number, int revision, const QDateTime& notBefore,
                                           const QDateTime& notAfter) = 0;
    [[nodiscard]] virtual Written close(qint64 number, const QString& note) = 0;
    /// `typed`: RequestDetail::clustersToType(), by hand.
    [[nodiscard]] virtual Written breakGlass(qint64 number, int revision, const QByteArray& sha256,
                                             const QString& reason, const QString& incident, const QString& typed,
                                             const QString& code) = 0;
    [[nodiscard]] virtual Written review(qint64 number, bool accepted, const QString& comment) = 0;
    /// `replaces`: the window that ends with it, with the reason; 0: none.
    [[nodiscard]] virtual Written setWindow(const TimeWindow& window, const QString& reason, qint64 replaces) = 0;
    [[nodiscard]] virtual Written endWindow(qint64 id, const QString& reason) = 0;
    /// A new version; ends with its number. `seen`: the version that the person has looked at, 0 where the platform has
    /// none of its own; Conflict where it is another one by now.
    [[nodiscard]] virtual Written setPolicy(const QString& platform, const QJsonObject& body, const QString& reason,
                                            int seen) = 0;
    /// A new version of a template, as PlanTemplate::storeBody() makes it; ends with its number. It stands once others
    /// have approved it.
    [[nodiscard]] virtual Written keepTemplate(const QString& name, const QJsonObject& body) = 0;
    /// Ends with the version.
    [[nodiscard]] virtual Written approveTemplate(const QString& name, int version) = 0;

    [[nodiscard]] virtual QFuture<Result<Enrolment>> enrollTotp() = 0;
    [[nodiscard]] virtual QFuture<Result<void>> confirmTotp(const QString& code) = 0;

    /// From here on the store's record as it is now counts (DeskStatus::record), on a person's word.
    virtual void acceptRecord() = 0;
    /// Reads everything again: F5.
    virtual void refresh() = 0;

signals:
    /// Something of what is known has changed. Coalesced: once for any number of notices that came together.
    void changed();
    /// One request has changed: an open detail is read again.
    void requestChanged(qint64 number);
    /// A step of a running execution began or ended.
    void executionChanged(qint64 number);
    /// A notice that was not there before: show it loudly.
    void noticed(const wk::changes::Notice& notice);
};

} // namespace wk::changes
