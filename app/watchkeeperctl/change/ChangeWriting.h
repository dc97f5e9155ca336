// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "change/ChangeSession.h"

namespace wk::ctl {

// The sub-commands of `change` that write. Each ends the program.
void fileRequest(ChangeSession& session);
void editRequest(ChangeSession& session);
void submitRequest(ChangeSession& session);
void approveRequest(ChangeSession& session);
void rejectRequest(ChangeSession& session);
void scheduleRequest(ChangeSession& session);
void cancelRequest(ChangeSession& session);
void closeRequest(ChangeSession& session);
/// Sets an authenticator program up for the one-time codes that approving a high risk asks for.
void enrollForCodes(ChangeSession& session);

// Carrying out.
void executeRequest(ChangeSession& session);
void takeOverRequest(ChangeSession& session);
void resolveStep(ChangeSession& session);
void rollBackRequest(ChangeSession& session);

/// Once a write is on record: how the request stands now.
void reportWhenWritten(ChangeSession& session, const changes::ChangeDesk::Written& written);
/// The one-time code: with --code - a line of standard input, else asked for at the terminal where `asked`; empty where
/// there is nobody to ask. Fails where --code is something else.
[[nodiscard]] Result<QString> oneTimeCode(ChangeSession& session, bool asked);

/// Says how a request stands now, and ends the program with ExitCode::Done.
void report(ChangeSession& session, const changes::RequestDetail& detail);

} // namespace wk::ctl
