// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "changes/actions/ClusterActions.h"

namespace wk::changes {

/// How a check came out.
struct CheckOutcome
{
    bool passed = false;
    QString sentence;   ///< "Deployment api-gateway has rolled out: 5 of 5 pods are ready."
    QJsonObject result; ///< figures for the record; may be empty
};

/// What carries steps out, wherever their targets are. The Executor decides when; this does it. All on one thread;
/// nothing waits. One step at a time.
class StepRunner
{
public:
    using BeforeSending = ClusterActions::BeforeSending;
    using Progress = ClusterActions::Progress;

    virtual ~StepRunner() = default;

    /// Carries an action out; see ClusterActions::perform(). Must call `before` once before it sends the first byte
    /// that could change anything, and send nothing unless its future ends well. Where there is nothing to send, it may
    /// end well without having called it.
    [[nodiscard]] virtual QFuture<Result<Performed>> perform(const Step& step, BeforeSending before,
                                                             Progress progress) = 0;
    /// What became of an action of which only the beginning is on record; sends nothing that changes anything.
    [[nodiscard]] virtual QFuture<Result<Observation>> observe(const Step& step, const Before& before) = 0;
    /// Waits, for as long as the check says, until it holds. Never asked for "confirm": that is the person's.
    [[nodiscard]] virtual QFuture<Result<CheckOutcome>> check(const Step& step, Progress progress) = 0;
    /// Asked before each request of an action, not only before the first: a machine may sleep in between.
    virtual void setMaySend(MaySend maySend) { m_maySend = std::move(maySend); }
    /// Sends nothing from now on; what is under way ends with Error::Kind::Cancelled. Later steps may be asked for.
    virtual void abandon() = 0;

protected:
    MaySend m_maySend;
};

} // namespace wk::changes
