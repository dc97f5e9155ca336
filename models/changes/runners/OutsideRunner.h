// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "changes/runners/StepRunner.h"

namespace wk::changes {

/// Carries out the actions of one place outside a cluster. As StepRunner, without checks.
class OutsideRunner
{
public:
    virtual ~OutsideRunner() = default;

    [[nodiscard]] virtual QFuture<Result<Performed>> perform(const Step& step, StepRunner::BeforeSending before,
                                                             StepRunner::Progress progress) = 0;
    [[nodiscard]] virtual QFuture<Result<Observation>> observe(const Step& step, const Before& before) = 0;
    virtual void abandon() = 0;
    /// As StepRunner's.
    void setMaySend(MaySend maySend) { m_maySend = std::move(maySend); }

protected:
    MaySend m_maySend;
};

/// The inverse that the author of an outside action wrote down, or that there is none.
[[nodiscard]] Before beforeOutside(const Step& step);

} // namespace wk::changes
