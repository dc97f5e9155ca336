// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "changes/actions/ActionKind.h"
#include "changes/plan/Plan.h"

#include <QtCore/QDateTime>
#include <QtCore/QHash>
#include <QtCore/QJsonObject>
#include <QtCore/QList>
#include <QtCore/QStringList>

#include <optional>

/// Change requests and what belongs to them, as values. What the store says is judged by changes/RecordReader.h.
namespace wk::changes {

/// An instant in UTC, to the millisecond; nullopt where it has not come or was not asked for.
using Moment = std::optional<QDateTime>;

enum class RequestState {
    Draft,
    Submitted,
    Approved,
    Scheduled,
    Running,
    Verified,
    Failed,
    RolledBack,
    Closed,
    Rejected,
    Cancelled
};
/// As in the store: "rolled_back".
[[nodiscard]] QString requestStateName(RequestState state);
/// For people: "rolled back".
[[nodiscard]] QString requestStateWords(RequestState state);
[[nodiscard]] std::optional<RequestState> requestState(QStringView name);
/// All, in the order of a request's life.
[[nodiscard]] const QList<RequestState>& requestStates();
/// Whether it can still come to pass: draft to running, and rejected, which an edit brings back.
[[nodiscard]] bool isOpen(RequestState state);

/// "low", "medium", "high".
[[nodiscard]] std::optional<Risk> riskOf(QStringView name);
[[nodiscard]] QString riskWords(Risk risk);

/// One approval that the policy asks for, and who gave it.
struct ApprovalSlot
{
    QStringList roles; ///< any one of them
    QString person;    ///< empty: open
    bool operator==(const ApprovalSlot&) const = default;
};

/// The approvals of the current revision against what the policy asks for.
struct Assignment
{
    QList<ApprovalSlot> needed; ///< empty while nothing is known or nobody has to approve
    QString rule;               ///< "template", "solo", "development", "glass": approved by this instead of by people
    bool complete = false;

    [[nodiscard]] QList<ApprovalSlot> open() const;
    /// "tech lead; operations or security": who is waited for. Empty where nobody is.
    [[nodiscard]] QString words() const;
    bool operator==(const Assignment&) const = default;
};
/// "tech-lead" → "tech lead"
[[nodiscard]] QString roleWords(const QString& role);

/// One line of a list of requests.
struct RequestSummary
{
    qint64 number = 0;
    QString platform, title;
    QString type; ///< "deployment", "configuration", "infrastructure", "security"
    RequestState state = RequestState::Draft;
    int revision = 0;
    QByteArray sha256; ///< of the plan's canonical bytes, lower-case hexadecimal: what an approval binds to
    Risk risk = Risk::Low;
    QString requester;
    QString editor; ///< of this revision
    QString incident, templateName;
    int templateVersion = 0; ///< 0: none
    QString rule;            ///< as Assignment::rule
    Moment notBefore, notAfter, createdAt, submittedAt, approvedAt;
    Moment expiresAt; ///< of the submission, and once it is approved of the approval
    Moment endedAt;
    bool expired = false;
    bool afterTheFact = false; ///< records what was already done; closed, never carried out
    bool reviewOpen = false;   ///< a broken glass that nobody has reviewed yet
    bool approvedByMe = false; ///< I gave an approval to this revision
    Assignment waitingFor;     ///< while it is submitted
    QString executor;          ///< who holds, or last held, the execution of this revision
    bool leaseDead = false;    ///< running, and its executor gave no sign of life for 30 s
    bool operator==(const RequestSummary&) const = default;
};

/// The request form: every field of the change template.
struct RequestFields
{
    QString title; ///< "[Service] - [change]"; 3 to 200 characters, one line
    QString type = QStringLiteral("deployment");
    Risk risk = Risk::Low; ///< as declared; the store takes the higher of this and its own
    QString what, why, impact;
    QStringList testsPassed; ///< of knownTests()
    QString tests;           ///< what else there is to say about them
    QString rollbackPlan;
    int rollbackMinutes = -1; ///< how long the rollback takes; -1: not said
    QString dataRecovery;
    Moment notBefore, notAfter;
    QString incident, templateName;
    QJsonObject templateParameters;
    bool afterTheFact = false;
    qint64 unapproved = 0; ///< the unapproved change that this records; 0: none

