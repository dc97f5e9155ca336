// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "changes/actions/ClusterActions.h"
#include "changes/desk/Request.h"

namespace wk::changes {

/// How one step is taken back.
struct TakingBack
{
    int step = 0;      ///< k; it is recorded as step −k
    Inverse inverse;   ///< captured before it ran; without steps: `inverse.reason` says why it cannot be
    bool look = false; ///< it failed, or what it made is not known: first look what of it was carried out
};

/// What of an execution is still to be taken back, in the order in which it has to be: the last step first. Checks, and
/// actions of which nothing was sent, need no taking back.
[[nodiscard]] QList<TakingBack> rollbackOf(const Plan& plan, const QList<StepRecord>& records);

/// Whether it takes away an object of which only the name is known: another one may stand there by now.
[[nodiscard]] bool deletesUnknown(const Inverse& inverse);

/// `before` of a step −k: what it does, and what is so before its first request is sent.
[[nodiscard]] QJsonObject beforeOfRollback(const QList<Step>& steps, const Before& before);

/// The step to look at, and what was recorded before it was sent, of a record whose end nobody saw: of step −k, its
/// inverse. nullopt where it cannot be looked at: several inverses, or nothing was recorded.
[[nodiscard]] std::optional<std::pair<Step, Before>> lookedAt(const Plan& plan, const StepRecord& record);

/// A note for the end of a rollback: what could not be taken back. Empty where all of it was.
[[nodiscard]] QString leftStanding(const QList<StepRecord>& records);

} // namespace wk::changes
