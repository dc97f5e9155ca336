// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "changes/actions/ClusterActions.h"
#include "changes/desk/ChangeDesk.h"
#include "changes/plan/PlanBinding.h"
#include "platform/Platform.h"

namespace wk::changes {
class Executor;
class PlanTemplate;
} // namespace wk::changes

namespace wk::widgets {

class ExecutionWorld;

/// What the Changes panel needs beyond the desk: the clusters that plans are about, the Gate, and the executions that
/// this program itself holds.
class ChangeMeans : public QObject
{
    Q_OBJECT
public:
    using QObject::QObject;

    /// What the step would do now on that platform, as the cluster itself works it out without doing it. An Error says
    /// why that cannot be known: not connected, not allowed, not there.
    [[nodiscard]] virtual QFuture<Result<changes::Preview>> preview(const QString& platform,
                                                                    const changes::Step& step) = 0;

    /// What a form for the step's action shows: see ClusterActions::look().
    [[nodiscard]] virtual QFuture<Result<changes::Answers>> look(const QString& platform,
                                                                 const changes::Step& step) = 0;

    /// The plan bound to the state that its objects are in now: what is filed in its place. `loose` says which steps
    /// nothing binds, for who proposes and who approves.
    [[nodiscard]] virtual QFuture<Result<changes::BoundPlan>> bound(const changes::Plan& plan)
    {
        return QtFuture::makeReadyFuture(
            Result<changes::BoundPlan>(changes::BoundPlan{plan, changes::looseSteps(plan)}));
    }

    /// Why the cluster does not let the person do it; empty: it does.
    [[nodiscard]] virtual QFuture<Result<QString>> whyNotAllowed(const QString& platform,
                                                                 const changes::Step& step) = 0;

    // Sentences of the Gate; each empty where it would let it through.
    [[nodiscard]] virtual QString whyNotRun(const changes::RequestDetail& detail) const = 0;
    [[nodiscard]] virtual QString whyNotTakeOver(const changes::RequestDetail& detail) const = 0;
    [[nodiscard]] virtual QString whyNotApprove(const changes::RequestDetail& detail) const = 0;

    /// Starts carrying it out in this program; executorChanged() follows.
    [[nodiscard]] virtual Result<void> run(const changes::RequestDetail& detail) = 0;
    [[nodiscard]] virtual Result<void> takeOver(const changes::RequestDetail& detail, const QString& reason) = 0;
    /// Without asking anybody, where the Gate lets it: clusters of class development, a private store.
    [[nodiscard]] virtual QString whyNotAtOnce(const changes::Plan& plan) const = 0;
    [[nodiscard]] virtual Result<void> runAtOnce(const changes::RequestFields& fields, const changes::Plan& plan) = 0;
    /// The execution of that request that this program holds or held last; nullptr where there is none.
    [[nodiscard]] virtual changes::Executor* executor(qint64 number) const = 0;
    /// What to show beside an execution; nullptr: nothing.
    [[nodiscard]] virtual ExecutionWorld* world() { return nullptr; }

    [[nodiscard]] virtual std::vector<std::shared_ptr<const platform::Platform>> platforms() const = 0;
    [[nodiscard]] virtual std::vector<std::shared_ptr<const changes::PlanTemplate>> templates() const = 0;
    /// A workload of the platform file ("streamgate/Deployment/api-gateway") as its cluster has it now.
    [[nodiscard]] virtual QFuture<Result<QJsonObject>> liveWorkload(const platform::Platform& platform,
                                                                    const QString& workload) = 0;

signals:
    /// What the Gate says may be different now.
    void judgementChanged();
    /// Another Executor, or none.
    void executorChanged(qint64 number);
};

} // namespace wk::widgets
