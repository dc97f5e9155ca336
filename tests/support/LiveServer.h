// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "support/ControlPlane.h"
#include "support/TextTable.h"

#include <functional>

namespace wk::test {

/// The Kubernetes API that a contract test runs on: a real control plane, or (with $WATCHKEEPER_LIVE_SERVER=fleet) the
/// simulated fleet. Both must pass the same tests.
class LiveServer
{
public:
    LiveServer();
    /// One of the two whatever the environment says; the fleet with further arguments.
    explicit LiveServer(bool fleet, const QStringList& fleetArguments = {});
    ~LiveServer();

    [[nodiscard]] static bool isFleet();
    /// Why the tests cannot run here; empty where they can.
    [[nodiscard]] static QString missing() { return missing(isFleet()); }
    [[nodiscard]] static QString missing(bool fleet);
    [[nodiscard]] bool start(int nodes = 3);
    [[nodiscard]] QString error() const { return m_error; }

    [[nodiscard]] QString kubeconfig() const;
    /// The contexts to test as, all-powerful first.
    [[nodiscard]] QStringList contexts() const;
    /// Null for the fleet.
    [[nodiscard]] ControlPlane* controlPlane() const { return m_controlPlane.get(); }

    /// kubectl as `context`, with a cache of its own, so that it reads the API afresh.
    [[nodiscard]] struct Ran kubectl(const QString& context, const QStringList& arguments,
                                     const QByteArray& input = {}) const;
    [[nodiscard]] struct Ran ctl(const QString& context, const QStringList& arguments) const;

    /// Asks kubectl, then `ours`, then kubectl, until nothing changed under us (a few attempts), and compares.
    [[nodiscard]] Comparison compareWithKubectl(const QString& context, const QStringList& kubectlArguments,
                                                const std::function<QByteArray()>& ours) const;

private:
    std::unique_ptr<QTemporaryDir> m_home;
    bool m_isFleet = false;
    QStringList m_fleetArguments;
    std::unique_ptr<ControlPlane> m_controlPlane;
    std::unique_ptr<QProcess> m_fleet;
    QString m_fleetKubeconfig;
    QString m_error;
};

} // namespace wk::test
