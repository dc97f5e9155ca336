// SPDX-License-Identifier: GPL-3.0-or-later
#include "watchkeeper/changes/SilenceGate.h"

#include "changes/plan/SilenceSteps.h"
#include "widgets/changes/plan/ActionSteps.h"

namespace wk::app {

using namespace Qt::StringLiterals;
using widgets::SilenceWish;

SilenceGate::SilenceGate(ChangeWork& changes, Clock& clock, Propose propose, QObject* parent)
    : SilenceDoor(parent), m_changes(changes), m_clock(clock), m_propose(std::move(propose))
{
    connect(&m_changes, &ChangeWork::judgementChanged, this, &SilenceDoor::changed);
    connect(&m_changes, &ChangeWork::executorChanged, this, &SilenceDoor::changed);
}

Result<changes::Plan> SilenceGate::planOf(const SilenceWish& wish) const
{
    if (const auto opened = m_changes.open(); !opened)
        return fail(opened.error());
    if (wish.cluster.isEmpty())
        return fail(Error::Kind::BadInput, tr("The place belongs to no cluster of a platform."));
    const changes::Step step = wish.kind == SilenceWish::Kind::Expire
                                   ? changes::expireSilenceStep(wish.cluster, wish.silence)
                                   : changes::silenceStep(wish.cluster, wish.silence, m_clock.nowMs());
    const auto plan = changes::Plan::make(wish.platform, u"[Alertmanager] - %1"_s.arg(step.words()).left(200), {step});
    return plan ? Result<changes::Plan>(*plan) : fail(plan.error().error());
}

changes::RequestFields SilenceGate::fieldsOf(const changes::Plan& plan) const
{
    changes::RequestFields out = widgets::actionRequest(plan, [this, &plan](const QString& cluster) {
        for (const auto& platform : m_changes.platforms())
            if (const auto* known = platform->name == plan.platform() ? platform->cluster(cluster) : nullptr)
                return known->klass;
        return platform::ClusterClass::Production;
    });
    out.title = plan.title();
    return out;
}

QString SilenceGate::whyNotNow(const SilenceWish& wish) const
{
    if (const QString why = whyNotPropose(wish); !why.isEmpty())
        return why;
    const auto plan = planOf(wish);
    return plan ? m_changes.whyNotAtOnce(*plan) : plan.error().text();
}

QString SilenceGate::whyNotPropose(const SilenceWish& wish) const
{
    const auto plan = planOf(wish);
    if (!plan)
        return plan.error().text();
    const changes::DeskStatus& status = m_changes.desk().status();
    const bool failed = status.state == changes::DeskStatus::State::Failed && status.error;
    return failed ? status.error->text() : QString();
}

Result<void> SilenceGate::doNow(const SilenceWish& wish)
{
    const auto plan = planOf(wish);
    return plan ? m_changes.runAtOnce(fieldsOf(*plan), *plan) : fail(plan.error());
}

void SilenceGate::propose(const SilenceWish& wish)
{
    if (const auto plan = planOf(wish))
        m_propose(*plan, fieldsOf(*plan));
}

} // namespace wk::app
