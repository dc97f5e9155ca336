// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "RealServer.h"

namespace wk::test {

/// A real Alertmanager on loopback, in a temporary directory. Ends with this object.
class RealAlertmanager : public RealServer
{
public:
    /// Why there can be none here; empty where there can.
    [[nodiscard]] static QString missing();

    /// False and error() where it did not come up. `configuration`: YAML.
    [[nodiscard]] bool start(const QByteArray& configuration);
    /// What amtool prints; an empty text where it failed.
    [[nodiscard]] QByteArray amtool(const QStringList& arguments) const;
};

} // namespace wk::test
