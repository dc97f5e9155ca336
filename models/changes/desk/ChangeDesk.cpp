// SPDX-License-Identifier: GPL-3.0-or-later
#include "changes/desk/ChangeDesk.h"

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

const StoredTemplate* ChangeDesk::standingTemplate(const QString& name, const QString& platform) const
{
    const StoredTemplate* found = nullptr;
    for (const StoredTemplate& one : templates())
        if (one.name == name && one.approved && (one.platform == platform || one.platform == u"*") &&
            (!found || one.version > found->version))
            found = &one;
    return found;
}

} // namespace wk::changes
