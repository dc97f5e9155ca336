// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "changes/actions/ClusterActions.h"
#include "changes/plan/Plan.h"
#include "changes/runners/Jobs.h"

namespace wk::changes {

/// A step that would run whatever has become of its object since the plan was approved.
struct LooseStep
{
    int number = 0; ///< from 1
    QString why;    ///< "the plan does not say what state it rests on"
    /// Where the state was asked for and not learnt: why.
    std::optional<Error> error;

    /// "Step 2 is not bound to a state: …". For the person who approves, beside the plan.
    [[nodiscard]] QString sentence() const;
};

/// The steps of a plan that nothing binds to the state of their object, as far as the plan itself tells. A step whose
/// object an earlier one changes is bound by that one. Pure and fast: call it wherever a plan is shown.
[[nodiscard]] QList<LooseStep> looseSteps(const Plan& plan);

/// Whether `bound` is `plan` with nothing but preconditions added, which can only keep a step from running.
[[nodiscard]] bool isBoundForm(const Plan& bound, const Plan& plan);

/// A plan whose steps are bound to the state that their objects are in.
struct BoundPlan
{
    Plan plan; ///< what to file; the same bytes where nothing could be bound
    QList<LooseStep> loose;
    /// The first step whose state was asked for and not learnt, with what to do about it.
    [[nodiscard]] std::optional<Error> error() const;
};

/// Captures, from the live clusters, the preconditions that an approval of a plan should rest on. Reads only.
///
/// Use it whenever a plan is filed: make the plan, `bind()` it, show `BoundPlan::loose`, file `BoundPlan::plan` (its
/// SHA-256 is another one). Steps that have a precondition keep it, so that binding twice reads nothing. A plan of a
/// template stays one: only preconditions are added. A cluster that cannot be read leaves its steps loose, with the
/// error. Lives on the GUI thread and never waits; destroying it gives up what runs (Error::Kind::Cancelled).
class PlanBinder
{
public:
    /// Connected on the first call; what it gives lives as long as the binder, or until it gives another one.
    using Source = std::function<Result<ClusterActions*>(const QString& platform, const QString& cluster)>;
    explicit PlanBinder(Source source) : m_source(std::move(source)) {}

    [[nodiscard]] QFuture<Result<BoundPlan>> bind(const Plan& plan);

private:
    Source m_source;
    Jobs m_jobs;
};

} // namespace wk::changes
