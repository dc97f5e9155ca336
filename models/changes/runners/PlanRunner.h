// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "changes/checks/CheckRunner.h"
#include "changes/runners/OutsideRunner.h"

#include <map>

namespace wk::changes {

/// Carries out the steps of a plan, each where its target is: on the cluster of that name, on a database, on this
/// machine, on an Alertmanager. What is missing makes its steps fail with Error::Kind::Unsupported.
class PlanRunner final : public StepRunner
{
public:
    struct Means
    {
        CheckWorld world; ///< world.cluster gives the clusters for actions, too
        OutsideRunner* databases = nullptr;
        OutsideRunner* commands = nullptr;
        OutsideRunner* silences = nullptr;
    };

    /// `clock` and all of `means` outlive it. A cluster that world.cluster() gives must live until another is given
    /// under its name, or abandon().
    PlanRunner(const Means& means, Clock& clock) : m_means(means), m_clock(clock), m_checks(means.world, clock) {}

    [[nodiscard]] QFuture<Result<Performed>> perform(const Step& step, BeforeSending before,
                                                     Progress progress) override;
    [[nodiscard]] QFuture<Result<Observation>> observe(const Step& step, const Before& before) override;
    [[nodiscard]] QFuture<Result<CheckOutcome>> check(const Step& step, Progress progress) override;
    void abandon() override;

private:
    struct Cluster
    {
        ClusterAccess* access = nullptr;
        std::unique_ptr<ClusterActions> actions;
    };
    /// Calls `run` with the ClusterActions or the OutsideRunner of the step.
    template <typename T, typename Run>
    QFuture<Result<T>> dispatch(const Step& step, const Run& run);
    [[nodiscard]] Result<ClusterActions*> actionsOf(const QString& cluster);
    [[nodiscard]] OutsideRunner* outside(ActionKind::Place place) const;

    Means m_means;
    Clock& m_clock;
    CheckRunner m_checks;
    std::map<QString, Cluster> m_clusters;
};

} // namespace wk::changes
