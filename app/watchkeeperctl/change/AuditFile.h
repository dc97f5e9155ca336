// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "change/ChangeSession.h"

namespace wk::ctl {

/// `audit verify --file F`: checks the lines of an `audit export` of the whole record, without the store. Each line's
/// hash has to be that of the row before it and its own bytes, and what stands beside these bytes has to say the same.
/// Ends the program; names the first broken row.
void verifyFile(ChangeSession& session);

} // namespace wk::ctl
