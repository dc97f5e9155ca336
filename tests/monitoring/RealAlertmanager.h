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
    [[nodiscard]] bool start(const QByteArray& configuration) { return startWith(configuration, {}); }
    /// As one of several that gossip with each other; `peer`: one that runs, null for the first.
    [[nodiscard]] bool startInCluster(const QByteArray& configuration, const RealAlertmanager* peer);
    /// What amtool prints; an empty text where it failed.
    [[nodiscard]] QByteArray amtool(const QStringList& arguments) const;

private:
    [[nodiscard]] bool startWith(const QByteArray& configuration, const QStringList& gossip);
    [[nodiscard]] QString gossipAddress() const { return QStringLiteral("127.0.0.1:%1").arg(m_port + 1); }
};

} // namespace wk::test
