// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/changes/requests/RequestOffers.h"

#include "widgets/changes/requests/RequestWords.h"

#include <QtCore/QCoreApplication>

namespace wk::widgets {

using namespace Qt::StringLiterals;
using changes::ChangeDesk;
using changes::RequestDetail;
using changes::RequestState;
using changes::RequestSummary;
using enum changes::RequestState;

namespace {

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(wk::widgets::RequestOffers)
};

bool isMine(const RequestSummary& r, const QString& me) { return r.requester == me || r.editor == me; }

bool in(RequestState state, std::initializer_list<RequestState> states)
{
    return std::ranges::find(states, state) != states.end();
}

QString wrongState(const RequestSummary& r)
{
    return Texts::tr("Request %1 is %2.").arg(r.number).arg(changes::requestStateWords(r.state));
}

QString whyNotEdit(const RequestSummary& r, const ChangeDesk& desk)
{
    if (!in(r.state, {Draft, Submitted, Approved, Scheduled, Rejected}))
        return wrongState(r);
    if (!desk.person().writes(r.platform) && !desk.person().solo)
        return Texts::tr("You have no role on platform %1 that edits requests.").arg(r.platform);
    return {};
}

QString whyNotSubmit(const RequestSummary& r, const ChangeDesk& desk)
{
    if (r.state != Draft)
        return wrongState(r);
    return isMine(r, desk.person().name) ? QString() : Texts::tr("It is submitted by who wrote it: %1.").arg(r.editor);
}

QString whyNotReject(const RequestSummary& r, const ChangeDesk& desk)
{
    if (!in(r.state, {Submitted, Approved, Scheduled}))
        return wrongState(r);
    if (isMine(r, desk.person().name))
        return Texts::tr("Nobody rejects their own request; cancel it, or edit it.");
    if (!desk.person().writes(r.platform))
        return Texts::tr("You have no role on platform %1 that rejects requests.").arg(r.platform);
    return {};
}

QString whyNotSchedule(const RequestSummary& r, const ChangeDesk& desk)
{
    if (!in(r.state, {Approved, Scheduled}))
        return wrongState(r);
    if (r.expired)
        return Texts::tr("The approval has expired.");
    const auto* policy = desk.policyOf(r.platform);
    if (policy && !desk.person().solo && !isMine(r, desk.person().name) &&
        !desk.person().hasAny(r.platform, policy->executes()))
        return Texts::tr("You have no role on platform %1 that schedules changes.").arg(r.platform);
    return {};
}

QString whyNotCancel(const RequestSummary& r, const ChangeDesk& desk)
{
    if (!in(r.state, {Draft, Submitted, Approved, Scheduled, Rejected}))
        return wrongState(r);
    return r.requester == desk.person().name || desk.person().admin
               ? QString()
               : Texts::tr("It is cancelled by %1 or an admin.").arg(r.requester);
}

QString whyNotBreakGlass(const RequestSummary& r, const ChangeDesk& desk)
{
    if (!in(r.state, {Draft, Submitted, Approved, Scheduled}))
        return wrongState(r);
    if (r.afterTheFact || r.rule == u"glass" || r.rule == u"solo")
        return Texts::tr("There is no glass to break for this request.");
    const auto* policy = desk.policyOf(r.platform);
    if (policy && !desk.person().hasAny(r.platform, policy->executes()))
        return Texts::tr("You have no role on platform %1 that breaks the glass.").arg(r.platform);
    if (desk.person().totp != changes::Person::Totp::Confirmed)
        return Texts::tr("Breaking the glass asks for a one-time code, and you have not set that up.");
    return {};
}

QString whyNotReview(const RequestDetail& detail, const ChangeDesk& desk)
{
    const RequestSummary& r = detail.summary;
    if (!r.reviewOpen)
        return Texts::tr("Request %1 has no open review.").arg(r.number);
    const QString& me = desk.person().name;
    const bool broke = std::ranges::any_of(
        detail.reviews, [&me](const auto& review) { return review.verdict.isEmpty() && review.breaker == me; });
    if (isMine(r, me) || r.executor == me || broke)
        return Texts::tr("Who wrote it, broke the glass or carried it out does not review it.");
    return {};
}

QString whyNotClose(const RequestSummary& r, const ChangeDesk& desk)
{
    const bool done = in(r.state, {Verified, Failed, RolledBack}) || (r.afterTheFact && r.state == Approved);
    if (!done)
        return wrongState(r);
    if (r.reviewOpen)
        return Texts::tr("It owes a review of its broken glass; somebody else has to review it first.");
    if (!desk.person().solo && !desk.person().writes(r.platform))
        return Texts::tr("You have no role on platform %1 that closes requests.").arg(r.platform);
    return {};
}

} // namespace

QString deskRefusal(const ChangeDesk& desk)
{
    switch (desk.status().state) {
    case changes::DeskStatus::State::Current: return {};
    case changes::DeskStatus::State::Loading: return Texts::tr("The store has not answered yet.");
    case changes::DeskStatus::State::Stale:
        return Texts::tr("The store cannot be reached; what is shown may be out of date.");
    case changes::DeskStatus::State::Failed: return Texts::tr("The store cannot be used.");
    }
    return {};
}

