// SPDX-License-Identifier: GPL-3.0-or-later
#include "changes/execution/ExecutionLedger.h"

namespace wk::changes {

QString resolutionName(Resolution resolution)
{
    switch (resolution) {
    case Resolution::Done: return QStringLiteral("done");
    case Resolution::Failed: return QStringLiteral("failed");
    case Resolution::Repeat: break;
    }
    return QStringLiteral("repeat");
}

} // namespace wk::changes
