// SPDX-License-Identifier: GPL-3.0-or-later
#include "changes/plan/PlanBinding.h"

#include <QtCore/QSet>

namespace wk::changes {

using namespace Qt::StringLiterals;

namespace {

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(wk::changes::PlanBinding)
};

bool isOnCluster(const Step& step)
{
    const ActionKind* kind = step.isAction() ? actionKind(step.name) : nullptr;
    return kind && kind->place() == ActionKind::Place::Cluster;
}

/// Why `step` is loose; empty where it is bound. `follows`: an earlier step changes its object.
QString whyLoose(const Step& step, bool follows)
{
    if (!step.isAction() || follows || step.precondition.bindsState())
        return {};
    if (!isOnCluster(step))
        return Texts::tr("nobody compares what it meets outside the clusters");
    const bool isPod = step.target.resourceId() == "pods"_L1; // replaced, never changed
    if (step.precondition.uid.isEmpty())
        return Texts::tr("the plan does not say what state it rests on");
    return isPod ? QString() : Texts::tr("it is bound only to the identity of its object");
}

class BindPlanJob final : public Promising<BoundPlan>
{
public:
    BindPlanJob(const PlanBinder::Source& source, const Plan& plan)
        : m_source(source), m_plan(plan), m_steps(plan.steps())
    {
    }
    void start() override { next(); }

private:
    void next()
    {
        while (++m_at < m_steps.size()) {
            const Step& step = m_steps.at(m_at);
            if (!isOnCluster(step))
                continue;
            const bool follows = m_touched.contains(step.target.key());
            m_touched.insert(step.target.key());
            if (step.precondition.isEmpty())
                return ask(step, follows);
        }
        finish();
    }

    void ask(const Step& step, bool follows)
    {
        const auto actions = m_source
                                 ? m_source(m_plan.platform(), step.target.cluster)
                                 : fail(Error::Kind::Unsupported, Texts::tr("There is no connection to clusters."));
        if (!actions) {
            m_errors.insert(int(m_at), actions.error());
            return next();
        }
        await((*actions)->state(step, follows), [this, follows](const Result<Precondition>& state) {
            if (state)
                m_steps[m_at].precondition = *state;
            else if (!follows || state.error().kind != Error::Kind::NotFound) // an earlier step may make it
                m_errors.insert(int(m_at), state.error());
            next();
        });
    }

    void finish()
    {
        const auto made = Plan::make(m_plan.platform(), m_plan.title(), m_steps);
        if (!made) {
            end(fail(made.error().error()));
            return;
        }
        BoundPlan out{*made, looseSteps(*made)};
        for (LooseStep& step : out.loose) {
            if (const auto error = m_errors.constFind(step.number - 1); error != m_errors.cend()) {
                step.error = *error;
                step.why = error->sentence;
            }
        }
        end(std::move(out));
    }

    const PlanBinder::Source& m_source;
    const Plan m_plan;
    QList<Step> m_steps;
    qsizetype m_at = -1;
    QSet<QString> m_touched;
    QHash<int, Error> m_errors;
};

} // namespace

QString LooseStep::sentence() const { return Texts::tr("Step %1 is not bound to a state: %2").arg(number).arg(why); }

QList<LooseStep> looseSteps(const Plan& plan)
{
    QList<LooseStep> out;
    QSet<QString> touched;
    for (int i = 0; i < plan.steps().size(); ++i) {
        const Step& step = plan.steps().at(i);
        const QString why = whyLoose(step, isOnCluster(step) && touched.contains(step.target.key()));
        if (!why.isEmpty())
            out << LooseStep{i + 1, why, {}};
        if (isOnCluster(step))
            touched.insert(step.target.key());
    }
    return out;
}

bool isBoundForm(const Plan& bound, const Plan& plan)
{
    const auto isBound = [](Step with, const Step& step) {
        if (step.precondition.isEmpty())
            with.precondition = {};
        return with == step;
    };
    return bound.platform() == plan.platform() && bound.title() == plan.title() &&
           std::ranges::equal(bound.steps(), plan.steps(), isBound);
}

std::optional<Error> BoundPlan::error() const
{
    const auto it = std::ranges::find_if(loose, [](const LooseStep& step) { return step.error.has_value(); });
    if (it == loose.end())
        return std::nullopt;
    Error out = *it->error;
    out.sentence = it->sentence();
    return out;
}

QFuture<Result<BoundPlan>> PlanBinder::bind(const Plan& plan)
{
    return m_jobs.run(std::make_unique<BindPlanJob>(m_source, plan));
}

} // namespace wk::changes