QList<RequestOffer> offersFor(const RequestDetail& detail, const ChangeDesk& desk, const GateWords& gate)
{
    using enum RequestAct;
    const RequestSummary& r = detail.summary;
    const bool mine = isMine(r, desk.person().name);
    const bool toRun = in(r.state, {Approved, Scheduled}) && !r.afterTheFact;
    const bool ended = in(r.state, {Verified, Failed, RolledBack}) || (r.afterTheFact && r.state == Approved);
    QList<RequestOffer> out{
        {Submit, Texts::tr("Submit"), whyNotSubmit(r, desk), r.state == Draft, r.state == Draft && mine, false, u"S"_s},
        {Approve, Texts::tr("Approve"), r.state == Submitted ? gate.approve : wrongState(r), r.state == Submitted,
         r.state == Submitted, false, u"A"_s},
        {Reject, Texts::tr("Reject"), whyNotReject(r, desk), r.state == Submitted && !mine, false, false, u"R"_s},
        {Run, Texts::tr("Carry out"), toRun ? gate.run : wrongState(r), toRun, toRun, false, u"X"_s},
        {TakeOver, Texts::tr("Take over"), r.state == Running ? gate.takeOver : wrongState(r),
         r.state == Running && r.leaseDead, r.leaseDead, false, u"T"_s},
        {Schedule, Texts::tr("Schedule"), whyNotSchedule(r, desk), toRun, false, false, u"D"_s},
        {Review, Texts::tr("Review"), whyNotReview(detail, desk), r.reviewOpen, r.reviewOpen && !ended, false, u"V"_s},
        {Close, Texts::tr("Close"), whyNotClose(r, desk), ended, ended && !r.reviewOpen, false, u"C"_s},
        {Edit, Texts::tr("Edit"), whyNotEdit(r, desk), in(r.state, {Draft, Rejected}), r.state == Rejected, false,
         u"E"_s},
        {Cancel, Texts::tr("Cancel the request"), whyNotCancel(r, desk), false, false, true, {}},
        {BreakGlass, Texts::tr("Break the glass"), whyNotBreakGlass(r, desk), false, false, true, {}}};
    if (const QString refusal = deskRefusal(desk); !refusal.isEmpty())
        for (RequestOffer& offer : out)
            if (offer.enabled())
                offer.whyNot = refusal;
    return out;
}

const RequestOffer* offerOf(const QList<RequestOffer>& offers, RequestAct act)
{
    const auto it = std::ranges::find(offers, act, &RequestOffer::act);
    return it == offers.end() ? nullptr : &*it;
}

ActQuestion questionFor(RequestAct act, const RequestDetail& detail, const ChangeDesk& desk)
{
    using enum RequestAct;
    const RequestSummary& r = detail.summary;
    const QString plan = shortHash(r.sha256);
    ActQuestion q;
    switch (act) {
    case Submit:
        q.sentence = Texts::tr("Revision %1, plan %2, goes to those who approve it.").arg(r.revision).arg(plan);
        q.confirm = Texts::tr("Submit revision %1").arg(r.revision);
        break;
    case Approve: {
        const auto* policy = desk.policyOf(r.platform);
        q.sentence = Texts::tr("You approve revision %1 of request %2, exactly plan %3.")
                         .arg(r.revision)
                         .arg(r.number)
                         .arg(plan);
        q.textLabel = Texts::tr("Comment");
        q.code = !desk.person().solo && (!policy || policy->asksForCode(r.risk));
        q.confirm = Texts::tr("Approve revision %1").arg(r.revision);
        break;
    }
    case Reject:
        q.sentence = Texts::tr("Request %1 goes back to %2; every approval is void.").arg(r.number).arg(r.requester);
        q.textLabel = Texts::tr("Why");
        q.leastText = 3;
        q.confirm = Texts::tr("Reject revision %1").arg(r.revision);
        break;
    case Run:
        q.sentence = Texts::tr("Carries out plan %1 on %2 now, step by step.").arg(plan, detail.clustersToType());
        q.confirm = Texts::tr("Carry out now");
        break;
    case TakeOver:
        q.sentence = Texts::tr("Goes on where %1 left off. Steps of which nobody saw the end are looked at first.")
                         .arg(r.executor);
        q.textLabel = Texts::tr("Why");
        q.leastText = 3;
        q.confirm = Texts::tr("Take over from %1").arg(r.executor);
        break;
    case Schedule:
        q.sentence = Texts::tr("Narrows the time in which it may be carried out.");
        q.times = true;
        q.confirm = Texts::tr("Schedule");
        break;
    case Review:
        q.sentence = Texts::tr("Your word on breaking the glass for request %1.").arg(r.number);
        q.textLabel = Texts::tr("Comment");
        q.leastText = 3;
        q.verdict = true;
        q.confirm = Texts::tr("File the review");
        break;
    case Close:
        q.sentence = Texts::tr("Nothing more happens to request %1 then.").arg(r.number);
        q.textLabel = Texts::tr("Note");
        q.confirm = Texts::tr("Close request %1").arg(r.number);
        break;
    case Edit: break;
    case Cancel:
        q.sentence = Texts::tr("Request %1 ends here. This cannot be undone.").arg(r.number);
        q.textLabel = Texts::tr("Why");
        q.leastText = 3;
        q.confirm = Texts::tr("Cancel request %1").arg(r.number);
        q.danger = true;
        break;
    case BreakGlass:
        q.sentence = Texts::tr("For emergencies: approves plan %1 by yourself, for hours only, also during a freeze. "
                               "Everybody is told, and somebody else has to review it.")
                         .arg(plan);
        q.textLabel = Texts::tr("Why");
        q.leastText = 10;
        q.incident = true;
        q.code = true;
        q.typed = detail.clustersToType();
        q.confirm = Texts::tr("Break the glass for request %1").arg(r.number);
        q.danger = true;
        break;
    }
    return q;
}

} // namespace wk::widgets
