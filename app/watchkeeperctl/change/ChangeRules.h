// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "change/ChangeSession.h"

namespace wk::ctl {

// The sub-commands of `change` about what changes have to keep to. Each ends the program.

/// windows [list] | add freeze|maintenance NAME … | change ID … | end ID: maintenance windows and freezes.
void changeWindows(ChangeSession& session);
/// policy [PLATFORM] | set PLATFORM KEY=VALUE…: what a platform's approvals take, in all versions.
void changePolicy(ChangeSession& session);
/// templates [list] | keep NAME … | approve NAME VERSION: pre-approved changes that the store keeps.
void changeTemplates(ChangeSession& session);

} // namespace wk::ctl
