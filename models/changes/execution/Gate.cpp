// SPDX-License-Identifier: GPL-3.0-or-later
#include "changes/execution/Gate.h"

#include "changes/desk/WaitingForMe.h"

#include <QtCore/QCoreApplication>

namespace wk::changes {

using namespace Qt::StringLiterals;

namespace {

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(wk::changes::Gate)
};

bool covers(const TimeWindow& window, const QString& platform, const RequestTarget& target)
{
    const auto is = [](const QString& pattern, const QString& value) { return pattern == u'*' || pattern == value; };
    if (!is(window.platform, platform) || !is(window.cluster, target.cluster))
        return false;
    if (target.group.isEmpty() && target.kind == "Silence"_L1)
        return false; // changes nothing that runs
    // As the store judges (_covers): a namespace stands in itself; what stands in none meets the freeze of each.
    if (is(window.space, target.space))
        return true;
    if (target.group.isEmpty() && target.kind == "Namespace"_L1)
        return window.space == target.name;
    return window.freeze && target.space.isEmpty() && !target.asks;
}

bool isOpenAt(const TimeWindow& window, const QDateTime& now)
{
    return std::ranges::any_of(window.occurrences, [&now](const TimeWindow::Occurrence& occurrence) {
        return *occurrence.starts <= now && now < *occurrence.ends;
    });
}

/// Why windows do not let this be changed now; empty: they do.
QString refusalBy(const QList<TimeWindow>& windows, const QString& platform, const RequestTarget& target,
                  const QDateTime& now)
{
    QStringList maintenance;
    bool open = false;
    for (const TimeWindow& window : windows) {
        if (!covers(window, platform, target))
            continue;
        if (window.freeze && isOpenAt(window, now))
            return Texts::tr("The freeze “%1” lasts.").arg(window.name);
        if (!window.freeze) {
            maintenance << window.name;
            open |= isOpenAt(window, now);
        }
    }
    if (maintenance.isEmpty() || open)
        return {};
    return Texts::tr("%1 %2 is changed in its maintenance windows only (%3).")
        .arg(target.kind, target.name, maintenance.join(u", "_s));
}

QString timeText(const QDateTime& time) { return time.toUTC().toString(u"yyyy-MM-dd HH:mm"_s) + u" UTC"_s; }

std::unexpected<Error> forbidden(const QString& sentence) { return fail(Error::Kind::Forbidden, sentence); }

} // namespace

QString Gate::refusedBy(const RequestDetail& detail) const
{
    const RequestSummary& request = detail.summary;
    const Person& me = m_desk.person();
    const Policy* policy = m_desk.policyOf(request.platform);
    if (me.name.isEmpty() || !policy)
        return Texts::tr("What you may do is not known yet: the store has not been read.");
    if (!detail.plan)
        return detail.plan.error().sentence;
    if (!me.solo && !me.hasAny(request.platform, policy->executes()))
        return Texts::tr("None of your roles may carry out changes on %1.").arg(request.platform);
    if (request.approvedByMe)
        return Texts::tr("You approved request %1; somebody else carries it out.").arg(request.number);
    return {};
}

QString Gate::windowRefusal(const RequestDetail& detail, const QDateTime& now) const
{
    for (const RequestTarget& target : detail.targets) {
        const QString refusal = refusalBy(m_desk.windows(), detail.summary.platform, target, now);
        if (!refusal.isEmpty())
            return refusal;
    }
    return {};
}

QString Gate::whyNot(const RequestDetail& detail) const
{
    const RequestSummary& request = detail.summary;
    const QDateTime now = QDateTime::fromMSecsSinceEpoch(m_clock.nowMs(), Qt::UTC);
    if (request.afterTheFact)
        return Texts::tr("Request %1 records something that was already done.").arg(request.number);
    if (request.state == RequestState::Running)
        return Texts::tr("%1 carries out request %2.").arg(request.executor).arg(request.number);
    if (request.state != RequestState::Approved && request.state != RequestState::Scheduled)
        return Texts::tr("Request %1 is %2; only what is approved is carried out.")
            .arg(request.number)
            .arg(requestStateWords(request.state));
    if (const QString refusal = refusedBy(detail); !refusal.isEmpty())
        return refusal;
    if (request.expired || (request.expiresAt && *request.expiresAt <= now))
        return Texts::tr("The approval of request %1 has expired.").arg(request.number);
    if (request.rule == "glass"_L1)
        return {};
    if (request.notBefore && now < *request.notBefore)
        return Texts::tr("Request %1 is carried out from %2 on.").arg(request.number).arg(timeText(*request.notBefore));
    if (request.notAfter && now >= *request.notAfter)
        return Texts::tr("The time for request %1 was over at %2.")
            .arg(request.number)
            .arg(timeText(*request.notAfter));
    return windowRefusal(detail, now);
}

