// SPDX-License-Identifier: GPL-3.0-or-later
#include "changes/runners/PlanRunner.h"

#include <QtCore/QCoreApplication>

namespace wk::changes {

namespace {

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(wk::changes::PlanRunner)
};

template <typename T>
QFuture<Result<T>> failed(Error error)
{
    return QtFuture::makeReadyFuture(Result<T>(fail(std::move(error))));
}

} // namespace

Result<ClusterActions*> PlanRunner::actionsOf(const QString& cluster)
{
    if (!m_means.world.cluster)
        return fail(Error::Kind::Unsupported, Texts::tr("There is no connection to clusters here."));
    const auto access = m_means.world.cluster(cluster);
    if (!access)
        return fail(access.error());
    Cluster& known = m_clusters[cluster];
    if (known.access != *access)
        known = {*access, std::make_unique<ClusterActions>(**access, m_clock)};
    known.actions->setMaySend(m_maySend);
    return known.actions.get();
}

OutsideRunner* PlanRunner::outside(ActionKind::Place place) const
{
    switch (place) {
    case ActionKind::Place::Database: return m_means.databases;
    case ActionKind::Place::Command: return m_means.commands;
    case ActionKind::Place::Alertmanager: return m_means.silences;
    case ActionKind::Place::Cluster: break;
    }
    return nullptr;
}

template <typename T, typename Run>
QFuture<Result<T>> PlanRunner::dispatch(const Step& step, const Run& run)
{
    const ActionKind* kind = step.isAction() ? actionKind(step.name) : nullptr;
    if (!kind)
        return failed<T>({Error::Kind::BadInput, Texts::tr("“%1” is no action.").arg(step.name), {}, {}});
    if (kind->place() == ActionKind::Place::Cluster) {
        const auto actions = actionsOf(step.target.cluster);
        return actions ? run(**actions) : failed<T>(actions.error());
    }
    OutsideRunner* runner = outside(kind->place());
    if (!runner)
        return failed<T>(
            {Error::Kind::Unsupported, Texts::tr("This cannot be run here: %1.").arg(step.words()), {}, {}});
    runner->setMaySend(m_maySend);
    return run(*runner);
}

QFuture<Result<Performed>> PlanRunner::perform(const Step& step, BeforeSending before, Progress progress)
{
    const auto run = [&](auto& runner) { return runner.perform(step, std::move(before), std::move(progress)); };
    return dispatch<Performed>(step, run);
}

QFuture<Result<Observation>> PlanRunner::observe(const Step& step, const Before& before)
{
    const auto run = [&](auto& runner) { return runner.observe(step, before); };
    return dispatch<Observation>(step, run);
}

QFuture<Result<CheckOutcome>> PlanRunner::check(const Step& step, Progress progress)
{
    return m_checks.run(step, std::move(progress));
}

void PlanRunner::abandon()
{
    m_clusters.clear();
    m_checks.abandon();
    for (OutsideRunner* runner : {m_means.databases, m_means.commands, m_means.silences}) {
        if (runner)
            runner->abandon();
    }
}

} // namespace wk::changes