    /// "unit", "integration", "load", "security": the template's list.
    [[nodiscard]] static QStringList knownTests();
    /// As create_request() takes it: what is empty is left out.
    [[nodiscard]] QJsonObject toJson() const;
    /// Protocol error where a member has the wrong type.
    [[nodiscard]] static Result<RequestFields> fromJson(const QJsonObject& json);
    bool operator==(const RequestFields&) const = default;
};

/// One person's word on one revision.
struct Approval
{
    int revision = 0;
    QString person;
    bool approves = true; ///< false: rejects
    QString comment;
    bool steppedUp = false; ///< with a one-time code
    Moment at;
    bool counts = false; ///< for the revision as it stands now
    bool operator==(const Approval&) const = default;
};

/// Another open request that touches the same object or namespace.
struct RequestConflict
{
    qint64 number = 0;
    QString title;
    RequestState state = RequestState::Draft;
    bool sameObject = false; ///< false: only the same namespace
    bool operator==(const RequestConflict&) const = default;
};

/// What a request touches, as the store took it out of the plan.
struct RequestTarget
{
    QString cluster, group, kind, space, name;
    QStringList actions;
    bool asks = false; ///< a database that only checks ask: held by nobody
    bool operator==(const RequestTarget&) const = default;
};

enum class StepState { Running, Done, Failed, Skipped, Unknown, Repeat };
[[nodiscard]] QString stepStateName(StepState state);
[[nodiscard]] QString stepStateWords(StepState state);
[[nodiscard]] std::optional<StepState> stepState(QStringView name);

/// What is on record of one step. Steps that were not begun have none.
struct StepRecord
{
    int step = 0; ///< from 1 as in the plan; −k is the rollback of step k
    StepState state = StepState::Running;
    int attempt = 1;
    QString person;
    QJsonObject before; ///< recorded before anything was sent: Before::toJson()
    QJsonObject result; ///< {"sentence": "…", …}
    Moment startedAt, endedAt;

    /// What is recorded of how it came out; empty where nothing is.
    [[nodiscard]] QString sentence() const;
    bool operator==(const StepRecord&) const = default;
};

/// One carrying out of one revision.
struct ExecutionRecord
{
    struct Holder
    {
        QString person;
        Moment at;
        QString reason; ///< "claimed", or why it was taken over
        bool operator==(const Holder&) const = default;
    };

    qint64 id = 0, number = 0;
    int revision = 0;
    QByteArray sha256;
    int planSteps = 0;
    QString rule, executor;
    Moment claimedAt, leaseUntil, endedAt;
    bool leaseDead = false;              ///< not ended, and it can be taken over
    std::optional<RequestState> outcome; ///< Verified, Failed or RolledBack
    QString note;
    QList<Holder> holders;   ///< everybody who ever held the lease, oldest first
    QList<StepRecord> steps; ///< in the order in which they were begun

    [[nodiscard]] const StepRecord* step(int number) const;
    bool operator==(const ExecutionRecord&) const = default;
};

/// A broken glass and its review.
struct Review
{
    qint64 number = 0;
    int revision = 0;
    QString title, platform, requester;
    RequestState state = RequestState::Draft;
    QString breaker, reason, incident;
    Moment openedAt, dueAt;
    QString verdict; ///< "accepted", "objected"; empty while it is open
    QString reviewer, comment;
    Moment reviewedAt;
    bool overdue = false;
    bool operator==(const Review&) const = default;
};

/// All of one request, read in one look at the store.
struct RequestDetail
{
    RequestSummary summary;
    RequestFields fields;
    /// The plan, verified against the hash; the Error says why there is none (tampered with, or after the fact without
    /// steps: Error::Kind::NotFound).
    Result<Plan> plan = fail(Error::Kind::NotFound, {});
    QByteArray planText; ///< as the store has it
    Risk declaredRisk = Risk::Low, computedRisk = Risk::Low;
    Moment revisedAt;
    Assignment assignment;     ///< in every state, also in a draft: what it would take
    QList<Approval> approvals; ///< of every revision, oldest first
    QList<RequestConflict> conflicts;
    QList<RequestTarget> targets;
    QString clusters;                  ///< the store's own clustersToType(); empty: none, or this comes from elsewhere
    QList<ExecutionRecord> executions; ///< of every revision, oldest first
    QList<Review> reviews;

    /// Of the current revision; nullptr where it was never claimed.
    [[nodiscard]] const ExecutionRecord* execution() const;
    /// What has to be typed to break the glass: the clusters' names in the store's alphabetical order, ", " between.
    [[nodiscard]] QString clustersToType() const;
};

/// A maintenance window (changes inside only) or a freeze (none inside). Once, or every week in a zone's own time.
struct TimeWindow
{
    struct Occurrence
    {
        Moment starts, ends;
        bool operator==(const Occurrence&) const = default;
    };

