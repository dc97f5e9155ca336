// SPDX-License-Identifier: GPL-3.0-or-later
#include "changes/ChangeDesk.h"

namespace wk::changes {

const Policy* ChangeDesk::policyOf(const QString& platform) const
{
    const Policy* general = nullptr;
    for (const Policy& policy : policies()) {
        if (policy.current && policy.platform == platform)
            return &policy;
        if (policy.current && policy.platform == u'*')
            general = &policy;
    }
    return general;
}

} // namespace wk::changes
