// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "changes/checks/CheckWorld.h"
#include "changes/runners/Jobs.h"
#include "changes/runners/StepRunner.h"
#include "core/Clock.h"

namespace wk::changes {

/// Asks checks of the world, again and again, until they hold, their time is over, or waiting cannot help. It only ever
/// reads. Lives on the GUI thread and never waits; destroying it ends what runs with Error::Kind::Cancelled.
///
/// A check passes once it has held for "forSeconds" (0 where absent: at once) in every look of that time, the first and
/// the last included; what happens between two looks is not seen. A look that fails (no connection, a busy server)
/// interrupts that time. "withinSeconds" takes in all of it.
///
/// CheckOutcome::passed is false where the time is over or where waiting cannot help (a rollout past its progress
/// deadline; "failFast"; a person who says no). An Error means that it is not known: it cannot be asked (forbidden, no
/// such object, a query that is wrong), or the last look of the time allowed had failed.
/// CheckOutcome::result: {"value": what was seen last, "looks": how often, "seconds": how long it took,
/// "source": who was asked, where that was to be found out}.
class CheckRunner final
{
public:
    using Progress = StepRunner::Progress;

    /// `clock` and all of `world` outlive it.
    CheckRunner(CheckWorld world, Clock& clock) : m_world(std::move(world)), m_clock(clock) {}

    [[nodiscard]] QFuture<Result<CheckOutcome>> run(const Step& step, Progress progress = {});
    /// Gives up what runs.
    void abandon() { m_jobs.clear(); }

private:
    CheckWorld m_world;
    Clock& m_clock;
    Jobs m_jobs;
};

} // namespace wk::changes