    qint64 id = 0;
    bool freeze = false;
    QString name;
    QString platform = QStringLiteral("*"), cluster = QStringLiteral("*"), space = QStringLiteral("*");
    QString zone = QStringLiteral("UTC"); ///< "Europe/Berlin"
    Moment starts, ends;                  ///< once, or
    QList<int> days;                      ///< every week; 1 is Monday
    QString from, to;                     ///< local, "22:00"; ends on the next day where `to` is not later
    QString setBy;
    Moment setAt;
    QString reason;                ///< why it was set; may be empty
    bool active = false;           ///< now
    QList<Occurrence> occurrences; ///< of the next four weeks

    /// As set_window() takes it.
    [[nodiscard]] QJsonObject toJson() const;
    bool operator==(const TimeWindow&) const = default;
};

/// What a platform's approvals take; "*" stands for platforms without a policy of their own.
struct Policy
{
    QString platform;
    int version = 0;
    QJsonObject body;
    QString setBy;
    Moment setAt;
    QString reason; ///< why it was changed; may be empty
    bool current = false;

    [[nodiscard]] QList<ApprovalSlot> needed(Risk risk) const;
    /// Whether an approval at this risk asks for a one-time code. A high risk always does.
    [[nodiscard]] bool asksForCode(Risk risk) const;
    /// Roles that may carry out.
    [[nodiscard]] QStringList executes() const;
    bool operator==(const Policy&) const = default;
};

/// A pre-approved change that the store keeps: PlanTemplate::fromStore() makes it one that plans are made from.
struct StoredTemplate
{
    QString name;
    int version = 0;
    QString platform; ///< "*": every one
    QJsonObject body;
    QString author;
    Moment at;
    bool approved = false; ///< it has all approvals; the newest version that has them stands
    QStringList approvers;
    bool operator==(const StoredTemplate&) const = default;
};

/// Where the audit chain ends.
struct AuditHead
{
    qint64 seq = -1; ///< -1: not known
    QByteArray hash; ///< SHA-256, lower-case hexadecimal
    bool operator==(const AuditHead&) const = default;
};

struct AuditEntry
{
    qint64 seq = 0;
    Moment at;
    QString person, action;
    qint64 number = 0; ///< the request; 0: none
    QJsonObject detail;
    QByteArray entry; ///< exactly the bytes that are hashed
    QByteArray previousHash, hash;

    /// A line of an export: `entry` with the hashes is what a check needs, the rest is for reading.
    [[nodiscard]] QJsonObject toJson() const;
    bool operator==(const AuditEntry&) const = default;
};

/// Who we are to the store, and what we may.
struct Person
{
    enum class Totp { None, Pending, Confirmed };
    struct Role
    {
        QString role;     ///< "viewer", "operator", "tech-lead", "security", "operations", "admin"
        QString platform; ///< "*": every one
        bool operator==(const Role&) const = default;
    };

    QString name;
    bool admin = false;
    QList<Role> roles;
    Totp totp = Totp::None;
    Moment totpLockedUntil;
    bool solo = false; ///< a private store: no second person is asked for
    int schemaVersion = 0, openReviews = 0;
    AuditHead head;

    [[nodiscard]] QStringList rolesOn(const QString& platform) const;
    /// Whether one of these is mine there.
    [[nodiscard]] bool hasAny(const QString& platform, const QStringList& roles) const;
    /// Whether I may file, edit and reject requests there: operator, tech lead, security, operations.
    [[nodiscard]] bool writes(const QString& platform) const;
    bool operator==(const Person&) const = default;
};

/// Who has which role on which platform.
struct RoleBook
{
    QHash<QString, QList<Person::Role>> people;

    [[nodiscard]] QStringList rolesOn(const QString& person, const QString& platform) const;
};

/// Something that every cockpit is told, loudly.
struct Notice
{
    qint64 id = 0;
    Moment at;
    QString kind;      ///< "glass", "unapproved"
    qint64 number = 0; ///< the request, or of "unapproved" the change
    QString person, text;
    bool operator==(const Notice&) const = default;
};

/// Why a request waits for me.
struct Waiting
{
    enum class Why {
        Approve, ///< my roles fill an approval that is missing
        Review,  ///< a broken glass that I may review
        Run,     ///< mine, approved, and it may be carried out now
        Resume   ///< its executor is gone: the execution has to be taken over, and steps judged
    };
    Why why = Why::Approve;
    qint64 number = 0;
    QString sentence; ///< "Request 12 waits for your approval as tech lead."
    bool operator==(const Waiting&) const = default;
};

} // namespace wk::changes
