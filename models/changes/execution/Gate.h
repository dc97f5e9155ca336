// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "changes/desk/ChangeDesk.h"
#include "changes/execution/Executor.h"
#include "platform/Platform.h"

#include <functional>
#include <memory>

namespace wk::changes {

/// The only way to an Executor. The store judges everything once more when it is claimed; this says beforehand why a
/// button is not available, and lets exactly the approved bytes through.
class Gate
{
public:
    using ClassOf = std::function<platform::ClusterClass(const QString& cluster)>;

    /// `desk` and `clock` outlive it.
    Gate(const ChangeDesk& desk, const Clock& clock) : m_desk(desk), m_clock(clock) {}

    // Why it may not be done now, as a sentence for the button; empty: it may.
    [[nodiscard]] QString whyNot(const RequestDetail& detail) const;
    [[nodiscard]] QString whyNotTakeOver(const RequestDetail& detail) const;
    /// Doing it at once without a request: clusters of class development only, or a private store.
    [[nodiscard]] QString whyNotAtOnce(const Plan& plan, const ClassOf& classOf) const;
    [[nodiscard]] QString whyNotApprove(const RequestDetail& detail) const;

    /// An executor that has not started. Forbidden with the sentence of whyNot…(), also where the plan's bytes are
    /// not those that were approved. `means` outlive the executor.
    using Opened = Result<std::unique_ptr<Executor>>;
    [[nodiscard]] Opened open(const RequestDetail& detail, const Executor::Means& means) const;
    /// Goes on where another session, whose lease is dead, left off. `reason`: at least 3 characters.
    [[nodiscard]] Opened takeOver(const RequestDetail& detail, const QString& reason,
                                  const Executor::Means& means) const;
    /// Files, approves by rule and carries out in one go.
    [[nodiscard]] Opened atOnce(const RequestFields& fields, const Plan& plan, const ClassOf& classOf,
                                const Executor::Means& means) const;

private:
    [[nodiscard]] GatePass passOf(GatePass::Way way, const RequestDetail& detail) const;
    [[nodiscard]] QString refusedBy(const RequestDetail& detail) const;
    [[nodiscard]] QString windowRefusal(const RequestDetail& detail, const QDateTime& now) const;

    const ChangeDesk& m_desk;
    const Clock& m_clock;
};

} // namespace wk::changes
