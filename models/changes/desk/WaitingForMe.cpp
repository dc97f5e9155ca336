// SPDX-License-Identifier: GPL-3.0-or-later
#include "changes/desk/WaitingForMe.h"

#include <QtCore/QCoreApplication>

#include <map>
#include <set>

namespace wk::changes {

using namespace Qt::StringLiterals;

namespace {

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(wk::changes::WaitingForMe)
};

bool fits(const ApprovalSlot& slot, const QStringList& roles)
{
    return std::ranges::any_of(slot.roles, [&roles](const QString& role) { return roles.contains(role); });
}

/// Looks for a slot for somebody with these roles, moving who is in it (Kuhn's augmenting path).
bool findPlace(const QStringList& roles, const QList<ApprovalSlot>& needed,
               const std::function<QStringList(const QString&)>& rolesOf, std::set<qsizetype>& seen)
{
    for (qsizetype i = 0; i < needed.size(); ++i) {
        if (!fits(needed.at(i), roles) || !seen.insert(i).second)
            continue;
        const QString& there = needed.at(i).person;
        if (there.isEmpty() || findPlace(rolesOf(there), needed, rolesOf, seen))
            return true;
    }
    return false;
}

QStringList executorsOf(const QString& platform, const QList<Policy>& policies)
{
    QStringList general;
    for (const Policy& policy : policies) {
        if (policy.current && policy.platform == platform)
            return policy.executes();
        if (policy.current && policy.platform == u'*')
            general = policy.executes();
    }
    return general;
}

bool isReady(const RequestSummary& row, const QDateTime& now)
{
    return (row.state == RequestState::Approved || row.state == RequestState::Scheduled) && !row.afterTheFact &&
           !(row.expiresAt && *row.expiresAt <= now) && !(row.notBefore && now < *row.notBefore) &&
           !(row.notAfter && now >= *row.notAfter);
}

} // namespace

bool fillsMore(const QList<ApprovalSlot>& needed, const QString& platform, const Person& me, const RoleBook& book)
{
    std::set<qsizetype> seen;
    return findPlace(
        me.rolesOn(platform), needed, [&](const QString& person) { return book.rolesOn(person, platform); }, seen);
}

QString whyNotApprove(const RequestSummary& request, const Person& me, const RoleBook& book)
{
    if (request.state != RequestState::Submitted)
        return Texts::tr("Request %1 is %2; only what is submitted is approved.")
            .arg(request.number)
            .arg(requestStateWords(request.state));
    if (request.expired)
        return Texts::tr("The submission of request %1 has expired.").arg(request.number);
    if (request.requester == me.name || request.editor == me.name)
        return Texts::tr("You wrote request %1; somebody else has to look at it.").arg(request.number);
    if (request.approvedByMe)
        return Texts::tr("You approved request %1 already; one person counts once.").arg(request.number);
    if (!fillsMore(request.waitingFor.needed, request.platform, me, book))
        return Texts::tr("None of your roles is missing: request %1 waits for %2.")
            .arg(request.number)
            .arg(request.waitingFor.words());
    return {};
}

QList<Waiting> waitingForMe(const QList<RequestSummary>& rows, const QList<Review>& reviews,
                            const QList<Policy>& policies, const Person& me, const RoleBook& book, const QDateTime& now)
{
    std::map<Waiting::Why, QList<Waiting>> found;
    const auto add = [&found](Waiting::Why why, qint64 number, const QString& sentence) {
        found[why] << Waiting{why, number, sentence};
    };
    for (const RequestSummary& row : rows) {
        const bool runs = me.hasAny(row.platform, executorsOf(row.platform, policies)) && !row.approvedByMe;
        if (row.state == RequestState::Running && row.leaseDead && runs)
            add(Waiting::Why::Resume, row.number,
                Texts::tr("%1 does not carry out request %2 any more: it has to be taken over.")
                    .arg(row.executor)
                    .arg(row.number));
        else if (row.requester == me.name && runs && isReady(row, now))
            add(Waiting::Why::Run, row.number,
                Texts::tr("Request %1 is approved and can be carried out.").arg(row.number));
        else if (row.state == RequestState::Submitted && whyNotApprove(row, me, book).isEmpty())
            add(Waiting::Why::Approve, row.number,
                Texts::tr("Request %1 waits for your approval (%2).").arg(row.number).arg(row.waitingFor.words()));
    }
    const auto carriedOut = [&](qint64 number) {
        const auto row = std::ranges::find(rows, number, &RequestSummary::number);
        return row != rows.end() && (row->executor == me.name || row->editor == me.name);
    };
    for (const Review& review : reviews)
        if (review.verdict.isEmpty() && review.breaker != me.name && review.requester != me.name &&
            !carriedOut(review.number) && me.hasAny(review.platform, {u"tech-lead"_s, u"security"_s, u"operations"_s}))
            add(Waiting::Why::Review, review.number,
                review.overdue
                    ? Texts::tr("The review of the glass that was broken for request %1 is overdue.").arg(review.number)
                    : Texts::tr("The glass that was broken for request %1 has to be reviewed.").arg(review.number));
    QList<Waiting> out;
    for (const auto why : {Waiting::Why::Resume, Waiting::Why::Review, Waiting::Why::Approve, Waiting::Why::Run})
        out += found[why];
    return out;
}

} // namespace wk::changes
