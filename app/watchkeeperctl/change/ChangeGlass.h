// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "change/ChangeSession.h"

namespace wk::ctl {

// The sub-commands of `change` for when there was no time to ask. Each ends the program.

/// Approves by oneself: reason, incident, the typed names of the clusters and a one-time code.
void breakGlass(ChangeSession& session);
/// Another person's word on a broken glass; without a number: which reviews are open.
void reviewGlass(ChangeSession& session);
/// Files a record of what was done already, without a plan.
void fileRecord(ChangeSession& session);

/// A note on the reviews that are owed; nothing where none is.
void printDebt(ChangeSession& session);

} // namespace wk::ctl
