// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "changes/runners/Jobs.h"
#include "changes/runners/OutsideRunner.h"
#include "core/Clock.h"

#include <QtCore/QProcessEnvironment>

namespace wk::changes {

/// Programs on this machine: runCommand. No shell reads anything; arguments go to the program as they stand in the
/// plan. Its input is empty. Of the environment it gets what programs cannot do without (see cleaned()), so that no
/// password or token of this session comes along. It has a process group of its own, and all of that is ended with it:
/// asked to (SIGTERM) when its time is over, killed 5 s later, killed at once when the step is given up.
class CommandRunner final : public OutsideRunner
{
public:
    static constexpr qsizetype maxOutput = 64 * 1024;
    static constexpr qint64 graceMs = 5'000;

    /// `clock` outlives it.
    explicit CommandRunner(Clock& clock, QProcessEnvironment base = QProcessEnvironment::systemEnvironment())
        : m_clock(clock), m_environment(cleaned(base))
    {
    }

    /// Ends well with exit code 0. Performed::result: {"sentence","exitCode","output","omittedBytes","milliseconds"};
    /// output and errors together, the last maxOutput bytes. Another exit code: an Error whose detail is the output.
    [[nodiscard]] QFuture<Result<Performed>> perform(const Step& step, StepRunner::BeforeSending before,
                                                     StepRunner::Progress progress) override;
    /// Always Mixed: nobody can tell what a program did.
    [[nodiscard]] QFuture<Result<Observation>> observe(const Step& step, const Before& before) override;
    void abandon() override { m_jobs.clear(); }

    [[nodiscard]] static QProcessEnvironment cleaned(const QProcessEnvironment& base);

private:
    Clock& m_clock;
    QProcessEnvironment m_environment;
    Jobs m_jobs;
};

} // namespace wk::changes
