// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// What LogReader's source files share.
#include "logs/LineCutter.h"
#include "logs/LogReader.h"

namespace wk::logs {

/// One request for the log.
struct LogReader::Stream
{
    quint64 serial = 0;
    RunPlace place = RunPlace::Running;
    bool follow = false;
    bool afterBreak = false; ///< of a stream that did not end in order
    std::optional<qint64> since;
    std::optional<net::ResponseHead> head;
    QByteArray held; ///< until it is proved to be of this run; of a refusal, the body
    bool finished = false;
    std::optional<Error> error;
    LineCutter cutter;
    ResumeGuard::Replay replay;
    std::unique_ptr<net::Exchange> exchange;
    std::shared_ptr<void> timer;

    [[nodiscard]] bool ok() const { return head && head->status >= 200 && head->status < 300; }
};

} // namespace wk::logs
