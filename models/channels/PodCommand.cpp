// SPDX-License-Identifier: GPL-3.0-or-later
#include "channels/PodCommand.h"

#include <QtCore/QPromise>

namespace wk::channels {

PodCommand::PodCommand(const Host& host, const CommandWish& wish)
{
    auto promise = std::make_shared<QPromise<Result<CommandOutcome>>>();
    promise->start();
    m_outcome = promise->future();
    m_run = host(
        [wish, promise](net::Transport&, net::SocketOpener& opener, Clock& clock) -> std::unique_ptr<cluster::Guest> {
            return std::make_unique<PodCommandRun>(wish, opener, clock, [promise](Result<CommandOutcome> result) {
                promise->addResult(std::move(result));
                promise->finish();
            });
        });
}

} // namespace wk::channels
