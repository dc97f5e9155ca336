// SPDX-License-Identifier: GPL-3.0-or-later
// What a MemoryDesk lets people do.
#include "support/MemoryDesk.h"

#include "support/MemoryDeskParts.h"

namespace wk::test {

using namespace Qt::StringLiterals;
using namespace wk::changes;
using State = RequestState;
using Written = ChangeDesk::Written;

template <typename F>
Written MemoryDesk::change(qint64 number, const QString& action, F f)
{
    if (const auto failure = std::exchange(m_failure, std::nullopt))
        return ready<qint64>(fail(*failure));
    const auto it = m_requests.find(number);
    if (it == m_requests.end())
        return ready<qint64>(fail(Error::Kind::NotFound, u"There is no request %1."_s.arg(number)));
    RequestDetail changed = it->second;
    if (const Refusal refusal = f(changed))
        return ready<qint64>(fail(*refusal));
    it->second = std::move(changed);
    record(action, number,
           {{u"state"_s, requestStateName(it->second.summary.state)}, {u"revision"_s, it->second.summary.revision}});
    rebuild();
    emit requestChanged(number);
    return ready<qint64>(number);
}

MemoryDesk::Refusal MemoryDesk::asSeen(const RequestDetail& detail, int revision, const QByteArray& sha256) const
{
    const RequestSummary& s = detail.summary;
    if (s.revision == revision && s.sha256 == sha256)
        return std::nullopt;
    return refusal(Error::Kind::Conflict,
                   u"Request %1 is at revision %2 now, by %3."_s.arg(s.number).arg(s.revision).arg(s.editor),
                   u"Look at it again."_s);
}

MemoryDesk::Refusal MemoryDesk::stepUp(const QString& given) const
{
    if (m_person.totp != Person::Totp::Confirmed)
        return refusal(Error::Kind::Unauthorized, u"This needs a one-time code, and you have not set that up."_s,
                       u"Set up one-time codes first."_s);
    if (given.isEmpty())
        return refusal(Error::Kind::Unauthorized, u"This needs a one-time code."_s,
                       u"Type the six digits of your app."_s);
    if (given != code)
        return refusal(Error::Kind::Unauthorized, u"The one-time code is wrong or was used before (try 1 of 5)."_s);
    return std::nullopt;
}

MemoryDesk::Refusal MemoryDesk::place(RequestDetail& detail)
{
    for (ApprovalSlot& slot : detail.assignment.needed) {
        if (slot.person.isEmpty() && m_person.hasAny(detail.summary.platform, slot.roles)) {
            slot.person = m_person.name;
            detail.assignment.complete = detail.assignment.open().isEmpty();
            return std::nullopt;
        }
    }
    return refusal(Error::Kind::Forbidden,
                   u"None of your roles is asked for by request %1."_s.arg(detail.summary.number));
}

Written MemoryDesk::create(const RequestFields& fields, const Plan& plan)
{
    if (const auto failure = std::exchange(m_failure, std::nullopt))
        return ready<qint64>(fail(*failure));
    RequestDetail d;
    d.fields = fields;
    d.plan = plan;
    d.planText = plan.canonical();
    RequestSummary& s = d.summary;
    s.platform = plan.platform();
    s.title = fields.title;
    s.type = fields.type;
    s.revision = 1;
    s.sha256 = plan.sha256();
    s.risk = d.declaredRisk = d.computedRisk = fields.risk;
    s.requester = s.editor = m_person.name;
    s.incident = fields.incident;
    s.createdAt = now();
    s.notBefore = fields.notBefore;
    s.notAfter = fields.notAfter;
    const qint64 number = put(std::move(d));
    record(u"request.create"_s, number, {{u"revision"_s, 1}});
    return ready<qint64>(number);
}

Written MemoryDesk::createRecord(const RequestFields& fields, const QString& platform)
{
    RequestDetail d;
    d.fields = fields;
    d.summary.platform = platform;
    d.summary.title = fields.title;
    d.summary.revision = 1;
    d.summary.requester = d.summary.editor = m_person.name;
    d.summary.afterTheFact = true;
    d.summary.createdAt = now();
    return ready<qint64>(put(std::move(d)));
}

Written MemoryDesk::edit(qint64 number, int revision, const RequestFields& fields, const Plan& plan)
{
    return change(number, u"request.edit"_s, [&](RequestDetail& d) -> Refusal {
        RequestSummary& s = d.summary;
        if (s.revision != revision)
            return asSeen(d, revision, s.sha256);
        if (!isIn(s.state, {State::Draft, State::Submitted, State::Approved, State::Scheduled, State::Rejected}))
            return wrongState(s);
        d.fields = fields;
        d.plan = plan;
        d.planText = plan.canonical();
        d.assignment = {};
        ++s.revision;
        s.state = State::Draft;
        s.title = fields.title;
        s.risk = fields.risk;
        s.sha256 = plan.sha256();
        s.editor = m_person.name;
        s.submittedAt.reset();
        s.approvedAt.reset();
        for (Approval& approval : d.approvals)
            approval.counts = false;
        return std::nullopt;
    });
}

Written MemoryDesk::submit(qint64 number, int revision, const QByteArray& sha256)
{
    return change(number, u"request.submit"_s, [&](RequestDetail& d) -> Refusal {
        if (const Refusal stale = asSeen(d, revision, sha256))
            return stale;
        if (d.summary.state != State::Draft)
            return wrongState(d.summary);
        d.summary.state = m_person.solo ? State::Approved : State::Submitted;
        d.summary.rule = m_person.solo ? u"solo"_s : QString();
        d.summary.submittedAt = now();
        if (m_person.solo)
            d.summary.approvedAt = now();
        return std::nullopt;
    });
}

Written MemoryDesk::cancel(qint64 number, const QString& reason)
{
    return change(number, u"request.cancel"_s, [&](RequestDetail& d) -> Refusal {
        if (!isOpen(d.summary.state) || d.summary.state == State::Running)
            return wrongState(d.summary);
        if (d.summary.requester != m_person.name && !m_person.admin)
            return refusal(Error::Kind::Forbidden,
                           u"Request %1 is cancelled by %2 or an admin."_s.arg(number).arg(d.summary.requester));
        if (reason.trimmed().size() < 3)
            return refusal(Error::Kind::BadInput, u"A reason has at least 3 characters."_s);
        d.summary.state = State::Cancelled;
        d.summary.endedAt = now();
        return std::nullopt;
    });
}

Written MemoryDesk::approve(qint64 number, int revision, const QByteArray& sha256, const QString& comment,
                            const QString& given)
{
    return change(number, u"request.approve"_s, [&](RequestDetail& d) -> Refusal {
        RequestSummary& s = d.summary;
        if (const Refusal stale = asSeen(d, revision, sha256))
            return stale;
        if (s.state != State::Submitted)
            return wrongState(s);
        if (s.requester == m_person.name || s.editor == m_person.name)
            return refusal(Error::Kind::Forbidden, u"Nobody approves what they wrote."_s);
        const bool asks = policyOf(s.platform)->asksForCode(s.risk);
        if (const Refusal wrong = asks ? stepUp(given) : Refusal())
            return wrong;
        if (const Refusal none = place(d))
            return none;
        d.approvals << Approval{s.revision, m_person.name, true, comment, asks, now(), true};
        if (d.assignment.complete) {
            s.state = State::Approved;
            s.approvedAt = now();
        }
        return std::nullopt;
    });
}

Written MemoryDesk::reject(qint64 number, int revision, const QByteArray& sha256, const QString& comment)
{
    return change(number, u"request.reject"_s, [&](RequestDetail& d) -> Refusal {
        if (const Refusal stale = asSeen(d, revision, sha256))
            return stale;
        if (!isIn(d.summary.state, {State::Submitted, State::Approved, State::Scheduled}))
            return wrongState(d.summary);
        d.approvals << Approval{revision, m_person.name, false, comment, false, now(), true};
        d.summary.state = State::Rejected;
        return std::nullopt;
    });
}

Written MemoryDesk::schedule(qint64 number, int revision, const QDateTime& notBefore, const QDateTime& notAfter)
{
    return change(number, u"request.schedule"_s, [&](RequestDetail& d) -> Refusal {
        RequestSummary& s = d.summary;
        if (s.revision != revision || !isIn(s.state, {State::Approved, State::Scheduled}))
            return wrongState(s);
        if (notAfter <= notBefore)
            return refusal(Error::Kind::BadInput, u"A schedule has a beginning and a later end."_s);
        s.state = State::Scheduled;
        s.notBefore = notBefore;
        s.notAfter = notAfter;
        return std::nullopt;
    });
}

Written MemoryDesk::close(qint64 number, const QString&)
{
    return change(number, u"request.close"_s, [&](RequestDetail& d) -> Refusal {
        if (!isIn(d.summary.state, {State::Verified, State::Failed, State::RolledBack}))
            return wrongState(d.summary);
        d.summary.state = State::Closed;
        return std::nullopt;
    });
}

Written MemoryDesk::breakGlass(qint64 number, int revision, const QByteArray& sha256, const QString& reason,
                               const QString& incident, const QString& typed, const QString& given)
{
    return change(number, u"glass.break"_s, [&](RequestDetail& d) -> Refusal {
        if (const Refusal stale = asSeen(d, revision, sha256))
            return stale;
        if (reason.size() < 10 || incident.size() < 2)
            return refusal(Error::Kind::BadInput, u"A reason and an incident are needed."_s);
        if (typed != d.clustersToType())
            return refusal(Error::Kind::BadInput,
                           u"What was typed is not the name of the cluster that this plan changes."_s);
        if (const Refusal wrong = stepUp(given))
            return wrong;
        d.summary.state = State::Approved;
        d.summary.rule = u"glass"_s;
        d.summary.approvedAt = now();
        Review review;
        review.number = number;
        review.breaker = m_person.name;
        review.reason = reason;
        review.incident = incident;
        review.openedAt = now();
        review.dueAt = now().addSecs(24 * 3600);
        d.reviews << review;
        return std::nullopt;
    });
}

Written MemoryDesk::review(qint64 number, bool accepted, const QString& comment)
{
    return change(number, u"glass.review"_s, [&](RequestDetail& d) -> Refusal {
        for (Review& review : d.reviews) {
            if (!review.verdict.isEmpty())
                continue;
            review.verdict = accepted ? u"accepted"_s : u"objected"_s;
            review.reviewer = m_person.name;
            review.comment = comment;
            review.reviewedAt = now();
            return std::nullopt;
        }
        return refusal(Error::Kind::Conflict, u"Request %1 has no open review."_s.arg(number));
    });
}

QFuture<Result<Enrolment>> MemoryDesk::enrollTotp()
{
    m_person.totp = Person::Totp::Pending;
    emit changed();
    const QString secret = u"GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"_s;
    return ready<Enrolment>(Enrolment{
        secret, u"otpauth://totp/Watchkeeper:%1?secret=%2&issuer=Watchkeeper&algorithm=SHA1&digits=6&period=30"_s.arg(
                    m_person.name, secret)});
}

QFuture<Result<void>> MemoryDesk::confirmTotp(const QString& given)
{
    if (given != code)
        return ready<void>(fail(Error::Kind::Unauthorized, u"The one-time code is wrong."_s));
    m_person.totp = Person::Totp::Confirmed;
    emit changed();
    return ready<void>({});
}

} // namespace wk::test