QString Gate::whyNotTakeOver(const RequestDetail& detail) const
{
    const ExecutionRecord* execution = detail.execution();
    if (detail.summary.state != RequestState::Running || !execution || execution->endedAt)
        return Texts::tr("Request %1 is not being carried out.").arg(detail.summary.number);
    if (!execution->leaseDead)
        return Texts::tr("%1 is carrying it out, and gave a sign of life less than 30 s ago.").arg(execution->executor);
    return refusedBy(detail);
}

QString Gate::whyNotAtOnce(const Plan& plan, const ClassOf& classOf) const
{
    const Person& me = m_desk.person();
    const Policy* policy = m_desk.policyOf(plan.platform());
    if (me.name.isEmpty() || !policy)
        return Texts::tr("What you may do is not known yet: the store has not been read.");
    if (!me.solo && (!me.writes(plan.platform()) || !me.hasAny(plan.platform(), policy->executes())))
        return Texts::tr("None of your roles may carry out changes on %1.").arg(plan.platform());
    const QDateTime now = QDateTime::fromMSecsSinceEpoch(m_clock.nowMs(), Qt::UTC);
    for (const Step& step : plan.steps()) {
        const Target& target = step.target;
        // What a check asks a database may do anything there.
        const bool asks = !step.isAction() && step.name == "sql"_L1;
        if (!step.isAction() && !asks)
            continue;
        if (!me.solo &&
            (target.type() == Target::Kind::Command || classOf(target.cluster) != platform::ClusterClass::Development))
            return Texts::tr("%1 needs an approval: only clusters of class development are changed at once.")
                .arg(step.words());
        const QString refusal =
            refusalBy(m_desk.windows(), plan.platform(),
                      {target.cluster, target.group, target.kind, target.space, target.name, {}, asks}, now);
        if (!refusal.isEmpty())
            return refusal;
    }
    return {};
}

QString Gate::whyNotApprove(const RequestDetail& detail) const
{
    if (!detail.plan && !detail.summary.afterTheFact)
        return detail.plan.error().sentence;
    return changes::whyNotApprove(detail.summary, m_desk.person(), m_desk.roleBook());
}

GatePass Gate::passOf(GatePass::Way way, const RequestDetail& detail) const
{
    GatePass pass(way, *detail.plan);
    pass.m_number = detail.summary.number;
    pass.m_revision = detail.summary.revision;
    pass.m_person = m_desk.person().name;
    return pass;
}

Gate::Opened Gate::open(const RequestDetail& detail, const Executor::Means& means) const
{
    if (const QString refusal = whyNot(detail); !refusal.isEmpty())
        return forbidden(refusal);
    return std::make_unique<Executor>(passOf(GatePass::Way::Claim, detail), means);
}

Gate::Opened Gate::takeOver(const RequestDetail& detail, const QString& reason, const Executor::Means& means) const
{
    if (const QString refusal = whyNotTakeOver(detail); !refusal.isEmpty())
        return forbidden(refusal);
    GatePass pass = passOf(GatePass::Way::TakeOver, detail);
    pass.m_execution = detail.execution()->id;
    pass.m_reason = reason;
    return std::make_unique<Executor>(std::move(pass), means);
}

Gate::Opened Gate::atOnce(const RequestFields& fields, const Plan& plan, const ClassOf& classOf,
                          const Executor::Means& means) const
{
    if (const QString refusal = whyNotAtOnce(plan, classOf); !refusal.isEmpty())
        return forbidden(refusal);
    GatePass pass(GatePass::Way::ActNow, plan);
    pass.m_fields = fields;
    pass.m_person = m_desk.person().name;
    return std::make_unique<Executor>(std::move(pass), means);
}

} // namespace wk::changes
