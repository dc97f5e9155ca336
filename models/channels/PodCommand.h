// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "channels/ForwardSession.h"
#include "channels/PodCommandRun.h"

#include <QtCore/QFuture>

namespace wk::channels {

/// A command that runs, seen from the GUI thread; destroying it gives the command up.
class PodCommand
{
public:
    PodCommand(const Host& host, const CommandWish& wish);

    [[nodiscard]] const QFuture<Result<CommandOutcome>>& outcome() const { return m_outcome; }

private:
    QFuture<Result<CommandOutcome>> m_outcome;
    std::shared_ptr<void> m_run;
};

} // namespace wk::channels
